"""Benchmarks: the product against what a user would take instead, on the same files, with the same answers, in one run."""

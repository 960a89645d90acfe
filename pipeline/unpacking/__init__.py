"""Zip files from others, opened safely."""

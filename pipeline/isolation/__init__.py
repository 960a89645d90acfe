"""Input files are read in worker processes with limits of time and memory; see `parent` and `worker`.

Import `Isolation` from `pipeline.isolation.parent`; this module imports nothing, so that a worker starts lightly.
"""

"""Many projects in one night: every project folder or delivery zip of a zone, each run apart, in a loop or on Dask.

What stands in OUT afterwards (`store`, `conduct`):

    projects/‹key›/     one project's results, put in place whole; record.json and seal.json beside them
    projects.jsonl      one record a line, appended as each project ends, sorted at the end
    batch.json          of which zone this is, and whether the last batch came to its end
    cache/              what is being written, results of projects that are no longer there

Importing this package is light: a batch in which nothing has changed never imports geometry or tables.
"""

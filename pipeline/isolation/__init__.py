"""Input files are read in worker processes with limits of time and memory; see `parent` and `worker`.

Import `Isolation` from `pipeline.isolation.parent`; this module imports nothing, and `parent` nothing heavy, so that a
command can start its worker first and import the rest meanwhile:

    from pipeline.isolation.parent import Isolation

    with Isolation() as workers:  # the worker imports the readers while this process goes on
        from pipeline.project import run_project

        result = run_project(folder, isolation=workers)
"""

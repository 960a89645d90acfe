"""The process that runs projects: answers each with its record, over the pipe protocol of `isolation.worker`.

It reads input files in a process of its own in turn, kept from project to project; so a file that kills its parser is a
finding here as in a single run, and a project that kills this process is a record of the batch.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from pipeline.isolation import worker
from pipeline.isolation.worker import Answer

WATCH_SECONDS = 0.5
SCRATCH = "duoce-batch-"  # how the folder for what a process leaves behind begins


def serve() -> None:
    """Answers (Found, Settings) with Ended until the pipe is closed or the parent is gone."""
    _end_with_parent()
    from pipeline.isolation.parent import Isolation

    with Isolation() as isolation:  # its worker starts while this process imports

        def handle(job: Any) -> Answer:
            from pipeline.batch.one import perform

            try:
                found, settings = job
                return Answer("done", value=perform(found, settings, isolation))
            except MemoryError:
                return Answer("memory")

        worker.serve(handle, _imported)


def _imported() -> None:
    """All that is slow, before the clock of the first project runs."""
    import pipeline.project
    import pipeline.report.write
    import pipeline.unpacking.unpack  # noqa: F401


def _end_with_parent() -> None:
    """A process whose parent was killed ends with all it has started, in the middle of whatever it does."""
    if sys.platform == "win32":
        return
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_SECONDS)
        scratch = Path(tempfile.gettempdir())
        if scratch.name.startswith(SCRATCH):  # made for this process by the one that is gone
            shutil.rmtree(scratch, ignore_errors=True)
        if os.getpgrp() == os.getpid():  # its own group, see Worker(apart=True)
            os.killpg(os.getpid(), signal.SIGKILL)
        os._exit(1)

    threading.Thread(target=watch, name="duoce-parent", daemon=True).start()

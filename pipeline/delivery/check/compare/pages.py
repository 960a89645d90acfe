"""PDF files: the text of every page. The library is C++ and the file somebody's, so a child process reads it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from pipeline.delivery.check.compare.office import Surveys
from pipeline.delivery.check.compare.plain import Unreadable
from pipeline.delivery.check.compare.units import Unit, differences
from pipeline.errors import PipelineError
from pipeline.sources import Note

NO_LIBRARY = 5  # exit code of the child
CHILD = f"""
import json, sys
try:
    import pypdfium2
except ImportError:
    sys.exit({NO_LIBRARY})
document = pypdfium2.PdfDocument(sys.argv[1])
sys.stdout.write(json.dumps([page.get_textpage().get_text_bounded() for page in document]))
"""


def pdf(wanted: Path, given: Path, name: str, surveys: Surveys, *, seconds: float | None) -> Iterator[Note]:
    """Lines of text that differ, by page. seconds: a file that takes longer is not read. Errors: Unreadable."""
    ours, theirs = (_units(texts(path, seconds=seconds), surveys) for path in (wanted, given))
    for found in differences(ours, theirs):
        slots = {"where": found.where, "listed": found.wanted, "actual": found.given}
        full = {**slots, "measured": found.given, "required": found.wanted}
        yield Note("text_differs", name, found.survey, slots=full)


def texts(path: Path, *, seconds: float | None) -> list[str]:
    """The text of each page. Errors: Unreadable; PipelineError when the library is not there."""
    command = [sys.executable, "-P", "-c", CHILD, str(path.absolute())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=True)  # noqa: S603 — our own program
        found = json.loads(done.stdout.decode("ascii"))
    except subprocess.TimeoutExpired as err:
        raise Unreadable(f"在 {seconds:g} 秒内没有读完") from err
    except subprocess.CalledProcessError as err:
        if err.returncode == NO_LIBRARY:
            raise PipelineError("没有安装 pypdfium2，不能读取 PDF；请重新安装本软件") from err
        raise Unreadable("不是完整的 PDF") from err
    except ValueError as err:
        raise Unreadable("不是完整的 PDF") from err
    return [str(text) for text in found]


def _units(pages: list[str], surveys: Surveys) -> list[Unit]:
    """Every line; a line that is a chapter's title tells whose the pages that follow are."""
    found, survey = [], None
    for number, text in enumerate(pages, start=1):
        lines = [line.strip() for line in text.splitlines()]
        for line in lines:
            if line in surveys:
                survey = surveys[line]
            found.append(Unit((line,), f"第 {number} 页", survey))
    return found

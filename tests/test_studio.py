"""The drawings made by another process are those made here, whatever becomes of that process."""

from functools import partial
from pathlib import Path

import pytest
from factories_drawing import project_report

from pipeline.isolation.parent import Isolation
from pipeline.report import studio
from pipeline.report.drawings import draw
from pipeline.report.studio import Lent, Studio

#: a worker that can take in what the factories of the tests make, with whatever pandas keeps texts in here
BOOT = (
    "import sys; sys.path[:0] = [{root!r}, " + repr(str(Path(__file__).parent)) + "]; "
    "from pipeline.isolation import worker; worker.serve()"
)


@pytest.fixture(scope="module")
def result():
    return project_report()


@pytest.fixture(scope="module")
def here(result, tmp_path_factory):
    return Studio(result, tmp_path_factory.mktemp("here"))


@pytest.fixture(scope="module")
def call():
    with Isolation(boot=BOOT) as workers:
        yield workers.call


def failing(call, function, *arguments, at):
    if function.endswith(at) or at in arguments:
        raise ChildProcessError("killed")
    return call(function, *arguments)


def lent(result, folder, asked):
    found = Lent(folder, asked)
    found.begin(result)
    return found


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_another_process_makes_the_same_of_the_drawings(result, here, call, tmp_path):
    other = lent(result, tmp_path, call)
    assert [made.exception() for made in other._made.values()] == [None] * 4  # by it, not here after all
    assert other.figures == here.figures == draw(result)
    assert other.sheets.read_bytes() == here.sheets.read_bytes()
    assert other.pictures == here.pictures
    assert files(other.files) == files(here.files)
    other.close()


@pytest.mark.parametrize("at", ["begin", ":pictures", "files"])
def test_what_another_process_cannot_make_is_made_here(result, here, call, tmp_path, at):
    other = lent(result, tmp_path, partial(failing, call, at=at))
    assert other.figures == here.figures
    assert other.pictures == here.pictures
    assert files(other.files) == files(here.files)
    other.close()


def test_a_process_that_dies_while_painting_loses_no_picture(result, here, call, tmp_path):
    asked = []

    def dying(function, *arguments):
        asked.append(function)
        if asked.count(f"{studio.HERE}:pictures") > 1:
            raise ChildProcessError("killed")
        return call(function, *arguments)

    other = lent(result, tmp_path, dying)
    assert other.pictures == here.pictures
    other.close()


def test_closing_waits_for_nothing(result, call, tmp_path):
    other = lent(result, tmp_path, call)
    assert other.figures
    other.close()
    assert not other._waiting

"""The delivery package of a finished run: assembled beside its place, checked to open safely, then put in place."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pipeline.delivery.archive import write_zip
from pipeline.delivery.contents import FROM_RESULT, MAKERS, Making, tables
from pipeline.delivery.inputs import refuse_outside
from pipeline.delivery.manifest import manifest_of, software_of, text_of
from pipeline.delivery.tree import Place, load_tree, places, root_of
from pipeline.errors import InputError
from pipeline.model import ProjectReport
from pipeline.report.model import Figure, Report
from pipeline.unpacking import unpack

Progress = Callable[[str], None]


def write_delivery(result: ProjectReport, out: Path, *, progress: Progress = lambda _: None) -> Path:
    """`out`/‹项目编号›.zip, made from `result` and the finished output folder `out` of its run; see `packing`."""
    with packing(result, out, progress=progress) as package:
        return package.finish()


@contextmanager
def packing(result: ProjectReport, out: Path, *, progress: Progress = lambda _: None) -> Iterator[Packing]:
    """A package in the making, beside its place in `out`, removed if it is not finished."""
    refuse_outside(result)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".delivery-", dir=out, ignore_cleanup_errors=True) as name:
        yield Packing(result, out, Path(name), progress)


class Packing:
    """What a package is made from can be prepared before the files of its run stand in `out`.

    The same result and outputs give the same bytes.
    """

    def __init__(self, result: ProjectReport, out: Path, into: Path, progress: Progress) -> None:
        self.result, self.out, self.into, self.progress = result, out, into, progress
        self.tree = load_tree()
        self.root = into / root_of(self.tree, result)
        self.making = Making(result, out)
        self.open = list(places(self.tree, result))

    def prepare(self) -> None:
        """Everything that needs nothing but the result."""
        self.progress("准备成果包")
        self._fill([place for place in self.open if place.entry.what in FROM_RESULT])

    def take(self, report: Report, figures: Sequence[Figure]) -> None:
        """The tables, from the report of the run; and its drawings, of which the files are taken in the end."""
        self.making = replace(self.making, built=report, figures=figures)
        self._fill([place for place in self.open if place.entry.what == tables.__name__])

    def finish(self) -> Path:
        """The package in its place, when the run has written its files.

        Errors: InputError when an output is missing, an input lies outside the project folder, or the package could not
        be unpacked again under the limits of the profile.
        """
        self.progress("制作成果包")
        self.assemble()
        path = self.out / f"{self.root.name}.zip"
        made = self.into / path.name
        write_zip(self.root, made)
        limits = unpack.limits_of(self.result.standards.profile.numbers)
        if faults := unpack.examine(made, limits).faults:
            raise InputError(f"成果包不能按规定解压，没有写出：{'；'.join(faults[: unpack.SHOWN])}")
        made.replace(path)
        return path

    def assemble(self, *, software: dict[str, str] | None = None) -> Path:
        """The rest of the tree, and its manifest."""
        self._fill(list(self.open))
        software = software_of(self.result) if software is None else software
        manifest = manifest_of(self.result, self.root, tree=self.tree.edition, software=software)
        (self.root / self.tree.manifest).write_text(text_of(manifest), "utf-8")
        return self.root

    def _fill(self, wanted: list[Place]) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        for place in wanted:
            MAKERS[place.entry.what](self.making, place, self.root / place.path)
            self.open.remove(place)


def assemble(result: ProjectReport, out: Path, into: Path, *, software: dict[str, str] | None = None) -> Path:
    """The whole tree as a folder in `into`, with its manifest; returns its root.

    software: versions that the manifest names, default those at work.
    """
    package = Packing(result, out, into, lambda _: None)
    shutil.rmtree(package.root, ignore_errors=True)
    return package.assemble(software=software)

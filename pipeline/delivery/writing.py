"""The delivery package of a finished run: assembled beside its place, checked to open safely, then put in place."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from pipeline.delivery.archive import write_zip
from pipeline.delivery.contents import MAKERS, Making
from pipeline.delivery.inputs import refuse_outside
from pipeline.delivery.manifest import manifest_of, software_of, text_of
from pipeline.delivery.tree import load_tree, places, root_of
from pipeline.errors import InputError
from pipeline.model import ProjectReport
from pipeline.unpacking import unpack

Progress = Callable[[str], None]


def write_delivery(result: ProjectReport, out: Path, *, progress: Progress = lambda _: None) -> Path:
    """`out`/‹项目编号›.zip, made from `result` and the finished output folder `out` of its run.

    The same result and outputs give the same bytes. Errors: InputError when an output is missing, an input lies outside
    the project folder, or the package could not be unpacked again under the limits of the profile.
    """
    progress("制作成果包")
    refuse_outside(result)
    with tempfile.TemporaryDirectory(prefix=".delivery-", dir=out, ignore_cleanup_errors=True) as name:
        root = assemble(result, out, Path(name))
        path = out / f"{root.name}.zip"
        made = Path(name) / path.name
        write_zip(root, made)
        limits = unpack.limits_of(result.standards.profile.numbers)
        if faults := unpack.examine(made, limits).faults:
            raise InputError(f"成果包不能按规定解压，没有写出：{'；'.join(faults[: unpack.SHOWN])}")
        made.replace(path)
    return path


def assemble(result: ProjectReport, out: Path, into: Path, *, software: dict[str, str] | None = None) -> Path:
    """The whole tree as a folder in `into`, with its manifest; returns its root.

    software: versions that the manifest names, default those at work.
    """
    tree = load_tree()
    root = into / root_of(tree, result)
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    making = Making(result, out)
    for place in places(tree, result):
        MAKERS[place.entry.what](making, place, root / place.path)
    software = software_of(result) if software is None else software
    manifest = manifest_of(result, root, tree=tree.edition, software=software)
    (root / tree.manifest).write_text(text_of(manifest), "utf-8")
    return root

"""An output folder, a delivery or its zip → its result. A zip is unpacked under the limits of the profile."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import InputError
from pipeline.results import FINDINGS, SUMMARY, Result, read_result
from pipeline.standard import load_profile
from pipeline.unpacking.unpack import limits_of, unpack

PROFILE = "national"
DEPTH = 4  # folders below the top in which a delivery may keep its data


@contextmanager
def opened(path: Path) -> Iterator[Result]:
    """The result at `path`. Errors: InputError when there is none, more than one, or the zip is refused."""
    if not path.exists():
        raise InputError(f"找不到 {path}：请给出 duoce run 的输出文件夹，或成果包的 zip 或文件夹")
    if path.is_dir():
        yield read_result(_place(path, path))
        return
    with tempfile.TemporaryDirectory(prefix="duoce-diff-", ignore_cleanup_errors=True) as folder:
        into = Path(folder) / "files"
        unpack(path, into, limits_of(load_profile(PROFILE).numbers))
        yield read_result(_place(into, path))


def _place(folder: Path, named: Path) -> Path:
    """The folder under `folder` with a summary and findings; the outermost, if it is the only one so far out."""
    for depth in range(DEPTH + 1):
        pattern = "/".join(["*"] * depth + [SUMMARY])
        found = sorted(p.parent for p in folder.glob(pattern) if (p.parent / FINDINGS).is_file())
        if len(found) == 1:
            return found[0]
        if found:
            names = "、".join(p.relative_to(folder).as_posix() for p in found[:3])
            raise InputError(f"{named}：含有 {len(found)} 份成果（{names} 等）；请指明其中一份的文件夹")
    raise InputError(f"{named}：其中没有 {SUMMARY} 和 {FINDINGS}；请给出 duoce run 的输出文件夹，或成果包")

"""Whether the output can go where it is asked to go: known before the work, which may take long."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.errors import InputError

DRAWINGS = "drawings"  # a folder that a run replaces
OURS = (".writing", "findings.jsonl", "summary.json")  # by one of which the output of a run is known


def ready(out: Path, *, apart: Path) -> None:
    """Nothing is made or changed.

    apart: the project or delivery, which output must not mix with.
    Errors: InputError when `out` is a file, lies where nothing can be written, is `apart` itself, or holds drawings of
    somebody else.
    """
    if out.exists() and not out.is_dir():
        raise InputError(f"输出位置 {out} 是文件，不是文件夹；请另选一个输出文件夹")
    above = next(path for path in (out, *out.parents) if path.exists())
    if not above.is_dir():
        raise InputError(f"不能在 {above} 之下建立输出文件夹：它是文件，不是文件夹；请另选一个输出文件夹")
    if not os.access(above, os.W_OK | os.X_OK):
        raise InputError(f"没有权限写入 {above}；请另选一个输出文件夹")
    if out.is_dir() and apart.is_dir() and out.samefile(apart):
        raise InputError(f"输出文件夹不能就是 {apart} 本身，否则成果会与原始资料混在一起；请另选一个输出文件夹")
    if (out / DRAWINGS).exists() and not any((out / name).exists() for name in OURS):
        raise InputError(f"{out / DRAWINGS} 已存在，而且不是 duoce 的输出，不会覆盖；请另选一个输出文件夹")

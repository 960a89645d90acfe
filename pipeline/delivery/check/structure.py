"""The directory of a delivery against the one that a recompute gives: what is missing, what is beyond the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pipeline import ledger
from pipeline.delivery.tree import Tree
from pipeline.sources import Note

SurveyOf = Callable[[str], str | None]


def structure(
    root: Path, expected: Path, outside: Sequence[str], *, inputs: str, tree: Tree, survey_of: SurveyOf
) -> Iterator[Note]:
    """Files missing from `root`, files it should not hold, files it holds twice.

    expected: the recomputed tree, its inputs included. outside: paths beside the root.
    """
    wanted, found = _paths(expected), _paths(root)
    missing = {path for path in wanted.keys() - found.keys() if path != tree.manifest}
    beyond = sorted(found.keys() - wanted.keys())
    strays = [path for path in [*beyond, *outside] if tree.stray(path)]
    extra = [path for path in beyond if path not in strays]
    by_hash = {_hash(wanted[path]): path for path in sorted(missing)}
    doubles = (
        {_hash(wanted[path]): path for path in sorted(wanted.keys() & found.keys(), reverse=True)} if extra else {}
    )
    for path in sorted(missing):
        yield Note("delivery_missing", path, survey_of(path), slots={"measured": None})
    for path in extra:
        digest = _hash(found[path])
        if digest in by_hash:
            detail = f"（内容与缺失的 {by_hash[digest]} 相同，疑为改名或移位）"
            yield Note("delivery_unexpected", path, survey_of(path), slots={"detail": detail})
        elif digest in doubles:
            detail = f"{path} 与 {doubles[digest]} 内容相同"
            yield Note("delivery_duplicate", path, survey_of(path), slots={"detail": detail})
        else:
            own = "（原始资料中没有用到的文件）" if path.startswith(f"{inputs}/") else ""
            yield Note("delivery_unexpected", path, survey_of(path), slots={"detail": own})
    for path in strays:
        yield Note("stray_file", path)
    for path in outside:
        if path in strays:
            continue
        yield Note("delivery_unexpected", path, slots={"detail": "（在成果包文件夹之外）"})


def _paths(root: Path) -> dict[str, Path]:
    return {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}


def _hash(path: Path) -> str:
    return ledger.fingerprint(path)[0]

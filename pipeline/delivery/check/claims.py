"""What the manifest claims: every file as listed, and the same project, edition, profile and surveys as recomputed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import ledger
from pipeline.delivery.manifest import Manifest
from pipeline.projectfile import NAME as PROJECT
from pipeline.sources import Note

Given = tuple[str, str, str | None]  # path, SHA-256, survey
SHOWN_HEX = 12  # digits of a hash in a sentence


def hashes(root: Path, manifest: Manifest, *, name: str, stray: Callable[[str], bool]) -> Iterator[Note]:
    """Every file in `root` against the manifest's list, both ways. name: the manifest's own path; stray: no matter."""
    listed = {entry.path: entry for entry in manifest.files}
    found = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    for path in sorted(listed.keys() - found.keys()):
        yield Note("manifest_unlisted", path, slots={"detail": "列在清单中，成果包里没有"})
    for path in sorted(found.keys() - listed.keys() - {name}):
        if stray(path):
            continue
        yield Note("manifest_unlisted", path, slots={"detail": "在清单中没有列出"})
    for path in sorted(listed.keys() & found.keys()):
        sha256, size = ledger.fingerprint(found[path])
        entry = listed[path]
        if (sha256, size) != (entry.sha256, entry.size):
            slots = {"listed": _shown(entry.size, entry.sha256), "actual": _shown(size, sha256)}
            yield Note("hash_differs", path, slots={**slots, "measured": sha256, "required": entry.sha256})


def _shown(size: int, sha256: str) -> str:
    return f"{size} 字节、SHA-256 {sha256[:SHOWN_HEX]}…"


def claims(claimed: Manifest, own: Manifest, *, name: str) -> Iterator[Note]:
    """What the manifest says of the whole against what the recompute says."""
    words = {
        "project": "项目",
        "edition": "标准版本",
        "profile": "参数集",
        "surveys": "测绘事项",
        "tree": "成果目录版本",
    }
    theirs, ours = claimed.model_dump(mode="json"), own.model_dump(mode="json")
    for key, word in words.items():
        if theirs[key] != ours[key]:
            yield _claim(name, word, theirs[key], ours[key])


def root_name(actual: str, wanted: str, *, name: str) -> Iterator[Note]:
    """The folder in the package bears the project's code; "" when there is none. name: the package."""
    if not actual:
        yield Note("delivery_missing", f"文件夹 {wanted}（文件直接放在压缩包的最上层）", slots={"measured": None})
    elif actual != wanted:
        yield _claim(name, "成果包文件夹", actual, wanted, where="压缩包")


def _claim(name: str, what: str, actual: Any, wanted: Any, *, where: str = "成果清单") -> Note:
    slots = {"where": where, "what": what, "actual": _words(actual), "listed": _words(wanted)}
    return Note("claim_differs", name, slots={**slots, "measured": slots["actual"], "required": slots["listed"]})


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(str(v) for v in value.values())
    return "、".join(_words(v) for v in value) if isinstance(value, list) else str(value)


def software(claimed: Mapping[str, str], own: Mapping[str, str], *, name: str) -> Iterator[Note]:
    """Versions that differ from those that made the package."""
    differ = [
        f"{key} {claimed.get(key, '（无）')}（清单）、{own.get(key, '（无）')}（本机）"
        for key in sorted(claimed.keys() | own.keys())
        if claimed.get(key) != own.get(key)
    ]
    if differ:
        yield Note("software_differs", name, slots={"detail": "；".join(differ)})


@dataclass(frozen=True, slots=True)
class Recorded:
    """The inputs that a delivery names. hashes: path → SHA-256; listed: paths of its summary, None when it has no list."""

    hashes: Mapping[str, str]
    listed: frozenset[str] | None


def recorded_in(summary: Mapping[str, Any], metadata: Iterable[Mapping[str, Any]]) -> Recorded:
    """What the summary and the metadata of each survey name, as far as they can be read."""
    stated = summary.get("inputs")
    records = [stated, *(one.get("inputs") for one in metadata)]
    found: dict[str, str] = {}
    for item in (item for record in records if isinstance(record, list) for item in record if isinstance(item, dict)):
        sides = item.get("sidecars")
        found |= {str(path): str(digest) for path, digest in (sides if isinstance(sides, dict) else {}).items()}
        found[str(item.get("path"))] = str(item.get("sha256"))
    project = summary.get("project_file")
    if isinstance(project, dict):
        found[PROJECT] = str(project.get("sha256"))
    listed = [str(item.get("path")) for item in stated if isinstance(item, dict)] if isinstance(stated, list) else None
    return Recorded(found, None if listed is None else frozenset(listed))


def inputs(recorded: Recorded, given: Iterable[Given], beside: AbstractSet[str], *, folder: str) -> Iterator[Note]:
    """The inputs that the delivery names against those of the recompute: the same files, both ways.

    beside: files beside another (of a shapefile), which no summary lists; they are compared where they are named.
    """
    given = list(given)
    for path, sha256, survey in given:
        if path in recorded.hashes and (own := recorded.hashes[path]) != sha256:
            actual = _digits(sha256) if sha256 else "（文件缺失）"
            detail = f"与检查摘要所记的不是同一文件：所记 SHA-256 {_digits(own)}，实为 {actual}"
            yield _input(f"{folder}/{path}", survey, detail, (own, sha256))
    if recorded.listed is None:
        return
    used = {path for path, _, _ in given}
    for path, sha256, survey in given:
        if path not in recorded.hashes and path not in beside:
            detail = f"不在检查摘要所记的输入之中：成果制作时没有用到它（SHA-256 {_digits(sha256)}），重新计算用到了"
            yield _input(f"{folder}/{path}", survey, detail, (None, sha256))
    for path in sorted(recorded.listed - used):
        own = recorded.hashes[path]
        detail = f"记在检查摘要的输入之中（SHA-256 {_digits(own)}），重新计算没有用到"
        yield _input(f"{folder}/{path}", None, detail, (own, None))


def _input(path: str, survey: str | None, detail: str, pair: tuple[str | None, str | None]) -> Note:
    return Note("input_differs", path, survey, slots={"detail": detail, "required": pair[0], "measured": pair[1]})


def _digits(sha256: str) -> str:
    return f"{sha256[:SHOWN_HEX]}…"

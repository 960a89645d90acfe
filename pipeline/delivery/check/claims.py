"""What the manifest claims: every file as listed, and the same project, edition, profile and surveys as recomputed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline import ledger
from pipeline.delivery.manifest import Manifest
from pipeline.sources import Note

SHOWN_HEX = 12  # digits of a hash in a sentence


def hashes(root: Path, manifest: Manifest, *, name: str) -> Iterator[Note]:
    """Every file in `root` against the manifest's list, both ways. name: the manifest's own path."""
    listed = {entry.path: entry for entry in manifest.files}
    found = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    for path in sorted(listed.keys() - found.keys()):
        yield Note("manifest_unlisted", path, slots={"detail": "列在清单中，成果包里没有"})
    for path in sorted(found.keys() - listed.keys() - {name}):
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
    """The folder in the package bears the project's code. name: the package."""
    if actual != wanted:
        yield _claim(name, "成果包文件夹", actual, wanted)


def _claim(name: str, what: str, actual: Any, wanted: Any) -> Note:
    slots = {"what": what, "actual": _words(actual), "listed": _words(wanted)}
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


def inputs(recorded: Mapping[str, str], given: Iterable[tuple[str, str, str | None]], *, folder: str) -> Iterator[Note]:
    """The inputs that the delivery names (path → hash) against those that were delivered (path, hash, survey)."""
    for path, sha256, survey in given:
        if path in recorded and recorded[path] != sha256:
            listed = f"{recorded[path][:SHOWN_HEX]}…"
            actual = f"{sha256[:SHOWN_HEX]}…" if sha256 else "（文件缺失）"
            slots = {"listed": listed, "actual": actual, "measured": sha256, "required": recorded[path]}
            yield Note("input_differs", f"{folder}/{path}", survey, slots=slots)

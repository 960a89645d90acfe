"""One delivery of the clean sample per process, copies of it to tamper with, and an examination that recomputes little."""

from __future__ import annotations

import atexit
import dataclasses
import datetime as dt
import functools
import json
import os
import shutil
import tempfile
import zipfile
from pathlib import Path

from pipeline.delivery import write_delivery
from pipeline.delivery.check import check_delivery
from pipeline.delivery.check.recompute import Expected
from pipeline.delivery.manifest import files_in, read_manifest, software_of, text_of
from pipeline.delivery.writing import assemble
from pipeline.isolation.parent import Isolation
from pipeline.project import run_project
from pipeline.report.data import write_findings
from pipeline.report.write import write_all, write_data

SAMPLE = Path(__file__).parent.parent / "samples" / "binjiang"
CODE = "CQJB-2026-0117"
TODAY = dt.date(2026, 11, 23)
FINDINGS, SUMMARY, MANIFEST, INPUTS = "质检/findings.jsonl", "质检/summary.json", "manifest.json", "原始资料"
DOCX, PDF, HTML, XLSX = (
    f"成果报告书/{name}" for name in ("成果报告书.docx", "成果报告书.pdf", "成果报告书.html", "成果表格.xlsx")
)


@dataclasses.dataclass(frozen=True)
class Made:
    """A run with its delivery: output folder, the package, and the package as a folder."""

    out: Path
    package: Path
    root: Path
    result: object


@functools.cache
def made() -> Made:
    """The delivery of the clean sample, made once per process."""
    folder = Path(tempfile.mkdtemp(prefix="duoce-delivery-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    result = run_project(SAMPLE)
    write_all(result, folder / "out")
    package = write_delivery(result, folder / "out")
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder / "tree")
    return Made(folder / "out", package, folder / "tree" / CODE, result)


@functools.cache
def readers() -> Isolation:
    """Reads right here: what the tests tamper with is not hostile to the readers."""
    return Isolation(in_process=True)


# ---------------------------------------------------------------- tampering


def tampered(folder: Path) -> Path:
    """A copy of the delivery as a folder; files are links, so write with `put` or unlink first."""
    root = folder / CODE
    shutil.copytree(made().root, root, copy_function=os.link)
    return root


def put(path: Path, data: bytes | str) -> None:
    """Write `path` anew, never into a link."""
    path.unlink(missing_ok=True)
    path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)


def swap(path: Path, old: bytes | str, new: bytes | str) -> None:
    """Replace what must stand in a file."""
    old, new = (text.encode("utf-8") if isinstance(text, str) else text for text in (old, new))
    data = path.read_bytes()
    assert old in data, f"{old!r} is not in {path.name}"
    put(path, data.replace(old, new, 1))


def in_zip(path: Path, part: str, old: str, new: str) -> None:
    """Replace text in one part of an office file."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in parts[part], f"{old!r} is not in {part}"
    parts[part] = parts[part].replace(old.encode(), new.encode(), 1)
    rezipped(path, parts)


def rezipped(path: Path, parts: dict[str, bytes]) -> None:
    path.unlink()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def relisted(root: Path) -> Path:
    """The manifest made to agree with whatever the files are now, as a forger would."""
    manifest = read_manifest(root / MANIFEST)
    put(root / MANIFEST, "")
    (root / MANIFEST).unlink()
    put(root / MANIFEST, text_of(manifest.model_copy(update={"files": tuple(files_in(root))})))
    return root


def restated(root: Path, **changes: object) -> Path:
    """The manifest with other claims."""
    data = json.loads((root / MANIFEST).read_text("utf-8"))
    put(root / MANIFEST, json.dumps({**data, **changes}, ensure_ascii=False))
    return root


def other_software(root: Path) -> Path:
    """The manifest says that another version wrote the files, as the examined party may write."""
    software = json.loads((root / MANIFEST).read_text("utf-8"))["software"]
    return restated(root, software={**software, "typst": "0.1"})


def packed(folder, rename=lambda name: name, extra=None, encoding=None):
    """The delivery as a zip again, with names changed or in another code page."""
    path = folder / f"{CODE}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for source in sorted(p for p in made().root.rglob("*") if p.is_file()):
            name = rename(source.relative_to(made().root.parent).as_posix())
            entry = zipfile.ZipInfo(name)
            if encoding:
                entry = _Raw(name)
                entry.raw = name.encode(encoding)
            archive.writestr(entry, source.read_bytes())
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return path


class _Raw(zipfile.ZipInfo):
    """An entry whose name is written as given, without the UTF-8 flag."""

    __slots__ = ("raw",)

    def _encodeFilenameFlags(self):  # noqa: N802 — zipfile's own hook
        return self.raw, self.flag_bits & ~0x800


def small(folder, extra):
    """A small package, which is refused before anyone misses the rest."""
    path = folder / f"{CODE}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(made().root / MANIFEST, f"{CODE}/{MANIFEST}")
        for name, data in extra.items():
            archive.writestr(name, data)
    return path


# ---------------------------------------------------------------- examining


def unchanged(_order: object) -> Expected:
    """What recomputing unchanged inputs gives: the delivery as it was made."""
    software = dict(read_manifest(made().root / MANIFEST).software)
    return Expected(made().result, made().root, software)


def data_only(order: object) -> Expected:
    """Really run again, but the documents (which take long) are those that were made."""
    result = run_project(order.inputs, profile=order.profile, edition=order.edition)
    out = order.scratch / "out"
    shutil.copytree(made().out, out, copy_function=os.link)
    write_data(result, out)
    return Expected(result, assemble(result, out, order.scratch / "tree"), software_of(result))


def with_findings(folder: Path, findings: tuple[object, ...]):
    """A delivery whose run had these findings: (its copy, how recomputing it ends)."""
    result = dataclasses.replace(
        made().result,
        findings=findings,
        runs=(dataclasses.replace(made().result.runs[0], findings=findings), *made().result.runs[1:]),
    )
    wanted = tampered(folder / "wanted")
    (wanted / FINDINGS).unlink()
    write_findings(result, wanted / FINDINGS)
    relisted(wanted)
    given = folder / "given" / CODE
    shutil.copytree(wanted, given, copy_function=os.link)
    software = dict(read_manifest(wanted / MANIFEST).software)
    return given, lambda _order: Expected(result, wanted, software)


def examined(path: Path, recomputed=unchanged, today: dt.date = TODAY):
    """The examination of a delivery."""
    return check_delivery(path, today=today, recomputed=recomputed, isolation=readers())


def rules(review) -> set[str]:
    return {finding.rule for finding in review.findings}


def said(review, rule: str) -> str:
    """All sentences of one rule."""
    return "\n".join(finding.message for finding in review.findings if finding.rule == rule)

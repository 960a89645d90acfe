"""What a delivery says of itself: project, edition, profile, software, and every file with size and SHA-256."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline import ledger
from pipeline.errors import InputError
from pipeline.model import ProjectReport
from pipeline.reasons import reason_of

FORMAT = "duoce-delivery 1"
WRITERS = ("Jinja2", "fiona", "pyogrio", "pylopdf-fonts-zh-cn", "XlsxWriter", "pypdfium2", "python-docx", "typst")


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FileEntry(_Record):
    """One file: path relative to the root, forward slashes."""

    path: str
    size: int
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class NamedEdition(_Record):
    """A name with its edition."""

    name: str
    edition: str


class ProjectName(_Record):
    """Which project."""

    code: str
    name: str


class Manifest(_Record):
    """The whole manifest. files: every file of the package but the manifest itself, sorted by path."""

    format: Literal["duoce-delivery 1"]
    project: ProjectName
    edition: str
    profile: NamedEdition
    surveys: tuple[NamedEdition, ...]
    tree: str
    software: dict[str, str]
    files: tuple[FileEntry, ...]


def manifest_of(result: ProjectReport, folder: Path, *, tree: str, software: dict[str, str]) -> Manifest:
    """The manifest of everything in `folder`, which must not hold one yet."""
    project, profile = result.project.project, result.standards.profile
    return Manifest(
        format=FORMAT,
        project=ProjectName(code=project.code, name=project.name),
        edition=result.standards.edition,
        profile=NamedEdition(name=profile.name, edition=profile.edition),
        surveys=tuple(
            NamedEdition(name=s.survey, edition=result.standards.surveys[s.survey].edition) for s in result.surveys
        ),
        tree=tree,
        software=software,
        files=tuple(files_in(folder)),
    )


def files_in(folder: Path) -> list[FileEntry]:
    """Every file under `folder`, sorted by path."""
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        sha256, size = ledger.fingerprint(path)
        found.append(FileEntry(path=path.relative_to(folder).as_posix(), size=size, sha256=sha256))
    return sorted(found, key=lambda entry: entry.path)


def software_of(result: ProjectReport) -> dict[str, str]:
    """Versions of everything that may decide the bytes of the package."""
    from pipeline.exports import shapefiles
    from pipeline.readers import vector

    found = {**result.versions, "python": platform.python_version()}
    for engine in (shapefiles.ENGINE, vector.engine()):
        library, _, gdal = engine.partition(" / GDAL ")
        found[f"GDAL ({library.partition(' ')[0]})"] = gdal
    for name in WRITERS:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return dict(sorted(found.items()))


def text_of(manifest: Manifest) -> str:
    """The manifest as its file holds it."""
    return json.dumps(manifest.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


def read_manifest(path: Path) -> Manifest:
    """The manifest in `path`. Errors: InputError saying what is wrong with it."""
    try:
        data: Any = json.loads(path.read_bytes().decode("utf-8"))
        return Manifest.model_validate(data)
    except (ValueError, RecursionError) as err:
        raise InputError(f"{path.name}：{_reason(err)}") from err


def _reason(err: Exception) -> str:
    if isinstance(err, ValidationError):
        first = err.errors()[0]
        place = ".".join(map(str, first["loc"])) or "内容"
        return f"{place}：{reason_of(first)}"
    return "不是完整的 UTF-8 JSON"

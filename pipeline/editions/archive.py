"""Where each edition's files are, which there are, and how the current one is frozen."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import InputError, StandardError
from pipeline.standard import SCHEMAS

FOLDER = SCHEMAS / "editions"
PROFILES = "profiles"
NOT_OF_THE_STANDARD = {"cases", "report"}  # folders of a package: examples for tests; forms belong to the program
SUFFIXES = (".yaml", ".csv")
EPOCH = (1980, 1, 1, 0, 0, 0)  # earliest date a zip entry can carry
FILE_MODE = 0o644 << 16
_EDITION = re.compile(r"^edition:\s*[\"']?(.+?)[\"']?\s*(?:#.*)?$", re.MULTILINE)
_BETWEEN_PROJECTS = re.compile(r"^scope:\s*district\b", re.MULTILINE)
_NAME = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")
Texts = dict[str, str]


def current() -> str:
    """The date of the working schemas. Errors: StandardError when their packages state different dates."""
    return _date(_stated(_folder_texts(SCHEMAS)), SCHEMAS)


def known() -> tuple[str, ...]:
    """Every edition that can be run, oldest first; the last one is the current."""
    return tuple(sorted({*_frozen(), current()}))


def packages(edition: str) -> frozenset[str]:
    """The packages of an edition as a project's report names them: "duoce-planning 2026-11", …"""
    texts = _folder_texts(SCHEMAS) if edition == current() else contents(_archive(edition))
    return frozenset(
        _stated({name: text for name, text in texts.items() if not _BETWEEN_PROJECTS.search(text)}).values()
    )


def edition_of(text: str) -> str:
    """The edition that a summary or a manifest names: its date alone, or every package ("a 2026-11; b 2026-11").

    Packages that are not of this software (further standards of a firm) may stand among them.
    Errors: InputError when no known edition is meant.
    """
    named = frozenset(part.strip() for part in text.split(";"))
    for edition in reversed(known()):
        if text.strip() == edition or packages(edition) <= named:
            return edition
    raise InputError(f"标准版次“{text:.300}”在本软件中没有；可用的版次：{'、'.join(known())}")


@contextmanager
def schemas_of(edition: str | None = None) -> Iterator[Path]:
    """A folder laid out like `schemas/` with the files of an edition; None: the current one. Read inside the context.

    Errors: InputError when there is no such edition.
    """
    if edition is None or edition == current():
        yield SCHEMAS
        return
    path = _archive(edition)
    with tempfile.TemporaryDirectory(prefix="duoce-edition-", ignore_cleanup_errors=True) as folder:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
        yield Path(folder)


def freeze(schemas: Path = SCHEMAS, into: Path = FOLDER) -> Path:
    """Write the edition of the folder `schemas` as an archive: same content, same bytes.

    Errors: StandardError when that edition was frozen before with other content; it needs a new date then.
    """
    texts = _folder_texts(schemas)
    path = into / f"{_date(_stated(texts), schemas)}.zip"
    if path.is_file():
        if contents(path) != texts:
            raise StandardError(f"{path} 已经发布，内容与现在的标准不同；请先在各 standard.yaml 中改用新的版次日期")
        return path
    into.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text in sorted(texts.items()):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, FILE_MODE
            archive.writestr(entry, text.encode("utf-8"), compresslevel=9)
    return path


def contents(path: Path) -> Texts:
    """The files of an archive by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def _folder_texts(root: Path) -> Texts:
    """What of a schemas folder belongs to its edition, by name with forward slashes: standards and profiles."""
    found = {}
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        package = parts[0] == PROFILES or (root / parts[0] / "standard.yaml").is_file()
        if package and path.suffix in SUFFIXES and not set(parts) & NOT_OF_THE_STANDARD:
            found["/".join(parts)] = path.read_bytes().decode("utf-8")
    return found


def _stated(texts: Texts) -> Texts:
    """`edition:` of every standard.yaml, by its path."""
    found = {name: _EDITION.search(text) for name, text in texts.items() if name.endswith("/standard.yaml")}
    return {name: match[1] for name, match in found.items() if match}


def _date(stated: Texts, where: Path) -> str:
    dates = {text.rpartition(" ")[2] for text in stated.values()}
    if len(dates) != 1 or not _NAME.fullmatch(next(iter(dates))):
        raise StandardError(
            f"{where}：各 standard.yaml 的 edition 须为同一日期，现为 {'、'.join(sorted(dates)) or '无'}"
        )
    return dates.pop()


def _frozen() -> list[str]:
    return [path.stem for path in FOLDER.glob("*.zip")]


def _archive(edition: str) -> Path:
    """The archive of a frozen edition; the name is compared with those that exist, never made into a path."""
    if edition not in _frozen():
        raise InputError(f"没有标准版次“{edition:.300}”；可用的版次：{'、'.join(known())}")
    return FOLDER / f"{edition}.zip"

"""A folder as a zip with the same bytes for the same files: sorted, no clock, UTF-8 names with the flag set."""

from __future__ import annotations

import zipfile
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)  # earliest time an entry can carry
UTF8_FLAG = 0x800
PACKED = {".docx", ".xlsx", ".pdf", ".zip"}  # deflated inside already
CHUNK_BYTES = 1 << 20
LEVEL = 2  # of deflate: higher ones take twice as long for a tenth less
REGULAR_644 = 0o100644 << 16


class _Entry(zipfile.ZipInfo):
    """An entry that always carries the UTF-8 flag: Python sets it only for names beyond ASCII."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 — zipfile's own hook
        return self.filename.encode("utf-8"), self.flag_bits | UTF8_FLAG


def write_zip(folder: Path, path: Path) -> None:
    """Everything in `folder`, named relative to its parent, as the zip `path`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for source in sorted((p for p in folder.rglob("*") if p.is_file()), key=lambda p: p.as_posix()):
            entry = _Entry(source.relative_to(folder.parent).as_posix(), EPOCH)
            entry.create_system, entry.external_attr = 3, REGULAR_644
            packed = source.suffix.lower() in PACKED
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            entry._compresslevel = LEVEL  # type: ignore[attr-defined]  # noqa: SLF001 — `open` takes that of the entry
            entry.file_size = source.stat().st_size
            with source.open("rb") as file, archive.open(entry, "w") as target:
                while chunk := file.read(CHUNK_BYTES):
                    target.write(chunk)

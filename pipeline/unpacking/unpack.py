"""Zip files opened without trust: what is in one, and its files written out, or a refusal that says why.

The zip belongs to whoever made it, so nothing it states is believed: names are checked before anything is written, bytes
are counted while they are unpacked. Only stored and deflated entries are read. A zip inside a zip stays a file.
"""

from __future__ import annotations

import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.unpacking.names import Member, collisions, member_of

MB = 1024 * 1024
CHUNK_BYTES = 1 << 20
SMALL_MB = 16.0  # below this a high ratio harms nobody: a table of blanks packs well
DIRECTORY_BYTES = 512  # of the central directory per entry allowed: bounds what opening it takes
SHOWN = 5  # names listed in a refusal
NO_ZIP = "不是完整的 zip 文件"
END, END_64, LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """What a zip may hold; None does not limit. ratio: unpacked to packed size; depth: folders above a file."""

    entries: float | None = None
    mb: float | None = None
    ratio: float | None = None
    depth: float | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """The files of a zip that may be unpacked, or the faults (Chinese, one each) for which it may not."""

    members: tuple[Member, ...]
    faults: tuple[str, ...]

    @property
    def recoded(self) -> tuple[str, ...]:
        """Names that were not marked as UTF-8 and are none: decoded as GB18030, which has to be said."""
        return tuple(member.path for member in self.members if member.encoding == "GB18030")


def limits_of(numbers: Mapping[str, Any]) -> ZipLimits:
    """The limits stated by the numbers of a profile."""
    return ZipLimits(**{field.name: numbers[f"intake.zip_{field.name}"].at(0) for field in fields(ZipLimits)})


def examine(path: Path, limits: ZipLimits) -> Contents:
    """What a zip says it holds, judged before anything is unpacked; a file that is no zip is a fault too."""
    try:
        size = _directory_bytes(path)
        if limits.entries is not None and size > limits.entries * DIRECTORY_BYTES:
            return Contents((), (f"目录有 {size} 字节，文件数超过 {limits.entries:g} 个的限度",))
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except BROKEN:
        return Contents((), (NO_ZIP,))
    members, faults = [], list(_too_much(infos, path.stat().st_size, limits))
    for info in infos:
        member, fault = member_of(info, depth=limits.depth)
        faults += [fault] if fault else []
        members += [member] if member and not info.is_dir() else []
    faults += collisions(members)
    return Contents(tuple(members), tuple(faults))


def unpack(path: Path, into: Path, limits: ZipLimits) -> list[Path]:
    """Writes the files of a zip into the new or empty folder `into` and returns them in the order of the zip.

    Errors: InputError saying why the zip is refused; then nothing is left in `into`.
    """
    found = examine(path, limits)
    if found.faults:
        raise InputError(_refusal(path, found.faults))
    if into.exists() and any(into.iterdir()):
        raise InputError(f"{into}：解压的目标文件夹不是空的")
    into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".duoce-", dir=into.parent, ignore_cleanup_errors=True) as folder:
        half = Path(folder) / "files"
        half.mkdir()
        _write(path, found.members, half, limits)
        if into.exists():
            into.rmdir()
        shutil.move(half, into)
    return [into / member.path for member in found.members]


def _write(path: Path, members: Sequence[Member], folder: Path, limits: ZipLimits) -> None:
    """Every member as a plain file; the bytes that come out are counted, whatever the zip states."""
    most = _most_bytes(path.stat().st_size, limits)
    written = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in members:
                target = folder / member.path
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member.info) as source, target.open("xb") as file:
                    while chunk := source.read(CHUNK_BYTES):
                        written += len(chunk)
                        if most is not None and written > most:
                            raise InputError(_refusal(path, [f"解压后超过 {most / MB:.0f} MB 的限度"]))
                        file.write(chunk)
                if target.stat().st_size != member.info.file_size:
                    raise InputError(_refusal(path, [f"“{member.path}”的大小与目录所写不符"]))
    except BROKEN as err:
        raise InputError(_refusal(path, [f"内容已损坏（{type(err).__name__}）"])) from err


def _refusal(path: Path, faults: Sequence[str]) -> str:
    rest = f"；另有 {len(faults) - SHOWN} 处" if len(faults) > SHOWN else ""
    return f"{path.name}：压缩包不能解压：{'；'.join(faults[:SHOWN])}{rest}"


# ---------------------------------------------------------------- sizes


def _most_bytes(packed: int, limits: ZipLimits) -> float | None:
    """What may come out of a zip of this size."""
    by_ratio = None if limits.ratio is None else max(packed * limits.ratio, SMALL_MB * MB)
    by_size = None if limits.mb is None else limits.mb * MB
    return min((bound for bound in (by_ratio, by_size) if bound is not None), default=None)


def _too_much(infos: Sequence[zipfile.ZipInfo], packed: int, limits: ZipLimits) -> Iterator[str]:
    """What the directory itself states beyond the limits."""
    total, most = sum(info.file_size for info in infos), _most_bytes(packed, limits)
    if limits.entries is not None and len(infos) > limits.entries:
        yield f"有 {len(infos)} 个文件，超过 {limits.entries:g} 个的限度"
    if limits.mb is not None and total > limits.mb * MB:
        yield f"解压后 {total / MB:.0f} MB，超过 {limits.mb:g} MB 的限度"
    elif most is not None and total > most:
        yield f"压缩比 {total / max(packed, 1):.0f}，超过 {limits.ratio:g} 的限度"


def _directory_bytes(path: Path) -> int:
    """The size that the end record states for the central directory, which zipfile would read whole.

    Errors: ValueError when there is no end record.
    """
    with path.open("rb") as file:
        end = file.seek(0, 2)
        file.seek(max(0, end - 65_600))
        tail = file.read()
    place = tail.rfind(END)
    if place < 0:
        raise ValueError("no end of central directory")
    size = int(struct.unpack_from("<I", tail, place + 12)[0])
    if LOCATOR_64 in tail[:place] and (wide := tail.rfind(END_64, 0, place)) >= 0:
        return max(size % 0xFFFFFFFF, int(struct.unpack_from("<Q", tail, wide + 40)[0]))
    return size

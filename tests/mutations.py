"""Damage to input files, the same on every run: each mutation is a name, the damaged bytes and whether it must be seen.

What can be damaged without any trace in the file itself, and is therefore not required to be seen:
a flipped byte that makes another digit of a coordinate, another letter of a text or another colour; a whole DXF tag (two
lines) that is optional; a changed decimal in a .dbf; whole lines of a .csv, which states no count; a text file written
again in another encoding (its words must then come out the same); halves of two drawings that fit at a tag boundary.
Truncation of whatever states its own size or end (DXF, .shp, .shx, .dbf, .xlsx, .gpkg, .geojson) is always seen, and so
is a single line of a DXF in text too many or too few, for from there on codes and values change places.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

TENTHS = range(10)
ENDS_ITSELF = {".dxf", ".shp", ".shx", ".dbf", ".xlsx", ".gpkg", ".geojson"}
PAGES = ("gb18030", "utf-8", "utf-16", "latin-1", "big5")
NASTY = (b"nan", b"inf", b"-inf", b"1e308", b"-1e400", b"99999999999999999999", b"", b"\x00", b"\xff\xfe", b"-1", b"0")


@dataclass(frozen=True)
class Mutation:
    """seen: an intact reading of this would be a breach. text: the words must come out as in the original, or a note."""

    name: str
    data: bytes
    seen: bool = False
    text: bool = False


def truncated(data: bytes, suffix: str) -> Iterator[Mutation]:
    """Cut off at every tenth; never only blanks at the end."""
    whole = data.rstrip() if suffix in {".dxf", ".geojson"} else data
    for tenth in TENTHS:
        cut = len(whole) * tenth // 10
        yield Mutation(f"cut at {tenth}/10", data[:cut], seen=suffix in ENDS_ITSELF)


def mutations(data: bytes, suffix: str, other: bytes, *, seed: int, count: int) -> Iterator[Mutation]:
    """Every truncation and re-encoding, then `count` drawn ones; `other`: a second file of the same kind, to splice."""
    yield from truncated(data, suffix)
    if suffix in {".dxf", ".csv", ".geojson", ".yaml"}:
        yield from _reencoded(data)
    random = Random(seed)
    kinds = (_flipped, _burst, _line_gone, _line_twice, _pair_gone, _spliced, _nasty, _block_gone, _zeroed)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        yield kind(data, suffix, other, random)


def _reencoded(data: bytes) -> Iterator[Mutation]:
    """The file in another code page, as far as its characters allow."""
    for source in ("utf-8", "gb18030"):
        try:
            text = data.decode(source)
        except UnicodeDecodeError:
            continue
        if text.isascii():
            return
        for page in PAGES:
            try:
                again = text.encode(page)
            except UnicodeEncodeError:
                continue
            if again != data:
                yield Mutation(f"{source} as {page}", again, text=True)
        return


def _flipped(data: bytes, suffix: str, other: bytes, random: Random) -> Mutation:
    place, bit = random.randrange(len(data)), random.randrange(8)
    changed = bytearray(data)
    changed[place] ^= 1 << bit
    return Mutation(f"bit {bit} of byte {place}", bytes(changed))


def _burst(data: bytes, suffix: str, other: bytes, random: Random) -> Mutation:
    place, length = random.randrange(len(data)), random.randrange(1, 64)
    noise = random.randbytes(length)
    return Mutation(f"{length} random bytes at {place}", data[:place] + noise + data[place + length :])


def _line_gone(data: bytes, suffix: str, other: bytes, random: Random) -> Mutation:
    lines = data.splitlines(keepends=True)
    place = random.randrange(len(lines))
    return Mutation(
        f"line {place + 1} deleted", b"".join(lines[:place] + lines[place + 1 :]), seen=_in_lines(data, suffix)
    )


def _line_twice(data: bytes, suffix: str, other: bytes, random: Random) -> Mutation:
    lines = data.splitlines(keepends=True)
    place = random.randrange(len(lines))
    return Mutation(
        f"line {place + 1} twice", b"".join([*lines[: place + 1], *lines[place:]]), seen=_in_lines(data, suffix)
    )


def _pair_gone(data: bytes, suffix: str, other: bytes, random: Random) -> Mutation:
    lines = data.splitlines(keepends=True)
    place = random.randrange(0, len(lines), 2)
    return Mutation(f"lines {place + 1}, {place + 2} deleted", b"".join(lines[:place] + lines[place + 2 :]))


def _spliced(data: bytes, suffix: str, other: bytes, random: Random) -> Mutation:
    share = random.random()
    head, tail = int(len(data) * share), int(len(other) * share)
    return Mutation(f"first {share:.3f} of it, the rest of another", data[:head] + other[tail:])


def _nasty(data: bytes, suffix: str, other: bytes, random: Random) -> Mutation:
    """One line that holds a number holds something else (binary files: anywhere)."""
    value = random.choice(NASTY)
    lines = data.split(b"\n")
    numbers = [i for i, line in enumerate(lines) if _is_number(line)] if suffix == ".dxf" else []
    if not numbers:
        place = random.randrange(len(data))
        return Mutation(f"{value!r} at {place}", data[:place] + value + data[place + len(value) :])
    place = random.choice(numbers)
    lines[place] = value + (b"\r" if lines[place].endswith(b"\r") else b"")
    return Mutation(f"line {place + 1} is {value!r}", b"\n".join(lines))


def _block_gone(data: bytes, suffix: str, other: bytes, random: Random) -> Mutation:
    place, length = random.randrange(len(data)), random.choice((1, 16, 512, 4096))
    return Mutation(f"{length} bytes gone at {place}", data[:place] + data[place + length :])


def _zeroed(data: bytes, suffix: str, other: bytes, random: Random) -> Mutation:
    place, length = random.randrange(len(data)), random.choice((4, 16, 512))
    kept = data[place : place + length]
    return Mutation(f"{length} zero bytes at {place}", data[:place] + bytes(len(kept)) + data[place + length :])


def _in_lines(data: bytes, suffix: str) -> bool:
    """Whether it is a DXF in text, where codes and values take turns; between two line feeds of a binary one lies anything."""
    return suffix == ".dxf" and not data.startswith(b"AutoCAD Binary DXF")


def _is_number(line: bytes) -> bool:
    try:
        float(line)
    except ValueError:
        return False
    return True

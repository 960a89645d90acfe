"""JSON and text files, and the last resort for any file: where its bytes differ."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.delivery.check.compare.units import fragment, shortened

KEYS = ("id", "name", "path", "survey", "building", "feature", "field")  # by which list items are told apart
GONE = "（无）"
CHUNK_BYTES = 1 << 20
_STAMP = re.compile(r"^\d+\.\d+\S* @ \S+$", re.MULTILINE)  # "1.4.5 @ 2000-01-01T00:00:00": version and time


class Unreadable(Exception):
    """A file is not of its format; the text says why, Chinese."""


def read_json(path: Path) -> Any:
    """The content. Errors: Unreadable."""
    try:
        return json.loads(path.read_bytes().decode("utf-8"))
    except (ValueError, RecursionError) as err:
        raise Unreadable("不是完整的 UTF-8 JSON") from err


def json_differences(wanted: Any, given: Any, where: str = "") -> Iterator[tuple[str, str, str, Any]]:
    """(place, wanted, given, the wanted list item it lies in) for every value that differs."""
    yield from _json(wanted, given, where, None)


def _json(wanted: Any, given: Any, where: str, item: Any) -> Iterator[tuple[str, str, str, Any]]:
    if isinstance(wanted, Mapping) and isinstance(given, Mapping):
        for key in [*wanted, *(k for k in given if k not in wanted)]:
            place = f"{where}.{key}" if where else str(key)
            if key not in given or key not in wanted:
                yield place, _word(wanted.get(key, GONE)), _word(given.get(key, GONE)), item
            else:
                yield from _json(wanted[key], given[key], place, item)
    elif isinstance(wanted, list) and isinstance(given, list):
        yield from _lists(wanted, given, where, item)
    elif type(wanted) is not type(given) or wanted != given:
        yield where, _word(wanted), _word(given), item


def _lists(wanted: Sequence[Any], given: Sequence[Any], where: str, item: Any) -> Iterator[tuple[str, str, str, Any]]:
    ours, theirs = _keyed(wanted), _keyed(given)
    if ours is None or theirs is None:
        ours, theirs = dict(enumerate(wanted)), dict(enumerate(given))
    for key in [*ours, *(k for k in theirs if k not in ours)]:
        place = f"{where}[{key}]"
        own = ours.get(key) if isinstance(ours.get(key), Mapping) else item
        if key not in theirs or key not in ours:
            yield place, _word(ours.get(key, GONE)), _word(theirs.get(key, GONE)), own
        else:
            yield from _json(ours[key], theirs[key], place, own)
    if list(ours) != list(theirs) and ours.keys() == theirs.keys():
        yield where, "原来的次序", "另一种次序", item


def _keyed(items: Sequence[Any]) -> dict[Any, Any] | None:
    """Items by what names them; None when that is not unique."""
    if not all(isinstance(item, Mapping) for item in items):
        return None
    names = [" ".join(str(item[key]) for key in KEYS if item.get(key) is not None) for item in items]
    return dict(zip(names, items, strict=True)) if len(set(names)) == len(names) and all(names) else None


def _word(value: Any) -> str:
    return shortened(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


# ---------------------------------------------------------------- texts and bytes


def line_difference(wanted: Path, given: Path) -> str | None:
    """The first line of a text file that differs, in words, and how many do; None when all are the same."""
    ours, theirs = _lines(wanted), _lines(given)
    if ours == theirs:
        return None
    first = next((n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)))
    one, other = (lines[first] if first < len(lines) else GONE for lines in (ours, theirs))
    pair = "应为“{}”，所交为“{}”".format(*fragment(one, other))
    if len(ours) == len(theirs):
        count = sum(a != b for a, b in zip(ours, theirs, strict=True))
    else:
        count = max((Counter(ours) - Counter(theirs)).total(), (Counter(theirs) - Counter(ours)).total())
    return f"第 {first + 1} 行{pair}；共 {count} 行不同"


def _lines(path: Path) -> list[str]:
    """The lines of a file, without the stamp of the library that wrote it: another version of it is no other drawing."""
    return _STAMP.sub("", path.read_bytes().decode("utf-8", errors="replace")).split("\n")


def byte_difference(wanted: Path, given: Path) -> str | None:
    """Where the bytes of two files first differ and how many do; None when they are the same."""
    sizes = wanted.stat().st_size, given.stat().st_size
    first, count, offset = None, 0, 0
    with wanted.open("rb") as ours, given.open("rb") as theirs:
        while True:
            one, other = ours.read(CHUNK_BYTES), theirs.read(CHUNK_BYTES)
            if not one or not other:
                break
            if one != other:
                at = [n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
                first = offset + at[0] if first is None and at else first
                count += len(at)
            offset += len(one)
    if first is None and sizes[0] == sizes[1]:
        return None
    size = "" if sizes[0] == sizes[1] else f"，大小应为 {sizes[0]} 字节，所交为 {sizes[1]} 字节"
    return f"自第 {(min(sizes) if first is None else first) + 1} 字节起有 {count} 个字节不同{size}"

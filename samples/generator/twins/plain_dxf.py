"""Small drawings in the oldest DXF, written tag by tag: what no library would write, with handles of our choice."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

Tags = Iterable[tuple[int, object]]
Place = tuple[float, float]


class Plain:
    """One drawing in the making; figures come in the plane of the file. Every entity gives back its handle."""

    def __init__(self, codepage: str = "ANSI_936") -> None:
        self.codepage = codepage
        self.blocks: list[str] = []
        self.lines: list[str] = []
        self.count = 0x100

    def entity(self, kind: str, layer: str, tags: Tags) -> str:
        """One entity with a handle of its own."""
        self.count += 1
        handle = f"{self.count:X}"
        self.lines += _written([(0, kind), (5, handle), (8, layer), *tags])
        return handle

    def ring(self, layer: str, points: Iterable[Place], *, closed: bool = True) -> str:
        """A POLYLINE."""
        handle = self.entity("POLYLINE", layer, [(66, 1), (10, 0.0), (20, 0.0), (30, 0.0), (70, int(closed))])
        for east, north in points:
            self.lines += _written([(0, "VERTEX"), (8, layer), (10, east), (20, north), (30, 0.0)])
        self.lines += _written([(0, "SEQEND"), (8, layer)])
        return handle

    def line(self, layer: str, start: Place, end: Place) -> str:
        """A LINE."""
        return self.entity(
            "LINE", layer, [(10, start[0]), (20, start[1]), (30, 0.0), (11, end[0]), (21, end[1]), (31, 0.0)]
        )

    def text(self, layer: str, words: str, place: Place) -> str:
        """A TEXT."""
        return self.entity("TEXT", layer, [(10, place[0]), (20, place[1]), (30, 0.0), (40, 0.8), (1, words)])

    def insert(self, layer: str, block: str, place: Place, values: dict[str, str] | None = None) -> str:
        """An INSERT with its ATTRIBs."""
        values = values or {}
        head = [(66, 1)] if values else []
        handle = self.entity("INSERT", layer, [*head, (2, block), (10, place[0]), (20, place[1]), (30, 0.0)])
        for tag, value in values.items():
            at = [(10, place[0]), (20, place[1]), (30, 0.0), (40, 0.3)]
            self.lines += _written([(0, "ATTRIB"), (8, layer), *at, (1, value), (2, tag), (70, 0)])
        self.lines += _written([(0, "SEQEND"), (8, layer)]) if values else []
        return handle

    def block(self, name: str, *inside: tuple[str, Tags]) -> None:
        """A block; inside: entities as (kind, tags)."""
        origin = [(10, 0.0), (20, 0.0), (30, 0.0)]
        self.blocks += _written([(0, "BLOCK"), (8, "0"), (2, name), (70, 0), *origin, (3, name)])
        for kind, tags in inside:
            self.blocks += _written([(0, kind), (8, "0"), *tags])
        self.blocks += _written([(0, "ENDBLK"), (8, "0")])

    def save(self, path: Path, encoding: str = "gbk") -> None:
        """Write with CRLF; characters may be bytes in disguise (surrogates)."""
        header = [(9, "$ACADVER"), (1, "AC1009"), (9, "$DWGCODEPAGE"), (3, self.codepage)]
        lines = _section("HEADER", _written(header)) + _section("BLOCKS", self.blocks)
        lines += _section("ENTITIES", self.lines) + _written([(0, "EOF")])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding, "surrogateescape"))


def _section(name: str, lines: list[str]) -> list[str]:
    return [*_written([(0, "SECTION"), (2, name)]), *lines, *_written([(0, "ENDSEC")])]


def _written(tags: Tags) -> list[str]:
    return [part for code, value in tags for part in (f"{code:3d}", _said(value))]


def _said(value: object) -> str:
    return f"{value:.6f}" if isinstance(value, float) else str(value)

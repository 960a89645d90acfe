"""A survey drawing of any size, the same bytes each time: all twelve kinds of entities as CAD programs write them (GBK).

Head, tables, blocks and objects come from ezdxf; the entities are written from templates, for ezdxf itself would need
minutes. Proportions follow large-scale topographic and cadastral drawings: mostly light polylines with feature codes.
"""

from __future__ import annotations

import io
import math
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import ezdxf

CODES = {"JMD": ("141121", "141111"), "DLSS": ("161201", "163102"), "ZBTZ": ("211001",), "ZD": ("300000",)}
LAYERS = ("JMD", "DLSS", "ZBTZ", "ZD", "建筑物", "道路中心线", "地下车库", "绿地")
LETTERS = "混砖钢木棚坎井路灯绿地停车位单元层号楼电信污水雨水消防门厅走廊"
SYMBOLS = ("gc114", "路灯", "检查井")
EAST, NORTH = 499_000.0, 3_270_000.0
#: of a thousand entities
SHARES = {
    "light": 420, "line": 120, "text": 180, "insert": 80, "point": 75, "tagged": 40, "circle": 30, "arc": 20,
    "old": 14, "mtext": 10, "hatch": 9, "ellipse": 1, "spline": 1,
}  # fmt: skip


class Writer:
    """Writes entities one by one; every one has a handle, a layer and the extended data of app SOUTH."""

    def __init__(self, owner: str, first_handle: int, seed: int) -> None:
        self.random = random.Random(seed)
        self.owner, self.next = owner, first_handle

    def pairs(self, *values: object) -> str:
        """Group codes and values as lines."""
        return "".join(
            f"{code:>3}\r\n{value if isinstance(value, str | int) else f'{value:.4f}'}\r\n"
            for code, value in zip(values[::2], values[1::2], strict=True)
        )

    def head(self, kind: str, layer: str, *markers: str) -> str:
        """What every entity begins with."""
        self.next += 1
        lines = self.pairs(0, kind, 5, f"{self.next:X}", 330, self.owner, 100, "AcDbEntity", 8, layer)
        if self.random.random() < 0.2:
            lines += self.pairs(62, self.random.randrange(1, 8))
        return lines + "".join(self.pairs(100, marker) for marker in markers)

    def xdata(self, layer: str, *more: str) -> str:
        """The feature code, and what a parcel or a building says of itself."""
        code = self.random.choice(CODES.get(layer, ("100000",)))
        return self.pairs(1001, "SOUTH", 1000, code) + "".join(self.pairs(1000, word) for word in more)

    def place(self) -> tuple[float, float]:
        """Somewhere in the drawing."""
        return EAST + self.random.uniform(0, 3000), NORTH + self.random.uniform(0, 3000)

    def layer(self) -> str:
        """Any layer."""
        return self.random.choice(LAYERS)

    def word(self, most: int = 6) -> str:
        """A few Chinese characters and a number."""
        letters = "".join(self.random.choices(LETTERS, k=self.random.randint(1, most)))
        return letters + (str(self.random.randrange(1, 40)) if self.random.random() < 0.6 else "")

    def ring(self) -> list[tuple[float, float]]:
        """Corners of an irregular outline, counter-clockwise."""
        x, y = self.place()
        size, count = self.random.uniform(3, 40), self.random.randint(4, 14)
        turns = sorted(self.random.uniform(0, math.tau) for _ in range(count))
        return [(x + size * math.cos(t), y + size * math.sin(t)) for t in turns]

    def light(self) -> str:
        """LWPOLYLINE: outlines, some with bulges, some open; parcels say who they are."""
        layer, ring = self.layer(), self.ring()
        closed, bent = self.random.random() < 0.75, self.random.random() < 0.12
        text = self.head("LWPOLYLINE", layer, "AcDbPolyline") + self.pairs(90, len(ring), 70, int(closed), 43, 0.0)
        for x, y in ring:
            text += self.pairs(10, x, 20, y)
            if bent and self.random.random() < 0.3:
                text += self.pairs(42, self.random.uniform(-0.35, 0.35))
        own = (f"500105{self.random.randrange(10**6):06d}GB{self.next % 10**5:05d}", self.word(), "0701")
        return text + self.xdata(layer, *(own if layer == "ZD" else ()))

    def old(self) -> str:
        """POLYLINE with VERTEX records: contours with heights, plane ones with bulges."""
        layer, ring, spatial = self.layer(), self.ring(), self.random.random() < 0.5
        z = self.random.uniform(200, 320) if spatial else 0.0
        mark = "AcDb3dPolyline" if spatial else "AcDb2dPolyline"
        text = self.head("POLYLINE", layer, mark) + self.pairs(
            66, 1, 10, 0.0, 20, 0.0, 30, 0.0, 70, 8 if spatial else 1
        )
        text += self.xdata(layer)
        for x, y in ring:
            text += self.head("VERTEX", layer, "AcDbVertex", f"{mark}Vertex" if spatial else "AcDb2dVertex")
            text += self.pairs(10, x, 20, y, 30, z, 70, 32 if spatial else 0)
            if not spatial and self.random.random() < 0.2:
                text += self.pairs(42, 0.5)
        return text + self.head("SEQEND", layer)

    def line(self) -> str:
        """LINE."""
        layer, (x, y) = self.layer(), self.place()
        ends = (10, x, 20, y, 30, 0.0, 11, x + self.random.uniform(1, 50), 21, y + self.random.uniform(1, 50), 31, 0.0)
        return self.head("LINE", layer, "AcDbLine") + self.pairs(*ends) + self.xdata(layer)

    def circle(self) -> str:
        """CIRCLE: wells, lamps, trees."""
        layer, (x, y) = self.layer(), self.place()
        own = self.pairs(10, x, 20, y, 30, 0.0, 40, self.random.uniform(0.15, 2.5))
        return self.head("CIRCLE", layer, "AcDbCircle") + own + self.xdata(layer)

    def arc(self) -> str:
        """ARC."""
        layer, (x, y) = self.layer(), self.place()
        text = self.head("ARC", layer, "AcDbCircle") + self.pairs(10, x, 20, y, 30, 0.0, 40, self.random.uniform(1, 12))
        turns = (50, self.random.uniform(0, 360), 51, self.random.uniform(0, 360))
        return text + self.pairs(100, "AcDbArc", *turns) + self.xdata(layer)

    def point(self) -> str:
        """POINT with its height."""
        layer, (x, y) = self.layer(), self.place()
        own = self.pairs(10, x, 20, y, 30, self.random.uniform(200, 320))
        return self.head("POINT", layer, "AcDbPoint") + own + self.xdata(layer)

    def text(self) -> str:
        """TEXT, a third of them aligned to their second point."""
        layer, (x, y) = self.layer(), self.place()
        own = self.pairs(10, x, 20, y, 30, 0.0, 40, 2.0, 1, self.word(), 7, "Standard")
        if self.random.random() < 0.3:
            own += self.pairs(72, 1, 11, x + 1, 21, y, 31, 0.0)
        return self.head("TEXT", layer, "AcDbText") + own + self.pairs(100, "AcDbText") + self.xdata(layer)

    def mtext(self) -> str:
        """MTEXT of two lines."""
        layer, (x, y) = self.layer(), self.place()
        own = self.pairs(10, x, 20, y, 30, 0.0, 40, 2.5, 41, 60.0, 71, 1, 72, 1)
        return (
            self.head("MTEXT", layer, "AcDbMText") + own + self.pairs(1, f"{{\\H2.5;{self.word(12)}}}\\P{self.word()}")
        )

    def insert(self) -> str:
        """INSERT of a symbol."""
        layer, (x, y) = self.layer(), self.place()
        own = self.pairs(2, self.random.choice(SYMBOLS), 10, x, 20, y, 30, 0.0, 41, 0.5, 42, 0.5, 43, 0.5, 50, 0.0)
        return self.head("INSERT", layer, "AcDbBlockReference") + own + self.xdata(layer)

    def tagged(self) -> str:
        """INSERT with two ATTRIBs."""
        layer, (x, y) = self.layer(), self.place()
        text = self.head("INSERT", layer, "AcDbBlockReference") + self.pairs(66, 1, 2, "gc200", 10, x, 20, y, 30, 0.0)
        text += self.xdata(layer)
        for tag, word in (("height", f"{self.random.uniform(200, 320):.2f}"), ("名称", self.word())):
            text += self.head("ATTRIB", layer, "AcDbText") + self.pairs(10, x, 20, y, 30, 0.0, 40, 2.0, 1, word)
            text += self.pairs(100, "AcDbAttribute", 2, tag, 70, 0)
        return text + self.head("SEQEND", layer)

    def hatch(self) -> str:
        """HATCH: one polyline around; one in nine with edges, one in nine with a hole."""
        layer, ring, which = self.layer(), self.ring(), self.random.randrange(9)
        paths = [ring] if which else [ring, [(x * 0.5 + ring[0][0] * 0.5, y * 0.5 + ring[0][1] * 0.5) for x, y in ring]]
        text = self.head("HATCH", layer, "AcDbHatch") + self.pairs(
            10, 0.0, 20, 0.0, 30, 0.0, 210, 0.0, 220, 0.0, 230, 1.0
        )
        text += self.pairs(2, "SOLID", 70, 1, 71, 0, 91, len(paths))
        for path in paths:
            if which == 1:
                text += self.pairs(92, 1, 93, len(path))
                for (x, y), (u, v) in zip(path, [*path[1:], path[0]], strict=True):
                    text += self.pairs(72, 1, 10, x, 20, y, 11, u, 21, v)
            else:
                text += self.pairs(92, 3, 72, 0, 73, 1, 93, len(path))
                text += "".join(self.pairs(10, x, 20, y) for x, y in path)
            text += self.pairs(97, 0)
        return text + self.pairs(75, 0, 76, 1, 98, 0) + self.xdata(layer)

    def ellipse(self) -> str:
        """ELLIPSE."""
        layer, (x, y) = self.layer(), self.place()
        own = self.pairs(10, x, 20, y, 30, 0.0, 11, 5.0, 21, 2.0, 31, 0.0, 40, 0.6, 41, 0.0, 42, f"{math.tau!r}")
        return self.head("ELLIPSE", layer, "AcDbEllipse") + own + self.xdata(layer)

    def spline(self) -> str:
        """SPLINE of degree three with six control points."""
        layer, (x, y) = self.layer(), self.place()
        knots = (0, 0, 0, 0, 1, 2, 3, 3, 3, 3)
        text = self.head("SPLINE", layer, "AcDbSpline") + self.pairs(70, 8, 71, 3, 72, len(knots), 73, 6, 74, 0)
        text += "".join(self.pairs(40, float(knot)) for knot in knots)
        for step in range(6):
            text += self.pairs(10, x + 4 * step, 20, y + self.random.uniform(0, 8), 30, 0.0)
        return text + self.xdata(layer)


def write(path: Path, *, megabytes: float, seed: int = 20260918) -> int:
    """Writes a drawing of about this size (10^6 bytes) in R2000, GBK, CRLF; how many entities it has."""
    before, after, owner, first = _frame()
    writer = Writer(owner, first, seed)
    makers = _deck(writer)
    count, size = 0, len(before) + len(after)
    with path.open("wb") as file:
        file.write(before)
        while size < megabytes * 1e6:
            block = "".join(makers[(count + number) % len(makers)]() for number in range(500)).encode("gbk")
            size += file.write(block)
            count += 500
        file.write(after)
    return count


def _deck(writer: Writer) -> list[Callable[[], str]]:
    """A thousand makers in the proportions of `SHARES`, shuffled the same way each time."""
    deck = [kind for kind, share in SHARES.items() for _ in range(share)]
    random.Random(1).shuffle(deck)
    return [getattr(writer, kind) for kind in deck]


def _frame() -> tuple[bytes, bytes, str, int]:
    """The file before and after its entities, the handle of the modelspace, the first free handle."""
    document = ezdxf.new("R2000", setup=False)
    document.header["$DWGCODEPAGE"] = "ANSI_936"
    document.encoding = "gbk"
    document.appids.new("SOUTH")
    for name in LAYERS:
        document.layers.add(name, color=3)
    for name in (*SYMBOLS, "gc200"):
        document.blocks.new(name).add_circle((0, 0), 0.5)
    document.modelspace().add_point((0, 0))
    stream = io.StringIO()
    document.write(stream)
    whole = re.sub(r"(\$HANDSEED\n +5\n)[0-9A-F]+", r"\g<1>FFFFFFF", stream.getvalue())
    begin = whole.index("ENTITIES\n") + len("ENTITIES\n")
    end = whole.index("  0\nENDSEC\n", begin)
    owner = document.block_records.get("*Model_Space").dxf.handle
    return _bytes(whole[:begin]), _bytes(whole[end:]), owner, 0x1000


def _bytes(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("gbk")


def kinds() -> Iterator[str]:
    """The kinds of entities that a drawing has."""
    yield from SHARES

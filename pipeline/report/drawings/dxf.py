"""Ink as DXF R2010: true coordinates in the project CRS, layers, texts, arcs as bulges."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

from pipeline.report.drawings.dxf_frame import APP, STYLE, empty, written
from pipeline.report.drawings.ink import Path, Text

if TYPE_CHECKING:
    from pathlib import Path as FilePath

    from pipeline.report.drawings.compose import Drawing
    from pipeline.report.drawings.ink import Floats

CAP_HEIGHT = 0.73  # height of capitals in the size of a text: what CAD calls text height
LINEWEIGHTS = np.array([0, 5, 9, 13, 15, 18, 20, 25, 30, 35, 40, 50, 53, 60, 70, 80, 90, 100])
ANCHORS = {"start": 0, "middle": 1, "end": 2}  # group 72, with 73 = 2: middle of the letters
WHITE = "#ffffff"
LONGEST = 250  # bytes of a string in XDATA
_NAME = re.compile(r'[<>/\\":;?*|=`,\x00-\x1f]')
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def save(drawing: Drawing, path: FilePath) -> None:
    """Write one drawing; the same drawing gives the same bytes."""
    writer = _Writer(drawing)
    for item in drawing.ink:
        writer.path(item) if isinstance(item, Path) else writer.text(item)
    path.write_text(writer.file(), "utf-8", newline="\n")


class _Writer:
    """Collects the records of one drawing as text."""

    def __init__(self, drawing: Drawing) -> None:
        self.view = drawing.view
        self.metre_per_mm = drawing.view.scale / 1000.0
        self.frame = empty()
        self.handle = self.frame.seed
        self.layers: dict[str, str] = {}
        self.linetypes: dict[str, str] = {}
        self.entities: list[str] = []

    def file(self) -> str:
        return written(list(self.linetypes.values()), list(self.layers.values()), self.entities, self.handle)

    def path(self, path: Path) -> None:
        """Every ring as a polyline; a filled area also as a solid hatch under it."""
        rings = [self._ground(ring, world=path.world) for ring in path.rings]
        if path.closed and path.fill and path.fill != WHITE:
            self._hatch(path, rings)
        if not path.stroke:
            return
        weight = int(LINEWEIGHTS[np.abs(LINEWEIGHTS - path.width_mm * 100).argmin()])
        head = f"{self._layer(path.layer, path.stroke)}6\n{self._dash(path)}\n370\n{weight}\n{_colour(path.stroke)}"
        xdata = f"1001\n{APP}\n1000\n{_cut(path.feature)}\n" if path.feature else ""
        for ring in rings:
            points = "".join(
                f"10\n{x!r}\n20\n{y!r}\n42\n{b!r}\n" if b else f"10\n{x!r}\n20\n{y!r}\n" for x, y, b in ring.tolist()
            )
            shape = f"100\nAcDbPolyline\n90\n{len(ring)}\n70\n{int(path.closed)}\n{points}"
            self._entity("LWPOLYLINE", f"{head}{shape}{xdata}")

    def text(self, text: Text) -> None:
        """One line of text with its height in ground units."""
        x, y = self.view.ground([(text.x, text.y)])[0].tolist()
        height = text.size_mm * CAP_HEIGHT * self.metre_per_mm
        turn = f"50\n{text.angle!r}\n" if text.angle else ""
        place = f"10\n{x!r}\n20\n{y!r}\n30\n0.0\n40\n{height!r}\n1\n{_plain(text.text)}\n{turn}7\n{STYLE}\n"
        align = f"72\n{ANCHORS[text.anchor]}\n11\n{x!r}\n21\n{y!r}\n31\n0.0\n100\nAcDbText\n73\n2\n"
        head = f"{self._layer(text.layer, text.colour)}{_colour(text.colour)}"
        self._entity("TEXT", f"{head}100\nAcDbText\n{place}{align}")

    def _hatch(self, path: Path, rings: list[Floats]) -> None:
        fill = path.fill or WHITE
        head = f"{self._layer(f'{path.layer}填充', fill)}{_colour(fill)}100\nAcDbHatch\n10\n0.0\n20\n0.0\n30\n0.0\n"
        head += f"210\n0.0\n220\n0.0\n230\n1.0\n2\nSOLID\n70\n1\n71\n0\n91\n{len(rings)}\n"
        body = []
        for number, ring in enumerate(rings):
            points = "".join(f"10\n{x!r}\n20\n{y!r}\n42\n{b!r}\n" for x, y, b in ring.tolist())
            flags = 3 if number == 0 else 18  # outermost or inner, in both cases a polyline
            body.append(f"92\n{flags}\n72\n1\n73\n1\n93\n{len(ring)}\n{points}97\n0\n")
        self._entity("HATCH", f"{head}{''.join(body)}75\n0\n76\n1\n98\n0\n")

    def _entity(self, kind: str, body: str) -> None:
        self.entities.append(f"0\n{kind}\n5\n{self._next()}\n330\n{self.frame.space}\n100\nAcDbEntity\n{body}")

    def _next(self) -> str:
        self.handle += 1
        return f"{self.handle - 1:X}"

    def _ground(self, ring: Floats, *, world: bool) -> Floats:
        if world:
            return ring
        return np.column_stack([self.view.ground(ring), -ring[:, 2]])  # paper y runs downwards

    def _layer(self, layer: str, colour: str) -> str:
        """The tag of an entity's layer; a new layer takes the colour of its first entity."""
        name = _NAME.sub("_", layer)
        if name not in self.layers:
            record = f"0\nLAYER\n5\n{self._next()}\n330\n{self.frame.layers_owner}\n100\nAcDbSymbolTableRecord\n"
            record += f"100\nAcDbLayerTableRecord\n2\n{name}\n70\n0\n62\n7\n{_colour(colour)}6\nContinuous\n370\n-3\n"
            self.layers[name] = record + self.frame.layer_end
        return f"8\n{name}\n"

    def _dash(self, path: Path) -> str:
        """A line type with the dash lengths of the paper in ground units."""
        if not path.dash:
            return "Continuous"
        name = "D_" + "_".join(f"{length:g}".replace(".", "p") for length in path.dash)
        if name not in self.linetypes:
            lengths = [length * self.metre_per_mm * (1 if n % 2 == 0 else -1) for n, length in enumerate(path.dash)]
            record = f"0\nLTYPE\n5\n{self._next()}\n330\n{self.frame.linetypes_owner}\n100\nAcDbSymbolTableRecord\n"
            record += f"100\nAcDbLinetypeTableRecord\n2\n{name}\n70\n0\n3\n{name}\n72\n65\n73\n{len(lengths)}\n"
            dashes = "".join(f"49\n{length!r}\n74\n0\n" for length in lengths)
            self.linetypes[name] = f"{record}40\n{math.fsum(map(abs, lengths))!r}\n{dashes}"
        return name


def _colour(colour: str) -> str:
    return f"420\n{int(colour[1:], 16)}\n"


def _plain(words: str) -> str:
    """Text of one line; a caret or percent sign that CAD would read as a code is written so that it is shown."""
    return _CONTROL.sub(" ", words).replace("^", "^ ").replace("%%", "% %")


def _cut(words: str) -> str:
    """At most as many bytes as XDATA hold."""
    return _CONTROL.sub(" ", words).encode()[:LONGEST].decode(errors="ignore")

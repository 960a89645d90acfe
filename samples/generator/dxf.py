"""Drawings with fixed bytes: no clock, CRLF, the code page that the version calls for."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import ezdxf
from ezdxf.document import Drawing as Document
from ezdxf.entities import DXFGraphic
from ezdxf.enums import TextEntityAlignment

from generator.frame import on_map, to_map
from generator.shape import Record, Shape

ezdxf.options.write_fixed_meta_data_for_testing = True  # no clock, no random ids, from the first document on

#: name of an XDATA app → values (group code, value)
Xdata = Mapping[str, Iterable[tuple[int, Any]]]


class Drawing:
    """One DXF file in the making; figures come in local metres."""

    def __init__(self, version: str, *, gbk: bool) -> None:
        self.doc: Document = ezdxf.new(version)
        self.gbk = gbk
        if gbk:
            self.doc.encoding = "gbk"
        self.doc.header["$INSUNITS"] = 6
        self.doc.styles.add("HZ", font="simsun.ttf")
        self.space = self.doc.modelspace()

    def layers(self, colours: Mapping[str, int]) -> None:
        """Declare layers with their colours."""
        for name, colour in colours.items():
            self.doc.layers.add(name, color=colour)

    def known(self, layer: str) -> str:
        """The layer, declared when it was not."""
        if layer not in self.doc.layers:
            self.doc.layers.add(layer)
        return layer

    def block(self, name: str, radius: float) -> None:
        """A small round symbol to insert."""
        self.doc.blocks.new(name).add_circle((0, 0), radius)

    def outline(self, shape: Shape, layer: str, xdata: Xdata | None = None, *, closed: bool = True) -> DXFGraphic:
        """A polygon without holes as LWPOLYLINE; `closed=False` repeats the first vertex instead of the flag."""
        ring = on_map(shape).rings[0]
        points = ring if closed else [*ring, ring[0]]
        made = self.space.add_lwpolyline(points, "xyb", close=closed, dxfattribs={"layer": self.known(layer)})
        return _attached(self, made, xdata)

    def hatch(self, shape: Shape, layer: str, xdata: Xdata | None = None, *, colour: int = 256) -> DXFGraphic:
        """A filled polygon with its holes."""
        made = self.space.add_hatch(color=colour, dxfattribs={"layer": layer})
        for i, ring in enumerate(on_map(shape).rings):
            made.paths.add_polyline_path(ring, is_closed=True, flags=16 if i else 1)
        return _attached(self, made, xdata)

    def area(self, shape: Shape, layer: str, xdata: Xdata | None = None) -> DXFGraphic:
        """A polygon: as an outline, or filled when it has holes, for an outline knows none; an open line stays open."""
        if shape.kind == "line":
            return self.line(shape, layer, xdata, poly=True)
        return self.hatch(shape, layer, xdata) if len(shape.rings) > 1 else self.outline(shape, layer, xdata)

    def line(self, shape: Shape, layer: str, xdata: Xdata | None = None, *, poly: bool = False) -> DXFGraphic:
        """An open line: LINE for two vertices, else or on demand LWPOLYLINE."""
        points = [v[:2] for v in on_map(shape).rings[0]]
        if len(points) == 2 and not poly:
            made: DXFGraphic = self.space.add_line(points[0], points[1], dxfattribs={"layer": layer})
        else:
            made = self.space.add_lwpolyline(points, dxfattribs={"layer": layer})
        return _attached(self, made, xdata)

    def circle(self, shape: Shape, radius: float, layer: str, xdata: Xdata | None = None) -> DXFGraphic:
        """A circle about a point."""
        made = self.space.add_circle(to_map(*shape.xy), radius, dxfattribs={"layer": layer})
        return _attached(self, made, xdata)

    def insert(
        self,
        block: str,
        shape: Shape,
        layer: str,
        values: Mapping[str, Any] | None = None,
        *,
        height_m: float | None = None,
    ) -> DXFGraphic:
        """A block with its attributes."""
        place = to_map(*shape.xy) if height_m is None else (*to_map(*shape.xy), height_m)
        made = self.space.add_blockref(block, place, dxfattribs={"layer": layer})
        for tag, value in (values or {}).items():
            if value is None:
                continue
            made.add_attrib(tag, str(value), place, dxfattribs={"layer": layer, "height": 0.3})
        return made

    def text(self, words: str, x: float, y: float, layer: str, height: float = 1.0, code: str | None = None) -> None:
        """A text whose insertion point is (x, y)."""
        attributes = {"layer": layer, "height": height, "style": "HZ"}
        made = self.space.add_text(words, dxfattribs=attributes)
        made.set_placement(to_map(x, y), align=TextEntityAlignment.LEFT)
        if code:
            _attached(self, made, {"SOUTH": [(1000, code)]})

    def save(self, path: Path) -> None:
        """Write with fixed time stamps and CRLF."""
        classes = self.doc.classes
        classes.add_required_classes(self.doc.dxfversion)
        classes.classes = dict(sorted(classes.classes.items()))  # the library keeps them in the order of a set
        stream = io.StringIO()
        self.doc.write(stream)
        content = stream.getvalue().replace("\r\n", "\n").replace("\n", "\r\n")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("gbk" if self.gbk else "utf-8"))


def words(record: Record, apps: Mapping[str, str]) -> dict[str, list[tuple[int, Any]]]:
    """One XDATA app per attribute, as text: app name → field; empty attributes are left out."""
    return {
        app: [(1000, str(value))] for app, name in apps.items() if (value := record.fields.get(name)) not in (None, "")
    }


def _attached(drawing: Drawing, entity: Any, xdata: Xdata | None) -> DXFGraphic:
    for app, values in (xdata or {}).items():
        if app not in drawing.doc.appids:
            drawing.doc.appids.add(app)
        entity.set_xdata(app, list(values))
    made: DXFGraphic = entity
    return made

"""Ink as DXF R2010: true coordinates in the project CRS, layers, texts, arcs as bulges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import ezdxf
import numpy as np
from ezdxf import colors
from ezdxf.enums import TextEntityAlignment

from pipeline.report.drawings.ink import Path, Text

if TYPE_CHECKING:
    from pathlib import Path as FilePath

    from ezdxf.document import Drawing as Document
    from ezdxf.layouts import Modelspace

    from pipeline.report.drawings.compose import Drawing
    from pipeline.report.drawings.ink import Floats

APP = "DUOCE"  # XDATA: the feature a line stands for
STYLE, FONT = "HZ", "simhei.ttf"
CAP_HEIGHT = 0.73  # height of capitals in the size of a text: what CAD calls text height
METRES = 6  # $INSUNITS
LINEWEIGHTS = np.array([0, 5, 9, 13, 15, 18, 20, 25, 30, 35, 40, 50, 53, 60, 70, 80, 90, 100])
ANCHORS = {
    "start": TextEntityAlignment.MIDDLE_LEFT,
    "middle": TextEntityAlignment.MIDDLE_CENTER,
    "end": TextEntityAlignment.MIDDLE_RIGHT,
}


def save(drawing: Drawing, path: FilePath) -> None:
    """Write one drawing; the same drawing gives the same bytes."""
    with _without_clock():
        document = ezdxf.new("R2010")
        document.header["$INSUNITS"] = METRES
        document.header["$LTSCALE"] = 1.0
        document.styles.new(STYLE, dxfattribs={"font": FONT})
        document.appids.new(APP)
        writer = _Writer(document, drawing)
        for item in drawing.ink:
            writer.path(item) if isinstance(item, Path) else writer.text(item)
        document.saveas(path)


class _Writer:
    """Puts ink of one drawing into a document."""

    def __init__(self, document: Document, drawing: Drawing) -> None:
        self.document, self.view = document, drawing.view
        self.space: Modelspace = document.modelspace()
        self.metre_per_mm = drawing.view.scale / 1000.0

    def path(self, path: Path) -> None:
        """Every ring as a polyline; a filled area also as a solid hatch under it."""
        rings = [self._ground(ring, world=path.world) for ring in path.rings]
        if path.closed and path.fill and path.fill != "#ffffff":
            self._hatch(path, rings)
        if not path.stroke:
            return
        attributes = self._look(path.layer, path.stroke) | {
            "lineweight": int(LINEWEIGHTS[np.abs(LINEWEIGHTS - path.width_mm * 100).argmin()]),
            "linetype": self._dash(path),
        }
        for ring in rings:
            entity = self.space.add_lwpolyline(ring.tolist(), format="xyb", close=path.closed, dxfattribs=attributes)
            if path.feature:
                entity.set_xdata(APP, [(1000, path.feature)])

    def text(self, text: Text) -> None:
        """One line of text with its height in ground units."""
        x, y = self.view.ground([(text.x, text.y)])[0].tolist()
        attributes = self._look(text.layer, text.colour) | {
            "style": STYLE,
            "height": text.size_mm * CAP_HEIGHT * self.metre_per_mm,
            "rotation": text.angle,
        }
        self.space.add_text(text.text, dxfattribs=attributes).set_placement((x, y), align=ANCHORS[text.anchor])

    def _hatch(self, path: Path, rings: list[Floats]) -> None:
        hatch = self.space.add_hatch(dxfattribs=self._look(f"{path.layer}填充", path.fill or "#000000"))
        for number, ring in enumerate(rings):
            hatch.paths.add_polyline_path(ring.tolist(), is_closed=True, flags=1 if number == 0 else 16)

    def _ground(self, ring: Floats, *, world: bool) -> Floats:
        if world:
            return ring
        return np.column_stack([self.view.ground(ring), -ring[:, 2]])  # paper y runs downwards

    def _look(self, layer: str, colour: str) -> dict[str, Any]:
        name = re.sub(r'[<>/\\":;?*|=`,]', "_", layer)
        rgb = colors.RGB.from_hex(colour)
        if name not in self.document.layers:
            self.document.layers.add(name, true_color=colors.rgb2int(rgb))
        return {"layer": name, "true_color": colors.rgb2int(rgb)}

    def _dash(self, path: Path) -> str:
        """A line type with the dash lengths of the paper in ground units."""
        if not path.dash:
            return "Continuous"
        name = "D_" + "_".join(f"{length:g}".replace(".", "p") for length in path.dash)
        if name not in self.document.linetypes:
            lengths = [length * self.metre_per_mm * (1 if n % 2 == 0 else -1) for n, length in enumerate(path.dash)]
            self.document.linetypes.add(name, pattern=[sum(map(abs, lengths)), *lengths], description=name)
        return name


@contextmanager
def _without_clock() -> Iterator[None]:
    """Dates and GUIDs of the DXF header are fixed while a file is written."""
    before = ezdxf.options.write_fixed_meta_data_for_testing
    ezdxf.options.write_fixed_meta_data_for_testing = True
    try:
        yield
    finally:
        ezdxf.options.write_fixed_meta_data_for_testing = before

"""Ink as SVG in millimetres; the same ink gives the same bytes."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from pipeline.report.drawings.ink import Ink, Path, Text
from pipeline.report.fonts import SVG_FAMILY

if TYPE_CHECKING:
    from pipeline.report.drawings.ink import Floats
    from pipeline.report.drawings.layout import Box, View

BASELINE = 0.36  # of the size: from the middle of the letters down to the base line
_UNWANTED = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def to_svg(ink: list[Ink], width_mm: float, height_mm: float, window: Box, view: View, *, id_: str) -> str:
    """A whole drawing. Paths of the map are cut off at the window."""
    clip = f"w-{re.sub('[^A-Za-z0-9]', '-', id_)}"
    body = []
    inside = False
    for item in ink:
        wanted = isinstance(item, Path) and item.clip
        if wanted != inside:
            body.append(f'<g clip-path="url(#{clip})">' if wanted else "</g>")
            inside = wanted
        body.append(_path(item, view) if isinstance(item, Path) else _text(item))
    if inside:
        body.append("</g>")
    w, h = _n(width_mm), _n(height_mm)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}mm" height="{h}mm" viewBox="0 0 {w} {h}" '
        f'font-family={quoteattr(SVG_FAMILY)} stroke-linejoin="round">\n'
        f'<defs><clipPath id="{clip}"><rect x="{_n(window.x0)}" y="{_n(window.y0)}" width="{_n(window.width)}" '
        f'height="{_n(window.height)}"/></clipPath></defs>\n'
        f'<rect width="{w}" height="{h}" fill="#ffffff"/>\n' + "\n".join(body) + "\n</svg>\n"
    )


def _path(path: Path, view: View) -> str:
    course = "".join(_ring(ring, path, view) for ring in path.rings)
    stroke = (
        f'stroke="{path.stroke}" stroke-width="{_n(path.width_mm)}"'
        if path.stroke and path.width_mm
        else 'stroke="none"'
    )
    fill = f'fill="{path.fill}" fill-rule="evenodd"' if path.fill else 'fill="none"'
    dash = f' stroke-dasharray="{" ".join(_n(d) for d in path.dash)}"' if path.dash else ""
    faint = f' opacity="{_n(path.opacity)}"' if path.opacity < 1 else ""
    return f'<path d="{course}" {fill} {stroke}{dash}{faint}/>'


def _ring(ring: Floats, path: Path, view: View) -> str:
    xy = view.paper(ring) if path.world else ring[:, :2]
    sign = 1.0 if path.world else -1.0  # paper y runs downwards: a positive bulge turns the other way
    words = [f"M{_n(xy[0, 0])} {_n(xy[0, 1])}"]
    last = len(xy) if path.closed else len(xy) - 1
    for number in range(last):
        end, bulge = xy[(number + 1) % len(xy)], float(ring[number, 2]) * sign
        if bulge:
            words.append(_arc(xy[number], end, bulge))
        elif number + 1 < len(xy):
            words.append(f"L{_n(end[0])} {_n(end[1])}")
    return "".join(words) + ("Z" if path.closed else "")


def _arc(start: Floats, end: Floats, bulge: float) -> str:
    chord = math.dist(start.tolist(), end.tolist())
    radius = chord * (1 + bulge * bulge) / (4 * abs(bulge))
    large, sweep = int(abs(bulge) > 1), int(bulge < 0)
    return f"A{_n(radius)} {_n(radius)} 0 {large} {sweep} {_n(end[0])} {_n(end[1])}"


def _text(text: Text) -> str:
    turn = math.radians(text.angle)
    drop = BASELINE * text.size_mm
    x, y = text.x + drop * math.sin(turn), text.y + drop * math.cos(turn)
    rotate = f' transform="rotate({_n(-text.angle)} {_n(x)} {_n(y)})"' if text.angle else ""
    anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
    halo = ' paint-order="stroke" stroke="#ffffff" stroke-width="0.5"' if text.halo else ""
    words = escape(_UNWANTED.sub("", text.text))
    look = f'font-size="{_n(text.size_mm)}" fill="{text.colour}"{anchor}{halo}{rotate}'
    return f'<text x="{_n(x)}" y="{_n(y)}" {look}>{words}</text>'


def _n(value: float) -> str:
    """A length to 0.001 mm without superfluous zeros."""
    words = f"{float(value):.3f}".rstrip("0").rstrip(".")
    return "0" if words in ("-0", "") else words

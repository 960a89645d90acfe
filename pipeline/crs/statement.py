"""What is stated of a project CRS besides its definition: its name in words, its datum, the region where the site must lie."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from pyproj import CRS

from pipeline.crs.definition import (
    BELTS,
    CGCS2000,
    UNKNOWN_DATUM,
    datum_word,
    is_projected,
    is_similarity,
    parameter,
    parse,
    plain,
)
from pipeline.crs.extents import ZONES, Extent
from pipeline.crs.site import site

MERIDIAN_DEG = 1.0 / 3600  # a name states its meridian to the second at best
SIX_DEGREE_ZONES = range(13, 24)
LOCAL_WORDS = ("towgs84",)  # a datum known by its parameters is a declared local one
#: public datums that are not CGCS2000, by how their names begin when only letters and digits are left
FOREIGN = {
    "wgs": "WGS 84",
    "worldgeodeticsystem": "WGS 84",
    "xian": "1980 西安坐标系",
    "beijing": "1954 北京坐标系",
    "newbeijing": "新 1954 北京坐标系",
}
_BELT = re.compile(r"第\s*(\d{1,2})\s*[带帶]|带号\s*[:为是]?\s*(\d{1,2})")
_MERIDIAN = re.compile(
    r"中央(?:子午线|经线)\s*[:为是]?\s*(?:东经|E)?\s*(\d{2,3}(?:\.\d+)?)\s*[°度]?"
    r"(?:\s*(\d{1,2}(?:\.\d+)?)\s*[′'分])?(?:\s*(\d{1,2}(?:\.\d+)?)\s*(?:″|′′|\"|秒))?"
)


def name_problem(name: str, definition: str | CRS) -> str | None:
    """Where the name of a CRS contradicts its definition: it names another belt or meridian; None when it does not."""
    crs = parse(definition)
    plane = is_projected(crs) and not is_similarity(plain(crs))  # a derived plane need not name what lies beneath it
    meridian = parameter(crs, "central_meridian") if plane else None
    if meridian is None:
        return None
    own = float(np.degrees(meridian))
    for said, wanted in _named(name):
        if abs(wanted - own) > MERIDIAN_DEG:
            return f"名称中的“{said}”指中央子午线 {wanted:.10g}°，定义的中央子午线为 {own:.10g}°"
    return None


def foreign_datum(definition: str | CRS) -> str | None:
    """The name of the datum when it is a public one other than CGCS2000; None for CGCS2000 and for local ones.

    A definition that only names an ellipsoid, or that gives its own parameters, is a local one.
    """
    crs = parse(definition)
    word = datum_word(crs)
    if word in (CGCS2000, UNKNOWN_DATUM) or word.startswith(LOCAL_WORDS) or crs.datum is None:
        return None
    public = crs.datum.to_json_dict().get("id", {}).get("authority") == "EPSG"
    called = next((name for start, name in FOREIGN.items() if word.startswith(start)), None)
    return called or (crs.datum.name if public else None)


def outside(
    facts: Mapping[str, Any], county_code: str, bounds: Mapping[str, Mapping[str, float | None]], extent: Extent
) -> str | None:
    """Why a site cannot lie in its county, as a Chinese sentence; None when it can, or where no bounds are known.

    facts: of `site`. bounds: "west", "east", "south", "north" → degrees by the beginning of a county code, the longest
    of which holds. extent: of the site in its CRS, to tell in which belt its numbers would lie there.
    """
    limits = {side: _longest(known, county_code) for side, known in bounds.items()}
    if facts["lon_deg"] is None or _inside(facts, limits):
        return None
    meant = [f"EPSG:{belt.epsg}" for belt in BELTS if _inside(site(f"EPSG:{belt.epsg}", extent), limits)]
    said = "，".join(
        f"{word} {'～'.join(f'{limits[side]:g}°' for side in sides if limits[side] is not None)}"
        for word, sides in (("东经", ("west", "east")), ("北纬", ("south", "north")))
        if any(limits[side] is not None for side in sides)
    )
    advice = f"；按 {'、'.join(meant)} 解释时在该范围之内" if meant else ""
    return f"项目中心在东经 {facts['lon_deg']:.4f}°、北纬 {facts['lat_deg']:.4f}°，区划代码 {county_code} 的范围为{said}{advice}"


def _named(name: str) -> Iterator[tuple[str, float]]:
    """The belts and meridians that a name states: its words, and the meridian in degrees."""
    text = unicodedata.normalize("NFKC", name)
    for found in _BELT.finditer(text):
        zone = int(found[1] or found[2])
        if zone in ZONES:
            yield found[0], (6.0 * zone - 3.0 if zone in SIX_DEGREE_ZONES else 3.0 * zone)
    for found in _MERIDIAN.finditer(text):
        degrees, minutes, seconds = (float(part or 0) for part in found.groups())
        yield found[0].strip(), degrees + minutes / 60 + seconds / 3600


def _longest(known: Mapping[str, float | None], code: str) -> float | None:
    fitting = [prefix for prefix in known if prefix and code.startswith(prefix)]
    return known[max(fitting, key=len)] if fitting else None


def _inside(facts: Mapping[str, Any], limits: Mapping[str, float | None]) -> bool:
    """Whether a site keeps to the limits that are known."""
    lon, lat = facts["lon_deg"], facts["lat_deg"]
    if lon is None or not np.isfinite([lon, lat]).all():
        return False
    below = [(limits["west"], lon), (lon, limits["east"]), (limits["south"], lat), (lat, limits["north"])]
    return all(low is None or high is None or low <= high for low, high in below)

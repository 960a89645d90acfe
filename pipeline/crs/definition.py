"""What a CRS definition means: EPSG code, PROJ string or WKT; names, belts and sameness."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError

from pipeline.crs.esri_belts import in_proj_words
from pipeline.errors import InputError

SURE, POSSIBLE = 70, 20  # pyproj's confidence in an EPSG code: taken as is, or only when the parameters agree
ELLIPSOID_M = 0.001  # GRS 80, CGCS2000 and WGS 84 agree within this; Xi'an 80 and Krassovsky do not
MERIDIAN_DEG = 1e-6  # nearer meridians are the same meridian
ROUND_PARAMETER = 10  # decimals (radians, metres) within which two projections have the same parameters
UNKNOWN_DATUM, CGCS2000, WGS84 = "unknown", "cgcs2000", "wgs84"
DATUM_NAMES = {"china2000": CGCS2000, "chinageodeticcoordinatesystem2000": CGCS2000, "cgcs2000": CGCS2000}
PARAMETERS = {"central_meridian": ("8802", "8822"), "false_easting": ("8806", "8826")}  # EPSG parameter codes


@dataclass(frozen=True, slots=True)
class Belt:
    """A CGCS2000 3° belt: its number, central meridian, and whether eastings carry the number in front."""

    zone: int
    meridian_deg: float
    prefixed: bool
    epsg: int


BELTS = tuple(
    Belt(zone, 3.0 * zone, prefixed=prefixed, epsg=first + zone)
    for first, prefixed in ((4488, True), (4509, False))
    for zone in range(25, 46)
)


@lru_cache(maxsize=256)
def parse(definition: str | CRS) -> CRS:
    """The horizontal CRS that an EPSG code, a PROJ string or WKT defines; heights are stated apart.

    Errors: InputError naming what was given.
    """
    text = definition.to_wkt() if isinstance(definition, CRS) else str(definition).strip()
    try:
        crs = CRS.from_user_input(int(text) if text.isdigit() else text)
    except CRSError as err:
        raise InputError(f"坐标系无法识别：“{text:.120}”；请写 EPSG 代号（如 EPSG:4545）、PROJ 字符串或 WKT") from err
    crs = next((part for part in crs.sub_crs_list if is_projected(part) or part.is_geographic), crs)
    if not (is_projected(crs) or crs.is_geographic):
        raise InputError(f"坐标系“{text:.120}”不是平面或经纬度坐标系，不能用于测量成果")
    return crs


def of_file(definition: str) -> CRS:
    """As `parse`, for what a file states of itself: of a belt in ESRI's words its meaning, not PROJ's search for it.

    Only what identifies it by name is less sure then (`to_epsg`), which `describe` does not need.
    """
    return parse(in_proj_words(definition.strip()))


def is_plane(definition: str | CRS) -> bool:
    """Whether coordinates are metres on a plane: what a project CRS must be."""
    crs = parse(definition)
    return is_projected(crs) and all(axis.unit_conversion_factor == 1.0 for axis in plain(crs).axis_info)


@lru_cache(maxsize=256)
def describe(definition: str | CRS) -> str:
    """The EPSG code when the definition is that CRS (ESRI WKT too), else its name, else its parameters in Chinese."""
    crs = parse(definition)
    epsg = _epsg(crs)
    if epsg is not None:
        return f"EPSG:{epsg}"
    if crs.name.lower() not in {"unknown", "unnamed", "undefined", ""}:
        return crs.name
    operation = plain(crs).coordinate_operation
    words = [operation.method_name if is_projected(crs) and operation else "经纬度"]
    meridian, easting = parameter(crs, "central_meridian"), parameter(crs, "false_easting")
    words += [f"中央子午线 {np.degrees(meridian):.10g}°"] if meridian is not None else []
    words += [f"东加常数 {easting:.10g} m"] if easting is not None else []
    ellipsoid = crs.ellipsoid.name if crs.ellipsoid else "椭球未知"
    return "，".join([*words, ellipsoid]).replace("Transverse Mercator", "横轴墨卡托投影")


def same(a: str | CRS, b: str | CRS) -> bool:
    """Whether equal coordinates mean equal places under both: a .prj text and its EPSG code are the same.

    A definition without a datum (a PROJ string with only an ellipsoid) is the same as one with, if all else agrees.
    """
    return _same(_Itself(a), _Itself(b))


class _Itself:
    """A definition as the object that it is: a key for which it need not be written out."""

    def __init__(self, definition: str | CRS) -> None:
        self.definition = definition

    def __hash__(self) -> int:
        return id(self.definition)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.definition is other.definition


@lru_cache(maxsize=256)
def _same(a: _Itself, b: _Itself) -> bool:
    one, two = parse(a.definition), parse(b.definition)
    return _signature(one) == _signature(two) and same_datum(one, two, lenient=True)


@lru_cache(maxsize=256)
def belt(definition: str | CRS) -> Belt | None:
    """The CGCS2000 3° belt that a definition is, whatever it calls itself; None for anything else."""
    crs = parse(definition)
    meridian = parameter(crs, "central_meridian") if crs.is_projected else None
    near = [] if meridian is None else [b for b in BELTS if abs(b.meridian_deg - np.degrees(meridian)) < MERIDIAN_DEG]
    return next((b for b in near if _is(crs, b.epsg)), None)


# ---------------------------------------------------------------- what a definition holds


def plain(crs: CRS) -> CRS:
    """The CRS without the datum parameters bound to it."""
    return crs.source_crs if crs.is_bound and crs.source_crs is not None else crs


def grid(crs: CRS) -> CRS:
    """The projection underneath: of a plane derived by four parameters the one it is derived from."""
    base = plain(crs)
    return plain(base.source_crs) if is_similarity(base) and base.source_crs else base


def is_similarity(crs: CRS) -> bool:
    """Whether the plane is another projection shifted, turned and scaled as a whole."""
    return bool(crs.type_name == "Derived Projected CRS")


def is_projected(crs: CRS) -> bool:
    """Whether coordinates lie on a projection plane, a derived one too."""
    return crs.is_projected or is_similarity(plain(crs))


def parameter(crs: CRS, name: str) -> float | None:
    """One projection parameter in radians or metres, None when the projection has none."""
    operation = grid(crs).coordinate_operation
    found = [p for p in operation.params if p.code in PARAMETERS[name]] if operation else []
    return float(found[0].value) * found[0].unit_conversion_factor if found else None


def _signature(crs: CRS) -> tuple[Any, ...]:
    """Projection method and parameters, ellipsoid and units: what makes the numbers, apart from the datum's name."""
    base = plain(crs)
    operation = base.coordinate_operation
    parameters = [
        (p.code or p.name, round(float(p.value) * p.unit_conversion_factor, ROUND_PARAMETER))
        for p in (operation.params if operation else ())
    ]
    unit = base.axis_info[0].unit_conversion_factor if base.axis_info else None
    size = tuple(round(axis_m / ELLIPSOID_M) for axis_m in _axes(base))
    below = _signature(grid(crs)) if is_similarity(base) else ()
    return is_projected(base), operation and operation.method_name, tuple(sorted(parameters)), size, unit, below


def _axes(crs: CRS) -> tuple[float, ...]:
    """Semi-axes of the ellipsoid in metres, empty when there is none."""
    return (crs.ellipsoid.semi_major_metre, crs.ellipsoid.semi_minor_metre) if crs.ellipsoid else ()


def datum_word(crs: CRS) -> str:
    """The datum by a comparable word: "cgcs2000", "wgs84", "unknown" (only an ellipsoid is given) or its own name."""
    if crs.is_bound and crs.coordinate_operation:
        return f"towgs84 {crs.coordinate_operation.towgs84}"
    name = crs.datum.name if crs.datum else "unknown"
    if name.lower().startswith("unknown"):
        return UNKNOWN_DATUM
    if name.startswith(("World Geodetic System 1984", "WGS 84", "D_WGS_1984")):
        return WGS84
    word = re.sub(r"[^a-z0-9]", "", name.removeprefix("D_").lower())
    return DATUM_NAMES.get(word, word)


def same_datum(a: CRS, b: CRS, *, lenient: bool) -> bool:
    """Whether no datum change is needed; lenient: CGCS2000 is WGS 84 to survey accuracy, and no datum fits any."""
    one, two = datum_word(a), datum_word(b)
    if one == two and one != UNKNOWN_DATUM:
        return True
    axes = _axes(a), _axes(b)
    alike = all(axes) and all(abs(x - y) < ELLIPSOID_M for x, y in zip(*axes, strict=True))
    return alike and (one == two or (lenient and (UNKNOWN_DATUM in {one, two} or {one, two} == {CGCS2000, WGS84})))


def _is(crs: CRS, epsg: int) -> bool:
    known = CRS.from_epsg(epsg)
    return not crs.is_bound and _signature(crs) == _signature(known) and same_datum(crs, known, lenient=False)


def _epsg(crs: CRS) -> int | None:
    """The EPSG code that the CRS is beyond doubt: the one it carries, a belt's, pyproj's, or one with equal parameters.

    A 3° belt comes before pyproj's answer: the 6° belt of the same meridian has the same parameters.
    """
    if crs.is_bound:
        return None
    own = crs.to_json_dict().get("id", {})
    if own.get("authority") == "EPSG":
        return int(own["code"])
    known = belt(crs)
    sure = known.epsg if known else crs.to_epsg(SURE)
    if sure is not None:
        return sure
    possible = crs.to_epsg(POSSIBLE)
    return possible if possible is not None and _is(crs, possible) else None

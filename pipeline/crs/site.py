"""Where a site lies in its projection, and whether coordinates can be in the CRS they are declared in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from pyproj import CRS, Geod, Proj, Transformer
from pyproj.exceptions import ProjError

from pipeline.crs.definition import BELTS, belt, describe, grid, is_projected, is_similarity, parameter, parse, plain
from pipeline.crs.extents import Extent, belt_prefix, looks_like, misfit

AREA_MARGIN_DEG = 1.0  # how far outside its area of use a belt is still plausible; 江北区 lies on both sides of 106.5°
MERIDIAN_REACH_DEG = 4.0  # a transverse Mercator without area of use is plausible this far from its meridian
FACTS = (
    "crs",
    "centre_east_m",
    "centre_north_m",
    "lon_deg",
    "lat_deg",
    "central_meridian_deg",
    "scale_factor",
    "deformation_m_per_km",
    "convergence_deg",
)
BASELINE_M = 1000.0  # over which a derived plane is compared with the ellipsoid
EQUATOR_DEG = 3.0  # nearer to the equator no Chinese site lies: small local coordinates come out here


def site(definition: str | CRS, extent: Extent) -> dict[str, Any]:
    """Where a site lies in its projection: centre, lon/lat, scale factor, deformation (m/km), convergence (degrees).

    Args: extent: bounds in the CRS. The deformation is the projection's alone, without reduction for height.
    Returns: `FACTS`; None where a fact does not exist (a CRS in degrees has no scale).
    """
    crs, unknown = parse(definition), dict.fromkeys(FACTS)
    centre = (extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2
    if not is_projected(crs):
        return unknown | {"crs": describe(crs), "lon_deg": centre[0], "lat_deg": centre[1]}
    lon, lat = _lonlat(crs, [centre])[0].tolist()
    if not np.isfinite([lon, lat]).all():
        return unknown | {"crs": describe(crs), "centre_east_m": centre[0], "centre_north_m": centre[1]}
    meridian = parameter(crs, "central_meridian")
    facts = unknown | {
        "crs": describe(crs),
        "centre_east_m": centre[0],
        "centre_north_m": centre[1],
        "lon_deg": lon,
        "lat_deg": lat,
        "central_meridian_deg": None if meridian is None else float(np.degrees(meridian)),
    }
    found = _factors(crs, centre, (lon, lat))
    if found is None:
        return facts
    scale, turn = found
    return facts | {"scale_factor": scale, "deformation_m_per_km": (scale - 1) * 1000, "convergence_deg": turn}


def _factors(crs: CRS, centre: tuple[float, float], lonlat: tuple[float, float]) -> tuple[float, float] | None:
    """Scale factor and convergence (degrees): from the projection, or measured along the plane's own north."""
    if not is_similarity(plain(crs)):
        try:
            factors = Proj(plain(crs)).get_factors(*lonlat, errcheck=True)
        except ProjError:
            return None
        found = float(factors.meridional_scale), float(factors.meridian_convergence)
        return found if np.isfinite(found).all() else None
    ends = _lonlat(crs, [(centre[0], centre[1] - BASELINE_M / 2), (centre[0], centre[1] + BASELINE_M / 2)])
    if not np.isfinite(ends).all() or crs.ellipsoid is None:
        return None
    globe = Geod(a=crs.ellipsoid.semi_major_metre, b=crs.ellipsoid.semi_minor_metre)
    ahead, back, length_m = globe.inv(*ends[0], *ends[1])
    return BASELINE_M / length_m, (ahead + (back + 360) % 360 - 180) / 2


def extent_problem(extent: Sequence[float], definition: str | CRS) -> str | None:
    """Why coordinates of this extent cannot be in the CRS, as a Chinese sentence; None when they can."""
    crs = parse(definition)
    bounds = (float(extent[0]), float(extent[1]), float(extent[2]), float(extent[3]))
    if _fits(bounds, crs):
        return None
    swapped = (bounds[1], bounds[0], bounds[3], bounds[2])
    reason = misfit(
        bounds,
        name=describe(crs),
        geographic=crs.is_geographic,
        false_easting_m=None if is_similarity(plain(crs)) else parameter(crs, "false_easting"),
        swapped_fits=_fits(swapped, crs),
    )
    return reason + _advice(bounds, swapped)


def _advice(bounds: Extent, swapped: Extent) -> str:
    """Which belt the number in front of the eastings names, when the coordinates do lie in it."""
    order = swapped if looks_like(bounds) == "survey_order" else bounds
    zone = belt_prefix(order[0]) if looks_like(order) == "prefixed" else None
    found = [b.epsg for b in BELTS if b.prefixed and b.zone == zone and _fits(order, parse(f"EPSG:{b.epsg}"))]
    return f"；按带号 {zone} 应为 EPSG:{found[0]}" if found else ""


def _fits(extent: Extent, crs: CRS) -> bool:
    """Whether every corner lies where the CRS is used: its stated area, or near its meridian if it states none."""
    corners = _lonlat(crs, [(x, y) for x in extent[::2] for y in extent[1::2]])
    if not np.isfinite(corners).all():
        return False
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    known = belt(grid(crs))
    area = CRS.from_epsg(known.epsg).area_of_use if known else grid(crs).area_of_use
    if area is not None:
        margin = AREA_MARGIN_DEG
        inside = area.south - margin <= south and north <= area.north + margin
        return bool(inside and area.west - margin <= west and east <= area.east + margin)
    meridian = parameter(crs, "central_meridian")
    away = 0.0 if meridian is None else np.abs(corners[:, 0] - np.degrees(meridian)).max()
    return bool(away <= MERIDIAN_REACH_DEG and np.abs(corners[:, 1]).min() >= EQUATOR_DEG)


def _lonlat(crs: CRS, points: Sequence[tuple[float, float]]) -> np.ndarray:
    """Points of the CRS as longitude, latitude on its own datum, shape (n, 2); inf where there is none."""
    xy = np.array(points, dtype=float)
    if not is_projected(crs):
        globe = (np.abs(xy) <= (180, 90)).all(axis=1)
        return np.where(globe[:, None], xy, np.inf)
    if is_similarity(plain(crs)):
        below = Transformer.from_crs(plain(crs), grid(crs), always_xy=True)
        xy = np.column_stack(below.transform(xy[:, 0], xy[:, 1]))
    return np.column_stack(_projection(grid(crs))(xy[:, 0], xy[:, 1], inverse=True))


@lru_cache(maxsize=64)
def _projection(crs: CRS) -> Proj:
    return Proj(crs)

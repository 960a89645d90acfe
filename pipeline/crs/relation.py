"""How another CRS stands to the project's: four parameters on the plane or seven in space, as the project states them.

Nothing is fitted or guessed: every number is given, and both conventions that could be confused have to be named.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pyproj import CRS, Transformer

from pipeline.crs.definition import describe, is_plane, is_similarity, parse, plain
from pipeline.errors import InputError

Step = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]  # x east, y north → x, y; or lon, lat
SIMILARITY = {"name": "Similarity transformation", "id": {"authority": "EPSG", "code": 9621}}
PARAMETER_CODES = (("Ordinate 1 of evaluation point in target CRS", 8621), ("Ordinate 2 of evaluation point in target CRS", 8622),
                   ("Scale factor for source CRS axes", 1061), ("Rotation angle of source CRS axes", 8614))  # fmt: skip
AXES = {
    "north": {"name": "Northing", "abbreviation": "N", "direction": "north", "unit": "metre"},
    "east": {"name": "Easting", "abbreviation": "E", "direction": "east", "unit": "metre"},
}


class _Parameters(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FourParameters(_Parameters):
    """X′ = dx + k(X·cos α − Y·sin α), Y′ = dy + k(X·sin α + Y·cos α); X north, Y east, α from north towards east.

    k = 1 + scale_ppm·10⁻⁶. The angle in exactly one unit.
    """

    dx_north_m: float
    dy_east_m: float
    scale_ppm: float
    rotation_deg: float | None = None
    rotation_sec: float | None = None
    rotation_rad: float | None = None

    @model_validator(mode="after")
    def _one_angle(self) -> Self:
        if sum(v is not None for v in (self.rotation_deg, self.rotation_sec, self.rotation_rad)) != 1:
            raise ValueError("旋转角须恰好写一种单位：rotation_deg、rotation_sec 或 rotation_rad")
        return self

    @property
    def scale(self) -> float:
        return 1 + self.scale_ppm * 1e-6

    @property
    def angle_rad(self) -> float:
        degrees = (self.rotation_deg or 0.0) + (self.rotation_sec or 0.0) / 3600
        return math.radians(degrees) if self.rotation_rad is None else self.rotation_rad

    def __call__(self, east: np.ndarray, north: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        cos, sin = self.scale * math.cos(self.angle_rad), self.scale * math.sin(self.angle_rad)
        return self.dy_east_m + sin * north + cos * east, self.dx_north_m + cos * north - sin * east


class SevenParameters(_Parameters):
    """Shifts, small turns and scale between geocentric axes (Bursa-Wolf), with the sign convention of the turns.

    position_vector: as in +towgs84, EPSG 9606; coordinate_frame: EPSG 9607, usual in Chinese parameter sheets.
    """

    dx_m: float
    dy_m: float
    dz_m: float
    rx_sec: float
    ry_sec: float
    rz_sec: float
    scale_ppm: float
    convention: Literal["position_vector", "coordinate_frame"]


class Relation(_Parameters):
    """From the CRS `definition` to the project CRS, by four parameters or by seven. source: who gave them."""

    definition: str
    source: str = Field(min_length=1)
    four_parameters: FourParameters | None = None
    seven_parameters: SevenParameters | None = None

    @field_validator("definition")
    @classmethod
    def _known(cls, value: str) -> str:
        return known(value)

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.four_parameters is None) == (self.seven_parameters is None):
            raise ValueError("须恰好给出 four_parameters（四参数）或 seven_parameters（七参数）之一")
        if self.four_parameters is not None and not is_plane(self.definition):
            raise ValueError("四参数的来源坐标系须为以米为单位的平面坐标系")
        return self


def known(value: str) -> str:
    """A definition that can be read, for models. Errors: ValueError with the sentence of `parse`."""
    try:
        parse(value)
    except InputError as err:
        raise ValueError(str(err)) from err
    return value


def derived(relation: Relation, name: str = "") -> CRS:
    """The project CRS that four parameters alone define: a similarity of a known plane, which PROJ can follow.

    Errors: InputError when the relation is not of four parameters.
    """
    four = relation.four_parameters
    if four is None:
        raise InputError("只有四参数能够单独定义项目坐标系；给出七参数时须另写 crs.definition")
    base = plain(parse(relation.definition))
    north_first = base.axis_info[0].direction == "north"
    shift = (four.dx_north_m, four.dy_east_m) if north_first else (four.dy_east_m, four.dx_north_m)
    values = (*shift, four.scale, math.degrees(-four.angle_rad if north_first else four.angle_rad))
    units = ("metre", "metre", "unity", "degree")
    parameters = [
        {"name": title, "value": value, "unit": unit, "id": {"authority": "EPSG", "code": code}}
        for (title, code), value, unit in zip(PARAMETER_CODES, values, units, strict=True)
    ]
    order = ("north", "east") if north_first else ("east", "north")
    return CRS.from_json_dict(
        {
            "$schema": "https://proj.org/schemas/v0.7/projjson.schema.json",
            "type": "DerivedProjectedCRS",
            "name": name or f"由 {describe(base)} 按四参数导出的平面坐标系",
            "base_crs": base.to_json_dict(),
            "conversion": {"name": "四参数", "method": SIMILARITY, "parameters": parameters},
            "coordinate_system": {"subtype": "Cartesian", "axis": [AXES[axis] for axis in order]},
        }
    )


class _Stored(CRS):
    """A CRS that remembers its EPSG number: a writer asks at every layer, and PROJ searches its database each time."""

    @cached_property
    def _number(self) -> int | None:
        return super().to_epsg()

    def to_epsg(self, min_confidence: int = 70) -> int | None:
        return self._number if min_confidence == 70 else super().to_epsg(min_confidence)


@lru_cache(maxsize=64)
def storable(crs: CRS) -> CRS:
    """The CRS as file formats can hold it: a plane derived by four parameters becomes a local plane of its name."""
    return _Stored(_storable(crs))


def _storable(crs: CRS) -> CRS:
    if not is_similarity(plain(crs)):
        return crs
    axes = "".join(f'AXIS["{name}",{name},ORDER[{n}]],' for n, name in enumerate(("east", "north"), start=1))
    return CRS.from_wkt(f'ENGCRS["{crs.name}",EDATUM["{crs.name}"],CS[Cartesian,2],{axes}LENGTHUNIT["metre",1]]')


@lru_cache(maxsize=16)
def steps(relation: Relation, target: CRS) -> tuple[Step, ...]:
    """What moves coordinates of `relation.definition` into `target`: exactly the stated parameters."""
    if relation.four_parameters is not None:
        return (relation.four_parameters,)
    source, end = plain(parse(relation.definition)), plain(target)
    globes = source.geodetic_crs, end.geodetic_crs
    return (
        Transformer.from_crs(source, globes[0], always_xy=True).transform,
        Transformer.from_pipeline(_turn(relation.seven_parameters, *globes)).transform,
        Transformer.from_crs(globes[1], end, always_xy=True).transform,
    )


def _turn(seven: SevenParameters | None, source: Any, target: Any) -> str:
    """Longitude and latitude on one ellipsoid → on the other, at ellipsoidal height 0 (1″ · 300 m is 1.5 mm)."""
    assert seven is not None, "a relation has four parameters or seven"
    one, two = (f"+a={g.ellipsoid.semi_major_metre!r} +b={g.ellipsoid.semi_minor_metre!r}" for g in (source, target))
    return (
        f"+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=cart {one} "
        f"+step +proj=helmert +x={seven.dx_m!r} +y={seven.dy_m!r} +z={seven.dz_m!r} +rx={seven.rx_sec!r} "
        f"+ry={seven.ry_sec!r} +rz={seven.rz_sec!r} +s={seven.scale_ppm!r} +convention={seven.convention} "
        f"+step +inv +proj=cart {two} +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )

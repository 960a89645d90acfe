"""Places and parameters for the tests of coordinates."""

from __future__ import annotations

from pipeline import crs

LOCAL = crs.parse("+proj=tmerc +lat_0=0 +lon_0=106.5 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs")
KRASSOVSKY = "+proj=tmerc +lat_0=0 +lon_0=105 +k=1 +x_0=500000 +y_0=0 +ellps=krass +units=m"
SITE = (502_840.0, 3_272_980.0)  # 江北区 in the local system
IN_36 = (357_400.0, 3_273_900.0)  # nearly the same place in EPSG:4545
IN_35 = (648_100.0, 3_274_000.0)  # … and in EPSG:4544
# EPSG guidance note 7-2, method 9606
WGS72 = {"dx_m": 0, "dy_m": 0, "dz_m": 4.5, "rx_sec": 0, "ry_sec": 0, "scale_ppm": 0.219}


def four(dx=0.0, dy=0.0, ppm=0.0, **angle):
    return crs.FourParameters(dx_north_m=dx, dy_east_m=dy, scale_ppm=ppm, **(angle or {"rotation_deg": 0.0}))


def relation(parameters, definition="EPSG:4545"):
    kind = "four_parameters" if isinstance(parameters, crs.FourParameters) else "seven_parameters"
    return crs.Relation(definition=definition, source="控制点转换参数", **{kind: parameters})

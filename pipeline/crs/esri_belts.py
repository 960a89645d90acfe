"""The CGCS2000 3° belts in ESRI's words (what a .prj holds), in the words that PROJ itself would put them into.

PROJ looks ESRI's names up in its database (20 ms); the belts are nearly all of what is handed in, and their names are known
(EPSG 4513-4554). A test holds every one of them against PROJ.
"""

from __future__ import annotations

import json
import re
from functools import cache

_WRITTEN = re.compile(
    r'PROJCS\["CGCS2000_3_Degree_GK_(CM_(?P<cm>\d+)E|Zone_(?P<zone>\d+))",'
    r'GEOGCS\["GCS_China_Geodetic_Coordinate_System_2000",DATUM\["D_China_2000",'
    r'SPHEROID\["CGCS2000",6378137\.0,298\.257222101\]\],PRIMEM\["Greenwich",0\.0\],UNIT\["Degree",0\.0174532925199433\]\],'
    r'PROJECTION\["Gauss_Kruger"\],PARAMETER\["False_Easting",(?P<easting>\d+)\.0\],PARAMETER\["False_Northing",0\.0\],'
    r'PARAMETER\["Central_Meridian",(?P<meridian>\d+)\.0\],PARAMETER\["Scale_Factor",1\.0\],'
    r'PARAMETER\["Latitude_Of_Origin",0\.0\],UNIT\["Meter",1\.0\]\]'
)
ZONES = range(25, 46)
DEGREES = 3  # between two belts
EASTING_M, PREFIX_M = 500_000, 1_000_000


DEGREE = {"type": "AngularUnit", "name": "Degree", "conversion_factor": 0.0174532925199433}
GEODETIC = {
    "name": "China Geodetic Coordinate System 2000",
    "datum": {
        "type": "GeodeticReferenceFrame",
        "name": "China 2000",
        "ellipsoid": {"name": "CGCS2000", "semi_major_axis": 6378137, "inverse_flattening": 298.257222101},
        "prime_meridian": {"name": "Greenwich", "longitude": {"value": 0, "unit": DEGREE}},
        "id": {"authority": "EPSG", "code": 1043},
    },
    "coordinate_system": {
        "subtype": "ellipsoidal",
        "axis": [
            {"name": "Longitude", "abbreviation": "lon", "direction": "east", "unit": DEGREE},
            {"name": "Latitude", "abbreviation": "lat", "direction": "north", "unit": DEGREE},
        ],
    },
}
PLANE = {
    "subtype": "Cartesian",
    "axis": [
        {"name": "Easting", "abbreviation": "E", "direction": "east", "unit": "metre"},
        {"name": "Northing", "abbreviation": "N", "direction": "north", "unit": "metre"},
    ],
}


@cache
def in_proj_words(definition: str) -> str:
    """The same definition, a belt in ESRI's words put into PROJ's own (PROJJSON)."""
    found = _WRITTEN.fullmatch(definition)
    if not found:
        return definition
    zone, meridian, easting = found["zone"], int(found["meridian"]), int(found["easting"])
    number = int(zone) if zone else int(found["cm"]) // DEGREES
    stated = zone is not None or int(found["cm"]) == meridian
    prefix = PREFIX_M * number if zone else 0
    if number not in ZONES or not stated or meridian != DEGREES * number or easting != prefix + EASTING_M:
        return definition
    return _projjson(f"zone {number}" if zone else f"CM {meridian}E", meridian, easting)


def _projjson(name: str, meridian_deg: int, easting_m: int) -> str:
    parameters = (
        ("Latitude of natural origin", 0, DEGREE, 8801),
        ("Longitude of natural origin", meridian_deg, DEGREE, 8802),
        ("Scale factor at natural origin", 1, "unity", 8805),
        ("False easting", easting_m, "metre", 8806),
        ("False northing", 0, "metre", 8807),
    )
    conversion = {
        "name": "unnnamed (Gauss Kruger)",  # as PROJ spells it
        "method": {"name": "Transverse Mercator", "id": {"authority": "EPSG", "code": 9807}},
        "parameters": [
            {"name": what, "value": value, "unit": unit, "id": {"authority": "EPSG", "code": code}}
            for what, value, unit, code in parameters
        ],
    }
    whole = {
        "type": "ProjectedCRS",
        "name": f"CGCS2000 / 3-degree Gauss-Kruger {name}",
        "base_crs": GEODETIC,
        "conversion": conversion,
        "coordinate_system": PLANE,
    }
    return json.dumps(whole)

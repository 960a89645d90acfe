"""The one place that knows projections: what a definition means, moving frames, what coordinates can be.

Everywhere x is east and y is north, whatever axis order a definition states; metres, degrees for lon/lat.
Nothing is guessed and nothing is moved silently: a datum change without known parameters is refused.
Facts of belts and ranges: EPSG 4513-4554 (CGCS2000 3 degree belts) and the latitudes of Chongqing.
"""

from pyproj import CRS

from pipeline.crs.definition import BELTS, Belt, belt, describe, is_plane, of_file, parse, same
from pipeline.crs.extents import Extent, Look, guess, looks_like
from pipeline.crs.heights import height_datum, same_heights
from pipeline.crs.inputs import Place, Placed, apart, placed, together
from pipeline.crs.moving import moved_fields, transform
from pipeline.crs.relation import FourParameters, Relation, SevenParameters, derived, known, storable
from pipeline.crs.site import extent_problem, site
from pipeline.crs.statement import foreign_datum, name_problem, outside

__all__ = [
    "BELTS",
    "CRS",
    "Belt",
    "Extent",
    "FourParameters",
    "Look",
    "Place",
    "Placed",
    "Relation",
    "SevenParameters",
    "apart",
    "belt",
    "derived",
    "describe",
    "extent_problem",
    "foreign_datum",
    "guess",
    "height_datum",
    "is_plane",
    "known",
    "looks_like",
    "moved_fields",
    "name_problem",
    "of_file",
    "outside",
    "parse",
    "placed",
    "same",
    "same_heights",
    "site",
    "storable",
    "together",
    "transform",
]

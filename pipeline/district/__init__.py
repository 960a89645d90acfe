"""Between the projects of a district: overlaps, codes used twice, one building twice; and what all of them come to.

It reads finished results only (OUT/projects/*), boxes first and outlines of neighbours after, so a district of any
size fits; and it writes district.gpkg, GeoParquet, district.xlsx and the district report.
"""

from pipeline.district.compare import district
from pipeline.district.result import DistrictResult

__all__ = ["DistrictResult", "district"]

"""The land: parcel, setback boundary, basements, and the words that several surveys share."""

from __future__ import annotations

from generator.shape import Shape, poly, rect

ADDRESS = "重庆市江北区雅苑路66号"
DEVELOPER = "重庆滨江雅苑置业有限公司"
PROJECT_CODE, PROJECT_NAME = "CQJB-2026-0117", "滨江雅苑"

#: clockwise from the north-west corner; the order of the boundary points J1 … J9
PARCEL_XY = ((0, 96), (84, 96), (84, 92), (128, 92), (128, 20), (116, 4), (104, 0), (36, 0), (0, 4))
#: what marks each edge from J1 on: line class, position
PARCEL_EDGES = (
    ("1", "2"),
    ("1", "2"),
    ("1", "1"),
    ("3", "2"),
    ("6", "3"),
    ("6", "3"),
    ("6", "3"),
    ("6", "3"),
    ("1", "1"),
)

LAND = poly(*PARCEL_XY)
SETBACK_BOUNDARY = poly((8, 90), (82, 90), (82, 86.5), (122, 86.5), (122, 24), (108, 8), (8, 8))
BASEMENTS = {-1: rect(10, 26, 86, 88), -2: rect(10, 34, 86, 88)}

#: what lies around the parcel, by side
NEIGHBOURS = {"东": "滨江二支路", "南": "雅苑路", "西": "江北区滨江小学", "北": "重庆江岸物业发展有限公司"}

#: control points: number, local place, height, grade
CONTROL_POINTS = (
    ("BJ01", (-18.0, 104.0), "238.416", "一级"),
    ("BJ02", (140.0, 101.0), "236.902", "一级"),
    ("BJ03", (137.0, -9.0), "234.775", "一级"),
    ("BJ04", (-15.0, -12.0), "235.128", "图根"),
)


def road_lines() -> list[Shape]:
    """Lines of the inner road: decoration of the drawings."""
    return [
        Shape("line", [[(9, 26, 0), (88.5, 26, 0), (88.5, 78, 0)]]),
        Shape("line", [[(9, 19, 0), (127, 19, 0)]]),
        Shape("line", [[(88.5, 26, 0), (88.5, 41, 0), (120, 41, 0), (120, 78, 0)]]),
    ]

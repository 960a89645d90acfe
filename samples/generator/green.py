"""What the green survey delivers: 40 patches of every category and the rest places inside them."""

from __future__ import annotations

from decimal import Decimal

from generator import site
from generator.shape import Record, Shape, Survey, circle, half_up, rect

GROUND, STRUCTURE, ROOF, PARKING, WALL = "地面绿地", "地下设施顶面绿地", "屋顶绿地", "停车场绿化", "垂直绿化"

Patch = tuple[str, str, Shape, str | None, str | None]  # category, nature, figure, soil, roof height


def _patches() -> list[Patch]:
    north = [rect(x0, 91, x1, 95) for x0, x1 in ((1, 13), (14, 27), (28, 41), (42, 55), (56, 69), (70, 83))]
    west = [rect(1, y0, 7, y1) for y0, y1 in ((6, 24), (25, 44), (45, 64), (65, 87))]
    east = [rect(122, y0, 127, y1) for y0, y1 in ((24, 44), (46, 60), (62, 78))]
    single = [
        *north,
        *west,
        *east,
        rect(100, 4, 106, 12),
        circle(112, 14.0, 4.0),
        rect(101.5, 57.5, 106.5, 64.5),
        rect(92, 36, 116, 40),
    ]
    wide = [rect(90, 80, 120, 90), rect(12, 5, 40, 18), rect(42, 3, 70, 18), rect(72, 3, 94, 18)]
    yard = [
        rect(12, 28, 30, 38),
        rect(32, 28, 50, 38),
        rect(52, 28, 70, 38),
        rect(72, 28, 84, 38),
        rect(11, 58, 14.5, 86),
        rect(81.5, 58, 85, 86),
    ]
    lawn = [rect(12, 42, 28, 54), rect(30, 42, 46, 54), rect(50, 42, 66, 54), rect(68, 42, 84, 54)]
    soils = ["1.50", "1.20", "1.20", "0.80", "0.60", "0.60"]
    roofs = [
        (rect(21, 57, 47, 63.5), "0.60", "14.70"),
        (rect(49, 57, 74, 63.5), "0.60", "14.70"),
        (rect(92, 48, 98, 74), "0.40", "22.20"),
        (rect(110, 68, 116, 74), "0.30", "22.20"),
    ]
    cars = [rect(90, 27, 105, 32.3), rect(105.2, 27, 120, 32.3), rect(40, 19.8, 55, 25.1)]
    walls = [rect(9.2, 30, 9.8, 60), rect(127.2, 46, 127.8, 78)]
    return [
        *((GROUND, "单块", shape, None, None) for shape in single),
        *((GROUND, "集中", shape, None, None) for shape in wide),
        *((STRUCTURE, "单块", shape, soil, None) for shape, soil in zip(yard, soils, strict=True)),
        *((STRUCTURE, "集中", s, soil, None) for s, soil in zip(lawn, ("1.50", "1.50", "1.50", "1.20"), strict=True)),
        *((ROOF, "单块", shape, soil, height) for shape, soil, height in roofs),
        *((PARKING, "单块", shape, None, None) for shape in cars),
        *((WALL, "单块", shape, None, None) for shape in walls),
    ]


REST = (
    ("景观水体", circle(20, 11.0, 2.5)),
    ("园路及铺装", rect(12, 8, 14, 16)),
    ("园林小品", rect(54, 8, 57, 11)),
    ("园路及铺装", rect(78, 4, 80, 17)),
    ("景观水体", rect(100, 83, 106, 87)),
    ("园林小品", rect(56, 46, 59, 49)),
)

#: the project's own factors, as its approved green plan gives them: lower, upper, factor
SOIL_BINS = ((0, 0.3, "0"), (0.3, 0.5, "0.3"), (0.5, 1.0, "0.5"), (1.0, 1.5, "0.8"), (1.5, None, "1.0"))
ROOF_BINS = ((0, 1.5, "1.0"), (1.5, 12, "0.7"), (12, 24, "0.5"), (24, None, "0"))
CATEGORY = {GROUND: "1.0", STRUCTURE: "1.0", ROOF: "1.0", WALL: "0.4", PARKING: "0.3"}


def green() -> Survey:
    """All canonical layers of the green survey."""
    patches = []
    for i, (category, nature, shape, soil, roof) in enumerate(_patches(), 1):
        fields = {
            "patch_no": f"G{i:02d}",
            "category": category,
            "nature": nature,
            "soil_depth_m": soil,
            "roof_height_m": roof,
            "stated_area_m2": str(half_up(shape.area_m2)),
        }
        patches.append(Record(fields, shape))
    rest = [Record({"place_no": f"X{i}", "kind": kind}, shape) for i, (kind, shape) in enumerate(REST, 1)]
    return {"site": [Record({}, site.LAND)], "patch": patches, "rest_place": rest}


def counted_m2(patch: Record) -> Decimal:
    """What a patch counts: area × soil × roof height × category."""
    fields = patch.fields
    soil = _factor(SOIL_BINS, fields["soil_depth_m"]) if fields["category"] in (STRUCTURE, ROOF) else Decimal(1)
    roof = _factor(ROOF_BINS, fields["roof_height_m"]) if fields["category"] == ROOF else Decimal(1)
    return half_up(patch.shape.area_m2, 6) * soil * roof * Decimal(CATEGORY[fields["category"]])


def _factor(bins: tuple[tuple[float, float | None, str], ...], value: str) -> Decimal:
    number = float(value)
    return next(Decimal(f) for low, high, f in bins if low <= number and (high is None or number < high))

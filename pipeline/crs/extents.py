"""What bare numbers look like: axis order, belt prefixes, degrees, local systems. Numbers in, words out; no projection.

Ranges: northings of the Chongqing latitudes, belt numbers of the 3° and 6° grids.
"""

from __future__ import annotations

import math
from typing import Literal

Extent = tuple[float, float, float, float]  # min x, min y, max x, max y; x as it comes first in the file
Look = Literal["nothing", "geographic", "survey_order", "mixed_belts", "prefixed", "plain", "local", "unknown"]

NORTHING_M = (3_100_000.0, 3_600_000.0)
EASTING_M = (150_000.0, 850_000.0)
BELT_M = 1_000_000.0
ZONES = (*range(13, 24), *range(25, 46))  # 6° belts 13–23, 3° belts 25–45
LOCAL_M = 200_000.0
DEGREES_SPAN = 5.0  # one site in degrees is smaller than this; a drawing in metres is larger
DEGREES_FLOOR = 15.0  # longitudes nearer to zero are small local metres, not degrees

LABELS: dict[Look, str] = {
    "nothing": "没有可用的坐标",
    "geographic": "经纬度（度）",
    "survey_order": "测量坐标顺序（先 X 北、后 Y 东），应先互换",
    "mixed_belts": "东坐标带号不一致（同一文件混用两个投影带）",
    "prefixed": "带号在前的高斯—克吕格坐标",
    "plain": "不带带号的高斯—克吕格坐标",
    "local": "数值较小的地方独立坐标，需给出参数",
    "unknown": "不像重庆地区的任何常用坐标",
}


def looks_like(extent: Extent) -> Look:
    """What kind of coordinates an extent holds, judged by the numbers alone."""
    x_min, y_min, x_max, y_max = extent
    if not all(map(math.isfinite, extent)):
        return "nothing"
    if _between(y_min, y_max, NORTHING_M):
        return _grid(x_min, x_max) or "unknown"
    if _between(x_min, x_max, NORTHING_M) and _grid(y_min, y_max):
        return "survey_order"
    if _degrees(extent):
        return "geographic"
    return "local" if max(map(abs, extent)) < LOCAL_M else "unknown"


def guess(extent: Extent) -> str:
    """The look in Chinese, with the belt number when there is one."""
    look = looks_like(extent)
    zone = belt_prefix(extent[1] if look == "survey_order" else extent[0]) if look != "nothing" else None
    return LABELS[look] + (f"，带号 {zone}" if zone and look in {"prefixed", "survey_order"} else "")


def belt_prefix(easting_m: float) -> int | None:
    """The belt number in front of an easting, None when there is none."""
    if not math.isfinite(easting_m):
        return None
    zone = math.floor(easting_m / BELT_M)
    return zone if zone in ZONES else None


def misfit(extent: Extent, *, name: str, geographic: bool, false_easting_m: float | None, swapped_fits: bool) -> str:
    """The most telling reason why coordinates do not fit the CRS `name`, as a Chinese sentence.

    Args: swapped_fits: whether the extent fits with x and y exchanged; false_easting_m: of the CRS, None if it has none.
    """
    look, prefix, wanted = looks_like(extent), belt_prefix(extent[0]), belt_prefix(false_easting_m or 0.0)
    west, south, east, north = extent
    reasons = (
        (look in {"nothing", "mixed_belts"}, LABELS[look]),
        (
            swapped_fits,
            "X、Y 互换后才落在该坐标系范围内，图形文件应为东坐标在前（x 东、y 北）；请互换后重新导出，程序不代为互换",
        ),
        (geographic, "声明为经纬度，数值却不是度"),
        (look == "geographic", "数值是经纬度（度），不是米"),
        (
            prefix != wanted and look in {"prefixed", "plain"},
            f"东坐标{_prefix_words(prefix)}，该坐标系{_prefix_words(wanted)}",
        ),
        (look == "local", "数值很小，像地方独立坐标，请给出该独立坐标系的定义"),
        (True, f"范围 x {west:.0f}～{east:.0f}、y {south:.0f}～{north:.0f} 远在其适用区域之外"),
    )
    return f"坐标与声明的坐标系 {name} 不符：" + next(reason for holds, reason in reasons if holds)


def _prefix_words(zone: int | None) -> str:
    return "不带带号" if zone is None else f"带号为 {zone}"


def _grid(low: float, high: float) -> Literal["plain", "prefixed", "mixed_belts"] | None:
    """What two eastings are, seen together; None when they are no Gauss-Krüger eastings."""
    if _between(low, high, EASTING_M):
        return "plain"
    zones = belt_prefix(low), belt_prefix(high)
    plain = [_between(value, value, EASTING_M) for value in (low, high)]
    if None not in zones and zones[0] == zones[1]:
        return "prefixed"
    return "mixed_belts" if all(zone or is_plain for zone, is_plain in zip(zones, plain, strict=True)) else None


def _degrees(extent: Extent) -> bool:
    x_min, y_min, x_max, y_max = extent
    inside = -180 <= x_min <= x_max <= 180 and -90 <= y_min <= y_max <= 90
    small = max(x_max - x_min, y_max - y_min) <= DEGREES_SPAN
    return inside and small and min(abs(x_min), abs(x_max)) >= DEGREES_FLOOR


def _between(low: float, high: float, span: tuple[float, float]) -> bool:
    return span[0] <= low <= high <= span[1]

"""Every survey handed in with next to nothing, and all that can be odd about a file that still reads."""

from __future__ import annotations

import math
import statistics

from pyproj import Proj

from generator.faults.planting import Fault, Finds
from generator.frame import DELIVERY_EPSG
from generator.twins.incomplete_files import ARMS, GREEN, LAND, PACKED, PLANNING, SHELTER, at, far, ring, write
from generator.twins.plain_dxf import Place
from generator.twins.twin import Twin, about


def _centre(points: list[Place]) -> Place:
    """Middle of the extent."""
    east, north = zip(*points, strict=True)
    return (min(east) + max(east)) / 2, (min(north) + max(north)) / 2


def _spread_km() -> float:
    """From the median of the figures of the planning drawing to the stray one."""
    figures = [ring(10, 10, 60), ring(20, 20, 20), *([at(50, 50), at(*end)] for end in ARMS), [at(60, 60)], far()]
    figures[-1:-1] = [[at(60, 60), at(62, 62)], [at(61, 60), at(62, 62)]]
    centres = [_centre(figure) for figure in figures]
    east, north = (statistics.median(values) for values in zip(*centres, strict=True))
    return math.dist((east, north), centres[-1]) / 1000


def _apart_km() -> float:
    """From the middle of the planning drawing, the stray square included, to the shelter."""
    east, north = at(40, 50)
    return math.dist(_centre([*ring(10, 10, 60), *far()]), (east + 60_000, north)) / 1000


def _deformation() -> float:
    """m/km at the middle of all that lies together."""
    plane = Proj(f"EPSG:{DELIVERY_EPSG}")
    middle = _centre([*ring(0, 0, 100), *far()])
    return (plane.get_factors(*plane(*middle, inverse=True)).meridional_scale - 1) * 1000


def absent(rules: str, note: str) -> Fault:
    """Layers that must be there and are not."""
    finds = (Finds(rule, None, 0, 1, severity="warning" if rule == "PRP-A04" else "error") for rule in rules.split())
    return Fault(rules.split(maxsplit=1)[0], note, (), tuple(finds))


ORPHAN = "\u95a0" * 6  # what the bytes give in GBK
FAULTS: list[Fault] = [
    absent("PLA-A01 PLA-A02 PLA-A03 PLA-A04 PLA-A05 PLA-A06 PLA-A43", "规划图中只有建筑退让线"),
    absent("GRN-A01 GRN-A02", "绿地图中只有休憩场所"),
    absent("CDF-A01 CDF-A02 CDF-A03 CDF-A04", "人防图中只有一个车位"),
    absent("CAD-A01 CAD-A02 CAD-A03", "地籍图中只有幢占地"),
    absent("PRP-A01 PRP-A02 PRP-A03 PRP-A04", "房产成果中只有阳台"),
    about("PRJ-I07", "YT.shp", "阳台表缺少索引文件", severity="warning"),
    about("PRJ-I08", "YT.shp", "阳台表没有编码文件，字节看不出是中文还是西文"),
    about("PRJ-I09", GREEN, "绿地图声明 GBK，内容是 UTF-8", severity="warning"),
    about("PRJ-I10", GREEN, "绿地图中有乱码文字", feature="105"),
    about("PRJ-I12", PLANNING, "退让线首尾相距 0.5 mm", severity="info", feature="102", measured=0.0005, required=0.001),
    about("PRJ-I13", PLANNING, "退让线的两个顶点重合", severity="warning", feature="103"),
    about("PRJ-I14", "YT.shp", "阳台表有一条记录没有图形", measured=1, required=0),
    about("PRJ-I15", PLANNING, "图中有不读取的实体 TRACE", severity="info"),
    about("PRJ-I17", PLANNING, "退让线有一个顶点的坐标为 1e12", feature="104"),
    about("PRJ-I18", LAND, "绿地另附坐标交换文本，其中的地块没有对应的图层", severity="warning"),
    about("PRJ-I20", GREEN, "一处休憩场所内有两个编号", feature="101"),
    about("PRJ-I22", "YT.shp", "阳台表的 prj 与 project.yaml 写的坐标系不同"),
    about(
        "PRJ-I23", "project.yaml", "项目坐标系的中央子午线离项目 145 km", severity="warning",
        measured=_deformation(), required=0.025,
    ),
    about("PRJ-I27", PLANNING, "一个退让线环远在 25 km 之外", feature="108", measured=_spread_km(), required=20),
    about("PRJ-I28", SHELTER, "人防图比其余成果偏东 60 km", measured=_apart_km(), required=20),
    about("PRJ-I29", PACKED, "地籍的高程基准与项目不同"),
    about("PRJ-I30", PLANNING, "图块甲、乙互相引用", severity="warning"),
    Fault(
        "PRJ-I31",
        "三条退让线交于一点",
        (),
        tuple(Finds("PRJ-I31", feature=handle, measured=3, required=2) for handle in ("105", "106", "107")),
    ),
    about("PRJ-I41", PACKED, "压缩包中的文件名是 GBK 而没有标明", severity="info"),
    about("PRJ-I42", PLANNING, "两个图形用同一个句柄", severity="warning", feature="10B#2"),
    about("PRJ-I43", "YT.shp", "阳台表的编码文件写的不是字符集", severity="warning"),
    about("PRJ-I44", "YT.shp", "阳台表的文件头所写范围比图形偏西 1 m", measured=1, required=0.001),
    about("PRJ-I32", LAND, "坐标交换文本的末行没有换行", severity="info"),
    about("PRJ-I33", LAND, "坐标交换文本中有一行不是坐标"),
    about("PRJ-I34", LAND, "坐标交换文本先写东坐标", severity="warning"),
    Fault(
        "GRN-A06",
        "两处休憩场所没有可用的编号",
        (),
        (
            Finds("PRJ-I19", feature="104", severity="info"),
            Finds("GRN-A06", feature="green.rest_place/101"),
            Finds("GRN-A06", feature="green.rest_place/104"),
        ),
    ),
    Fault(
        "names",
        "人防车位、幢占地、阳台所指的对象都没有",
        (),
        (
            Finds("CDF-A21", feature="civil_defence.parking/101", business="C001", measured="RF-1"),
            Finds("CDF-X04", feature="civil_defence.parking/101", business="C001", measured=1, required=0),
            Finds("CAD-X04", feature="cadastral.building/101", business="1幢", measured=1, required=0),
            Finds("PRP-X02", measured=0, required=1, other_feature="cadastral.building/101"),
            Finds("PRP-A45", feature="property.balcony/1", business="YT-1", measured=ORPHAN),
            Finds("PRP-A45", feature="property.balcony/2", business="YT-1", measured=ORPHAN),
            Finds(
                "PRP-A46", feature="property.balcony/2", business="YT-1", measured="YT-1",
                other_feature="property.balcony/1",
            ),
        ),
    ),
]  # fmt: skip

#: nobody gave a permit, a site or buildings to judge by
OPEN = (
    *("CAD-M01", "GRN-M01", "GRN-M02", "GRN-M03", "GRN-M04", "GRN-X01", "PRP-M01"),
    *("CDF-M01", "CDF-M02", "CDF-M03", "CDF-M04", "CDF-X03", "CDF-X05"),
    *(f"PLA-M{number:02d}" for number in range(1, 17)),
)


def twin() -> Twin:
    """The project."""
    return Twin("faults/incomplete", write, FAULTS, undetermined=OPEN)

"""A project whose statements contradict each other: its CRS lies elsewhere, on another datum; tables beside it are odd."""

from __future__ import annotations

import math
from pathlib import Path

from pyproj import Proj

from generator.faults.planting import Fault, Finds
from generator.frame import to_map
from generator.twins.incomplete import absent
from generator.twins.plain_dxf import Plain
from generator.twins.twin import Twin, about, task

WRONG = "EPSG:32648"  # UTM on WGS 84, 105° E
DRAWING, PERMIT, CONTROL = "绿地.dxf", "permit.csv", "control.csv"
SITE = [to_map(x, y) for x, y in ((0, 0), (20, 0), (20, 20), (0, 20))]
FAR_KM = 70
ROWS = (
    "指标,单位,许可值",
    "住宅户数,户,999",  # 2: nobody commissioned the survey that counts them
    "绿地率,%,35.00",
    "绿地率,%,30.00",  # 4: which one?
    "绿地面积,平方尺,100.00",  # 5: no such unit
    "集中绿地面积,万㎡,≥０．０１",
)


def _middle() -> tuple[float, float]:
    east, north = zip(*SITE, strict=True)
    return (min(east) + max(east)) / 2, (min(north) + max(north)) / 2


def _control() -> list[str]:
    """Points by line: 2 good, 3 the same again, 4 axes exchanged, 5 no number, 6 far away."""
    east, north = _middle()
    return [
        "点号,X,Y,H,等级",
        f"BJ01,{north:.3f},{east:.3f},238.416,一级",
        f"BJ01,{north:.3f},{east:.3f},238.416,一级",
        f"BJ02,{east:.3f},{north:.3f},236.902,一级",
        f"BJ03,{north:.3f},inf,234.775,一级",
        f"BJ04,{north:.3f},{east + FAR_KM * 1000:.3f},—,图根",
    ]


def _deformation() -> float:
    """m/km in the middle of the drawing."""
    plane = Proj(WRONG)
    scale = plane.get_factors(*plane(*_middle(), inverse=True)).meridional_scale
    return math.fabs(scale - 1) * 1000


def _write(folder: Path) -> None:
    text = task({"green": f"{{files: [{DRAWING}]}}"}, crs=WRONG, permit=True, kept=True)
    text = text.replace("file: permit.xlsx", f"file: {PERMIT}").replace("# 无控制点文件", f"control_points: {CONTROL}")
    (folder / "project.yaml").write_text(text, "utf-8")
    drawing = Plain()
    drawing.ring("用地范围", SITE)
    drawing.save(folder / DRAWING)
    (folder / PERMIT).write_text("\n".join(ROWS) + "\n", "utf-8")
    (folder / CONTROL).write_text("\n".join(_control()) + "\n", "utf-8")


FAULTS = [
    about("PRJ-I46", "project.yaml", "坐标系的中央子午线为 105°，项目落在江北区之外"),
    about("PRJ-I47", "project.yaml", "坐标系的名称写中央子午线 106.5°"),
    about("PRJ-I48", "project.yaml", "坐标系的基准为 WGS 84"),
    about(
        "PRJ-I23", "project.yaml", "UTM 投影的中央子午线比例为 0.9996", severity="warning",
        measured=_deformation(), required=0.025,
    ),
    about("PRJ-I49", CONTROL, "控制点 BJ01 列了两次", severity="warning", feature="3"),
    about("PRJ-I34", CONTROL, "控制点 BJ02 的 X、Y 写反", severity="warning", feature="4"),
    about("PRJ-I16", CONTROL, "控制点 BJ03 的东坐标写成 inf", feature="第 5 行“Y”列"),
    about("PRJ-I28", CONTROL, "控制点 BJ04 在 70 km 之外", feature="6", measured=FAR_KM, required=20),
    about("PRJ-I50", PERMIT, "许可的住宅户数由未委托的测绘核实", severity="info"),
    Fault(
        "PRJ-I24",
        "许可的绿地率有两个值，绿地面积的单位是平方尺",
        (),
        tuple(Finds("PRJ-I24", feature=row, file=PERMIT, severity="warning") for row in ("4", "5")),
    ),
    absent("GRN-A02", "绿地图中没有绿地"),
]  # fmt: skip


def twin() -> Twin:
    """The project."""
    return Twin("faults/elsewhere", _write, FAULTS, undetermined=("GRN-",))

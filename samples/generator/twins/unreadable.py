"""Files that cannot be read or placed: one or more a survey, so that every survey is taken out of judgement."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from openpyxl import Workbook
from pyproj import CRS
from pyproj.enums import WktVersion

from generator.faults.planting import Fault, Finds
from generator.frame import DELIVERY_EPSG, to_map
from generator.shape import Record, rect
from generator.tables import write_table
from generator.twins.plain_dxf import Plain
from generator.twins.twin import Twin, about, task
from generator.write_property import BALCONY

DAY = (2022, 11, 18, 8, 0, 0)


def _drawing(path: Path, layer: str, east_m: float = 0.0) -> None:
    drawing = Plain()
    corners = [to_map(x, y) for x, y in ((0, 0), (20, 0), (20, 20), (0, 20))]
    drawing.ring(layer, [(east + east_m, north) for east, north in corners])
    drawing.save(path)


def _cut(path: Path) -> None:
    _drawing(path, "用地红线")
    content = path.read_bytes()
    path.write_bytes(content[: content.rindex(b"  0\r\nENDSEC")])


def _table(path: Path) -> None:
    fields = {"balcony_no": "YT-1", "unit_code": "1", "building_code": "2", "floor_id": "3", "kind": "封闭"}
    write_table(
        [Record(fields, rect(20, 60, 24, 62)) for _ in range(3)],
        BALCONY,
        path,
        CRS.from_epsg(DELIVERY_EPSG).to_wkt(WktVersion.WKT1_ESRI),
    )
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[4:8] = (2).to_bytes(4, "little")  # the table says two records, the figures are three
    path.with_suffix(".dbf").write_bytes(bytes(table))
    for suffix in (".shp", ".shx", ".prj", ".cpg"):
        path.with_name("C.shp").with_suffix(suffix).write_bytes(path.with_suffix(suffix).read_bytes())


def _permit(path: Path) -> None:
    """A workbook whose sheet declares entities of its own."""
    book, buffer = Workbook(), io.BytesIO()
    book.active.append(["指标", "单位", "许可值"])
    book.save(buffer)
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + data.split(b"?>", 1)[-1]
            if name == "docProps/core.xml":
                data = b""
            new.writestr(zipfile.ZipInfo(name, DAY), data)


def _write(folder: Path) -> None:
    surveys = {
        "planning": "{files: [没有的.dxf, 不是图.dxf, 规划.dgn7, 截断.dxf, 空.dxf]}",
        "green": '{files: [绿地.dxf], crs: "EPSG:4545"}',
        "cadastral": "{files: [界址点.txt, 成果.zip]}",
        "property": '{files: [YT.shp, C.shp], crs: "EPSG:4545"}',
    }
    (folder / "project.yaml").write_text(
        task(surveys, permit=True).replace("# 无控制点文件", "control_points: control.csv"), "utf-8"
    )
    (folder / "不是图.dxf").write_bytes(bytes(range(256)) * 2)
    (folder / "规划.dgn7").write_bytes(b"\x08\x09\xfe" * 20)
    _cut(folder / "截断.dxf")
    (folder / "空.dxf").write_bytes(b"")
    _drawing(folder / "绿地.dxf", "用地范围", 10_000_000.0)
    (folder / "界址点.txt").write_text("点号,X,Y\n", "utf-8")
    with zipfile.ZipFile(folder / "成果.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("../宗地.dxf", DAY), b"")
    _table(folder / "YT.shp")
    _permit(folder / "permit.xlsx")
    (folder / "control.csv").write_text("BJ01,3273084.880,502851.840\n", "utf-8")


PLANNING = "没有的.dxf、不是图.dxf、规划.dgn7、截断.dxf、空.dxf"
RECORD = 142  # bytes: a mark, and the widths of the columns

FAULTS = [
    about("PRJ-I01", "没有的.dxf", "列出的规划图不存在"),
    about("PRJ-I02", "不是图.dxf", "规划图的内容不是图"),
    about("PRJ-I03", "规划.dgn7", "规划图是不能读取的格式"),
    Fault(
        "PRJ-I04",
        "规划图在末尾截断：少一个 ENDSEC，没有 EOF",
        (),
        (
            Finds("PRJ-I04", measured=2, required=3, file="截断.dxf"),
            Finds("PRJ-I04", measured=0, required=1, file="截断.dxf"),
        ),
    ),
    Fault(
        "PRJ-I05",
        "阳台表的属性表头说有两条记录，图形有三个",
        (),
        (
            Finds("PRJ-I05", measured=2, required=3, file="YT.shp"),
            Finds("PRJ-I05", measured=RECORD, required=0, file="YT.shp"),
        ),
    ),
    about("PRJ-I06", "空.dxf", "规划图是空文件"),
    about("PRJ-I06b", "界址点.txt", "界址点文件只有表头", rule="PRJ-I06"),
    about("PRJ-I21", "绿地.dxf", "绿地图的坐标远在所声明坐标系之外"),
    about("PRJ-I26", "绿地.dxf", "因此无法转换到项目坐标系"),
    about("PRJ-I25", PLANNING, "规划核实没有读到任何要素"),
    about("PRJ-I40", "成果.zip", "压缩包中的文件名指到包外"),
    about("PRJ-I25b", "界址点.txt、成果.zip", "地籍没有读到任何要素", rule="PRJ-I25"),
    about("PRJ-I45", "C.shp", "层表没有属性表文件"),
    about("PRJ-I51", "control.csv", "控制点文件没有表头"),
    about("PRJ-I25c", "YT.shp、C.shp", "房产没有读到任何要素", rule="PRJ-I25"),
    about("PRJ-I38", "permit.xlsx", "许可指标表中声明了实体"),
]
LIMITS = {"wall_seconds": ("0.001", "PRJ-I35", "一毫秒内读不完"), "memory_mb": ("1", "PRJ-I36", "一兆内存不够")}


def _limited(name: str) -> Twin:
    """A drawing that is in order, in a project that grants its reading next to nothing."""
    value, rule, note = LIMITS[name]
    override = (
        f"  - {{key: intake.{name}, value: {value}, source: 委托书（虚构）, certainty: practice, reason: 试验}}\n"
    )

    def write(folder: Path) -> None:
        (folder / "project.yaml").write_text(task({"green": "{files: [绿地.dxf]}"}, overrides=override), "utf-8")
        _drawing(folder / "绿地.dxf", "用地范围")

    faults = [about(rule, "绿地.dxf", note), about("PRJ-I25", "绿地.dxf", "绿地核实没有读到任何要素")]
    return Twin(f"faults/{name}", write, faults, undetermined=("GRN-",))


def twins() -> list[Twin]:
    """The projects."""
    all_open = ("PLA-", "GRN-", "CAD-", "PRP-")
    return [Twin("faults/unreadable", _write, FAULTS, undetermined=all_open), *map(_limited, LIMITS)]

"""The files of the project that is handed in with next to nothing."""

from __future__ import annotations

import struct
import zipfile
from decimal import Decimal
from pathlib import Path

from pyproj import CRS
from pyproj.enums import WktVersion

from generator.frame import DELIVERY_EPSG, delivered
from generator.shape import Record, rect
from generator.tables import write_table
from generator.twins.plain_dxf import Place, Plain
from generator.twins.twin import task
from generator.write_property import BALCONY

PLANNING, GREEN, SHELTER, HOUSES, LAND = "规划.dxf", "绿地.dxf", "人防.dxf", "幢占地.dxf", "界址点.txt"
PACKED = "地籍.zip"
BOUNDARY = "建筑退让线"
ARMS = ((55, 50), (50, 55), (45, 45))


def at(x: float, y: float) -> Place:
    """A local point in the plane of delivery."""
    return delivered([(x, y)])[0]


def ring(x: float, y: float, size: float) -> list[Place]:
    """A square."""
    return [at(x, y), at(x + size, y), at(x + size, y + size), at(x, y + size)]


def far() -> list[Place]:
    """The stray square."""
    return [(east + 25_000, north) for east, north in ring(60, 60, 10)]


def _planning(path: Path) -> None:
    drawing = Plain()
    drawing.block("甲", ("INSERT", [(2, "乙"), (10, 0.0), (20, 0.0), (30, 0.0)]))
    drawing.block("乙", ("INSERT", [(2, "甲"), (10, 0.0), (20, 0.0), (30, 0.0)]))
    drawing.ring(BOUNDARY, ring(10, 10, 60))  # 101
    square = ring(20, 20, 20)
    drawing.ring(BOUNDARY, [*square, (square[0][0], square[0][1] + 0.0005)], closed=False)  # 102
    drawing.ring(BOUNDARY, [at(30, 30), at(30, 30)])  # 103
    drawing.ring(BOUNDARY, [at(40, 40), at(41, 40), (1e12, 1e12)])  # 104
    for end in ARMS:  # 105 106 107
        drawing.ring(BOUNDARY, [at(50, 50), at(*end)], closed=False)
    place = at(60, 60)
    drawing.ring(BOUNDARY, far())  # 108
    drawing.insert("图框", "甲", place)  # 109
    for start in (place, at(61, 60)):
        drawing.count = 0x10A
        drawing.line("道路", start, at(62, 62))  # 10B, twice
    drawing.entity("TRACE", "图框", [(10, place[0]), (20, place[1]), (30, 0.0)])
    drawing.save(path)


def _green(path: Path) -> None:
    drawing = Plain()
    drawing.ring("休憩_园林小品", ring(20, 40, 4))  # 101
    drawing.text("休憩注记", "X1", at(21, 41))
    drawing.text("休憩注记", "X2", at(22, 42))
    drawing.ring("休憩_园林小品", ring(30, 40, 4))  # 104
    drawing.text("绿地注记", "鍦扮睄", at(40, 40))  # 105: UTF-8 read as GBK, and written again
    drawing.save(path, "utf-8")


def _shelter(path: Path) -> None:
    drawing = Plain()
    drawing.block("CW")
    east, north = at(40, 50)
    drawing.insert("RF_车位", "CW", (east + 60_000, north), {"编号": "C001", "单元": "RF-1"})  # 101
    drawing.save(path)


class _OldName(zipfile.ZipInfo):
    """A name in GBK that does not say so, as Windows writes it."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 — the library's name
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def _houses(path: Path) -> None:
    drawing = Plain()
    place = ring(30, 30, 10)
    drawing.ring("幢占地", place)  # 101
    drawing.text("注记", "1幢", at(32, 32))
    drawing.text("注记", "砼18", at(32, 34))
    drawing.save(path)
    with zipfile.ZipFile(path.with_name(PACKED), "w") as archive:
        archive.writestr(_OldName(path.name, (2026, 9, 1, 8, 0, 0)), path.read_bytes())
    path.unlink()


def _land(path: Path) -> None:
    points = ring(0, 0, 100)
    rows = [f"J{i},1,{east:.3f},{north:.3f}" for i, (east, north) in enumerate([*points, points[0]], 1)]
    head = ["[属性描述]", "坐标系=2000国家大地坐标系", "几度分带=3", "计量单位=米", "[地块坐标]"]
    lines = [*head, "5,1.0005,DK1,一号地,面,H48,住宅,0701,@", *rows, "以下空白"]
    path.write_text("\n".join(lines), "utf-8")


def _property(path: Path) -> None:
    fields = {"balcony_no": "YT-1", "unit_code": "ABABABABABAB", "building_code": "2", "floor_id": "3", "kind": "封闭"}
    fields |= {"factor": Decimal(1), "counted_area_m2": Decimal("8.00")}
    records = [Record(fields, rect(20, 60, 24, 62)), Record(fields, rect(20, 60, 24, 62), {"no_figure": True})]
    wrong = CRS.from_epsg(DELIVERY_EPSG + 1).to_wkt(WktVersion.WKT1_ESRI)
    write_table(records, BALCONY, path, wrong)
    path.with_suffix(".shx").unlink()
    path.with_suffix(".cpg").write_bytes(b"XX-99")
    content = bytearray(path.with_suffix(".dbf").read_bytes().replace(b"AB", b"\xe9t"))
    content[29] = 0  # no language: GBK or a western page, the bytes do not tell
    path.with_suffix(".dbf").write_bytes(bytes(content))
    head = bytearray(path.read_bytes())
    head[36:44] = struct.pack("<d", struct.unpack("<d", head[36:44])[0] - 1)  # the extent begins 1 m farther west
    path.write_bytes(bytes(head))


def write(folder: Path) -> None:
    """Every file of the project."""
    surveys = {
        "planning": f"{{files: [{PLANNING}]}}",
        "green": f"{{files: [{GREEN}, {LAND}]}}",
        "civil_defence": f"{{files: [{SHELTER}]}}",
        "cadastral": f"{{files: [{PACKED}], height_datum: 1956年黄海高程系}}",
        "property": f'{{files: [YT.shp], crs: "EPSG:{DELIVERY_EPSG}"}}',
    }
    (folder / "project.yaml").write_text(task(surveys, crs=f"EPSG:{DELIVERY_EPSG}"), "utf-8")
    _planning(folder / PLANNING)
    _green(folder / GREEN)
    _shelter(folder / SHELTER)
    _houses(folder / HOUSES)
    _land(folder / LAND)
    _property(folder / "YT.shp")

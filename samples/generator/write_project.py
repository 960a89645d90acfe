"""project.yaml, permit.xlsx and control.csv."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from generator import site
from generator.frame import to_map

PERMIT_NUMBER, PERMIT_DATE = "建字第500105202200086号", "2022-11-18"


@dataclass
class PermitRow:
    """One figure of the permit; building None = the whole project."""

    label: str
    unit: str
    value: str
    building: str | None = None
    note: str = ""


def write_permit(rows: list[PermitRow], path: Path) -> None:
    """The table of permitted figures, with a merged title row above the header."""
    book = Workbook()
    sheet = book.active
    sheet.title = "规划许可指标"
    sheet.append([f"{site.PROJECT_NAME}建设工程规划许可主要指标（{PERMIT_NUMBER}）"])
    sheet.merge_cells("A1:E1")
    sheet["A1"].alignment, sheet["A1"].font = Alignment(horizontal="center"), Font(bold=True, size=14)
    sheet.append(["指标", "单位", "许可值", "幢号", "备注"])
    for row in rows:
        sheet.append([row.label, row.unit, float(row.value), row.building, row.note])
    for column, width in zip("ABCDE", (18, 8, 14, 10, 36), strict=True):
        sheet.column_dimensions[column].width = width
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(_fixed(buffer.getvalue()))


def _fixed(content: bytes) -> bytes:
    """The same workbook with fixed times inside and outside."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2022-11-18T08:00:00Z", data)
            info = zipfile.ZipInfo(name, (2022, 11, 18, 8, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, data)
    return out.getvalue()


def write_control(path: Path) -> None:
    """Control points in the project CRS: X north, Y east."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["点号", "X", "Y", "H", "等级"])
        for number, xy, height, grade in site.CONTROL_POINTS:
            east, north = to_map(*xy)
            writer.writerow([number, f"{north:.3f}", f"{east:.3f}", height, grade])

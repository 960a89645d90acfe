"""How tests read the written forms of a report: tables of Word documents and pages, cells of workbooks, CAD areas."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from pipeline import readers
from pipeline.measures import arcs

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Rows = list[list[str]]


def plain(text: str) -> str:
    return re.sub(r"[\s\u200b]", "", text)


def docx_rows(table) -> Rows:
    cells = [list(row.iter(f"{W}tc")) for row in table.iter(f"{W}tr")]
    return [["".join(t.text or "" for t in cell.iter(f"{W}t")) for cell in row] for row in cells]


class PageTables(HTMLParser):
    """Rows of all tables of a page, and the text of its headings."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Rows] = []
        self.inside = False

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.inside = True
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.tables[-1][-1][-1] += data


def shown(cell) -> str:
    """A cell as the workbook shows it: its number with the decimals of its format."""
    if isinstance(cell.value, str):
        return cell.value
    places = len(cell.number_format.partition(".")[2])
    return f"{cell.value:.{places}f}"


def cad_areas(path: Path) -> dict[str, float]:
    """Area of each feature of a drawing: its shell less its holes."""
    source = readers.read(path, name=path.name)
    rings: dict[str, list[float]] = {}
    for row in source.features.itertuples():
        if row.closed and row.entity == "LWPOLYLINE" and row.xdata and "DUOCE" in row.xdata:
            feature = row.xdata["DUOCE"][0][1]
            rings.setdefault(feature, []).append(arcs.area(row.curve if row.curve is not None else row.geometry))
    return {name: 2 * max(parts) - sum(parts) for name, parts in rings.items()}

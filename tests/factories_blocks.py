"""A small report with every kind of block."""

from __future__ import annotations

from factories_site import PARCEL

from pipeline.report.model import Chapter, Column, Figure, Heading, KeyValues, Paragraph, Report, Table


def table(rows: int, *, wide: bool = False, caption: str = "户室面积表") -> Table:
    """A table with a code in every row, words that look like markup, and a total."""
    columns = (Column("不动产单元号"), Column("室号", "center"), Column("建筑面积/m²", "right"), Column("说明"))
    made = tuple(
        (f"{PARCEL}F{n:08d}", f"{n}01", f"{100 + n / 100:.2f}", '#eval("1+1") *粗* $x$ </td>&') for n in range(1, rows)
    )
    return Table(
        "property.units",
        caption,
        columns,
        (*made, ("合计", "", "12345.67", "")),
        "示例",
        "property.unit",
        1,
        (("property.unit/1",),),
        wide,
    )


def report(figures: tuple[Figure, ...] = ()) -> Report:
    """Every kind of block once."""
    blocks = (
        Paragraph("本项目位于江北区。"),
        KeyValues("k", "项目基本情况", (("项目名称", "滨江雅苑"), ("编号", "CQJB-2026-0117"))),
        Heading("户室面积"),
        table(60),
        Paragraph("须由主管部门确认。", "warning"),
        Paragraph("合格", "verdict"),
        table(5, wide=True),
    )
    chapters = (
        Chapter("1", "项目与委托信息", blocks),
        Chapter("2", "质量检查记录", (Paragraph("无。", "note"),)),
        Chapter("附图", "成果图件", figures),
    )
    return Report(
        "建设工程“多测合一”成果报告书",
        (("项目名称", "滨江雅苑"), ("提交日期", "2026年9月18日")),
        ("声明之一。", "声明之二。"),
        (("项目负责", "张工"), ("审核", "王工")),
        chapters,
        "CQJB-2026-0117",
        "重庆示例勘测有限公司",
        "2026年9月18日",
        ("滨江雅苑",),
    )

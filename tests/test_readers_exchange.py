"""Coordinate exchange text in every variant seen: plots with holes, and how each was understood."""

from __future__ import annotations

import math

import pytest
import shapely
from factories_readers import kinds, read

from pipeline import crs
from pipeline.mapping.normalise import normalise
from pipeline.readers import exchange_plots
from pipeline.standard import Delivery, FieldSource, FieldSpec, LayerMapping, LayerSpec, Select, Standard

EAST, NORTH = 36_500_000.0, 3_280_000.0
OUTER = [(0, 0), (100, 0), (100, 80), (0, 80)]
HOLE = [(20, 20), (20, 40), (50, 40), (50, 20)]
HEAD = [
    "格式版本号=1.01版本",
    "坐标系=2000国家大地坐标系",
    "几度分带=3",
    "投影类型=高斯克吕格",
    "计量单位=米",
    "带号=36",
    "精度=0.001",
]


def ring(points, number, *, start=1, closing=True, swap=False, east=EAST):
    points = [*points, points[0]] if closing else points
    rows = []
    for i, (x, y) in enumerate(points):
        pair = [f"{NORTH + y:.3f}", f"{east + x:.3f}"]
        rows.append(",".join([f"J{start + i % len(set(points))}", str(number), *(pair[::-1] if swap else pair)]))
    return rows


def plot(rings, *, area="0.7400", count=None, code="DK1", at="@", kind="面"):
    rows = [row for one in rings for row in one]
    header = f"{len(rows) if count is None else count},{area},{code},一号地,{kind},H48,住宅,0701,{at}".rstrip(
        "," if not at else ""
    )
    return [header, *rows]


def text(*plots, brackets="[]", head=HEAD, blank=False, ending="\n"):
    lines = [f"{brackets[0]}属性描述{brackets[1]}", *head, f"{brackets[0]}地块坐标{brackets[1]}"]
    for one in plots:
        lines += ["", *one, ""] if blank else one
    return ending.join(lines) + ending


def holed(**options):
    return plot([ring(OUTER, 1), ring(HOLE, 2, start=5)], **options)


def source(tmp_path, content, encoding="utf-8"):
    path = tmp_path / "宗地.txt"
    path.write_bytes(content.encode(encoding))
    return read(path)


def plots(found):
    return found.features[found.features["inside"].isna()]


def details(found, kind):
    return [n.slots["detail"] for n in found.notes if n.kind == kind]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
@pytest.mark.parametrize("brackets", ["[]", "【】", "［］"])
@pytest.mark.parametrize(("at", "blank", "ending"), [("@", False, "\n"), ("", True, "\r\n")])
def test_every_way_of_writing_gives_the_same_plot_and_no_note(tmp_path, encoding, brackets, at, blank, ending):
    found = source(tmp_path, text(holed(at=at), brackets=brackets, blank=blank, ending=ending), encoding)
    shape = plots(found).geometry[0]
    assert (shape.area, len(shape.interiors), shape.bounds[:2]) == (7400, 1, (EAST, NORTH))
    assert found.notes == ()
    assert found.attributes.loc[0, ["地块编号", "地块用途", "坐标系"]].tolist() == ["DK1", "住宅", "2000国家大地坐标系"]
    assert (found.entry.format, found.entry.crs, found.entry.entities) == ("exchange", "EPSG:4524", 1)


def test_points_are_parts_with_their_names_and_rings(tmp_path):
    found = source(tmp_path, text(holed()))
    points = found.features[found.features["inside"].notna()]
    assert points["text"].tolist() == [f"J{i}" for i in range(1, 9)]
    assert found.attributes.loc[points.index, "圈号"].tolist() == [1] * 4 + [2] * 4


@pytest.mark.parametrize(("count", "said"), [(10, []), (8, ["不含"]), (9, ["不含"])])
def test_the_count_may_include_the_closing_rows_or_not(tmp_path, count, said):
    found = source(tmp_path, text(holed(count=count)))
    assert [word in detail for word, detail in zip(said, details(found, "exchange_variant"), strict=True)] == [
        True
    ] * len(said)
    assert not found.entry.fatal


@pytest.mark.parametrize("count", [7, 11, 20])
def test_a_count_that_fits_no_way_of_counting_is_a_damaged_file(tmp_path, count):
    found = source(tmp_path, text(holed(count=count)))
    assert found.entry.fatal
    assert found.features.empty
    assert kinds(found)["truncated" if count > 10 else "count_mismatch"] == 1


@pytest.mark.parametrize("share", [0.2, 0.4, 0.65, 0.8, 0.95])
def test_a_text_cut_anywhere_inside_a_plot_is_never_clean(tmp_path, share):
    whole = text(holed(), holed(code="DK2")).encode()
    path = tmp_path / "cut.txt"
    path.write_bytes(whole[: int(len(whole) * share)])
    found = read(path)
    assert found.entry.fatal or kinds(found)["exchange_fault"]


def test_a_last_line_without_its_end_is_said(tmp_path):
    assert "截断" in details(source(tmp_path, text(holed()).rstrip()), "exchange_variant")[0]


@pytest.mark.parametrize(("area", "stated", "said"), [("0.74", 7400, 0), ("7400.00", 7400, 1), ("0.7400", 7400, 0)])
def test_hectares_and_square_metres_are_told_apart_by_the_coordinates(tmp_path, area, stated, said):
    found = source(tmp_path, text(holed(area=area)))
    assert found.attributes["地块面积_m2"][0] == stated
    assert len(details(found, "exchange_variant")) == said
    assert details(found, "exchange_fault") == []


@pytest.mark.parametrize("area", ["0.7600", "7401.00", "0", ""])
def test_an_area_that_fits_neither_unit_is_a_fault(tmp_path, area):
    found = source(tmp_path, text(holed(area=area)))
    (fault,) = (n for n in found.notes if n.kind == "exchange_fault")
    assert fault.slots["measured"] == pytest.approx(7400)


def test_a_missing_closing_row_is_closed_and_said(tmp_path):
    found = source(tmp_path, text(plot([ring(OUTER, 1, closing=False)], area="0.8000")))
    assert plots(found).geometry[0].area == 8000
    assert details(found, "exchange_variant") == [f"1 个{exchange_plots.NOT_REPEATED}"]


def test_east_before_north_is_seen_by_the_numbers_and_said(tmp_path):
    found = source(tmp_path, text(plot([ring(OUTER, 1, swap=True)], area="0.8000")))
    assert plots(found).geometry[0].bounds[:2] == (EAST, NORTH)
    assert kinds(found) == {"axis_order": 1}
    assert found.entry.crs == "EPSG:4524"


@pytest.mark.parametrize(
    ("head", "east", "expected", "faults"),
    [
        (HEAD, 500_000.0, "EPSG:4545", 0),
        ([*HEAD[:5], "带号=35"], 500_000.0, "EPSG:4544", 0),
        ([*HEAD[:5], "带号=35"], EAST, None, 1),
        (["坐标系=2000国家大地坐标系", "几度分带=6", "带号=18"], 18_500_000.0, "EPSG:4496", 0),
        (["坐标系=1980西安坐标系"], 500_000.0, "1980西安坐标系", 0),
        ([], EAST, None, 0),
    ],
)
def test_the_crs_is_what_the_head_says_if_the_prefix_agrees(tmp_path, head, east, expected, faults):
    found = source(tmp_path, text(plot([ring(OUTER, 1, east=east)], area="0.8000"), head=head))
    assert found.entry.crs == expected
    assert len(details(found, "exchange_fault")) == faults


def test_mixed_belts_in_one_file_are_a_fault(tmp_path):
    first, second = (plot([ring(OUTER, 1, east=e)], area="0.8000") for e in (EAST, 35_500_000.0))
    assert any("混用投影带" in detail for detail in details(source(tmp_path, text(first, second)), "exchange_fault"))


def test_a_ring_outside_the_first_is_a_part_of_its_own_and_a_fault(tmp_path):
    far = [(x + 500, y) for x, y in OUTER]
    found = source(tmp_path, text(plot([ring(OUTER, 1), ring(far, 2)], area="1.6000")))
    assert plots(found).geometry[0].geom_type == "MultiPolygon"
    assert details(found, "exchange_fault") == ["第 2 圈不在第 1 圈之内"]


def test_two_points_are_no_plot(tmp_path):
    found = source(tmp_path, text(plot([ring(OUTER[:2], 1)], area="0")))
    assert plots(found).geometry[0] is None
    assert "不足三个不同的点" in details(found, "exchange_fault")[0]


@pytest.mark.parametrize(("kind", "geometry"), [("线", "LineString"), ("点", "MultiPoint")])
def test_lines_and_points_are_what_the_header_says(tmp_path, kind, geometry):
    found = source(tmp_path, text(plot([ring(OUTER, 1, closing=False)], kind=kind)))
    assert plots(found).geometry[0].geom_type == geometry


def test_a_line_that_is_nothing_is_named_with_its_number(tmp_path):
    found = source(tmp_path, text(holed()) + "备注：以上坐标由甲方提供\n")
    assert [n.slots["where"] for n in found.notes if n.kind == "exchange_fault"] == ["第 21 行"]


def test_a_mapping_takes_plots_and_if_it_asks_their_points(tmp_path):
    layers = {
        "parcel": LayerSpec(label="宗地", geometry="polygon", fields={"code": FieldSpec(label="代码")}),
        "corner": LayerSpec(label="界址点", geometry="point", fields={"no": FieldSpec(label="点号")}),
    }
    how = {
        "parcel": LayerMapping(select=Select(layer=("地块坐标",)), fields={"code": FieldSource(attribute="地块编号")}),
        "corner": LayerMapping(
            select=Select(layer=("界址点",), in_blocks=True), fields={"no": FieldSource(own_text=True)}
        ),
    }
    mapping = Delivery(name="m", label="m", format=("exchange",), layers=how)
    standard = Standard(
        survey="s", label="s", short="s", order=1, edition="e", folder=tmp_path, layers=layers, mappings=(mapping,)
    )
    result = normalise(standard, [source(tmp_path, text(holed()))], target=crs.parse("EPSG:4524"))
    assert result.notes == []
    assert result.frames["parcel"]["code"].tolist() == ["DK1"]
    assert result.frames["corner"]["no"].tolist() == [f"J{i}" for i in range(1, 9)]


def test_decimals_of_a_millimetre_leave_the_area_alone(tmp_path):
    corners = [(math.cos(a) * 51.2345, math.sin(a) * 47.6543) for a in (0.1, 1.3, 2.2, 4.0, 5.1)]
    exact = shapely.Polygon(corners).area
    found = source(tmp_path, text(plot([ring(corners, 1)], area=f"{exact / 10000:.4f}")))
    assert details(found, "exchange_fault") == []

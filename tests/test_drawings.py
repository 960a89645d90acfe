"""Survey drawings: scale, labels, sheets."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import shapely
from factories_drawing import project_report
from factories_site import EAST, NORTH, PARCEL, SITE, moved
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import StandardError
from pipeline.model import ProjectReport
from pipeline.report.drawings import draw, drawings_of
from pipeline.report.drawings.compose import Drawing
from pipeline.report.drawings.features import draw_part
from pipeline.report.drawings.frame import grid_step, scale_bar
from pipeline.report.drawings.ink import Path, Text, text_boxes, text_width
from pipeline.report.drawings.layout import View
from pipeline.report.drawings.lists import rows_of
from pipeline.report.drawings.style import load_styles
from pipeline.report.drawings.wording import joined, label_lines
from pipeline.standard import Standard, load_standards

KINDS = ("竣工总平面图", "建筑基底及退让间距图", "绿地竣工图", "人防平面图", "宗地图", "层平面图")


@cache
def result() -> ProjectReport:
    return project_report()


@cache
def drawings() -> tuple[Drawing, ...]:
    return drawings_of(result())


def drawing(title: str) -> Drawing:
    return next(d for d in drawings() if title in d.sheet.title)


def with_standard(survey: str, **changes) -> ProjectReport:
    made = result()
    standard: Standard = made.standards.surveys[survey]
    surveys = made.standards.surveys | {survey: standard.model_copy(update=changes)}
    return replace(made, standards=made.standards.model_copy(update={"surveys": surveys}))


def test_every_drawing_of_the_first_edition_is_drawn():
    captions = " ".join(figure.caption for figure in draw(result()))
    assert [kind for kind in KINDS if kind not in captions] == []


def test_every_style_that_a_standard_names_exists():
    styles = load_styles()
    named = {layer.style for s in load_standards().surveys.values() for d in s.drawings for layer in d.layers}
    assert named - set(styles.styles) == set()


def test_an_unknown_style_names_survey_drawing_and_layer():
    spec = result().standards.surveys["green"].drawings[0]
    broken = spec.model_copy(update={"layers": (spec.layers[0].model_copy(update={"style": "absent"}),)})
    with pytest.raises(StandardError, match=r"green：drawings：green_plan：planning\.footprint.*absent"):
        drawings_of(with_standard("green", drawings=(broken,)))


def test_the_extent_fits_the_map_window_at_the_chosen_scale():
    for d in drawings():
        east0, north0, east1, north1 = d.sheet.extent.total_bounds
        corners = d.view.paper([(east0, north0), (east1, north1)])
        window = shapely.box(*d.layout.window)
        assert window.contains(shapely.MultiPoint(corners)), d.sheet.title


def test_scales_are_round():
    scales = {d.sheet.title: d.view.scale for d in drawings()}
    assert all(scale % 100 == 0 for title, scale in scales.items() if "宗地图" in title)
    assert all(scale in load_styles().scales for title, scale in scales.items() if "宗地图" not in title)


def test_no_two_labels_of_a_map_cover_each_other():
    for d in drawings():
        texts = [ink for ink in d.ink if isinstance(ink, Text) and (ink.halo or ink.layer == "四至")]
        boxes = [
            shapely.union_all(
                [
                    shapely.box(*b)
                    for b in text_boxes(t.x, t.y, text_width(t.text, t.size_mm) * 0.98, t.size_mm * 0.98, t.angle)
                ]
            )
            for t in texts
        ]
        tree = shapely.STRtree(boxes)
        pairs = [
            (texts[a].text, texts[b].text)
            for a, b in tree.query(boxes, "intersects").T
            if a < b and boxes[a].intersection(boxes[b]).area > 0.3
        ]
        assert pairs == [], d.sheet.title


def test_boundary_point_numbers_stand_outside_the_parcel():
    d = drawing("宗地图")
    parcel = shapely.transform(moved(SITE), d.view.paper)
    numbers = [ink for ink in d.ink if isinstance(ink, Text) and re.fullmatch(r"J\d+", ink.text) and ink.halo]
    assert len(numbers) == 6
    assert not any(parcel.intersects(shapely.Point(n.x, n.y)) for n in numbers)


def test_the_parcel_boundary_is_a_red_line_of_three_tenths_of_a_millimetre():
    path = next(
        ink
        for ink in drawing("宗地图").ink
        if isinstance(ink, Path) and ink.feature == "cadastral.parcel/1" and ink.width_mm == 0.3
    )
    assert path.stroke == "#d40000"


def test_every_side_of_the_parcel_shows_its_length():
    words = {ink.text for ink in drawing("宗地图").ink if isinstance(ink, Text)}
    ring = moved(SITE).exterior.coords
    assert {f"{np.hypot(b[0] - a[0], b[1] - a[1]):.2f}" for a, b in pairwise(ring)} <= words


def test_the_parcel_map_tells_its_neighbours_number_use_and_coordinates():
    words = {ink.text for ink in drawing("宗地图").ink if isinstance(ink, Text)}
    assert {"滨江路", "规划绿地", "江北城南支路", "滨江小学", PARCEL, "0701", "3275096.000"} <= words


def test_dimension_lines_show_permitted_and_measured():
    words = {ink.text for ink in drawing("退让").ink if isinstance(ink, Text)}
    assert {"T4 许15.00", "实17.60"} <= words


def test_a_label_that_does_not_fit_is_never_lost():
    crowded = project_report(patches=900)
    d = next(d for d in drawings_of(crowded) if "绿地竣工图" in d.sheet.title)
    words = [ink.text for ink in d.ink if isinstance(ink, Text)]
    counted = r"(\d+) 处(?:编号注记未列出|注记未注出)"  # without a place, or with a number whose meaning found none
    dropped = sum(int(found.group(1)) for text in words if (found := re.search(counted, text)))
    known = {text for text in words if re.fullmatch(r"G\d+", text)}
    known |= set(re.findall(r"注\d+：(G\d+)", "".join(words)))
    assert dropped + len(known) >= 900
    assert dropped > 0


def test_a_list_that_does_not_fit_says_how_many_rows_are_left_out():
    d = next(d for d in drawings_of(project_report(patches=300)) if "绿地竣工图" in d.sheet.title)
    said = next(ink.text for ink in d.ink if isinstance(ink, Text) and "图面所限，另有" in ink.text)
    shown = {
        ink.text for ink in d.ink if isinstance(ink, Text) and ink.layer == "图表" and re.fullmatch(r"G\d+", ink.text)
    }
    assert len(shown) + int(re.search(r"另有 (\d+) 行", said)[1]) == 300


def test_lists_end_with_the_exact_total():
    listing = drawing("绿地竣工图").sheet.lists[0]
    _, total = rows_of(listing)
    assert total[2] == f"{sum(listing.frame.area_m2):.2f}"


def test_floors_of_equal_plan_are_one_sheet():
    assert [d.sheet.title for d in drawings() if "层平面图" in d.sheet.title] == [
        "1号楼 1 层平面图",
        "1号楼 2–6 层平面图",
        "2号楼 1 层平面图",
        "2号楼 2–6 层平面图",
    ]


def test_sheets_beyond_the_cap_are_named_on_the_last_sheet():
    spec = result().standards.surveys["property"].drawings[0].model_copy(update={"max_sheets": 2})
    sheets = [d.sheet for d in drawings_of(with_standard("property", drawings=(spec,))) if d.sheet.survey == "property"]
    assert len(sheets) == 2
    assert "共 4 张，本报告限绘 2 张，未绘：2号楼 1 层平面图、2号楼 2–6 层平面图" in sheets[-1].notes[-1]


def test_a_survey_that_was_not_commissioned_leaves_no_trace():
    made = result()
    alone = replace(made, surveys=tuple(s for s in made.surveys if s.survey == "planning"))
    legend = {ink.text for d in drawings_of(alone) for ink in d.ink if isinstance(ink, Text) and ink.layer == "图例"}
    assert legend.isdisjoint({"地面绿地", "宗地", "防护单元"})


def test_a_sheet_per_level_shows_only_what_belongs_to_it():
    sheet = drawing("人防平面图").sheet
    counts = {part.spec.layer: len(part.frame) for part in sheet.parts}
    assert (counts["planning.basement"], counts["zone"], counts["parking"]) == (1, 9, 36)


def test_every_sheet_names_project_firm_people_date_and_scale():
    for d in drawings():
        words = {ink.text for ink in d.ink if isinstance(ink, Text)}
        wanted = {"滨江雅苑", "重庆示例勘测有限公司", "张工", "李工", "王工", "2026-09-18", f"1:{d.view.scale}", "北"}
        assert wanted <= words, d.sheet.title


def test_no_text_leaves_the_sheet():
    for d in drawings():
        for ink in (i for i in d.ink if isinstance(i, Text)):
            width = text_width(ink.text, ink.size_mm)
            left = ink.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[ink.anchor] * width
            inside = ink.angle or (left >= 0 and left + width <= d.layout.width)
            assert inside, (d.sheet.title, ink.text)
            assert 0 <= ink.y <= d.layout.height, (d.sheet.title, ink.text)


@given(scale=st.integers(50, 50_000), east=st.floats(3e5, 8e5), north=st.floats(2e6, 5e6))
def test_ground_to_paper_and_back_is_the_same_place(scale, east, north):
    view = View(scale, (EAST, NORTH), (100.0, 80.0))
    again = view.ground(view.paper([(east, north)]))
    assert np.allclose(again, [[east, north]], atol=1e-6)


@given(scale=st.integers(10, 100_000))
def test_grid_and_scale_bar_are_round(scale):
    for length in (grid_step(scale), scale_bar(scale)[0]):
        assert f"{length:e}"[0] in "1245"


@settings(max_examples=30)
@given(floors=st.lists(st.integers(-5, 60), min_size=1, unique=True))
def test_joined_floors_name_every_floor_once(floors):
    named = [n for part in joined(floors).split("、") for n in _range(part)]
    assert named == sorted(floors)


def _range(part: str) -> range:
    ends = [int(word) for word in re.split(r"–| 至 ", part)]
    return range(ends[0], ends[-1] + 1)


def test_labels_round_half_up_and_show_gaps_as_dashes():
    layer = load_standards().surveys["planning"].layers["footprint"]
    assert label_lines("{building}\n{area_m2:.2f} m²", {"building": None, "area_m2": 2.675}, layer) == ("—", "2.68 m²")


def test_nothing_is_printed_where_all_fields_are_empty():
    layer = load_standards().surveys["planning"].layers["footprint"]
    assert label_lines("{building}", {"building": None}, layer) == ()


def test_colours_of_unnamed_categories_differ_from_each_other():
    part = next(p for p in drawing("绿地竣工图").sheet.parts if p.spec.layer == "patch")
    frame = part.frame.assign(category=[f"新类{n % 4}" for n in range(len(part.frame))])
    drawn = draw_part(replace(part, frame=frame), drawing("绿地竣工图").view, load_styles())
    assert len({ink.fill for ink in drawn.ink}) == 4

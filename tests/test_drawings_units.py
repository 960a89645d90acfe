"""Plans of units: one per type, the unit lit, its neighbours pale, a key plan, the list of all units alike."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import shapely
from factories_drawing import project_report

from pipeline.errors import StandardError
from pipeline.model import ProjectReport
from pipeline.report.drawings import drawings_of
from pipeline.report.drawings.compose import Drawing
from pipeline.report.drawings.features import sides_of
from pipeline.report.drawings.ink import Path, Text
from pipeline.report.drawings.lists import rows_of
from pipeline.rounding import NOTHING

LIMIT = "report.unit_sheets"


@cache
def result() -> ProjectReport:
    return project_report()


@cache
def plans() -> tuple[Drawing, ...]:
    return tuple(d for d in drawings_of(result()) if d.sheet.spec.inset is not None)


def units():
    return next(s for s in result().surveys if "unit" in s.frames and "floor" in s.frames).frames["unit"]


def said(drawing: Drawing) -> set[str]:
    return {ink.text for ink in drawing.ink if isinstance(ink, Text)}


def test_every_unit_is_on_exactly_one_sheet():
    listed = [row[0] for d in plans() for row in rows_of(d.sheet.lists[0])[0]]
    assert len(listed) == len(units())
    codes = [code for d in plans() for code in d.sheet.lists[0].frame["unit_code"]]
    assert sorted(codes) == sorted(units()["unit_code"])


def test_units_of_one_sheet_have_the_same_shape_and_inner_area():
    for d in plans():
        rows = units()[units()["unit_code"].isin(d.sheet.lists[0].frame["unit_code"])]
        assert rows["inner_area_m2"].nunique() == 1
        first = rows.geometry.iloc[0]
        assert all(first.equals_exact(other, 0.002, normalize=True) for other in rows.geometry)
        assert f"同户型 {len(rows)} 套" in d.sheet.title


def test_the_unit_says_its_areas_place_and_floor():
    d = plans()[0]
    row = d.sheet.extent.iloc[0]
    words = said(d)
    assert {
        f"套内 {row.inner_area_m2:.2f}",
        f"分摊 {row.shared_area_m2:.2f}",
        f"建筑 {row.building_area_m2:.2f}",
    } <= words
    assert any(w == f"坐落：{row.located or NOTHING}" for w in words)
    assert any(w.startswith("所在层：") for w in words)
    assert any(w == f"不动产单元号：{row.unit_code}" for w in words)


def test_the_unit_is_lit_once_and_its_neighbours_are_pale():
    d = plans()[0]
    own = d.sheet.extent.iloc[0].feature
    lit = [ink for ink in d.ink if isinstance(ink, Path) and ink.world and ink.feature == own]
    assert [(ink.stroke, ink.width_mm) for ink in lit] == [("#b00020", 0.45)]
    others = {
        ink.feature: ink.width_mm for ink in d.ink if isinstance(ink, Path) and ink.layer == "户" and ink.feature != own
    }
    assert others
    assert set(others.values()) == {0.15}


def test_a_key_plan_shows_the_whole_floor_and_stands_for_no_feature():
    d = plans()[0]
    inset = [ink for ink in d.ink if isinstance(ink, Path) and ink.layer == "位置示意"]
    assert len(inset) > 2
    assert all(ink.feature is None and not ink.world for ink in inset)
    boxes = shapely.total_bounds([shapely.LineString(ring[:, :2]) for ink in inset for ring in ink.rings])
    legend = d.layout.legend
    assert legend.x0 <= boxes[0]
    assert boxes[2] <= legend.x1
    assert boxes[3] <= legend.y1


def limited(most: float | None) -> ProjectReport:
    made = result()
    profile = made.standards.profile
    number = profile.numbers[LIMIT].model_copy(update={"value": most})
    numbers = {**profile.numbers, LIMIT: number}
    return replace(
        made, standards=made.standards.model_copy(update={"profile": profile.model_copy(update={"numbers": numbers})})
    )


def test_the_number_of_sheets_is_limited_by_the_profile_and_the_last_names_the_rest():
    made = [d for d in drawings_of(limited(2)) if d.sheet.spec.inset is not None]
    assert len(made) == 2
    note = made[-1].sheet.notes[-1]
    assert f"分户图共 {len(plans())} 张，本报告限绘 2 张，未绘：" in note
    assert all(d.sheet.title in note for d in plans()[2:])


def test_without_a_limit_every_type_is_drawn():
    assert len([d for d in drawings_of(limited(None)) if d.sheet.spec.inset is not None]) == len(plans())


@pytest.mark.parametrize("steps", [12, 60])
def test_a_curve_given_as_chords_is_one_side_with_its_whole_length(steps):
    turn = np.linspace(0, np.pi / 2, steps + 1)
    arc = [(10 * np.cos(t), 10 * np.sin(t), 0.0) for t in turn]
    ring = np.array([*arc, (0.0, 0.0, 0.0)])
    lengths = sorted(length for _, length in sides_of(ring, closed=True, chord_m=1.4))
    assert lengths == pytest.approx([10.0, 10.0, np.pi * 5], rel=2e-3)


def test_short_sides_that_turn_sharply_stay_apart():
    square = np.array([(0, 0, 0.0), (1, 0, 0.0), (1, 1, 0.0), (0, 1, 0.0)])
    assert [length for _, length in sides_of(square, closed=True, chord_m=2.0)] == pytest.approx([1.0] * 4)


def test_a_limit_that_the_profile_does_not_have_is_named():
    made = result()
    survey = next(s.survey for s in made.surveys if "unit" in s.frames and "floor" in s.frames)
    standard = made.standards.surveys[survey]
    drawings = tuple(d.model_copy(update={"max_sheets": {"profile": "report.absent"}}) for d in standard.drawings)
    surveys = {**made.standards.surveys, survey: standard.model_copy(update={"drawings": drawings})}
    with pytest.raises(StandardError, match=r"max_sheets：参数集中没有“report\.absent”"):
        drawings_of(replace(made, standards=made.standards.model_copy(update={"surveys": surveys})))

"""Laws of whole projects: what may be done to one without a finding changing, and what must change exactly one.

The sample is read once; its canonical frames are then moved, shuffled and altered, and the rules run on them.
"""

from __future__ import annotations

import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline.project import run_project
from tests import factories_laws as laws

SAMPLE = Path(__file__).parent.parent / "samples" / "binjiang"
FROM_NORTH = {"CAD-T08"}  # numbering starts at the north-west corner: a turn makes another corner the north-western one
BY_COORDINATE = {"PLA-M17"}  # compares with coordinates of the permit, which stay where they are unless they move along
CROSSED = settings(
    max_examples=2, deadline=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a judgement takes half a second: no shrinking
)  # fmt: skip

turns = st.floats(-180, 180)
shifts = st.floats(-2000, 2000)


@pytest.fixture(scope="module")
def clean():
    return laws.world(SAMPLE)


@pytest.fixture(scope="module")
def indicators(clean):
    return [item for item in laws.judged(clean)[1] if item.permitted is not None]


@pytest.fixture(scope="module")
def faulty(clean):
    return laws.planted(clean)


@pytest.fixture(scope="module")
def found(faulty):
    return laws.findings(faulty)


def test_the_sample_passes_every_rule_to_begin_with(clean):
    assert laws.failed(clean) == set()


def test_planted_faults_are_found_by_the_rules_that_speak_of_them_and_by_no_other(found):
    assert {finding.rule for finding in found} == set().union(*(rules for _, rules in laws.FAULTS.values()))


# ---------------------------------------------------------------- moving a project


@CROSSED
@given(east=shifts, north=shifts)
def test_a_shift_of_the_whole_project_changes_no_finding(faulty, found, east, north):
    there = laws.findings(laws.moved(faulty, east_m=east, north_m=north))
    assert laws.unspoken(there) == laws.unspoken(found)


@CROSSED
@given(turn=turns, east=shifts)
def test_a_turn_of_the_whole_project_changes_no_finding_but_of_rules_that_look_north(faulty, found, turn, east):
    there = laws.findings(laws.moved(faulty, turn_deg=turn, east_m=east), without=FROM_NORTH)
    assert laws.unspoken(there) == laws.unspoken(f for f in found if f.rule not in FROM_NORTH)


def test_a_half_turn_is_seen_by_the_rule_that_looks_north_alone(clean):
    assert laws.failed(laws.moved(clean, turn_deg=180)) == FROM_NORTH


def test_what_the_permit_writes_as_coordinates_must_move_along(clean):
    assert laws.failed(laws.moved(clean, east_m=0.5, coordinates=False)) == BY_COORDINATE


# ---------------------------------------------------------------- order


@CROSSED
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_features_changes_no_finding_and_no_fault_gets_lost(faulty, found, seed):
    assert laws.findings(laws.shuffled(faulty, seed)) == found


@CROSSED
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_features_changes_no_number_beyond_float_noise(clean, indicators, seed):
    before, after = indicators, [i for i in laws.judged(laws.shuffled(clean, seed))[1] if i.permitted is not None]
    assert [(i.survey, i.name, i.building, i.outcome) for i in after] == [
        (i.survey, i.name, i.building, i.outcome) for i in before]  # fmt: skip
    assert [i.measured for i in after] == pytest.approx([i.measured for i in before], abs=1e-7)
    assert [set(i.features) for i in after] == [set(i.features) for i in before]


def test_the_order_of_surveys_and_files_changes_no_finding(tmp_path):
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "project"))
    data = yaml.safe_load((folder / "project.yaml").read_text("utf-8"))
    strict = {"source": "较严的限差", "certainty": "proposal", "reason": "使之有所发现"}
    stricter = {"planning.corner_limit_m": 0.01, "cross.corner_warn_m": 0.0}
    data["overrides"] = [item for item in data["overrides"] if item["key"] not in stricter]
    data["overrides"] += [{"key": key, "value": value, **strict} for key, value in stricter.items()]

    def told():
        (folder / "project.yaml").write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
        return Counter(run_project(folder).findings)

    before = told()
    data["surveys"] = {
        name: {**given_, "files": given_["files"][::-1]} for name, given_ in reversed(data["surveys"].items())
    }
    assert before.total() > 10
    assert told() == before


# ---------------------------------------------------------------- past a limit

PERMITTED = {  # figure → rules: every rule on a measure that this figure limits
    (standard.survey, spec.permit): {r.id for s in standards for r in s.rules if r.check == "meets_permit"
                                     and s.measures[r.measure].permit == spec.permit}
    for standards in [list(laws.STANDARDS.surveys.values())] for standard in standards for spec in standard.measures.values()
    if spec.permit
}  # fmt: skip
STATED = [  # a number that somebody wrote, the figure that allows for its rounding, who speaks of it
    ("cadastral.parcel", "parcel_code", "500105002006GB00117", "stated_area_m2", "cadastral.area_rounding_m2", {"CAD-S01"}),
    ("cadastral.boundary_line", "line_no", "J1-J2", "stated_length_m", "cadastral.length_rounding_m", {"CAD-S02"}),
    ("green.patch", "patch_no", "G01", "stated_area_m2", "green.area_rounding_m2", {"GRN-S01"}),
    ("property.building", "building", "1#楼", "occupied_area_m2", "property.area_rounding_m2", {"PRP-S11"}),
    ("property.common", "part_no", "GY-0001-B2-01", "stated_area_m2", "property.area_rounding_m2",
     {"PRP-S04", "PRP-S06", "PRP-S10"}),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "key", "value", "field", "limit", "rules"), STATED)
@CROSSED
@given(times=st.floats(1.5, 100), sign=st.sampled_from([-1, 1]))
def test_a_stated_number_times_1_plus_epsilon_past_its_limit_flips_exactly_the_rules_that_speak_of_it(
    clean, layer, key, value, field, limit, rules, times, sign
):
    row = clean.where(layer, key, value)
    stated, allowed = clean.frames[layer].at[row, field], clean.report.standards.profile.numbers[limit].at(0)
    epsilon = sign * times * allowed / stated
    assert laws.failed(clean.put(layer, row, **{field: stated * (1 + epsilon)})) == rules
    within = clean.put(layer, row, **{field: stated * (1 + 0.2 * epsilon / times)})
    assert laws.failed(within, [layer.split(".")[0]]) == set()


@settings(CROSSED, max_examples=4)
@given(data=st.data(), times=st.floats(1.06, 3))
def test_a_permitted_figure_passed_beyond_its_limit_flips_exactly_the_rules_on_it(clean, indicators, data, times):
    item = data.draw(st.sampled_from(indicators))
    spec = clean.report.standards.surveys[item.survey].measures[item.name]
    limit = item.limit or 10.0**-item.decimals
    away = {"at_most": -1, "at_least": 1, "equal": 1}[item.direction]

    def under(share, *only):
        figure = round(item.measured, item.decimals) + away * share * limit
        return laws.failed(clean.permitted(spec.permit, figure, item.building), only)

    assert under(times) == PERMITTED[item.survey, spec.permit]
    assert under(0.9 if item.limit else 0.0, item.survey) == set()


# ---------------------------------------------------------------- sums


def cents(values):
    return sum((Decimal(f"{value:.2f}") for value in values), Decimal(0))


def test_units_and_common_parts_fill_their_floor_and_floors_their_building_to_the_cent(clean):
    unit, common, floor, building = (clean.frames[f"property.{n}"] for n in ("unit", "common", "floor", "building"))
    for _, row in floor.iterrows():
        inner = cents(unit.loc[unit["floor_id"] == row["floor_id"], "inner_area_m2"])
        shared = cents(common.loc[common["floor_id"] == row["floor_id"], "stated_area_m2"])
        assert inner + shared == cents([row["building_area_m2"]]), row["floor_id"]
    for _, row in building.iterrows():
        own = floor["building_code"] == row["building_code"]
        assert cents(floor.loc[own, "building_area_m2"]) == cents([row["building_area_m2"]]), row["building"]


SUMS = {"PRP-S01", "PRP-S02", "PRP-S03", "PRP-S04", "PRP-S05"}


@CROSSED
@given(data=st.data(), delta=st.floats(0.02, 5).map(lambda value: round(value, 2)))
def test_an_area_added_all_the_way_up_keeps_every_sum_and_a_missing_step_is_found_where_it_is(clean, data, delta):
    unit = clean.frames["property.unit"]
    row = data.draw(st.sampled_from(list(unit.index)))
    keys = {"unit": ("unit_code", unit.at[row, "unit_code"]), "floor": ("floor_id", unit.at[row, "floor_id"]),
            "building": ("building_code", unit.at[row, "building_code"])}  # fmt: skip
    fields = {"unit": ("inner_area_m2", "building_area_m2"), "floor": ("inner_area_m2", "building_area_m2"),
              "building": ("building_area_m2",)}  # fmt: skip

    def added(*steps):
        world = clean
        for step in steps:
            name, (key, value) = f"property.{step}", keys[step]
            at = world.where(name, key, value)
            more = {field: world.frames[name].at[at, field] + delta for field in fields[step]}
            world = world.put(name, at, **more)
        return laws.failed(world, ["property"]) & SUMS

    assert added("unit", "floor", "building") == set()
    assert added("floor", "building") == {"PRP-S03"}
    assert added("unit", "building") == {"PRP-S03", "PRP-S05"}
    assert added("unit", "floor") == {"PRP-S05"}

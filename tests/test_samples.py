"""The sample project is an independent witness: made without the pipeline, exact, and the same bytes every time."""

from __future__ import annotations

import ast
import csv
import json
import re
import sys
from decimal import Decimal
from pathlib import Path

import fiona
import pytest
from shapely.geometry import shape as shapely_shape
from shapely.ops import unary_union

from pipeline.standard import load_standards

SAMPLES = Path(__file__).parent.parent / "samples"
CLEAN = SAMPLES / "binjiang"
sys.path.insert(0, str(SAMPLES))

import make  # noqa: E402 — the generator is a script beside its output, not an installed package
from generator import apportion, model, shape  # noqa: E402


@pytest.fixture(scope="module")
def sample():
    return make.clean()


@pytest.fixture(scope="module")
def buildings():
    return make.numbered([make.tower(1), make.tower(2), make.courtyard_building()])


def _files(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    make.main(["-o", str(folder)])
    return folder


@pytest.mark.parametrize("name", ["binjiang", "binjiang_faults", "faults"])
def test_the_committed_samples_are_what_the_generator_writes(made, name):
    written, committed = _files(made / name), _files(SAMPLES / name)
    assert written.keys() == committed.keys()
    for path, content in committed.items():
        if path.endswith("expected.json"):
            assert _without_handles(written[path]) == _without_handles(content)
        elif path.endswith(".dxf") and b"AC1009" not in content[:400] and b"\r\nENDSEC" in content:
            assert _entities(written[path]) == _entities(content), path
        elif not path.endswith(".xlsx"):  # its frame belongs to the library that wrote it
            assert written[path] == content, path


def test_the_generator_writes_the_same_bytes_twice(made, tmp_path):
    make.main(["-o", str(tmp_path)])
    assert _files(made) == _files(tmp_path)


def _without_handles(content):
    """The library that writes a drawing chooses the handles; a finding on the file itself is named by its handle alone."""
    expected = json.loads(content)
    for finding in expected["findings"]:
        for name in ("feature", "other_feature"):
            layer, slash, _ = (finding[name] or "").partition("/")
            finding[name] = layer if slash else bool(layer)
    return expected


def _entities(content):
    found = re.search(rb"\r\nENTITIES\r\n(.*?)\r\nENDSEC", content, re.DOTALL)
    assert found is not None
    return re.sub(rb"(\r\n  5\r\n|\r\n330\r\n)[0-9A-F]+", rb"\1", found.group(1))


def test_the_samples_stay_small():
    assert sum(p.stat().st_size for p in SAMPLES.rglob("*") if p.is_file() and p.suffix != ".pyc") <= 4_000_000


def test_the_generator_does_not_import_the_pipeline():
    for path in (SAMPLES / "make.py", *sorted((SAMPLES / "generator").rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "pipeline" for name in names), path


# ---------------------------------------------------------------- the model


def test_units_and_common_parts_tile_every_floor_to_the_cent(buildings):
    for building in buildings:
        for floor in building.floors:
            parts = [shape.half_up(u.shape.area_m2) for u in floor.units] + [c.area_m2 for c in floor.commons]
            assert sum(parts) == shape.half_up(floor.outline.area_m2), (building.number, floor.number)


def test_units_and_common_parts_of_a_floor_do_not_overlap(buildings):
    for building in buildings:
        for floor in building.floors:
            parts = [part.shape.polygon() for part in (*floor.units, *floor.commons)]
            assert sum(p.area for p in parts) - unary_union(parts).area < 1e-3
            assert unary_union(parts).symmetric_difference(floor.outline.polygon()).area < 1e-3


def test_shares_close_on_the_common_parts_of_each_building(buildings):
    for building in buildings:
        assert sum(u.share_m2 for u in building.units) == apportion.shared_total_m2(building)


def test_units_shares_and_unapportioned_parts_make_the_building(buildings):
    for building in buildings:
        alone = sum(c.area_m2 for f in building.floors for c in f.commons if c.level == "不分摊")
        assert sum(u.inner_m2 + u.share_m2 for u in building.units) + alone == building.area_m2


def test_the_witness_apportions_the_worked_example_of_annex_b():
    building = _worked_example()
    apportion.apportion(building)
    found = {u.room: u.share_m2 for u in building.units}
    expected = {"S1": "27.1062", "S2": "18.0708", "S3": "26.3827", "S4": "8.7942", "R1": "15.2602", "R8": "18.6513"}
    assert all(abs(found[room] - Decimal(share)) < Decimal("0.01") for room, share in expected.items())
    assert sum(found.values()) == Decimal("216.00")


def _worked_example():
    """60 m² for the building; shops on two floors with 30 for the zone, 20 and 10 on the floors; homes with 96."""

    def unit(room, zone, area):
        return model.Unit(room, "11", zone, shape.rect(0, 0, area, 1))

    def common(level, serves, area):
        return model.Common(level, level, serves, shape.rect(0, 0, area, 1))

    ground = [common("整幢", model.building_code(1), 60), common("功能区", "com", 30), common("层内", "0001-01", 20)]
    homes = [unit(f"R{i}", "res", 90 if i < 5 else 110) for i in range(1, 9)]
    floors = [
        model.Floor(1, Decimal(4), shape.rect(0, 0, 310, 1), [unit("S1", "com", 120), unit("S2", "com", 80)], ground),
        model.Floor(
            2,
            Decimal(4),
            shape.rect(0, 0, 210, 1),
            [unit("S3", "com", 150), unit("S4", "com", 50)],
            [common("层内", "0001-02", 10)],
        ),
        model.Floor(3, Decimal(3), shape.rect(0, 0, 896, 1), homes, [common("功能区", "res", 96)]),
    ]
    return model.Building(1, shape.rect(0, 0, 10, 10), floors, "11", Decimal(11))


def test_arcs_count_whole_and_their_chords_stay_within_the_sagitta():
    half = shape.circle(0, 0, 5)
    assert half.area_m2 == pytest.approx(78.5398163, abs=1e-6)
    assert 0 < half.area_m2 - half.polygon().area < 5 * 2 * 3.1416 * shape.SAGITTA_M


# ---------------------------------------------------------------- across the surveys


def test_footprints_are_one_figure_in_three_surveys(sample):
    outlines = [
        [r.shape.rings for r in sample.surveys[s][layer]]
        for s, layer in (("planning", "footprint"), ("cadastral", "building"), ("property", "building"))
    ]
    assert outlines[0] == outlines[1] == outlines[2]


def test_planning_and_property_areas_differ_by_the_listed_items_only(sample):
    for number in "123":
        zones = [z for z in sample.surveys["planning"]["zone"] if z.fields["building"][0] == number]
        counted = sum(make_area(z) * Decimal(z.fields["property_factor"]) for z in zones)
        stated = sample.surveys["property"]["building"][int(number) - 1].fields["building_area_m2"]
        assert abs(counted - stated) <= Decimal("0.03")  # six floors with one bent wall each, rounded to 0.01
        assert all(z.fields["difference_note"] for z in zones if z.fields["area_factor"] != z.fields["property_factor"])


def make_area(record):
    return shape.half_up(record.shape.area_m2, 6)


def test_civil_defence_spaces_are_planning_spaces(sample):
    marked = {
        r.fields["space_no"]: r.shape.xy
        for r in sample.surveys["planning"]["parking"]
        if r.fields["civil_defence"] == "是"
    }
    assert {r.fields["space_no"]: r.shape.xy for r in sample.surveys["civil_defence"]["parking"]} == marked


def test_the_size_of_the_project_is_as_commissioned(sample):
    surveys = sample.surveys
    assert len(surveys["green"]["patch"]) == 40
    assert {r.fields["category"] for r in surveys["green"]["patch"]} == {
        "地面绿地",
        "地下设施顶面绿地",
        "屋顶绿地",
        "停车场绿化",
        "垂直绿化",
    }
    assert len(surveys["planning"]["parking"]) == 260
    assert 140 <= len(surveys["property"]["unit"]) <= 160
    assert {r.fields["level"] for r in surveys["property"]["common"]} == {
        "整幢",
        "功能区间",
        "功能区",
        "层间",
        "层内",
        "不分摊",
    }


# ---------------------------------------------------------------- the files


@pytest.mark.parametrize(
    ("name", "version", "encoding"),
    [
        ("cadastral/地籍.dxf", b"AC1018", "gbk"),
        ("green/绿地核实.dxf", b"AC1018", "gbk"),
        ("planning/规划核实.dxf", b"AC1024", "utf-8"),
        ("civil_defence/人防工程.dxf", b"AC1024", "utf-8"),
    ],
)
def test_drawings_have_the_version_and_the_encoding_of_their_office(name, version, encoding):
    content = (CLEAN / name).read_bytes()
    assert version in content[:400]
    assert content.count(b"\n") == content.count(b"\r\n")
    assert (b"ANSI_936" in content) == (encoding == "gbk")
    content.decode(encoding)


def test_property_tables_are_gbk_in_the_other_plane_with_registered_widths():
    for stem in ("ZRZ", "C", "H", "GYBW", "YT"):
        assert (CLEAN / "property" / f"{stem}.cpg").read_bytes() == b"GBK"
        assert "CM_108" in (CLEAN / "property" / f"{stem}.prj").read_text("ascii")
    with fiona.open(CLEAN / "property" / "H.shp") as file:
        kinds = dict(file.schema["properties"])
    assert (kinds["BDCDYH"], kinds["FWBM"]) == ("str:28", "str:26")
    assert (kinds["SCJZMJ"], kinds["SCFTXS"]) == ("float:15.3", "float:15.6")


def test_the_delivered_plane_is_not_the_project_plane():
    with fiona.open(CLEAN / "property" / "ZRZ.shp") as file:
        delivered = shapely_shape(next(iter(file)).geometry)
    assert delivered.area > 944.00 + 0.3  # 145 km from the meridian an area grows by 1/2000


def test_every_code_list_that_a_standard_names_exists_and_holds_what_the_sample_says(sample):
    for name, standard in load_standards().surveys.items():
        for layer, spec in standard.layers.items():
            for field, how in spec.fields.items():
                if how.codes:
                    records = sample.surveys.get(name, {}).get(layer, ())
                    used = {_code(field, str(r.fields[field])) for r in records if r.fields.get(field)}
                    assert used <= standard.codes[how.codes].keys(), (name, layer, field)


def _code(field, value):
    """The drawing writes two rights in words; the mapping turns them into codes."""
    return {"国有建设用地使用权": "3", "出让": "102"}.get(value, value) if field.startswith("right_") else value


def test_code_lists_have_two_columns_and_no_code_twice():
    for path in (SAMPLES.parent / "schemas").glob("*/codes/*.csv"):
        rows = list(csv.reader(path.read_text("utf-8").splitlines()))
        assert rows[0] == ["code", "label"], path
        assert all(len(row) == 2 for row in rows), path
        assert len({row[0] for row in rows}) == len(rows), path


# ---------------------------------------------------------------- the pipeline against the witness


@pytest.fixture(scope="module")
def report():
    from pipeline.project import run_project

    return run_project(CLEAN)


def test_the_clean_sample_has_no_finding(report):
    assert [(f.rule, f.business_id, f.message) for f in report.findings] == []
    assert report.verdict == "passed"


def test_no_rule_of_the_clean_sample_is_left_open(report):
    assert [(r.rule, r.outcome, r.reason) for r in report.runs if r.outcome in ("undetermined", "crashed")] == []


def test_the_pipeline_finds_the_figures_of_the_witness(report):
    from pipeline.rounding import printed

    found = {
        f"{m.survey}.{m.name}" + (f"/{m.building}" if m.building else ""): printed(m.value, m.decimals)
        for result in report.surveys
        for m in result.measured
        if m.value is not None
    }
    expected = json.loads((CLEAN / "expected.json").read_text("utf-8"))["figures"]
    assert {name: found.get(name) for name in expected} == expected

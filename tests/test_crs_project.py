"""Coordinates of a whole project: what project.yaml states of CRS and heights, and what becomes of inputs that differ."""

from __future__ import annotations

import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
import yaml

from pipeline import crs, project
from pipeline.errors import InputError
from pipeline.projectfile import read_project
from pipeline.report.data import write_geopackage
from pipeline.scaffold import TEMPLATE

SAMPLE = Path(__file__).parent.parent / "samples" / "binjiang"
SITE = shapely.box(502_840, 3_272_900, 502_980, 3_273_060)


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(SAMPLE, tmp_path / "project"))


def stated(folder, change):
    path = folder / "project.yaml"
    data = yaml.safe_load(path.read_text("utf-8"))
    change(data)
    path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    return folder


class Seen(Exception):
    """The run has come as far as wanted."""


@pytest.fixture
def read(monkeypatch):
    """The first steps of a run: everything in the project CRS, and what was noticed on the way."""

    def stop(run):
        raise Seen(run)

    def first_steps(folder):
        monkeypatch.setattr(project, "take_measures", stop)
        with pytest.raises(Seen) as seen:
            project.run_project(folder)
        return seen.value.args[0]

    return first_steps


def notes(run, *kinds):
    return [note for note in run.notes if note.kind in kinds]


def fitted(definition):
    """Four parameters from EPSG:4545 to a CRS over the site of the sample, by least squares, as a firm works them out."""
    corners = gpd.GeoDataFrame(geometry=[shapely.Point(xy) for xy in SITE.exterior.coords[:4]])
    there = shapely.get_coordinates(corners.geometry.to_numpy())
    here = shapely.get_coordinates(crs.transform(corners, definition, "EPSG:4545").geometry.to_numpy())
    rows = [([1, 0, n, -e], [0, 1, e, n]) for e, n in here]  # X′ = dx + a·X − b·Y, Y′ = dy + a·Y + b·X
    wanted = [(n, e) for e, n in there]
    dx, dy, a, b = np.linalg.lstsq(np.concatenate(rows), np.concatenate(wanted), rcond=None)[0]
    return {"dx_north_m": float(dx), "dy_east_m": float(dy), "rotation_rad": float(np.arctan2(b, a)),
            "scale_ppm": float((np.hypot(a, b) - 1) * 1e6)}  # fmt: skip


def with_parameters(parameters, *, definition=True):
    def change(data):
        data["crs"]["from"] = {"definition": "EPSG:4545", "four_parameters": parameters, "source": "控制点"}
        if not definition:
            del data["crs"]["definition"]

    return change


# ---------------------------------------------------------------- the clean sample


def test_the_sample_says_how_each_input_lies_in_its_own_system(read, folder):
    site = read(folder).site
    own = {row["file"]: row["deformation_m_per_km"] for row in site["inputs"]}
    assert abs(site["deformation_m_per_km"]) < 0.025
    assert own["property/H.shp"] == pytest.approx(0.250, abs=0.001)
    assert own["planning/规划核实.dxf"] == pytest.approx(site["deformation_m_per_km"], abs=1e-5)


# ---------------------------------------------------------------- systems that differ


def test_a_survey_in_another_system_must_be_declared_and_is_not_judged_otherwise(read, folder):
    run = read(stated(folder, lambda data: data["surveys"]["property"].pop("crs")))
    refused = notes(run, "crs_refused")
    assert {note.file for note in refused} == set(run.project.surveys["property"].files)
    assert list(run.damaged) == ["property"]
    assert notes(run, "survey_empty") == []


def test_inputs_in_neighbouring_belts_without_numbers_are_found_and_stay_where_they_are(read, folder):
    def undeclared(data):
        data["crs"]["definition"] = "EPSG:4545"
        del data["surveys"]["property"]["crs"]

    run = read(stated(folder, undeclared))
    apart = notes(run, "inputs_apart")
    assert {note.survey for note in apart} == {"property"}
    assert all(note.slots["measured"] == pytest.approx(145, abs=1) for note in apart)


def test_a_project_system_off_its_meridian_is_warned_of_past_2_5_cm_per_km(read, folder):
    def moved(data):
        data["crs"]["definition"] = data["crs"]["definition"].replace("106.5", "107.5")
        data["surveys"] = {"property": data["surveys"]["property"]}

    run = read(stated(folder, moved))
    (note,) = notes(run, "scale_deformation")
    assert note.slots["measured"] == pytest.approx(0.1087, abs=0.001)
    assert note.slots["required"] == 0.025


def test_an_old_datum_takes_one_survey_out_and_the_others_go_on(read, folder):
    run = read(stated(folder, lambda data: data["surveys"]["property"].update(crs="EPSG:2433")))
    assert "转换参数未知" in notes(run, "crs_refused")[0].slots["detail"]
    assert list(run.damaged) == ["property"]


# ---------------------------------------------------------------- stated parameters


@pytest.mark.parametrize("definition", [True, False])
def test_a_project_under_four_parameters_is_judged_as_under_its_definition(folder, definition):
    parameters = fitted(read_project(folder).crs.definition)
    result = project.run_project(stated(folder, with_parameters(parameters, definition=definition)))
    write_geopackage(result, folder / "result.gpkg")
    assert [f.message for f in result.findings if f.severity != "info"] == []
    assert result.verdict == "passed"
    assert len(gpd.read_file(folder / "result.gpkg", layer="property_building")) == 3


def test_four_parameters_replace_the_projection_for_the_system_they_start_from(read, folder):
    parameters = fitted(read_project(folder).crs.definition)
    before = read(folder).frames["property"]["building"].total_bounds
    shifted = with_parameters({**parameters, "dy_east_m": parameters["dy_east_m"] + 5})
    after = read(stated(folder, shifted)).frames["property"]["building"].total_bounds
    assert after - before == pytest.approx([5, 0, 5, 0], abs=0.002)


def test_a_turn_of_the_wrong_sign_is_found(read, folder):
    parameters = fitted(read_project(folder).crs.definition)
    wrong = with_parameters({**parameters, "rotation_rad": -parameters["rotation_rad"]})
    run = read(stated(folder, wrong))
    assert {note.survey for note in notes(run, "inputs_apart", "outside_zone")} == {"property"}


@pytest.mark.parametrize(("change", "words"), [
    (lambda data: data["crs"].pop("definition"), ("crs", "four_parameters")),
    (lambda data: data["crs"].update({"from": {"definition": "EPSG:4545", "source": "x"}}), ("crs.from", "之一")),
    (lambda data: data["surveys"]["green"].update(crs="重庆独立坐标系"), ("surveys.green.crs", "重庆独立坐标系")),
    (lambda data: data.update(height_datum=""), ("height_datum", "不能为空")),
])  # fmt: skip
def test_what_is_stated_wrongly_stops_the_run_with_its_key(folder, change, words):
    with pytest.raises(InputError) as caught:
        read_project(stated(folder, change))
    assert all(word in str(caught.value) for word in words)


def test_the_commented_form_of_the_template_is_a_right_one(folder):
    text = TEMPLATE.read_text("utf-8")
    start = text.index("  # from:")
    lines = text[start : text.index("  # 两坐标系大地基准不同的")].splitlines()
    example = yaml.safe_load("\n".join(line.replace("# ", "", 1) for line in lines if "：X 北" not in line))
    relation = read_project(stated(folder, lambda data: data["crs"].update(example))).crs.relation
    assert relation is not None
    assert relation.four_parameters is not None


# ---------------------------------------------------------------- heights


def test_a_survey_in_another_height_datum_is_noted_and_one_under_another_name_is_not(read, folder):
    def heights(data):
        data["surveys"]["planning"]["height_datum"] = "1956年黄海高程系"
        data["surveys"]["civil_defence"]["height_datum"] = "85高程"

    (note,) = notes(read(stated(folder, heights)), "height_datum_differs")
    assert note.survey == "planning"
    assert (note.slots["own"], note.slots["declared"]) == ("1956年黄海高程系", "1985国家高程基准")

"""Drawings as files: SVG, PNG and DXF."""

from __future__ import annotations

import re
from functools import cache
from xml.etree import ElementTree as ET

import pytest
from factories_drawing import project_report
from fontTools.ttLib import TTFont

from pipeline import readers
from pipeline.measures import arcs
from pipeline.model import ProjectReport
from pipeline.report.drawings import draw, drawings_of, write_dxf
from pipeline.report.drawings.compose import Drawing
from pipeline.report.drawings.ink import Path, Text
from pipeline.report.fonts import SANS, font_files
from pipeline.report.raster import svg_to_png

KINDS = ("竣工总平面图", "建筑基底及退让间距图", "绿地竣工图", "人防平面图", "宗地图", "层平面图")


@cache
def result() -> ProjectReport:
    return project_report()


@cache
def drawings() -> tuple[Drawing, ...]:
    return drawings_of(result())


def drawing(title: str) -> Drawing:
    return next(d for d in drawings() if title in d.sheet.title)


def test_the_same_project_gives_the_same_drawings():
    assert [f.svg for f in draw(result())] == [f.svg for f in draw(project_report())]


@pytest.mark.parametrize("number", range(9))
def test_drawings_are_well_formed_svg_in_millimetres(number):
    figure = draw(result())[number]
    root = ET.fromstring(figure.svg)
    assert (root.get("width"), root.get("height")) == (f"{figure.width_mm:g}mm", f"{figure.height_mm:g}mm")


def test_no_letter_of_any_drawing_is_missing_in_the_font():
    letters = {char for d in drawings() for ink in d.ink if isinstance(ink, Text) for char in ink.text}
    assert letters - {chr(code) for code in TTFont(font_files()[SANS]).getBestCmap()} == set()


def test_arcs_stay_arcs():
    path = next(
        ink for ink in drawing("竣工总平面图").ink if isinstance(ink, Path) and ink.feature == "planning.footprint/3"
    )
    assert path.rings[0][0, 2] == pytest.approx(0.3)
    assert re.search(r'd="M[^"]*A[^"]* 0 0 [01] ', next(f for f in draw(result()) if "总平面" in f.caption).svg)


def test_words_of_the_data_cannot_become_markup():
    made = project_report()
    made.surveys[0].frames["footprint"].loc[0, "building"] = '<script>&"'
    svg = draw(made)[0].svg
    assert "<script>" not in svg
    assert "&lt;script&gt;&amp;" in svg


def test_areas_read_back_from_the_cad_file_are_the_same(tmp_path):
    files = write_dxf(result(), tmp_path)
    source = readers.read(next(f for f in files if f.name == "01-竣工总平面图.dxf"), name="图.dxf")
    rings = source.features[source.features.layer == "建筑基底"]
    found = sorted(arcs.area(row.curve or row.geometry) for row in rings.itertuples())
    frame = result().surveys[0].frames["footprint"]
    curve = frame.curve[2]
    wanted = sorted(
        [
            *(arcs.area(row.geometry) for row in frame.drop(2).itertuples()),
            *(abs(arcs.ring_area(ring)) for ring in curve.rings),
        ]
    )
    assert found == pytest.approx(wanted, abs=0.005)


def test_cad_files_are_the_same_bytes_every_time(tmp_path):
    first, second = ([path.read_bytes() for path in write_dxf(project_report(), tmp_path / name)] for name in "ab")
    assert first == second


def test_cad_files_open_without_faults_and_keep_the_feature(tmp_path):
    import ezdxf

    document = ezdxf.readfile(next(f for f in write_dxf(result(), tmp_path) if f.name == "03-绿地竣工图.dxf"))
    lines = document.modelspace().query('LWPOLYLINE[layer=="绿地"]')
    assert not document.audit().has_errors
    assert {e.get_xdata("DUOCE")[0].value for e in lines} == set(result().surveys[1].frames["patch"].feature)


def test_a_drawing_becomes_a_picture_of_the_asked_size():
    figure = draw(result())[4]
    png = svg_to_png(figure.svg, figure.width_mm, figure.height_mm, dpi=100)
    size = tuple(int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    wanted = (figure.width_mm / 25.4 * 100, figure.height_mm / 25.4 * 100)
    assert all(w <= s <= w + 3 for s, w in zip(size, wanted, strict=True))

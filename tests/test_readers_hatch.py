"""HATCH boundaries: polygons with holes, exact arcs, the hatch style."""

from __future__ import annotations

import math

import pytest
from factories_readers import read_one

from pipeline.measures import arcs


def test_a_hatch_with_a_hole_is_a_polygon_with_a_hole(tmp_path):
    def add(space):
        hatch = space.add_hatch()
        hatch.paths.add_polyline_path([(0, 0), (10, 0), (10, 10), (0, 10)], flags=1)
        hatch.paths.add_polyline_path([(4, 5, 1), (6, 5, 1)], flags=0)

    row, _ = read_one(tmp_path, add)
    assert len(row.geometry.interiors) == 1
    assert arcs.area(row.curve) == pytest.approx(100 - math.pi, abs=1e-9)


def test_a_hatch_of_edges_closes_over_lines_and_arcs_of_either_direction(tmp_path):
    def add(space):
        path = space.add_hatch().paths.add_edge_path()
        path.add_line((0, 0), (10, 0))
        path.add_arc((10, 5), 5, -90, 90, ccw=True)
        path.add_line((0, 10), (10, 10))
        path.add_line((0, 10), (0, 0))

    row, notes = read_one(tmp_path, add)
    assert arcs.area(row.curve) == pytest.approx(100 + math.pi * 25 / 2, abs=1e-6)
    assert not notes


def test_a_hatch_arc_that_turns_right_is_the_same_arc(tmp_path):
    def add(space):
        path = space.add_hatch().paths.add_edge_path()
        path.add_line((0, 10), (10, 10))
        path.add_arc((10, 5), 5, -90, 90, ccw=False)
        path.add_line((10, 0), (0, 0))
        path.add_line((0, 0), (0, 10))

    row, _ = read_one(tmp_path, add)
    assert arcs.area(row.curve) == pytest.approx(100 + math.pi * 25 / 2, abs=1e-6)


def test_a_hatch_of_two_areas_is_one_multipolygon_with_its_exact_area(tmp_path):
    def add(space):
        hatch = space.add_hatch()
        hatch.paths.add_polyline_path([(0, 0, 1), (2, 0, 1)])
        hatch.paths.add_polyline_path([(20, 0), (30, 0), (30, 10), (20, 10)])

    row, _ = read_one(tmp_path, add)
    assert row.geometry.geom_type == "MultiPolygon"
    assert row.geometry.area == pytest.approx(100 + math.pi, abs=1e-4)


@pytest.mark.parametrize(("style", "area"), [(0, 100 - 64 + 16), (1, 100 - 64), (2, 100)])
def test_islands_in_a_hatch_follow_its_style(tmp_path, style, area):
    def add(space):
        hatch = space.add_hatch(dxfattribs={"hatch_style": style})
        for inset in (0, 1, 3):
            hatch.paths.add_polyline_path(
                [(inset, inset), (10 - inset, inset), (10 - inset, 10 - inset), (inset, 10 - inset)]
            )

    row, _ = read_one(tmp_path, add)
    assert row.geometry.area == pytest.approx(area)

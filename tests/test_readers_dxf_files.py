"""Whole drawings: versions, encodings, and that nothing damaged or lying ever passes."""

from __future__ import annotations

import pytest
from factories_readers import SQUARE, drawing, minimal, read, saved, text_entity

VERSIONS = ["R12", "R2000", "R2004", "R2007", "R2010", "R2013", "R2018"]


def sample(version="R2004", count=12):
    document, space = drawing(version)
    for i in range(count):
        points = [(x + 20 * i, y) for x, y in SQUARE]
        if version == "R12":
            space.add_polyline2d(points, close=True)
        else:
            space.add_lwpolyline(points, close=True)
        space.add_text(f"宗地{i}").set_placement((20 * i + 5, 5))
    return document


def written(tmp_path, data, name="hand.dxf"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_gives_the_same_rings_and_texts(tmp_path, version, binary):
    document = sample(version)
    document.encoding = "gbk"
    source = read(saved(document, tmp_path / "v.dxf", binary=binary))
    assert source.features["geometry"].map(lambda g: g.area).sum() == 1200
    assert list(source.features["text"].dropna()) == [f"宗地{i}" for i in range(12)]
    assert not source.notes


@pytest.mark.parametrize("ending", [b"\r\n", b"\n", b"\r"])
def test_line_endings_do_not_matter(tmp_path, ending):
    source = read(written(tmp_path, minimal(text_entity(b"JZD"), ending=ending)))
    assert list(source.features["text"]) == ["JZD"]


def test_a_byte_order_mark_and_blank_lines_at_the_end_do_not_matter(tmp_path):
    source = read(written(tmp_path, b"\xef\xbb\xbf" + minimal(text_entity(b"JZD")) + b"\r\n\r\n\x1a"))
    assert list(source.features["text"]) == ["JZD"]
    assert not source.entry.fatal


# ---------------------------------------------------------------- files of others


def test_the_korean_map_has_its_known_parcels_and_area(shared):
    features = read(shared / "data/kr_cadastre/sample02_EPSG5174.dxf").features
    parcels = features[features["layer"] == "00_지적"]
    assert (len(parcels), int((~parcels.geometry.is_valid).sum())) == (2510, 2)
    assert parcels.geometry.area.sum() == pytest.approx(9_592_684.990, abs=0.01)
    assert int((features["entity"] == "TEXT").sum()) == 2383


def test_text_and_binary_files_of_one_drawing_have_the_same_geometry(shared):
    folder = shared / "data/dxf_versions"
    for version in ("AC1009", "AC1018"):
        one, two = (read(folder / f"sample_{version}_{how}.dxf").features for how in ("ascii", "binary"))
        assert list(one["entity"]) == list(two["entity"])
        assert one.geometry.geom_equals_exact(two.geometry, 1e-3).all()  # three exploded curves differ by 0.0005


def test_the_closed_polylines_of_one_drawing_are_the_same_in_all_versions(shared):
    found = []
    for name in ("AC1009_ascii", "AC1009_binary", "AC1018_ascii", "AC1018_binary", "AC1032_ascii"):
        features = read(shared / f"data/dxf_versions/sample_{name}.dxf").features
        rows = features[features["entity"].isin(["LWPOLYLINE", "POLYLINE"]) & features["closed"]].set_index("handle")
        found.append(rows.drop("321", errors="ignore").geometry.sort_index())  # a curve in the newer versions
    assert [len(rings) for rings in found] == [18] * 5
    assert all(rings.geom_equals_exact(found[0], 1e-9).all() for rings in found)

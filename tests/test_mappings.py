"""Every form in which a survey may be delivered: written, read and normalised, each field arrives as what it is."""

from __future__ import annotations

from collections import Counter

import geopandas as gpd
import pytest
from factories_mappings import (
    EAST,
    NORTH,
    PLANE,
    SUFFIX,
    aliases,
    chain,
    depth,
    drawing,
    expected,
    mappings,
    read,
    standards,
    tables,
    widest,
)
from shapely.geometry import Point

from pipeline import readers
from pipeline.mapping.normalise import normalise

ALL = [pytest.param(s, m, id=m.name) for drawn in (True, False) for s, m in mappings(drawn=drawn)]
TABLES = [pytest.param(s, m, id=m.name) for s, m in mappings(drawn=False)]
DRAWINGS = [
    pytest.param(s, m, variant, level, id=f"{m.name}-{variant}-{level}")
    for s, m in mappings(drawn=True)
    for level in range(depth(m))
    for variant in range(max(len(how.select.layer) for how in m.layers.values()) if level == 0 else 1)
]
FORMS = [
    pytest.param(s, m, form, variant, id=f"{m.name}-{form}-{variant}")
    for s, m in mappings(drawn=False)
    for form in m.format
    for variant in range(widest(m, narrow=form == "shapefile") if form == "shapefile" else 3)
]
DTYPES = {"integer": "Int64", "number": "float64", "text": "object", "date": "object"}


def wrong(standard, mapping, result):
    """Fields that did not arrive with their value and type."""
    found = []
    for layer, how in mapping.layers.items():
        frame = result.frames[layer]
        if len(frame) != 1:
            found.append((layer, len(frame)))
            continue
        for name, source in how.fields.items():
            got, spec = frame[name].iloc[0], standard.layers[layer].fields[name]
            wanted = expected(standard.survey, layer, name, frame, source)
            if got != wanted or frame[name].dtype != DTYPES[spec.type]:
                found.append((layer, name, got))
    return found


# ---------------------------------------------------------------- every mapping, in a file of its form


@pytest.mark.parametrize(("standard", "mapping", "variant", "level"), DRAWINGS)
def test_every_field_of_a_drawing_arrives_with_value_and_type(tmp_path, standard, mapping, variant, level):
    path = drawing(tmp_path / "图.dxf", standard.survey, mapping, variant=variant, level=level)
    result = read(path, standard.survey)
    assert set(result.mapping.values()) == {mapping.name}
    assert wrong(standard, mapping, result) == []
    assert result.notes == []


@pytest.mark.parametrize(("standard", "mapping", "form", "variant"), FORMS)
def test_every_field_of_a_table_arrives_under_each_of_its_names(tmp_path, standard, mapping, form, variant):
    paths = tables(tmp_path, standard.survey, mapping, form, variant=variant)
    sources = [readers.read(path, name=path.name, survey=standard.survey) for path in paths]
    result = normalise(standard, sources, target=PLANE)
    assert set(result.mapping.values()) == {mapping.name}
    assert wrong(standard, mapping, result) == []
    assert result.notes == []


# ---------------------------------------------------------------- the mappings as documents


@pytest.mark.parametrize(("standard", "mapping"), ALL)
def test_a_mapping_speaks_of_layers_and_fields_of_its_standard(standard, mapping):
    for layer, how in mapping.layers.items():
        assert set(how.fields) <= set(standard.layers[layer].fields), layer


@pytest.mark.parametrize(("standard", "mapping"), ALL)
def test_every_required_field_has_a_source(standard, mapping):
    for layer, how in mapping.layers.items():
        required = {name for name, spec in standard.layers[layer].fields.items() if spec.required is True}
        assert required - set(how.fields) == set(), layer


@pytest.mark.parametrize(("standard", "mapping"), TABLES)
def test_tables_carry_every_layer_and_field_of_the_standard(standard, mapping):
    assert set(mapping.layers) == set(standard.layers)
    for layer, how in mapping.layers.items():
        assert set(how.fields) == set(standard.layers[layer].fields), layer


@pytest.mark.parametrize(("standard", "mapping"), TABLES)
def test_a_table_field_is_known_by_code_and_by_label(standard, mapping):
    for layer, how in mapping.layers.items():
        for name, source in how.fields.items():
            spec = standard.layers[layer].fields[name]
            assert {spec.code or spec.label, spec.label, name} <= set(source.attribute), (layer, name)


@pytest.mark.parametrize(("standard", "mapping"), TABLES)
def test_names_cut_to_ten_bytes_are_known_unless_two_fields_share_them(standard, mapping):
    for layer, how in mapping.layers.items():
        whole = {a.lower() for source in how.fields.values() for a in source.attribute}
        cut = {
            name: {_cut(a) for a in s.attribute if "+" not in a and len(a.encode("gbk")) > 10}
            for name, s in how.fields.items()
        }
        shared = Counter(a.lower() for names in cut.values() for a in names)
        for name, source in how.fields.items():
            own = {
                a
                for a in cut[name]
                if shared[a.lower()] == 1 and a.lower() not in whole - set(map(str.lower, source.attribute))
            }
            assert own <= set(source.attribute), (layer, name)


def test_the_place_of_a_corner_is_known_by_the_two_names_that_gdal_makes_of_one_cut(tmp_path):
    rows = {"building": ["1"], "corner_no": ["J1"], "permitted_north_m": [2.0], "permitted_east_m": [1.0]}
    frame = gpd.GeoDataFrame(rows, geometry=[Point(EAST, NORTH)], crs=PLANE)
    frame.to_file(tmp_path / "corner.shp", engine="pyogrio")
    corner = read(tmp_path / "corner.shp", "planning").frames["corner"].iloc[0]
    assert (corner["permitted_north_m"], corner["permitted_east_m"]) == (2.0, 1.0)


def _cut(name):
    return name.encode("gbk")[:10].decode("gbk", errors="ignore")


@pytest.mark.parametrize(("standard", "mapping"), TABLES)
def test_every_field_has_a_name_of_its_own_that_a_dbf_can_hold(standard, mapping):
    for layer in mapping.layers:
        assert all(aliases(mapping, layer, narrow=True).values()), layer


@pytest.mark.parametrize("survey", standards())
def test_every_survey_is_accepted_as_drawing_and_as_each_kind_of_table(survey):
    formats = {form for mapping in standards()[survey].mappings for form in mapping.format}
    assert formats - {"exchange"} in (set(SUFFIX), set())


@pytest.mark.parametrize(("standard", "mapping"), ALL)
def test_no_field_asks_one_source_twice(standard, mapping):
    for how in mapping.layers.values():
        for source in how.fields.values():
            links = [link.model_dump_json(exclude={"otherwise"}) for link in chain(source)]
            assert len(links) == len(set(links))

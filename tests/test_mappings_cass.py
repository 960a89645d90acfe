"""CASS drawings, drawings by layer names and registration tables: what counts once, what counts not, which source wins."""

from __future__ import annotations

import ezdxf
import pytest
from factories_mappings import EAST, NORTH, attach, read, square, table

from pipeline.measures import columns

SQUARE = square(EAST, NORTH)


# ---------------------------------------------------------------- CASS


def cass(path, add, survey="cadastral", **kwargs):
    document = ezdxf.new("R2000", setup=False)
    add(document, document.modelspace())
    document.saveas(path / "cass.dxf")
    return read(path / "cass.dxf", survey, **kwargs)


def ring(document, space, layer, code, *more, points=SQUARE):
    made = space.add_lwpolyline(points, close=True, dxfattribs={"layer": layer})
    return attach(document, made, "SOUTH", [code, *more])


@pytest.mark.parametrize("order", [("TDZL", "DONGZHI", "BDCDYH"), ("BDCDYH", "DONGZHI", "TDZL"), ("DONGZHI", "TDZL")])
def test_xdata_is_found_by_app_and_not_by_position(tmp_path, order):
    said = {"TDZL": "雅苑路66号", "DONGZHI": "滨江二支路", "BDCDYH": "500105002006GB00117W00000000"}

    def add(document, space):
        parcel = ring(document, space, "JZD", "300000", "500105002006GB00117", "甲公司", "0701")
        for app in order:
            attach(document, parcel, app, [said[app]])

    row = cass(tmp_path, add).frames["parcel"].iloc[0]
    assert (row.located, row.east_side, row.right_holder) == ("雅苑路66号", "滨江二支路", "甲公司")
    assert row.unit_code == (said["BDCDYH"] if "BDCDYH" in order else None)


def test_the_feature_letters_come_from_the_parcel_code_when_no_app_says_them(tmp_path):
    found = cass(tmp_path, lambda d, m: ring(d, m, "JZD", "300000", "500105002006JC00021"))
    assert found.frames["parcel"]["parcel_feature"].iloc[0] == "JC"


@pytest.mark.parametrize("values", [[1], [1, "BDC"], ["BDC", 1]])
def test_the_number_of_a_boundary_point_is_found_beside_its_mark(tmp_path, values):
    def add(document, space):
        circle = space.add_circle((EAST, NORTH), 0.5, dxfattribs={"layer": "JZP"})
        attach(document, circle, "SOUTH", ["301000", "", *values])

    row = cass(tmp_path, add).frames["boundary_point"].iloc[0]
    assert (row.sequence, row.parcel_code) == (1, None)


def test_a_boundary_point_may_be_a_block_with_attributes(tmp_path):
    def add(document, space):
        document.blocks.new("JZD1")
        block = space.add_blockref("JZD1", (EAST, NORTH), dxfattribs={"layer": "JZP"})
        block.add_attrib("JZDH", "J5", (EAST, NORTH))
        attach(document, block, "SOUTH", ["302020", "500105002006GB00117", 5])

    row = cass(tmp_path, add).frames["boundary_point"].iloc[0]
    assert (row.point_no, row.sequence) == ("J5", 5)


@pytest.mark.parametrize(
    ("survey", "layer", "code"), [("cadastral", "building", "141121"), ("planning", "footprint", "141111")]
)
def test_a_decoration_is_neither_a_house_nor_unknown(tmp_path, survey, layer, code):
    def add(document, space):
        ring(document, space, "JMD", code, 2.0)
        ring(document, space, "JMD", f"{code}-1")
        ring(document, space, "JMD", f"{code}-12")

    found = cass(tmp_path, add, survey)
    assert len(found.frames[layer]) == 1
    assert found.frames[layer]["floors_above"].iloc[0] == 2
    assert [note.kind for note in found.notes if note.kind == "unmapped"] == []


def test_a_house_that_is_known_to_no_mapping_is_named(tmp_path):
    def add(document, space):
        ring(document, space, "JMD", "141121", 2.0)
        ring(document, space, "JMD", "141500")

    unmapped = [note for note in cass(tmp_path, add).notes if note.kind == "unmapped"]
    assert [(note.layer, note.slots["count"]) for note in unmapped] == [("JMD", 1)]


def green(tmp_path, add):
    return cass(tmp_path, add, "green").frames["patch"]


def test_outline_and_fill_of_one_green_area_count_once(tmp_path):
    def add(document, space):
        ring(document, space, "ASSIST", "214400")
        fill = space.add_hatch(dxfattribs={"layer": "ZBTZ"})
        fill.paths.add_polyline_path(SQUARE, is_closed=True)
        attach(document, fill, "SOUTH", ["214499"])

    patches = green(tmp_path, add)
    assert list(patches["source_layer"]) == ["ASSIST"]
    assert patches.geometry.area.sum() == pytest.approx(10_000)


def test_symbols_of_a_fill_are_not_green_areas(tmp_path):
    def add(document, space):
        document.blocks.new("GC114")
        ring(document, space, "ASSIST", "214400")
        for step in (10, 20):
            tree = space.add_blockref("GC114", (EAST + step, NORTH + 10), dxfattribs={"layer": "ZBTZ"})
            attach(document, tree, "SOUTH", ["214499"])

    found = cass(tmp_path, add, "green")
    assert len(found.frames["patch"]) == 1
    assert [note.kind for note in found.notes if note.kind == "unmapped"] == []


def test_a_fill_without_an_outline_is_a_green_area(tmp_path):
    assert list(green(tmp_path, lambda d, m: ring(d, m, "ZBTZ", "214499"))["source_layer"]) == ["ZBTZ"]


@pytest.mark.parametrize(("code", "points"), [("215499", SQUARE), ("214499", square(EAST + 200, NORTH))])
def test_a_fill_of_another_kind_or_place_counts_beside_an_outline(tmp_path, code, points):
    def add(document, space):
        ring(document, space, "ASSIST", "214400")
        ring(document, space, "ZBTZ", code, points=points)

    assert len(green(tmp_path, add)) == 2


# ---------------------------------------------------------------- which mapping, which source


@pytest.mark.parametrize(
    ("survey", "layer", "coded"),
    [
        ("planning", "建筑基底", "planning_cass_dxf"),
        ("green", "地面绿地_集中", "green_cass_dxf"),
        ("cadastral", "宗地", "cass_dxf"),
    ],
)
def test_a_coded_drawing_and_a_named_one_are_told_apart(tmp_path, survey, layer, coded):
    named = cass(tmp_path, lambda _, m: m.add_lwpolyline(SQUARE, close=True, dxfattribs={"layer": layer}), survey)
    found = cass(tmp_path, lambda d, m: ring(d, m, "JZD", "300000"), survey)
    assert set(named.mapping.values()) == {coded.replace("_cass", "").replace("cass", "cadastral")}
    assert set(found.mapping.values()) == {coded}


def test_a_named_drawing_over_a_coded_base_map_is_read_by_its_names(tmp_path):
    def add(document, space):
        space.add_lwpolyline(SQUARE, close=True, dxfattribs={"layer": "建筑基底"})
        for step in range(1, 9):
            ring(document, space, "JMD", "141121", 1.0, points=square(EAST + 300 * step, NORTH))

    found = cass(tmp_path, add, "planning")
    assert set(found.mapping.values()) == {"planning_dxf"}
    assert len(found.frames["footprint"]) == 1


def test_cadastral_layers_without_codes_are_read_by_name(tmp_path):
    def add(_, space):
        space.add_lwpolyline(SQUARE, close=True, dxfattribs={"layer": "JZD"})
        space.add_circle((EAST, NORTH), 0.5, dxfattribs={"layer": "JZP"})
        space.add_text("500105002006GB00117", dxfattribs={"layer": "ZJ", "insert": (EAST + 5, NORTH + 5)})

    found = cass(tmp_path, add)
    assert set(found.mapping.values()) == {"cadastral_dxf"}
    assert found.frames["parcel"]["parcel_code"].iloc[0] == "500105002006GB00117"
    assert len(found.frames["boundary_point"]) == 1


def test_text_inside_is_asked_only_where_the_feature_itself_says_nothing(tmp_path):
    def add(document, space):
        for place, app in ((0, "ZH"), (300, None)):
            made = space.add_lwpolyline(square(EAST + place, NORTH), close=True, dxfattribs={"layer": "建筑基底"})
            space.add_text("9幢", dxfattribs={"layer": "注记", "insert": (EAST + place + 5, NORTH + 5)})
            if app:
                attach(document, made, app, ["1幢"])

    assert list(cass(tmp_path, add, "planning").frames["footprint"]["building"]) == ["1幢", "9幢"]


def test_a_missing_last_resort_is_left_to_the_rule_of_required_fields(tmp_path):
    found = cass(
        tmp_path, lambda _, m: m.add_lwpolyline(SQUARE, close=True, dxfattribs={"layer": "建筑基底"}), "planning"
    )
    assert found.frames["footprint"]["building"].iloc[0] is None
    assert found.notes == []


def test_two_texts_of_last_resort_that_differ_are_still_ambiguous(tmp_path):
    def add(_, space):
        space.add_lwpolyline(SQUARE, close=True, dxfattribs={"layer": "建筑基底"})
        for step, text in ((5, "8幢"), (9, "9幢")):
            space.add_text(text, dxfattribs={"layer": "注记", "insert": (EAST + step, NORTH + step)})

    assert [note.kind for note in cass(tmp_path, add, "planning").notes] == ["label_ambiguous"]


# ---------------------------------------------------------------- registration tables as the database has them


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"ZRZH": "F0001", "CH": "3"}, "F0001_3"),
        ({"ZRZH": "F0001", "CH": "3", "层标识": "0001-03"}, "0001-03"),
        ({"ZRZH": "F0001", "CH": None}, None),
    ],
)
def test_a_floor_without_an_id_is_named_by_building_and_floor_number(tmp_path, given, expected):
    path = table(tmp_path / "C.shp", "C", given, dict.fromkeys(given, "str:30"))
    assert read(path, "property").frames["floor"]["floor_id"].iloc[0] == expected


def test_a_boundary_line_without_a_number_is_known_by_its_row_id(tmp_path):
    given = {"ID": 41, "ZDZHDM": "500105002006GB00117", "JZXCD": 84.0}
    path = table(
        tmp_path / "JZX.shp", "JZX", given, {"ID": "int:9", "ZDZHDM": "str:19", "JZXCD": "float:15.2"}, geometry="line"
    )
    row = read(path, "cadastral").frames["boundary_line"].iloc[0]
    assert (row.line_no, row.identifier, row.stated_length_m) == ("41", 41, 84.0)


def test_stated_coordinates_of_boundary_points_are_north_first(tmp_path):
    given = {"JZDH": "J1", "SXH": 1, "XZBZ": NORTH, "YZBZ": EAST + 0.5}
    types = {"JZDH": "str:10", "SXH": "int:9", "XZBZ": "float:15.3", "YZBZ": "float:15.3"}
    frame = read(table(tmp_path / "JZD.shp", "JZD", given, types, geometry="point"), "cadastral").frames[
        "boundary_point"
    ]
    assert (frame["stated_north_m"].iloc[0], frame["stated_east_m"].iloc[0]) == (NORTH, EAST + 0.5)
    assert columns.shift_from(frame, north="stated_north_m", east="stated_east_m")[0] == pytest.approx(0.5)

"""Shapefiles read by arrays: the same as GDAL reads, or handed over to it with the reason; never something between."""

from __future__ import annotations

import dataclasses
import struct
import tempfile
from pathlib import Path

import fiona
import numpy as np
import pandas as pd
import pytest
import shapely
from factories_readers import SQUARE
from factories_readers import shapefile as by_fiona
from factories_shapefile import LINE, POINT, POLYGON, WITH_Z, shape, table, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import frames
from pipeline.readers import encodings, shapefile
from pipeline.readers.shp_fast import ENGINE, HandOverError, numbers, texts
from pipeline.readers.shp_fast.texts import Texts

ROOT = Path(__file__).parent.parent
FOUND = sorted([*(ROOT / "samples").rglob("*.shp"), *(ROOT.parent / "shared" / "data").rglob("*.shp")])
CW = [(0, 0), (0, 10), (10, 10), (10, 0), (0, 0)]
GBK = encodings.Choice("gbk", "", pure=True)
ROW = {"名称": "江北区混2", "层数": 18, "面积": 100.125, "日期": "2026-08-20"}


def square(x, y, size):
    """A shell; the other way round it is a hole."""
    return [(x, y), (x, y + size), (x + size, y + size), (x + size, y), (x, y)]


def hole(x, y, size):
    return square(x, y, size)[::-1]


def both(path, **how):
    """The shapefile read the usual way and by GDAL alone; they agree in everything but the name of the engine."""
    found = shapefile.read(path, name=path.name, survey="s", **how)
    witness = shapefile.read(path, name=path.name, survey="s", engine="gdal", **how)
    assert dataclasses.replace(found.entry, engine=None) == dataclasses.replace(witness.entry, engine=None)
    assert shapely.to_wkb(found.features["geometry"].to_numpy()).tolist() == (
        shapely.to_wkb(witness.features["geometry"].to_numpy()).tolist()
    )
    plain = [pd.DataFrame(source.features.drop(columns="geometry")) for source in (found, witness)]
    pd.testing.assert_frame_equal(*plain)
    pd.testing.assert_frame_equal(found.attributes, witness.attributes)
    assert list(map(_words, found.notes)) == list(map(_words, witness.notes))
    return found


def _words(note):
    place = note.place and note.place.wkb
    return dataclasses.replace(note, place=None, slots={}), place, repr(dict(note.slots))


def fast(path, **how):
    found = both(path, **how)
    assert found.entry.engine == ENGINE
    return found


def refused(path, reason, **how):
    found = both(path, **how)
    assert "快速读取未采用" in found.entry.engine
    assert reason in found.entry.engine
    assert "GDAL" in found.entry.engine
    return found


# ---------------------------------------------------------------- files that are there


@pytest.mark.parametrize("path", FOUND, ids=lambda path: "/".join(path.parts[-3:]))
def test_every_shapefile_at_hand_reads_the_same(path):
    both(path)


def test_ordinary_samples_are_read_fast():
    property_files = sorted((ROOT / "samples" / "binjiang" / "property").glob("*.shp"))
    assert property_files
    assert {shapefile.read(path, name=path.name).entry.engine for path in property_files} == {ENGINE}


def test_fiona_reads_the_same_values(tmp_path):
    rows = [([(x + 20 * i, y) for x, y in SQUARE], {**ROW, "层数": i, "面积": i / 8}) for i in range(30)]
    path = by_fiona(tmp_path / "户.shp", rows)
    found = fast(path)
    with fiona.open(path, encoding="GBK") as file:
        records = list(file)
    assert [dict(record["properties"]) for record in records] == found.attributes.to_dict("records")
    assert [shapely.geometry.shape(record["geometry"]).wkb for record in records] == (
        [shape.wkb for shape in found.features["geometry"]]
    )


# ---------------------------------------------------------------- geometry


POLYGONS = {
    "single rings of both directions": [[CW], [CW[::-1]]],
    "a hole": [[CW, hole(2, 2, 2)]],
    "holes": [[CW, hole(2, 2, 2), hole(6, 6, 2)], [CW]],
    "parts": [[square(20, 0, 5), CW]],
    "parts and holes in any order": [[square(20, 0, 5), hole(2, 2, 2), CW, hole(21, 1, 1), hole(6, 6, 2)]],
    "an island in a hole": [[square(0, 0, 20), hole(2, 2, 15), square(5, 5, 6), hole(6, 6, 2)]],
    "parts that touch along a side are no valid shape": [[square(0, 0, 5), square(5, 0, 5)]],
    "a hole that touches at a corner": [[CW, hole(0, 0, 2)]],
    "parts that meet in a point": [[square(0, 0, 5), square(5, 5, 5)]],
}


@pytest.mark.parametrize("z", [False, True])
@pytest.mark.parametrize("rings", POLYGONS.values(), ids=POLYGONS)
def test_polygons_are_put_together_as_gdal_does(tmp_path, rings, z):
    kind = POLYGON + WITH_Z * z
    contents = [shape(kind, own, z=[1.5] * sum(map(len, own)) if z else None) for own in rings]
    both(written(tmp_path / "p.shp", kind, contents, numbered(len(rings))))


@pytest.mark.parametrize("rings", list(POLYGONS.values())[:6], ids=list(POLYGONS)[:6])
def test_clear_rings_are_taken(tmp_path, rings):
    contents = [shape(POLYGON, own) for own in rings]
    fast(written(tmp_path / "p.shp", POLYGON, contents, numbered(len(rings))))


UNCLEAR = {
    "first is a hole": [hole(2, 2, 2), CW],
    "a second shell inside the first": [CW, square(2, 2, 2)],
    "no shell at all": [CW[::-1], hole(2, 2, 2)],
    "a hole outside": [CW, hole(50, 50, 2)],
    "a hole that crosses": [CW, hole(8, 8, 5)],
    "crossing itself": [[(0, 0), (10, 10), (10, 0), (0, 10), (0, 0)], hole(20, 20, 1)],
    "open": [CW[:-1]],
    "too few points": [CW[:3]],
}


@pytest.mark.parametrize("rings", UNCLEAR.values(), ids=UNCLEAR)
def test_unclear_rings_are_left_to_gdal(tmp_path, rings):
    path = written(tmp_path / "p.shp", POLYGON, [shape(POLYGON, [CW]), shape(POLYGON, rings)], numbered(2))
    try:
        witness = shapefile.read(path, name="p", engine="gdal")
    except shapely.errors.GEOSException as err:
        with pytest.raises(type(err)):
            shapefile.read(path, name="p")
    else:
        assert witness.features is not None
        refused(path, "环" if len(rings) > 1 else "")


@pytest.mark.parametrize("z", [False, True])
def test_lines_of_one_and_of_several_parts(tmp_path, z):
    kind = LINE + WITH_Z * z
    lines = [[CW], [CW[:3], hole(2, 2, 2)], [CW[:2]]]
    contents = [shape(kind, own, z=range(sum(map(len, own))) if z else None) for own in lines]
    found = fast(written(tmp_path / "l.shp", kind, contents, numbered(3)))
    assert list(found.features["entity"]) == ["LineString", "MultiLineString", "LineString"]


@pytest.mark.parametrize(("m", "said"), [(None, False), ([7.0], True), ([0.0], True), ([-1e39], False)])
@pytest.mark.parametrize("kind", [POINT, LINE, POLYGON])
def test_measures_beside_heights_are_dropped_and_said(tmp_path, kind, m, said):
    rings = [CW[:1]] if kind == POINT else [CW]
    count = len(rings[0])
    content = shape(kind + WITH_Z, rings, z=[3.0] * count, m=m and m * count)
    found = fast(written(tmp_path / "z.shp", kind + WITH_Z, [content] * 3, numbered(3)))
    assert ("not_read" in {note.kind for note in found.notes}) is said
    assert found.features["geometry"][0].has_z


def test_measures_of_some_points_are_left_to_gdal(tmp_path):
    kind = POLYGON + WITH_Z
    contents = [shape(kind, [CW], z=[1] * 5, m=[m] * 5) for m in (7, -1e39)]
    refused(written(tmp_path / "z.shp", kind, contents, numbered(2)), "M 值")


@pytest.mark.parametrize("kind", [21, 23, 25])
def test_shapes_with_measures_alone_are_left_to_gdal(tmp_path, kind):
    rings = [CW[:1]] if kind == 21 else [CW]
    contents = [shape(kind, rings, z=[4.0] * len(rings[0]))]
    refused(written(tmp_path / "m.shp", kind, contents, numbered(1)), "几何类型")


def test_multipoints_are_left_to_gdal(tmp_path):
    points = np.array(CW, dtype="<f8")
    content = struct.pack("<i4di", 8, 0, 0, 10, 10, len(points)) + points.tobytes()
    found = refused(written(tmp_path / "m.shp", 8, [content], numbered(1)), "几何类型 MultiPoint")
    assert list(found.features["entity"]) == ["MultiPoint"]


def test_null_shapes_are_left_to_gdal(tmp_path):
    path = written(tmp_path / "n.shp", POLYGON, [shape(POLYGON, [CW]), b"\0\0\0\0"], numbered(2))
    refused(path, "几何类型与文件头不同")


def test_coordinates_that_are_no_numbers_are_left_to_gdal(tmp_path):
    path = written(tmp_path / "n.shp", POINT, [shape(POINT, [[(float("nan"), 1)]])], numbered(1))
    refused(path, "不是有限的数")


# ---------------------------------------------------------------- table


def numbered(count):
    return table([(b"NO", "N", 5, 0)], [[b"%5d" % number] for number in range(count)])


def one_column(tmp_path, kind, width, decimals, cells, **how):
    """A shapefile of points with one field."""
    rows = [[cell] for cell in cells]
    contents = [shape(POINT, [[(i, i)]]) for i in range(len(rows))]
    dbf = table([(b"A", kind, width, decimals)], rows)
    return written(tmp_path / "a.shp", POINT, contents, dbf, box=(0, 0, len(rows) - 1, len(rows) - 1), **how)


NUMBERS = {
    "to the right": ["1", "-2", "12", "0", "-0"],
    "to the left": ["1   ", "22  "],
    "empty": ["1", "", "3"],
    "all empty": ["", ""],
    "signs": ["+3", "-4"],
}


@pytest.mark.parametrize("kind", ["N", "F"])
@pytest.mark.parametrize("width", [4, 9, 10, 15, 16, 18, 19, 24])
@pytest.mark.parametrize("words", NUMBERS.values(), ids=NUMBERS)
def test_whole_numbers_have_the_type_that_gdal_gives_them(tmp_path, kind, width, words):
    cells = [(word.ljust(width) if " " in word else word.rjust(width)).encode() for word in words]
    fast(one_column(tmp_path, kind, width, 0, cells))


@pytest.mark.parametrize(
    "words",
    [["1.50", "-2.25", "0.00", "-0.00"], ["1.50", "", "2.00"], [".50", "-.75"], ["1.5", "2.25"], ["5.", "5"], ["12"]],
)
@pytest.mark.parametrize("width", [6, 15, 17, 19, 30])
def test_decimal_numbers_are_as_gdal_reads_them(tmp_path, width, words):
    fast(one_column(tmp_path, "N", width, 2, [word.rjust(width).encode() for word in words]))


def test_numbers_with_exponents_and_asterisks_for_none(tmp_path):
    fast(one_column(tmp_path, "F", 19, 11, [b" 1.53000000000e+002", b"-2.50000000000e-003", b" " * 19, b"*" * 19]))


@pytest.mark.parametrize("word", ["abc", "1,5", "1 2", "--1", "nan", "inf", "1_0", "12.5", "1e5", "1\0\0"])
def test_what_is_no_whole_number_is_left_to_gdal(tmp_path, word):
    refused(one_column(tmp_path, "N", 5, 0, [b"    1", word.rjust(5).encode()]), "不是数")


@given(st.lists(st.integers(-(10**14), 10**14), min_size=1, max_size=30), st.integers(0, 12))
def test_every_number_is_the_nearest_double(values, decimals):
    words = [f"{'-' if v < 0 else ''}{abs(v) // 10**decimals}.{abs(v) % 10**decimals:0{decimals}d}" for v in values]
    width = max(map(len, words)) + 1
    cells = np.array([word.rjust(width).encode() for word in words]).view(np.uint8).reshape(len(words), width)
    if decimals:
        assert numbers.columns([cells], decimals)[0].tolist() == [float(word) for word in words]


@given(st.lists(st.text("0123456789.-+eE ", max_size=12), min_size=1, max_size=5), st.integers(0, 4))
def test_odd_numbers_are_what_python_says_or_refused(words, decimals):
    cells = np.array([word.ljust(12).encode() for word in words]).view(np.uint8).reshape(len(words), 12)
    try:
        found = numbers.columns([cells], decimals)[0]
    except HandOverError:
        return
    for word, value in zip(words, found.tolist(), strict=True):
        assert value == float(word) if word.strip() else np.isnan(value)


TEXTS = {
    "plain": [b"ab", b"cdefgh"],
    "chinese": ["江北区".encode("gbk"), "混a1".encode("gbk")],
    "empty ones": [b"ab", b"", b"c"],
    "nothing": [b"", b""],
    "blanks in front and inside": [b"  ab", b"a b c", "江 北".encode("gbk")],
    "short codes": [b"1", b"22", b" 3", b"", b"1"],
    "zero bytes": [b"ab\0cd", b"\0\0\0\0\0\0", b"xy"],
    "tabs": [b"\tab", b"cd\t"],
    "a wide blank": ["\u3000江".encode("gbk"), "北\u3000".encode("gbk")],
}


@pytest.mark.parametrize("width", [2, 6, 12])
@pytest.mark.parametrize("words", TEXTS.values(), ids=TEXTS)
def test_texts_are_as_gdal_reads_them(tmp_path, words, width):
    cells = [word[:width].ljust(width) for word in words]
    both(one_column(tmp_path, "C", width, 0, cells))


@pytest.mark.parametrize("words", TEXTS.values(), ids=TEXTS)
def test_texts_are_read_fast(tmp_path, words):
    fast(one_column(tmp_path, "C", 12, 0, [word.ljust(12) for word in words]))


def test_dates_and_truths_are_as_gdal_reads_them(tmp_path):
    fast(one_column(tmp_path, "D", 8, 0, [b"20260912", b"        ", b"00000000", b"19000101"]))
    found = fast(one_column(tmp_path, "L", 1, 0, [b"T", b"f", b"Y", b"n"]))
    assert list(found.attributes["A"]) == ["是", "否", "是", "否"]


@pytest.mark.parametrize(
    ("kind", "width", "cell", "reason"),
    [("L", 1, b"?", "是非"), ("C", 6, b"a\nb   ", "换行"), ("B", 8, b"\0" * 8, "字段类型")],
)
def test_odd_values_and_fields_are_left_to_gdal(tmp_path, kind, width, cell, reason):
    refused(one_column(tmp_path, kind, width, 0, [cell, cell]), reason)


@pytest.mark.parametrize("day", [b"20261301", b"20260230", b"00000101", b"2026/9/1"])
def test_days_that_are_none_are_left_to_gdal(tmp_path, day):
    path = one_column(tmp_path, "D", 8, 0, [day])
    with pytest.raises(ValueError, match=r"year|month|day"):
        shapefile.read(path, name="a", engine="gdal")
    with pytest.raises(ValueError, match=r"year|month|day"):
        shapefile.read(path, name="a")


def changed(path, suffix, change):
    file = path.with_suffix(suffix)
    data = bytearray(file.read_bytes())
    change(data)
    file.write_bytes(bytes(data))
    return path


@pytest.mark.parametrize(
    ("suffix", "change", "reason"),
    [
        (".dbf", lambda data: data.__setitem__(65, ord("*")), "已删除"),
        (".dbf", lambda data: data.__setitem__(0, 0x83), "版本"),
        (".dbf", lambda data: data.__setitem__(64, 0), "文件头长度"),
        (".dbf", lambda data: data.__setitem__(32, ord(" ")), "字段名"),
    ],
)
def test_odd_tables_are_left_to_gdal(tmp_path, suffix, change, reason):
    path = one_column(tmp_path, "C", 6, 0, [b"abc   ", b"def   "])
    refused(changed(path, suffix, change), reason)


def test_without_an_index_gdal_reads(tmp_path):
    path = one_column(tmp_path, "C", 6, 0, [b"abc   "])
    path.with_suffix(".shx").unlink()
    refused(path, "没有 .shx")


@pytest.mark.parametrize("cpg", ["GBK", "UTF-8", "1252", "936", "", "BIG5", "shift_jis"])
@pytest.mark.parametrize("codec", ["gbk", "utf-8", "big5"])
@pytest.mark.parametrize("stated", [None, "GBK", "UTF-8", "utf-16"])
def test_the_encoding_is_decided_alike(tmp_path, cpg, codec, stated):
    cells = [word.encode(codec).ljust(24) for word in ("江北街道", "住宅", "abc", "")]
    both(one_column(tmp_path, "C", 24, 0, cells, cpg=cpg), encoding=stated)


def test_lines_of_several_encodings_are_left_to_gdal(tmp_path):
    cells = [word.ljust(24) for word in ("江北街道".encode("gbk"), "江北街道".encode())]
    refused(one_column(tmp_path, "C", 24, 0, cells), "编码")


# ---------------------------------------------------------------- what is known of texts


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "江北区",
                "鍦扮睄",
                "ÖÐ¹ú",
                "·×",
                "a b",
                "北\u3000",
                "\u3000",
                "abc",
                "\ufffd",
                "",
                "é",
                "x\xa0",
                "℃1",
                "\ue000",
            ]
        ),
        min_size=1,
        max_size=6,
    ),
    st.booleans(),
)
def test_what_is_said_of_texts_holds(words, pure):
    packed = [word.encode("gb18030") for word in words]
    given_texts = Texts(b"\n".join(w for w in packed if w), np.array([bool(w) for w in packed]), len(words))
    found = given_texts.decoded(encodings.Choice("gb18030", "", pure=pure))
    assert found.values.tolist() == [word or None for word in words]
    if found.tidy:
        assert all(word == word.strip() for word in words)
    if found.clear:
        # a pure choice has seen that no line is Chinese in UTF-8
        assert not any(encodings.garbled(word) for word in words if not (pure and word == "鍦扮睄"))


def test_the_bytes_of_a_text_in_gbk_are_its_bytes_in_gb18030():
    for high in range(0x81, 0xFF):
        for low in range(0x40, 0xFF):
            try:
                word = bytes([high, low]).decode("gbk")
            except UnicodeDecodeError:
                continue
            assert word.encode("gb18030") == bytes([high, low])


def test_simple_texts_are_parted_as_one_by_one():
    cells = np.array([b"ab    ", b"      ", b"cdefgh"]).view(np.uint8).reshape(3, -1)
    quick = texts.column(cells, printed=True)
    slow = texts.column(cells, printed=False)
    assert quick.whole
    assert not slow.whole
    assert quick.decoded(GBK).values.tolist() == slow.decoded(GBK).values.tolist() == ["ab", None, "cdefgh"]


def test_frames_are_the_same_however_they_are_made(monkeypatch):
    columns = {"文": np.array(["a", None], dtype=object), "数": np.array([1.0, np.nan]), "真": np.array([True, False])}
    quick = frames.features(columns, [shapely.Point(1, 2), None], count=2, crs=4544)
    monkeypatch.setattr(frames, "QUICK", False)
    slow = frames.features(columns, [shapely.Point(1, 2), None], count=2, crs=4544)
    pd.testing.assert_frame_equal(quick, slow)
    assert quick.crs == slow.crs == 4544
    assert quick.geometry.name == slow.geometry.name == "geometry"
    assert list(quick.dtypes.astype(str)) == ["object", "float64", "bool", "geometry"]


# ---------------------------------------------------------------- any file, and any damage

WORDS = st.text(st.sampled_from("江北混a1 ·é\u3000x"), max_size=6)
FIELDS = {
    "C": st.tuples(st.integers(2, 30), st.just(0)),
    "N": st.one_of(st.tuples(st.integers(2, 24), st.just(0)), st.tuples(st.integers(8, 24), st.integers(1, 5))),
    "F": st.tuples(st.integers(8, 24), st.integers(1, 5)),
    "D": st.just((8, 0)),
    "L": st.just((1, 0)),
}


@st.composite
def columns_of(draw, rows):
    """Some fields and the cells of `rows` rows."""
    fields, cells = [], [[] for _ in range(rows)]
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from("CCNNFDL"))
        width, decimals = draw(FIELDS[kind])
        fields.append((b"F%d" % number, kind, width, decimals))
        for row in cells:
            row.append(draw(cell(kind, width, decimals)))
    return fields, cells


def cell(kind, width, decimals):
    if kind == "C":
        return WORDS.map(lambda word: _cut(word, width).ljust(width))
    if kind == "D":
        return st.one_of(st.just(b" " * 8), st.dates().map(lambda day: day.strftime("%Y%m%d").rjust(8, "0").encode()))
    if kind == "L":
        return st.sampled_from([b"T", b"F", b"y", b"N"])
    digits = width - 2 - (decimals + 1 if decimals else 0)
    most = 10 ** max(min(digits, 14), 1) - 1
    numbers_ = st.integers(-most, most).map(
        lambda v: f"{v}.{abs(v) % 10**decimals:0{decimals}d}" if decimals else str(v)
    )
    return st.one_of(st.just(""), numbers_).map(lambda word: word[-width:].rjust(width).encode())


def _cut(word, width):
    data = word.encode("gbk")
    while len(data) > width:
        word = word[:-1]
        data = word.encode("gbk")
    return data


@st.composite
def records(draw, kind, rows):
    """The content of `rows` records."""
    x = st.integers(-50, 50).map(float)
    contents = []
    for number in range(rows):
        if kind % WITH_Z == POINT:
            parts = [[(draw(x), draw(x))]]
        elif kind % WITH_Z == LINE:
            parts = draw(st.lists(st.lists(st.tuples(x, x), min_size=2, max_size=4), min_size=1, max_size=3))
        else:
            size = draw(st.integers(8, 20))
            parts = [square(30 * number, 0, size)]
            parts += [hole(30 * number + 1 + 3 * i, 2, 2) for i in range(draw(st.integers(0, 2)))]
            parts += [square(30 * number, 40 + 20 * i, 5) for i in range(draw(st.integers(0, 2)))]
            parts = [parts[0], *draw(st.permutations(parts[1:]))]
        z = [float(i) for i in range(sum(map(len, parts)))] if kind > WITH_Z else None
        contents.append(shape(kind, parts, z=z))
    return contents


@st.composite
def shapefiles(draw):
    kind = draw(st.sampled_from([POINT, LINE, POLYGON, POINT + WITH_Z, LINE + WITH_Z, POLYGON + WITH_Z]))
    rows = draw(st.integers(1, 6))
    return kind, draw(records(kind, rows)), table(*draw(columns_of(rows)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(shapefiles(), st.sampled_from(["GBK", "", "UTF-8"]))
def test_any_shapefile_reads_the_same(made, cpg):
    with tempfile.TemporaryDirectory() as folder:
        both(written(Path(folder) / "a.shp", *made, cpg=cpg))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    shapefiles(),
    st.sampled_from([".shp", ".shx", ".dbf", ".cpg"]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=3),
)
def test_a_damaged_shapefile_reads_the_same_or_fails_the_same(made, suffix, changes):
    def damage(data):
        for share, value in changes:
            data[int(share * len(data))] = value

    with tempfile.TemporaryDirectory() as folder:
        path = changed(written(Path(folder) / "a.shp", *made), suffix, damage)
        try:
            shapefile.read(path, name=path.name, engine="gdal")
        except Exception as err:  # noqa: BLE001 — whatever the library breaks of, the usual way breaks of, too
            with pytest.raises(type(err)):
                shapefile.read(path, name=path.name)
        else:
            both(path)

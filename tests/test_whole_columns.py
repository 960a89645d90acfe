"""What is done to whole columns and layers at once comes to the same as one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import frames
from pipeline.checks import gaps
from pipeline.checks.rings import rings_of
from pipeline.readers import encodings
from pipeline.standard import FieldSpec

LETTERS = "地籍滨江雅苑鍦扮睄ÖÐ¹ú\ufffd\ue4b8abc 1\n"
SHAPES = (
    "POLYGON((0 0,9 0,9 9,0 9,0 0),(1 1,2 1,2 2,1 1),(4 4,5 4,5 5,4 4))",
    "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,9 5,9 9,5 5),(7 6,8 6,8 7,7 6)))",
    "POLYGON EMPTY",
    "LINESTRING(0 0,1 1)",
    "POINT(1 1)",
    "GEOMETRYCOLLECTION(POLYGON((0 0,1 0,1 1,0 0)),POINT(0 0))",
    "POLYGON Z((0 0 1,3 0 2,3 3 3,0 0 1))",
    None,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(LETTERS, max_size=8), max_size=8))
def test_garbled_texts_of_a_column_are_those_that_are_garbled_one_by_one(texts):
    assert encodings.all_garbled(texts) == {text for text in texts if encodings.garbled(text)}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([w.encode(c) for w in ("地籍图", "滨江雅苑", "鼎", "abc") for c in ("gbk", "utf-8")])))
def test_bytes_that_keep_the_declared_page_are_decided_as_line_by_line(lines):
    data, plainly = b"\n".join(lines), encodings._keeps_its_word
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encodings, "_keeps_its_word", lambda *_: False)
        by_lines = encodings.decide(data, declared="GBK", trusted=True)
    assert encodings.decide(data, declared="GBK", trusted=True) == by_lines
    assert not plainly(data, "gbk") or by_lines.encoding == "gbk"


@given(st.lists(st.sampled_from(SHAPES), max_size=8))
def test_rings_as_arrays_are_the_rings_one_by_one(texts):
    geoms = np.array([None if text is None else shapely.from_wkt(text) for text in texts], dtype=object)
    expected = []
    for row, geometry in enumerate(geoms):
        for part in shapely.get_parts(geometry) if geometry is not None else ():
            if part.geom_type == "Polygon" and not part.is_empty:
                expected += [(row, True, shapely.get_coordinates(part.exterior).tolist())]
                expected += [(row, False, shapely.get_coordinates(ring).tolist()) for ring in part.interiors]
    rings = rings_of(geoms)
    parts = [rings.xy[a : a + n].tolist() for a, n in zip(rings.first, rings.sizes, strict=True)]
    assert list(zip(rings.row.tolist(), rings.shell.tolist(), parts, strict=True)) == expected


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9)), max_size=12), st.floats(0, 1))
def test_pieces_are_kept_once_as_when_each_is_held_against_those_kept_before(corners, least_m2):
    pieces = np.array([shapely.box(x, y, x + 2, y + 2) for x, y in corners], dtype=object)
    kept: list[int] = []
    for i, piece in enumerate(pieces):
        if not any(shapely.area(shapely.intersection(pieces[k], piece)) > least_m2 for k in kept):
            kept.append(i)
    assert gaps.each_once(pieces, least_m2).tolist() == kept


@pytest.mark.parametrize("kind", ["number", "integer", "text", "date"])
@given(st.lists(st.one_of(st.none(), st.floats(allow_infinity=False), st.integers(-(10**9), 10**9), st.just(" 1.5 "))))
def test_a_column_of_numbers_is_typed_as_its_words_would_be(kind, values):
    spec = FieldSpec(label="某项", type=kind)
    typed, unread = frames.typed(values, spec)
    words, unread_words = frames.typed([frames.word(value) for value in values], spec)
    pd.testing.assert_series_equal(pd.Series(typed), pd.Series(words))
    assert unread == unread_words

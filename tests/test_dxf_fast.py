"""The fast DXF reader gives what the reference gives, or hands over and says why."""

from __future__ import annotations

from pathlib import Path

import pyogrio
import pytest
from factories_dxf_fast import as_bytes, both, entities_of, is_fast, outcome
from factories_readers import drawing

from benchmarks import drawing as survey
from pipeline import readers
from pipeline.readers import dxf, dxf_fast
from pipeline.readers.dxf_fast import bulk, slices, tables

SAMPLES = sorted((Path(__file__).parent.parent / "samples").glob("*/*/*.dxf"))
KINDS = {k.name for k in tables.Kind if k not in tables.PARTS and k != tables.Kind.OTHER} | {"ELLIPSE", "SPLINE"}


@pytest.fixture(scope="session")
def survey_drawing(tmp_path_factory):
    path = tmp_path_factory.mktemp("fast") / "测绘.dxf"
    survey.write(path, megabytes=0.4)
    return path


@pytest.fixture(scope="session")
def survey_sources(survey_drawing):
    return both(survey_drawing)


# ---------------------------------------------------------------- equal


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: f"{p.parts[-3]}/{p.name}")
@pytest.mark.parametrize("asked", [{}, {"hidden": True}, {"in_blocks": True}], ids=["plain", "hidden", "in_blocks"])
def test_samples_are_read_fast_and_alike(path, asked):
    fast, _ = both(path, **asked)
    assert is_fast(fast) or path.parts[-3] == "faults"  # damaged on purpose: handed over


@pytest.mark.slow
def test_public_drawings_are_read_alike(shared):
    engines = {}
    for path in sorted((shared / "data").glob("*/*.dxf")):
        fast, _ = both(path)
        engines[path.stem] = is_fast(fast)
    assert {name for name, quick in engines.items() if not quick} == {n for n in engines if n.endswith("_binary")}


def test_a_survey_drawing_of_all_twelve_kinds_is_read_alike(survey_sources):
    fast, _ = survey_sources
    assert is_fast(fast)
    assert set(fast.features["entity"]) == KINDS
    assert fast.features["curve"].notna().any()
    assert fast.attributes["名称"].notna().any()


def test_nearly_everything_of_a_survey_drawing_is_read_by_arrays(survey_drawing):
    divided = bulk.read(survey_drawing, inserts=True)
    assert len(divided.slow) < 0.01 * sum(len(chunk.order) for chunk in divided.chunks)


@pytest.mark.parametrize("asked", [{"hidden": True}, {"in_blocks": True}, {"encoding": "GBK"}, {"encoding": "utf-8"}])
def test_whatever_is_asked_of_a_survey_drawing_both_engines_answer_alike(survey_drawing, asked):
    fast, _ = both(survey_drawing, **asked)
    assert is_fast(fast)


@pytest.mark.parametrize("size", [1 << 12, 1 << 14, 1 << 17])
def test_where_slices_are_cut_does_not_matter(survey_drawing, survey_sources, monkeypatch, size):
    from factories_dxf_fast import assert_same

    monkeypatch.setattr(slices, "SLICE_BYTES", size)
    source = dxf.read(survey_drawing, name=survey_drawing.name, engine="fast")
    assert is_fast(source)
    assert_same(source, survey_sources[1])


def test_gdal_finds_the_same_handles_layers_and_extended_data(survey_drawing, survey_sources):
    options = {"DXF_INCLUDE_RAW_CODE_VALUES": "TRUE", "DXF_MERGE_BLOCK_GEOMETRIES": "FALSE"}
    pyogrio.set_gdal_config_options(options)
    try:
        witness = pyogrio.read_dataframe(survey_drawing, layer="entities")
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(options))
    own = survey_sources[0].features
    own = own[own["block"].isna()].set_index("handle")
    witness = witness[witness["EntityHandle"].isin(own.index)].drop_duplicates("EntityHandle").set_index("EntityHandle")
    assert set(witness.index) == set(own.index)
    mine = own.loc[witness.index]
    assert witness["Layer"].tolist() == mine["layer"].tolist()
    simple = ~mine["entity"].isin(
        ["POLYLINE", "HATCH"]
    )  # GDAL adds those of the vertices, and drops the 1001 of hatches
    for raw, data in zip(witness["RawCodeValues"][simple], mine["xdata"][simple], strict=True):
        assert extended(raw) == data


def extended(raw):
    """Extended data among GDAL's lines of code and value."""
    found, tags = {}, None
    for line in raw if raw is not None else ():
        code, _, value = line.partition(" ")
        if code == "1001":
            tags = found[value] = []
        elif tags is not None and int(code) >= 1000:
            tags.append((int(code), value))
    return {app: tuple(values) for app, values in found.items()} or None


# ---------------------------------------------------------------- chosen, handed over


def test_small_drawings_are_left_to_the_reference_and_large_ones_are_not(survey_drawing, monkeypatch):
    small = dxf.read(survey_drawing, name="x")
    monkeypatch.setattr(dxf_fast, "FAST_FROM_BYTES", 1000)
    large = readers.read(survey_drawing, name="x")
    assert (small.entry.engine, large.entry.engine) == (dxf.ENGINE, dxf_fast.ENGINE)


def plain():
    document, space = drawing("R2000")
    document.layers.add("JMD")
    space.add_line((0, 0), (1, 1), dxfattribs={"layer": "JMD"})
    space.add_lwpolyline([(0, 0), (4, 0), (4, 4)], close=True)
    space.add_text("x", dxfattribs={"insert": (3, 4)})
    return as_bytes(document)


def wounded(change):
    """The plain drawing with its entities changed."""
    whole = plain()
    begin, end = entities_of(whole)
    return whole[:begin] + change(whole[begin:end]) + whole[end:]


def without_first_handle(entities):
    begin = entities.index(b"  5\r\n")
    return entities[:begin] + entities[entities.index(b"\r\n", begin + 5) + 2 :]


IRREGULAR = {
    "二进制": lambda: b"AutoCAD Binary DXF\r\n\x1a\x00" + b"\0" * 40,
    "组码行不是数字": lambda: wounded(lambda e: e.replace(b" 10\r\n", b" ab\r\n", 1)),
    "换行符不统一": lambda: wounded(lambda e: e.replace(b"\r\n", b"\n", 1)),
    "单独的 CR": lambda: wounded(lambda e: e.replace(b"x\r\n", b"x\ry\r\n", 1)),
    "没有句柄": lambda: wounded(without_first_handle),
    "句柄重复": lambda: wounded(lambda e: e + e),
    "VERTEX、ATTRIB 与 SEQEND": lambda: wounded(lambda e: e + b"  0\r\nSEQEND\r\n  5\r\nFF1\r\n  8\r\n0\r\n"),
    "不属于任何实体": lambda: wounded(lambda e: b"  8\r\n0\r\n" + e),
    "没有 ENTITIES": lambda: plain().replace(b"ENTITIES", b"ENTITIEZ"),
    "没有找到 ENTITIES 区段的结束": lambda: plain()[: entities_of(plain())[1]],
    "空字符": lambda: wounded(lambda e: e.replace(b"x\r\n", b"\0\r\n", 1)),
    "行次不成对": lambda: plain().replace(b"$ACADVER\r\n", b"$ACADVER\r\n\r\n"),
    "计数不符": lambda: wounded(lambda e: e.replace(b" 90\r\n        3", b" 90\r\n        4").replace(b" 90\r\n3", b" 90\r\n4")),
    "版本写法": lambda: plain().replace(b"AC1015", b"XX1015"),
}  # fmt: skip


@pytest.mark.parametrize("why", IRREGULAR)
def test_an_irregular_drawing_is_handed_over_with_its_reason(tmp_path, why):
    path = tmp_path / "odd.dxf"
    path.write_bytes(IRREGULAR[why]())
    said = dxf_fast.read(path, reference(path), size=path.stat().st_size, engine="fast", stated=None, in_blocks=False)
    assert isinstance(said, str)
    assert why in said
    fast, _ = both(path)
    if not isinstance(fast, type) and not fast.entry.fatal:
        assert fast.entry.engine == f"{dxf.ENGINE}（快速读取未采用：{said}）"


def reference(path):
    """The reference, as `dxf.read` gives it to the fast way."""
    from functools import partial

    from pipeline import ledger

    entry = ledger.open_entry(path, name=path.name, survey=None, kind="dxf")
    return partial(dxf._read, entry, encoding=None, hidden=False, in_blocks=False, tell=lambda _: None)


def test_a_stated_encoding_that_is_not_read_line_by_line_is_handed_over(survey_drawing):
    fast, _ = both(survey_drawing, encoding="utf-16")
    assert "utf-16" in fast.entry.engine


ODD_ENTITIES = {
    "tilted": lambda space: space.add_circle((1, 2), 3, dxfattribs={"extrusion": (0, 1, 0)}),
    "mirrored": lambda space: space.add_lwpolyline([(0, 0), (4, 0, 0.5), (4, 4)], dxfattribs={"extrusion": (0, 0, -1)}),
    "array": lambda space: space.add_blockref("B", (1, 2)).grid((2, 3), (5, 5)),
    "mesh": lambda space: space.add_polymesh((3, 3)),
    "invisible": lambda space: space.add_line((0, 0), (1, 1), dxfattribs={"invisible": 1}),
    "no length": lambda space: space.add_line((1, 1), (1, 1)),
    "nearly closed": lambda space: space.add_lwpolyline([(0, 0), (90, 0), (90, 90), (0, 90), (0, 0.2)]),
    "not read": lambda space: space.add_solid([(0, 0), (1, 0), (1, 1)]),
}  # fmt: skip


@pytest.mark.parametrize("what", ODD_ENTITIES)
def test_a_single_odd_entity_goes_to_ezdxf_and_the_rest_stays_fast(tmp_path, what):
    document, space = drawing("R2010")
    document.blocks.new("B")
    space.add_text("前", dxfattribs={"insert": (0, 0)})
    ODD_ENTITIES[what](space)
    space.add_text("后", dxfattribs={"insert": (9, 9)})
    path = tmp_path / "odd.dxf"
    path.write_bytes(as_bytes(document))
    fast, _ = both(path)
    assert is_fast(fast)
    assert len(bulk.read(path, inserts=True).slow) == 1
    assert [t for t in fast.features["text"] if t] == ["前", "后"]


def test_an_entity_in_paper_space_is_no_row_in_either_way(tmp_path):
    path = tmp_path / "paper.dxf"
    path.write_bytes(wounded(lambda e: e.replace(b"AcDbEntity\r\n", b"AcDbEntity\r\n 67\r\n1\r\n", 1)))
    fast, _ = both(path)
    assert len(bulk.read(path, inserts=True).slow) == 1
    assert is_fast(fast)


def test_the_engine_forbidden_is_not_used(survey_drawing):
    assert outcome(survey_drawing, "ezdxf").entry.engine == dxf.ENGINE


def test_a_class_whose_name_holds_the_word_entities_does_not_hand_a_drawing_over(survey_drawing, tmp_path):
    named = b"  0\nCLASS\n  1\nDMSTYLIZEDENTITIESTABLE\n  2\nAcMapDMStylizedEntitiesTable\n  3\nAcMap\n 90\n0\n 91\n0\n280\n0\n281\n0\n"
    classes = b"  0\nSECTION\n  2\nCLASSES\n" + named * 60 + b"  0\nENDSEC\n"
    data = survey_drawing.read_bytes().replace(b"\r\n", b"\n")
    head, found, rest = data.partition(b"  0\nSECTION\n  2\nTABLES\n")
    assert found
    path = tmp_path / "地图.dxf"
    path.write_bytes(head + classes + found + rest)
    fast, _ = both(path)
    assert is_fast(fast)

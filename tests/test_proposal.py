"""A mapping proposed from a file is valid YAML that claims what it names; what it cannot name stands as comments."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from factories_readers import SQUARE, cut, drawing, saved, shapefile

from pipeline import crs, readers
from pipeline.inspection.proposal import propose
from pipeline.mapping.normalise import normalise
from pipeline.mapping.selection import selected
from pipeline.standard import Delivery, load_standards

SAMPLE = Path(__file__).parent.parent / "samples/binjiang"
COMMENTED = re.compile(r"^( +)# ", re.MULTILINE)


def mapping(text):
    (entry,) = yaml.safe_load(text)
    return Delivery.model_validate(entry)


def uncommented(text):
    """The proposal as a person makes it who takes every # away."""
    text = re.sub(r"^  # 图块.*\n", "", text, flags=re.MULTILINE).replace(
        "layers: {}  # 去掉下面的 # 时，把 {} 删去", "layers:"
    )
    return mapping(COMMENTED.sub(r"\1", text))


@pytest.fixture
def unknown(tmp_path):
    document, space = drawing("R2004")
    document.appids.add("甲方")
    space.add_lwpolyline(SQUARE, close=True, dxfattribs={"layer": "我的地块[1]"}).set_xdata(
        "甲方", [(1000, "北京路1号: #甲")]
    )
    space.add_mtext("混2", dxfattribs={"layer": "我的字", "insert": (5, 5)})
    space.add_circle((0, 0), 0.5, dxfattribs={"layer": "我的点"})
    space.add_line((0, 0), (50, 50), dxfattribs={"layer": "我的线"})
    document.blocks.new("房").add_lwpolyline(SQUARE, close=True)
    space.add_blockref("房", (100, 100), dxfattribs={"layer": "我的块"}).add_attrib("幢号", "3幢")
    return saved(document, tmp_path / "我的图.dxf")


@pytest.mark.parametrize("name", ["cadastral/地籍.dxf", "planning/规划核实.dxf", "property/H.shp"])
def test_the_proposal_for_a_known_drawing_reads_it_as_the_shipped_mapping_does(name):
    path, target = SAMPLE / name, crs.parse("EPSG:4545")
    standards = load_standards().surveys
    standard = next(s for s in standards.values() if s.survey == name.split("/")[0])
    source = readers.read(path, name=path.name)
    expected = normalise(standard, [source], target=target).frames
    own = standard.model_copy(update={"mappings": (mapping(propose(path)),)})
    found = normalise(own, [source], target=target).frames
    assert {k: len(v) for k, v in found.items()} == {k: len(v) for k, v in expected.items()}
    assert all(
        found[layer].drop(columns=["curve", "geometry"]).equals(expected[layer].drop(columns=["curve", "geometry"]))
        for layer in found
    )


def test_what_no_standard_knows_stands_as_comments_with_examples(unknown):
    text = propose(unknown)
    assert mapping(text).layers == {}
    assert "例：北京路1号: #甲" in text
    assert "例：混2" in text
    assert "例：3幢" in text
    assert "图块 房 内共有 LWPOLYLINE 1 个" in text


def test_without_its_comment_signs_it_is_a_mapping_of_every_feature(unknown):
    layers = uncommented(propose(unknown)).layers
    assert {key: how.geometry for key, how in layers.items()} == {
        "我的地块[1]": "polygon",
        "我的点": "point",
        "我的线": "line",
        "我的块": "point",
    }
    assert layers["我的地块[1]"].select.layer == ("我的地块[[]1]",)
    assert set(layers["我的地块[1]"].fields) == {"甲方", "文字_我的字"}


def test_circles_and_blocks_of_one_group_are_all_selected(tmp_path):
    document, space = drawing("R2004")
    document.blocks.new("GC200").add_circle((0, 0), 0.5)
    for x in range(3):
        space.add_circle((x * 10, 0), 0.5, dxfattribs={"layer": "JZP"})
    space.add_blockref("GC200", (50, 0), dxfattribs={"layer": "JZP"})
    path = saved(document, tmp_path / "界址点.dxf")
    (how,) = mapping(propose(path)).layers.values()
    assert how.select.block == ()
    assert selected(how.select, readers.read(path, name=path.name).features).sum() == 4


def test_columns_of_an_unknown_table_are_named_with_examples(tmp_path):
    text = propose(shapefile(tmp_path / "甲.shp", [(SQUARE, {"名称": "一号", "层数": 3})]))
    assert [set(how.fields) for how in uncommented(text).layers.values()] == [{"名称", "层数"}]


def test_a_damaged_file_gives_comments_only(unknown):
    assert yaml.safe_load(propose(cut(unknown))) is None

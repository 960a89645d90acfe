"""Which mapping reads a file: a stray feature takes nobody's attributes; a name that no mapping has is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import ezdxf
import pytest
from factories_mappings import EAST, NORTH, PLANE, attach, read, square, standards

from pipeline import readers
from pipeline.errors import InputError
from pipeline.mapping.normalise import normalise
from pipeline.project import run_project

SAMPLE = Path(__file__).parent.parent / "samples/binjiang"
CODE = "500105002006GB00117"


def cass(path, *strays):
    """A CASS parcel with its attributes, a house, and uncoded rings on layer JMD."""
    document = ezdxf.new("R2000", setup=False)
    space = document.modelspace()
    parcel = space.add_lwpolyline(square(EAST, NORTH), close=True, dxfattribs={"layer": "JZD"})
    attach(document, parcel, "SOUTH", ["300000", CODE, "甲公司", "0701"])
    for app, word in (("TDZL", "雅苑路66号"), ("DONGZHI", "路"), ("NANZHI", "路"), ("ZDMJ", "100.00")):
        attach(document, parcel, app, [word])
    house = space.add_lwpolyline(square(EAST + 1, NORTH + 1), close=True, dxfattribs={"layer": "JMD"})
    attach(document, house, "SOUTH", ["141101", 6])
    for x in strays:
        space.add_lwpolyline(square(EAST + x, NORTH), close=True, dxfattribs={"layer": "JMD"})
    document.saveas(path)
    return path


@pytest.mark.parametrize("strays", [(), (40,), (40, 60)])
def test_a_stray_ring_costs_a_cass_drawing_none_of_its_attributes(tmp_path, strays):
    result = read(cass(tmp_path / "c.dxf", *strays), "cadastral")
    assert (result.mapping, result.mapped) == ({"c.dxf": "cass_dxf"}, {"c.dxf": 2})
    assert result.frames["parcel"][["parcel_code", "located"]].values.tolist() == [[CODE, "雅苑路66号"]]
    assert [note.slots["count"] for note in result.notes if note.kind == "unmapped"] == [len(strays)] * bool(strays)


def test_a_drawing_whose_codes_are_lost_but_for_one_is_read_by_its_layers(tmp_path):
    result = read(cass(tmp_path / "c.dxf", *range(40, 400, 20)), "cadastral")
    assert (result.mapping, result.mapped) == ({"c.dxf": "cadastral_dxf"}, {"c.dxf": 20})


def exchange(path):
    """The parcel of the sample as an exchange text, in the way the format prescribes."""
    source = readers.read(SAMPLE / "cadastral/地籍.dxf", name="地籍.dxf", survey="cadastral")
    parcel = normalise(standards()["cadastral"], [source], target=PLANE).frames["parcel"].iloc[0]
    corners = parcel.geometry.exterior.coords
    names = [f"J{i}" for i in range(1, len(corners))] + ["J1"]
    rows = [f"{name},1,{y:.3f},{x:.3f}" for name, (x, y) in zip(names, corners, strict=True)]
    head = (
        f"{len(rows)},{parcel.stated_area_m2 / 10000:.6f},{parcel.parcel_code},滨江雅苑,面,H48,住宅,{parcel.land_use},@"
    )
    path.write_text("\n".join(["[属性描述]", "计量单位=米", "[地块坐标]", head, *rows, ""]), "utf-8")
    return parcel, len(names) - 1


def test_an_exchange_text_of_the_sample_gives_its_parcel_and_points(tmp_path):
    parcel, corners = exchange(tmp_path / "宗地.txt")
    result = read(tmp_path / "宗地.txt", "cadastral")
    (found,) = result.frames["parcel"].itertuples()
    assert found.geometry.equals_exact(parcel.geometry, 1e-3)
    names = ("parcel_code", "parcel_feature", "land_use", "stated_area_m2")
    assert [getattr(found, name) for name in names] == [parcel[name] for name in names]
    points = result.frames["boundary_point"]
    assert points["sequence"].tolist() == list(range(1, corners + 1))
    assert set(points["parcel_code"]) == {parcel.parcel_code}
    assert (points["point_no"].iloc[0], result.notes) == ("J1", [])


def test_an_exchange_text_gives_the_red_line(tmp_path):
    parcel, _ = exchange(tmp_path / "红线.txt")
    result = read(tmp_path / "红线.txt", "planning")
    assert result.frames["red_line"].geometry[0].equals_exact(parcel.geometry, 1e-3)
    assert result.notes == []


def test_an_area_written_in_tenths_of_a_square_metre_is_not_the_stated_area(tmp_path):
    exchange(tmp_path / "宗地.txt")
    text = (tmp_path / "宗地.txt").read_text("utf-8").replace("1.187200,", "1.1872,")
    (tmp_path / "宗地.txt").write_text(text, "utf-8")
    assert read(tmp_path / "宗地.txt", "cadastral").frames["parcel"]["stated_area_m2"].isna().all()


def test_a_text_of_points_makes_no_drawing_read_its_blocks():
    assert any(m.format == ("exchange",) for m in standards()["cadastral"].mappings)
    assert not standards()["cadastral"].reads_blocks


def test_a_mapping_that_nobody_has_is_refused_with_the_names_there_are(tmp_path):
    folder = shutil.copytree(SAMPLE, tmp_path / "p")
    text = (folder / "project.yaml").read_text("utf-8")
    (folder / "project.yaml").write_text(
        text.replace("surveys:\n  planning:\n", "surveys:\n  planning:\n    mapping: nix\n"), "utf-8"
    )
    with pytest.raises(
        InputError, match=r"surveys\.planning\.mapping：没有名为“nix”的映射；可用：planning_cass_dxf、planning_dxf"
    ):
        run_project(folder)

"""A building of two logical buildings: a floor has a record in each, and nothing is counted twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import geopandas as gpd
import pytest

from pipeline.project import run_project
from tests.factories_batch import SAMPLE

CODE, EAST, WEST = "500105002006GB00117F0003", "L2", "L1"
FIGURES = ("CGYJZMJ", "CYTMJ", "CBQMJ")


def table(folder: Path, name: str) -> gpd.GeoDataFrame:
    return gpd.read_file(folder / f"{name}.shp", encoding="GBK")


def write(folder: Path, name: str, frame: gpd.GeoDataFrame) -> None:
    frame.to_file(folder / f"{name}.shp", encoding="GBK")
    (folder / f"{name}.cpg").write_text("GBK")


def split(folder: Path) -> None:
    """Building 3 in two: the last unit of each floor is a logical building of its own, the rest another."""
    floors, units = table(folder, "C"), table(folder, "H")
    floors["LJZH"] = None
    added = []
    for at, floor in floors[floors["ZRZH"] == CODE].iterrows():
        unit = units.index[units["层标识"] == floor["层标识"]][-1]
        own = floor.copy()
        own["层标识"], own["LJZH"], own["geometry"] = f"{floor['层标识']}-2", EAST, units.geometry[unit]
        own["CTNJZMJ"] = own["CJZMJ"] = own["SPTYMJ"] = units.loc[unit, "SCTNJZMJ"]
        own[list(FIGURES)] = 0.0
        added.append(own)
        floors.loc[at, ["CJZMJ", "CTNJZMJ", "SPTYMJ"]] -= units.loc[unit, "SCTNJZMJ"]
        floors.loc[at, "LJZH"] = WEST
        floors.loc[at, "geometry"] = floor.geometry.difference(units.geometry[unit])
        units.loc[unit, "层标识"] = own["层标识"]
    units.loc[units["ZRZH"] == CODE, "LJZH"] = WEST
    units.loc[units["层标识"].isin([f["层标识"] for f in added]), "LJZH"] = EAST
    write(folder, "C", gpd.GeoDataFrame([*(row for _, row in floors.iterrows()), *added], crs=floors.crs))
    write(folder, "H", units)
    sides, moved = table(folder, "JCB"), units.set_index("BDCDYH")["层标识"]
    sides["层标识"] = sides["BDCDYH"].map(moved).fillna(sides["层标识"])
    write(folder, "JCB", sides)
    halls = table(folder, "GYBW")
    within = (halls["ZRZH"] == CODE) & (halls["分摊层级"] == "层内")
    halls.loc[within, "服务范围"] += ";" + halls.loc[within, "服务范围"] + "-2"
    write(folder, "GYBW", halls)


def logical(folder: Path) -> None:
    building = table(folder, "ZRZ").query("ZRZH == @CODE").geometry.iloc[0]
    rows = {"LJZH": [WEST, EAST], "ZRZH": [CODE] * 2, "YSDM": ["6001030120"] * 2}
    write(folder, "LJZ", gpd.GeoDataFrame(rows, geometry=[building] * 2, crs=table(folder, "ZRZ").crs))


@pytest.fixture(scope="module")
def parted(tmp_path_factory):
    folder = Path(shutil.copytree(SAMPLE, tmp_path_factory.mktemp("parted") / "project"))
    split(folder / "property")
    logical(folder / "property")
    text = (folder / "project.yaml").read_text("utf-8")
    (folder / "project.yaml").write_text(text.replace("property/C.shp", "property/C.shp, property/LJZ.shp"), "utf-8")
    return run_project(folder)


def test_a_building_rightly_divided_into_two_logical_buildings_passes(parted):
    assert [(f.rule, f.message) for f in parted.findings] == []
    assert parted.verdict == "passed"


def test_floors_of_two_logical_buildings_are_examined_each_and_counted_once(parted):
    runs = {run.rule: run for run in parted.runs}
    floors = next(s for s in parted.surveys if s.survey == "property").frames["floor"]
    assert runs["PRP-A22"].examined == len(floors) == 46 + 6
    assert sorted(floors["logical_code"].dropna().unique()) == [WEST, EAST]

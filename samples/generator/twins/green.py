"""A green survey in which some patches cannot be counted, beside a cadastral survey of boundary points alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from pyproj import CRS
from pyproj.enums import WktVersion

from generator.faults.features import features
from generator.faults.planting import Fault, Finds, Sample, Scene, change, hint
from generator.figures import Surveys
from generator.frame import PROJECT_CRS
from generator.green import STRUCTURE, green
from generator.shape import Record, point, rect
from generator.tables import write_table
from generator.twins.record_yaml import RECORD
from generator.twins.twin import Twin, task
from generator.write_cadastral_tables import write_cadastral_tables
from generator.write_green import write_green

PATCH = "green.patch"
KEPT = ("G01", "G02", "G22", "G23", "G32")
POINT = "cadastral.boundary_point"


def surveys() -> Surveys:
    """A few patches of the sample, and one point."""
    whole = green()
    kept = [r for r in whole["patch"] if r.fields["patch_no"] in KEPT]
    mark = {"parcel_code": "500105002006GB00117", "sequence": 1, "point_no": "J1", "marker": "1", "point_type": "1"}
    return {
        "green": {"site": whole["site"], "patch": kept},
        "cadastral": {"boundary_point": [Record(mark, point(0, 96), {"table": True})]},
    }


#: a total of which one part is unknown, and nobody gave a permit
OPEN = ("GRN-M", "GRN-S06", "GRN-S07", "CAD-M01")

FAULTS = [
    Fault(
        "GRN-A04",
        "地下设施顶面绿地 G22 没有填覆土厚度",
        (change(f"{PATCH} G22", soil_depth_m=None),),
        (Finds("GRN-A04", f"{PATCH} G22"),),
    ),
    Fault(
        "GRN-A05",
        "屋顶绿地 G32 没有填屋面高度",
        (change(f"{PATCH} G32", roof_height_m=None),),
        (Finds("GRN-A05", f"{PATCH} G32"),),
    ),
    Fault(
        "GRN-A07",
        "绿地 G02 所在图层写成“地面绿地带_单块”",
        (hint(f"{PATCH} G02", layer="地面绿地带_单块"),),
        (Finds("GRN-A07", f"{PATCH} G02", "地面绿地带", severity="warning"),),
    ),
    Fault(
        "GRN-S02",
        "另以表格提交的绿地 G50 覆土厚度为 −0.50 m，没有相应的系数",
        (),
        (
            Finds("GRN-S02", feature="green.patch/1", business="G50"),
            Finds("GRN-A12", feature="green.patch/1", business="G50", measured=-0.5, required=0),
        ),
    ),
    Fault(
        "PRJ-W01",
        "豁免记录中，一条没有对应的问题，一条过期，一条没有批准人，一条豁免不得豁免的规则，一条重复，一条在报告之后才批准",
        (),
        (
            Finds("PRJ-W01", None, "GRN-T01 G99", severity="warning", file="waivers.yaml"),
            Finds("PRJ-W02", f"{PATCH} G22", "GRN-A04 G22", severity="warning"),
            Finds("PRJ-W03", f"{PATCH} G32", "GRN-A05 G32"),
            Finds("PRJ-W04", None, "PRJ-I01 G01", file="waivers.yaml"),
            Finds("PRJ-W05", f"{PATCH} G02", "GRN-A07 G02", severity="warning"),
            Finds("PRJ-W06", None, "GRN-A12 G50", feature="green.patch/1", business="G50"),
        ),
    ),
    Fault(
        "PRJ-R01",
        "检查人员记了四条，其中一条的要素在成果中不存在",
        (),
        (
            Finds("PRJ-R01", f"{PATCH} G01"),
            Finds("PRJ-R02", f"{PATCH} G22", severity="warning"),
            Finds("PRJ-R03", f"{PATCH} G23", severity="info"),
            Finds("PRJ-R03", feature="G77", severity="info"),
            Finds("PRJ-R04", None, "G77", feature="G77", severity="warning"),
        ),
    ),
    Fault(
        "CAD-A04",
        "地籍只有一个界址点，宗地、界址线、幢占地都没有",
        (),
        (
            Finds("CAD-A01", None, 0, 1),
            Finds("CAD-A03", None, 0, 1),
            Finds("CAD-A04", None, 0, 1, severity="warning"),
            Finds("CAD-A24", f"{POINT} 00117/J1", "500105002006GB00117"),
        ),
    ),
]


def _table(path: Path) -> None:
    wkt = CRS.from_user_input(PROJECT_CRS).to_wkt(WktVersion.WKT1_ESRI)
    fields = {"patch_no": "G50", "category": STRUCTURE, "nature": "单块", "soil_depth_m": -0.5}
    columns = (
        ("BH", "str:20", "patch_no"),
        ("LB", "str:30", "category"),
        ("XZ", "str:10", "nature"),
        ("FTHD", "float:8.2", "soil_depth_m"),
    )
    write_table([Record(fields, rect(60, 20, 64, 24))], columns, path, wkt, encoding="UTF-8", on_site=True)


def twin() -> Twin:
    """The project with its faults planted."""
    sample: Sample = SimpleNamespace(surveys=surveys(), permit=[], project="")
    scene = Scene(sample)
    for fault in FAULTS:
        for planted in fault.changes:
            planted(scene)

    def write(folder: Path) -> None:
        given = {"green": "{files: [green/绿地核实.dxf, green/LD.shp]}", "cadastral": "{files: [cadastral/JZD.shp]}"}
        (folder / "project.yaml").write_text(task(given, kept=True), "utf-8")
        (folder / "waivers.yaml").write_text(RECORD, "utf-8")
        write_green({"rest_place": [], **sample.surveys["green"]}, folder / "green" / "绿地核实.dxf")
        _table(folder / "green" / "LD.shp")
        write_cadastral_tables(sample.surveys["cadastral"], folder / "cadastral")

    def naming(folder: Path) -> Callable[[Record], str]:
        ids = features(folder, {"green": sample.surveys["green"]})
        return lambda record: ids.get(id(record), f"{POINT}/1")

    return Twin("faults/green", write, FAULTS, scene, naming, OPEN)

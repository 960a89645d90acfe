"""An invented finished project in memory, for the tests of drawings, HTML and PDF. All numbers are made up."""

from __future__ import annotations

import math
from typing import Any

import geopandas as gpd
from factories_floors import cadastral, civil_defence, property_
from factories_site import GREEN_KINDS, SITE, buildings, frame, moved, project_file
from shapely.geometry import LineString, Point, box

from pipeline.model import Finding, Indicator, ProjectReport, RuleRun, SurveyResult
from pipeline.sources import LedgerEntry
from pipeline.standard import Standards, load_standards


def planning(standards: Standards) -> dict[str, gpd.GeoDataFrame]:
    site, made = moved(SITE), buildings()

    def make(layer: str, rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
        return frame(layer, "planning", rows, standards)

    corners = [
        (name, n, xy)
        for name, _, shape, curve in made
        if curve is None
        for n, xy in enumerate(shape.exterior.coords[:-1], 1)
    ]
    lines = [
        ("T1", "1号楼", "北", (32, 74), (32, 97.6), 20.0),
        ("T2", "2号楼", "北", (74, 74), (74, 99.0), 20.0),
        ("T3", "商业裙房", "东", (116, 66), (130, 66), 12.0),
        ("T4", "3号楼", "西", (20, 24), (2.4, 24), 15.0),
        ("J1", "1号楼", "2号楼", (46, 66), (60, 66), 13.0),
        ("J2", "1号楼", "3号楼", (32, 58), (32, 36), 22.0),
    ]
    return {
        "red_line": make("red_line", [{"geometry": site}]),
        "setback_boundary": make("setback_boundary", [{"geometry": site.buffer(-8, join_style="mitre")}]),
        "footprint": make(
            "footprint",
            [
                {
                    "building": name,
                    "floors_above": floors,
                    "floors_below": 2,
                    "building_key": name,
                    "geometry": shape,
                    "curve": curve,
                }
                for name, floors, shape, curve in made
            ],
        ),
        "basement": make("basement", [{"level": level, "geometry": moved(box(12, 8, 122, 88))} for level in (-1, -2)]),
        "corner": make(
            "corner",
            [{"building": name, "corner_no": f"{name[:1]}-{n}", "geometry": Point(xy)} for name, n, xy in corners],
        ),
        "height_point": make("height_point", []),
        "zone": make("zone", []),
        "setback": make(
            "setback",
            [
                {
                    "line_no": no,
                    "building": name,
                    "side": side,
                    "kind": "退让" if no[0] == "T" else "间距",
                    "permitted_m": permitted,
                    "length_m": math.dist(a, b),
                    "geometry": moved(LineString([a, b])),
                }
                for no, name, side, a, b, permitted in lines
            ],
        ),
        "parking": make(
            "parking",
            [
                {
                    "space_no": f"P{i:03d}",
                    "kind": "机动车",
                    "level": 1,
                    "geometry": moved(Point(66 + i * 2.5, 20 + 6 * (i % 2))),
                }
                for i in range(20)
            ],
        ),
    }


def green(standards: Standards, patches: int = 40) -> dict[str, gpd.GeoDataFrame]:
    def make(layer: str, rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
        return frame(layer, "green", rows, standards)

    side = math.ceil(patches / 2)
    shapes = [box(8 + i * 110 / side, 88, 8 + (i + 0.85) * 110 / side, 93) for i in range(side)]
    shapes += [
        box(8 + i * 110 / side, 40 + (i % 3) * 3, 8 + (i + 0.6) * 110 / side, 45 + (i % 3) * 4)
        for i in range(patches - side)
    ]
    rows = [
        {
            "patch_no": f"G{i:02d}",
            "category": GREEN_KINDS[i % 4],
            "nature": "单块",
            "soil_depth_m": 1.2,
            "counted_m2": shape.area,
            "geometry": moved(shape),
        }
        for i, shape in enumerate(shapes, 1)
    ]
    return {
        "site": make("site", [{"geometry": moved(SITE)}]),
        "patch": make("patch", rows),
        "rest_place": make(
            "rest_place", [{"place_no": "X1", "kind": "景观水体", "geometry": moved(box(66, 28, 80, 34))}]
        ),
    }


def survey_result(survey: str, frames: dict[str, gpd.GeoDataFrame], standards: Standards) -> SurveyResult:
    return SurveyResult(survey, standards.surveys[survey].label, frames, (), (), ())


def finding(
    survey: str, rule: str, severity: str, feature: str, place: Any, message: str, other: str | None = None
) -> Finding:
    return Finding(
        rule,
        severity,
        survey,
        f"{survey}/图.dxf",
        feature.partition(".")[2].partition("/")[0],
        feature,
        other,  # type: ignore[arg-type]
        None,
        None,
        1.0,
        0.0,
        "m²",
        0.01,
        place.wkt,
        message,
    )


def project_report(*, patches: int = 40) -> ProjectReport:
    """Five surveys, two findings, three indicators."""
    standards = load_standards()
    made = {
        "planning": planning(standards),
        "green": green(standards, patches),
        "civil_defence": civil_defence(standards),
        "cadastral": cadastral(standards),
        "property": property_(standards),
    }
    results = tuple(survey_result(survey, frames, standards) for survey, frames in made.items())
    findings = (
        finding(
            "green",
            "GRN-T01",
            "error",
            "green.patch/1",
            made["green"]["patch"].geometry[0].centroid,
            "与 G02 重叠 1.00 m²</script><b>&",
            "green.patch/2",
        ),
        finding(
            "cadastral",
            "CAD-G02",
            "warning",
            "cadastral.boundary_point/1",
            made["cadastral"]["boundary_point"].geometry[0],
            "界址点 J1 距宗地拐点 0.012 m",
        ),
    )
    indicators = tuple(
        Indicator(
            survey,
            None,
            name,
            label,
            permitted,
            measured,
            measured - permitted,
            0.1,
            None,
            unit,
            2,
            direction,
            outcome,  # type: ignore[arg-type]
            None,
            features,
            formula,
        )
        for survey, name, label, permitted, measured, unit, direction, outcome, features, formula in (
            (
                "planning",
                "land_area_m2",
                "用地面积",
                11900.0,
                SITE.area,
                "m²",
                "equal",
                "passed",
                ("planning.red_line/1",),
                "用地红线面积",
            ),
            (
                "planning",
                "plot_ratio",
                "容积率",
                2.5,
                2.48,
                "",
                "at_most",
                "passed",
                ("planning.footprint/1", "planning.footprint/2"),
                "计容建筑面积 ÷ 用地面积",
            ),
            (
                "green",
                "green_ratio_pct",
                "绿地率",
                30.0,
                28.5,
                "%",
                "at_least",
                "failed",
                ("green.patch/1", "green.patch/2"),
                "Σ计入绿地面积 ÷ 用地面积 × 100",
            ),
        )
    )
    runs = tuple(RuleRun(f.rule, f.survey, "failed", 40, (f,)) for f in findings)
    ledger = (
        LedgerEntry("planning/规划核实.dxf", "planning", "0" * 64, 1000, "dxf", "AC1024", "utf-8", "严格 UTF-8 可解码"),
    )
    return ProjectReport(
        project_file(),
        standards,
        results,
        (),
        ledger,
        runs,
        findings,
        indicators,
        "failed",
        {"error": 1, "warning": 1, "info": 0},
        {"duoce": "0.1.0"},
    )

"""A small merged result, invented: what a run hands to the report, without running anything."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString, Point, Polygon, box

from pipeline.model import BuildingFact, Finding, Indicator, Measured, ProjectReport, RuleRun, SurveyResult
from pipeline.standard import Standards, load_standards
from tests.factories_project import PROJECT, ledger, project, site

PARCEL = "500105001001GB00001"


def frame(survey: str, layer: str, rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    """A canonical frame: provenance is filled in, geometry defaults to nothing."""
    records = [
        {
            "feature": f"{survey}.{layer}/{n:X}",
            "file": f"{survey}.dxf",
            "source_layer": layer,
            "handle": f"{n:X}",
            "curve": None,
            "geometry": None,
            **row,
        }
        for n, row in enumerate(rows, start=1)
    ]
    columns = {name: [row[name] for row in records] for name in records[0]} if records else {}
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=columns.get("geometry", []))


def parcel_frames() -> dict[str, gpd.GeoDataFrame]:
    corners = [(500000, 3273120), (500120, 3273120), (500120, 3273020), (500000, 3273020)]
    hole = [(500040, 3273080), (500070, 3273080), (500070, 3273060), (500040, 3273060)]
    points = [
        {
            "parcel_code": PARCEL,
            "sequence": n,
            "point_no": f"J{n}",
            "marker": "1",
            "point_type": "1",
            "north_m": float(y),
            "east_m": float(x),
            "geometry": Point(x, y),
        }
        for n, (x, y) in enumerate([*corners, *hole], start=1)
    ]
    lines = [
        {
            "parcel_code": PARCEL,
            "line_no": f"J{n}-J{n % 4 + 1}",
            "stated_length_m": 120.0,
            "length_m": 120.0,
            "line_class": "1",
            "line_position": "1",
            "line_nature": "600001",
            "geometry": LineString([corners[n - 1], corners[n % 4]]),
        }
        for n in range(1, 5)
    ]
    parcel = {
        "parcel_code": PARCEL,
        "unit_code": f"{PARCEL}W00000000",
        "right_holder": "重庆滨江置业有限公司",
        "land_use": "0701",
        "located": "重庆市江北区滨江路 17 号",
        "right_type": "3",
        "right_nature": "102",
        "east_side": "滨江路",
        "south_side": "江北嘴绿地",
        "west_side": "规划支路",
        "north_side": "国有土地",
        "stated_area_m2": 11400.0,
        "map_sheet": None,
        "area_m2": 11400.004,
        "perimeter_m": 540.0,
        "geometry": Polygon(corners, [hole]),
    }
    buildings = [
        {
            "building": f"{n}号楼",
            "building_key": str(n),
            "structure": "3",
            "floors_above": 18,
            "area_m2": 520.125 + n,
            "geometry": box(500000 + 30 * n, 3273030, 500020 + 30 * n, 3273056),
        }
        for n in (1, 2)
    ]
    return {
        "parcel": frame("cadastral", "parcel", [parcel]),
        "boundary_point": frame("cadastral", "boundary_point", points),
        "boundary_line": frame("cadastral", "boundary_line", lines),
        "building": frame("cadastral", "building", buildings),
    }


def unit_frames(units: int) -> dict[str, gpd.GeoDataFrame]:
    """Property frames with `units` units in two buildings."""
    codes = {n: f"{PARCEL}F000{n}" for n in (1, 2)}
    buildings = [
        {
            "building_code": code,
            "parcel_code": PARCEL,
            "building": f"{n}幢",
            "building_key": str(n),
            "structure": "3",
            "floors_above": 18,
            "floors_below": 2,
            "unit_total": units // 2,
            "occupied_area_m2": 520.13 + n,
            "building_area_m2": 9301.5 * n,
            "geometry": box(0, 0, 1, 1),
        }
        for n, code in codes.items()
    ]
    rows = [
        {
            "unit_code": f"{codes[n % 2 + 1]}{n:04d}",
            "building_code": codes[n % 2 + 1],
            "floor_id": f"F{n // 8}",
            "floor_no": str(n // 8 + 1),
            "room": f"{n // 8 + 1}-{n % 8 + 1}",
            "unit_use": "10",
            "function_zone": "住宅",
            "inner_area_m2": 78.125 + n % 7,
            "balcony_area_m2": 4.5,
            "shared_area_m2": 18.335,
            "building_area_m2": 96.46 + n % 7,
            "share_factor": 0.234567,
            "geometry": box(0, 0, 1, 1),
        }
        for n in range(units)
    ]
    return {"building": frame("property", "building", buildings), "unit": frame("property", "unit", rows)}


def planning_frames() -> dict[str, gpd.GeoDataFrame]:
    heights = [
        {
            "building": f"{b}号楼",
            "building_key": str(b),
            "point_no": f"H{b}{n}",
            "kind": kind,
            "level_m": 216.0 + 3 * n,
            "permitted_level_m": 216.0 + 3 * n - 0.015,
            "difference_m": 0.015,
            "geometry": Point(0, 0),
        }
        for b in (1, 2)
        for n, kind in enumerate(("±0.000", "檐口", "女儿墙顶", "最高点"))
    ]
    parking = [
        {
            "space_no": str(n),
            "kind": "机动车" if n % 5 else "非机动车",
            "level": -1 - n % 2,
            "factor": 1.0,
            "civil_defence": "否",
            "geometry": Point(n, 0),
        }
        for n in range(60)
    ]
    foot = [
        {
            "building": f"{n}号楼",
            "building_key": str(n),
            "floors_above": 18,
            "floors_below": 2,
            "area_m2": 520.12 + n,
            "geometry": box(0, 0, 1, 1),
        }
        for n in (1, 2)
    ]
    return {
        "height_point": frame("planning", "height_point", heights),
        "parking": frame("planning", "parking", parking),
        "footprint": frame("planning", "footprint", foot),
    }


def green_frames() -> dict[str, gpd.GeoDataFrame]:
    rows = [
        {
            "patch_no": f"L{n}",
            "category": "地面绿地" if n < 8 else "屋顶绿地",
            "nature": "单块" if n % 3 else "集中",
            "soil_depth_m": None if n < 8 else 0.6,
            "roof_height_m": None if n < 8 else 12.0,
            "area_m2": 100.004 + n,
            "soil_factor": 1.0 if n < 8 else 0.5,
            "roof_factor": 1.0,
            "other_factor": 1.0,
            "counted_m2": (100.004 + n) * (1.0 if n < 8 else 0.5),
            "geometry": box(n, 0, n + 1, 1),
        }
        for n in range(1, 13)
    ]
    return {"patch": frame("green", "patch", rows)}


def indicator(
    survey: str, name: str, label: str, permitted: float | None, measured: float | None, **more: Any
) -> Indicator:
    difference = None if permitted is None or measured is None else measured - permitted
    given = {
        "building": None,
        "limit": None,
        "allowance": None,
        "unit": "m²",
        "decimals": 2,
        "direction": "at_most",
        "outcome": "passed",
        "reason": None,
        "features": (f"{survey}.zone/1",),
        "formula": "Σ 面积",
        **more,
    }
    return Indicator(
        survey=survey, name=name, label=label, permitted=permitted, measured=measured, difference=difference, **given
    )


def measured(survey: str, name: str, label: str, value: float | None, **more: Any) -> Measured:
    given = {"unit": "m²", "decimals": 2, "building": None, "formula": "Σ 面积", "features": (f"{survey}.x/1",), **more}
    return Measured(survey=survey, name=name, label=label, value=value, **given)


def planning_indicators() -> tuple[Indicator, ...]:
    whole = [
        indicator("planning", "land_area_m2", "用地面积", 11400.0, 11400.004, limit=27.07, direction="equal"),
        indicator("planning", "total_area_m2", "总建筑面积", 37500.0, 37521.385, limit=82.75),
        indicator("planning", "plot_ratio", "容积率", 2.5, 2.493, unit="", limit=0.0),
        indicator(
            "planning",
            "far_area_m2",
            "计容建筑面积",
            28400.0,
            28520.5,
            limit=63.54,
            outcome="undetermined",
            reason="超出测量限差 63.54 m²，未给出行政允许偏差，需由主管部门决定",
        ),
        indicator("planning", "building_density_pct", "建筑密度", 28.0, 27.125, unit="%"),
    ]
    each = [
        indicator("planning", "building_height_m", "建筑高度", 58.0, 57.985, unit="m", building=b, limit=0.1)
        for b in ("1", "2")
    ]
    return (*whole, *each)


def finding(rule: str, survey: str, **more: Any) -> Finding:
    given: dict[str, Any] = {
        "severity": "error",
        "file": f"{survey}.dxf",
        "layer": "parcel",
        "feature": f"{survey}.parcel/1A2",
        "other_feature": None,
        "business_id": PARCEL,
        "field": None,
        "measured": 2.345,
        "required": 0.0,
        "unit": "m²",
        "tolerance": 0.01,
        "place": "POINT (500000 3273120)",
        "message": "与相邻宗地重叠 2.35 m²",
        "waiver": None,
        **more,
    }
    return Finding(rule=rule, survey=survey, **given)


#: a rule across surveys that fails in the invented result
CROSS = "PRP-X01"
CROSS_MESSAGE = "规划与房产建筑面积相差 812.40 m²：层高不足 2.20 m 部分 610.00 m²，饰面 202.40 m²"


def runs(standards: Standards, surveys: tuple[str, ...]) -> tuple[RuleRun, ...]:
    """One run per rule of the standards; all five outcomes occur in every survey."""
    outcomes = ("passed", "failed", "not_applicable", "undetermined", "crashed")
    reasons = {"not_applicable": "无此类要素", "undetermined": "缺少参数，需要给出", "crashed": "程序在检查中出错"}
    found = []
    for survey in ("project", *surveys):
        for n, rule in enumerate(rule.id for rule in standards.surveys[survey].rules):
            outcome = outcomes[n % 5] if n < 5 else "passed"
            findings = (finding(rule, survey),) if outcome == "failed" else ()
            examined = 0 if outcome == "not_applicable" else 12
            if rule == CROSS:
                outcome, examined = "failed", 2
                findings = (
                    finding(
                        rule,
                        survey,
                        severity="warning",
                        message=CROSS_MESSAGE,
                        business_id="1幢",
                        measured=812.4,
                        required=None,
                    ),
                )
            found.append(RuleRun(rule, survey, outcome, examined, findings, reasons.get(outcome)))  # type: ignore[arg-type]
    return tuple(found)


def report_of(*names: str, units: int = 30, **changes: Any) -> ProjectReport:
    """The merged result of the named surveys (default planning, green, cadastral, property)."""
    names = names or ("planning", "green", "cadastral", "property")
    standards = load_standards(overrides=PROJECT["overrides"])
    frames = {
        "planning": planning_frames(),
        "green": green_frames(),
        "cadastral": parcel_frames(),
        "property": unit_frames(units),
        "civil_defence": {},
    }
    indicators = {
        "planning": planning_indicators(),
        "green": (indicator("green", "green_ratio_pct", "绿地率", 30.0, 31.256, unit="%", direction="at_least"),),
    }
    measures = {
        "planning": (
            measured("planning", "footprint_area_m2", "建筑基底面积", 1043.24),
            *(
                measured("planning", "total_area_m2", "总建筑面积", v, building=b)
                for b, v in ((None, 37521.385), ("1", 18760.69), ("2", 18760.695))
            ),
        ),
        "cadastral": (measured("cadastral", "footprint_area_m2", "建筑基底面积", 1043.25),),
        "green": (),
        "property": (),
        "civil_defence": (),
    }
    all_runs = runs(standards, names)
    surveys = tuple(
        SurveyResult(
            n,
            standards.surveys[n].label,
            frames[n],
            measures[n],
            indicators.get(n, ()),
            tuple(r for r in all_runs if r.survey == n),
        )
        for n in names
    )
    findings = tuple(f for run in all_runs for f in run.findings)
    facts = tuple(
        BuildingFact(b, s, "area_m2", "基底/占地面积", 520.12 + int(b) + shift, "m²", 2, f"{s}.building/{b}")
        for b in ("1", "2")
        for s, shift in (("planning", 0.0), ("cadastral", 0.005), ("property", 0.01))
        if s in names
    )
    counts = {level: sum(f.severity == level for f in findings) for level in ("error", "warning", "info")}
    given = {k: v for k, v in PROJECT["surveys"].items() if k in names} or PROJECT["surveys"]
    result = {
        "project": project(surveys=given),
        "standards": standards,
        "surveys": surveys,
        "buildings": facts,
        "ledger": tuple(e for e in ledger() if e.survey in names),
        "runs": all_runs,
        "findings": findings,
        "indicators": tuple(i for s in surveys for i in s.indicators),
        "verdict": "failed",
        "counts": counts,
        "versions": {"duoce": "0.1.0", "ezdxf": "1.4.5"},
        "site": site(),
        **changes,
    }
    return ProjectReport(**result)

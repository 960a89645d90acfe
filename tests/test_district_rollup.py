"""What a district leaves behind: database, workbook, report, plain files; firms compared, projects drawn."""

from __future__ import annotations

import json
import subprocess

import openpyxl
import pyogrio
import pytest

from pipeline.district import district, parquet
from pipeline.district.entries import Entry
from pipeline.district.ranking import by_firm, samples, worst
from pipeline.quality.sampling import sample_size
from tests.factories_district import at, broken, project


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """Six projects: overlapping, with own findings, broken, of another belt, of two firms."""
    out = tmp_path_factory.mktemp("rollup")
    place = at(10, 10, 20, 20).wkt
    project(out, "甲", parcels=[at(0, 0, 50.8, 40)], buildings=[at(10, 10, 30, 30)])
    project(out, "乙", parcels=[at(50, 0, 100, 40)], firm="重庆石门地理信息有限公司")
    project(
        out, "丙", parcels=[at(200, 0, 250, 40)], verdict="failed", place=place,
        findings=[("CAD-S01", "error"), ("CAD-S01", "error"), ("CAD-A17", "warning")],
        firm="重庆石门地理信息有限公司",
    )  # fmt: skip
    project(out, "丁", parcels=[at(300, 0, 350, 40)], date="2026-10-02")
    broken(out, "戊", "project.yaml 不是可读的 YAML")
    district(out)
    return out


def test_the_database_holds_every_project_parcel_building_and_finding(out):
    layers = {
        str(name): pyogrio.read_dataframe(out / "district.gpkg", layer=str(name))
        for name, _ in pyogrio.list_layers(out / "district.gpkg")
    }
    assert {name: len(frame) for name, frame in layers.items()} == {
        "projects": 5,
        "parcels": 4,
        "buildings": 1,
        "findings": 5,
    }
    assert {frame.crs.to_epsg() for frame in layers.values()} == {4545}
    assert layers["parcels"].geometry.area.sum() == pytest.approx(4 * 2000 + 32)
    own = layers["findings"].query("rule == 'CAD-S01'")
    assert (own["project"].tolist(), own.geometry.area.tolist()) == (["丙", "丙"], pytest.approx([100, 100]))
    assert layers["projects"].set_index("project").loc["戊", "reason"] == "project.yaml 不是可读的 YAML"


def test_geoparquet_holds_the_same(out):
    if not parquet.available():
        pytest.skip("pyarrow is not installed")
    import geopandas as gpd

    for name, _ in pyogrio.list_layers(out / "district.gpkg"):
        stored = pyogrio.read_dataframe(out / "district.gpkg", layer=str(name))
        same = gpd.read_parquet(out / "district" / f"{name}.parquet")
        assert (len(same), same.crs.to_epsg(), list(same.columns)) == (len(stored), 4545, list(stored.columns))
        assert same.geometry.geom_equals(stored.geometry).tolist() == stored.geometry.notna().tolist()


def test_the_summary_says_what_came_of_every_rule_firm_and_project(out):
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert (summary["verdict"], summary["counts"]) == ("failed", {"error": 2, "warning": 0, "info": 0})
    assert summary["projects"]["outcomes"] == {"broken": 1, "failed": 1, "passed": 3}
    assert {r["id"]: r["outcome"] for r in summary["rules"]}["DIS-T01"] == "failed"
    assert [r["rule"] for r in summary["project_rules"]] == ["CAD-S01", "CAD-A17"]
    assert [f["firm"] for f in summary["firms"]] == ["重庆两江经纬测绘有限公司", "重庆石门地理信息有限公司"]
    assert summary["date"] == "2026-10-02"


def test_findings_stand_between_header_and_footer_with_both_projects_and_places(out):
    lines = [json.loads(line) for line in (out / "findings.jsonl").read_text("utf-8").splitlines()]
    assert (lines[0]["type"], lines[-1]) == ("header", {"type": "footer", "findings": len(lines) - 2})
    overlap = next(line for line in lines[1:-1] if line["rule"] == "DIS-T01")
    assert {overlap["project"], overlap["other_project"]} == {"甲", "乙"}
    assert overlap["own_place"].startswith("POINT")
    assert overlap["other_place"].startswith("POINT")


def test_the_workbook_has_a_sheet_for_every_table_with_numbers_as_numbers(out):
    book = openpyxl.load_workbook(out / "district.xlsx")
    assert len(book.sheetnames) >= 9
    sheet = next(book[name] for name in book.sheetnames if "测绘单位比较" in name)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[2][1:3] == ["重庆两江经纬测绘有限公司", 2]


def test_the_report_reads_from_the_verdict_to_the_drawn_projects(out, pdftotext):
    text = subprocess.run(
        [pdftotext, "-layout", out / "district.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    wanted = ["项目之间的结论：不通过", "项目分布图", "DIS-T01", "错误最多的项目",
              "没有成果的项目", "测绘单位比较", "验收抽样", "GB/T 24356-2023"]  # fmt: skip
    assert [word for word in wanted if word not in text] == []
    page = (out / "district.html").read_text("utf-8")
    assert page.count("<svg") == 1
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")


def test_the_documents_can_be_left_out(tmp_path):
    project(tmp_path, "甲", parcels=[at(0, 0, 50, 40)])
    made = district(tmp_path, reports=False)
    assert {path.name for path in made.files} - {"district"} == {"district.gpkg", "summary.json", "findings.jsonl"}


# ---------------------------------------------------------------- ranking


def entry(key, outcome="passed", firm="甲测绘", error=0, warning=0):
    return Entry(key, None, outcome, firm=firm, counts={"error": error, "warning": warning})


def test_firms_are_ranked_by_errors_per_feature_those_between_projects_among_them():
    entries = [entry("1", error=2), entry("2"), entry("3", firm="乙测绘", error=3), entry("4", firm="丙测绘")]
    firms = by_firm(entries, {"1": 500, "2": 500, "3": 6000, "4": 1000}, [("2", "4")])
    assert [(f.firm, f.errors, f.between, f.rate) for f in firms] == [
        ("乙测绘", 3, 0, 0.5),
        ("丙测绘", 0, 1, 1.0),
        ("甲测绘", 2, 1, 3.0),
    ]


def test_the_worst_are_those_with_most_errors_own_and_shared():
    entries = [entry("1", error=1), entry("2", warning=5), entry("3"), entry("4", outcome="broken", error=9)]
    assert [e.key for e in worst(entries, {"2": 2}, most=5)] == ["2", "1"]
    assert [e.key for e in worst(entries, {"2": 2}, most=1)] == ["2"]


@pytest.mark.parametrize("count", [0, 1, 20, 21, 1000, 1001, 2500])
def test_as_many_passed_projects_are_drawn_as_the_table_asks_whatever_their_order(count):
    entries = [entry(f"P{n:04d}") for n in range(count)] + [entry("X", outcome="failed")]
    drawn = samples(entries)
    assert sum(len(s.drawn) for s in drawn) == sample_size(count)
    assert [s.drawn for s in samples(entries[::-1])] == [s.drawn for s in drawn]
    assert "X" not in {e.key for s in drawn for e in s.drawn}

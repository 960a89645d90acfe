"""The delivery package: its tree, its manifest, the bureau's shapefiles to the byte, and the whole circle run → check."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
import yaml

from pipeline import cli, delivery
from pipeline.checks.cases import scene_of
from pipeline.checks.engine import run_rule
from pipeline.delivery import inputs, write_delivery
from pipeline.delivery.check import judging
from pipeline.delivery.check.compare import units
from pipeline.errors import InputError, StandardError
from pipeline.exports import fitting
from pipeline.exports.shapefiles import write_shapefile
from pipeline.exports.tables import misfits, table_of
from pipeline.frames import build
from pipeline.scalars import plain
from pipeline.standard import ExportSpec, FieldSpec, LayerSpec, Standards, load_standards
from tests import factories_delivery as kit

ROOT = Path(__file__).parent.parent
STANDARDS = load_standards()
SURVEYS = {"规划核实测量", "绿地核实测量", "人防工程测量", "地籍测绘", "房产测绘"}
TABLES = {
    "ZDJBXX": "地籍测绘",
    "JZD": "地籍测绘",
    "JZX": "地籍测绘",
    "ZRZ": "房产测绘",
    "C": "房产测绘",
    "H": "房产测绘",
}
KINDS = {"text": "C", "integer": "N", "number": "N", "date": "D"}
REGISTER_KINDS = {"C": "C", "I": "N", "F": "N", "D": "D"}
WIDENED = {("JZX", "JXXZ")}  # the register says 1 digit, its own codes have 6; see the field's note


@pytest.fixture(scope="module")
def made():
    return kit.made()


@pytest.fixture(scope="module")
def manifest(made):
    return json.loads((made.root / kit.MANIFEST).read_text("utf-8"))


# ---------------------------------------------------------------- tree and manifest


def test_the_tree_has_the_folders_of_the_five_surveys_and_nothing_else(made):
    assert {p.name for p in made.root.iterdir()} == SURVEYS | {
        "成果报告书",
        "成果数据库.gpkg",
        "质检",
        kit.INPUTS,
        kit.MANIFEST,
    }
    for survey in SURVEYS:
        assert {p.name for p in (made.root / survey).iterdir()} == {"矢量数据", "文档资料", "元数据"}


def test_the_manifest_lists_every_file_with_its_size_and_hash(made, manifest):
    found = {
        p.relative_to(made.root).as_posix(): (p.stat().st_size, hashlib.sha256(p.read_bytes()).hexdigest())
        for p in made.root.rglob("*")
        if p.is_file() and p.name != kit.MANIFEST
    }
    assert {f["path"]: (f["size"], f["sha256"]) for f in manifest["files"]} == found
    assert [f["path"] for f in manifest["files"]] == sorted(found)


def test_the_manifest_names_project_editions_profile_and_software(made, manifest):
    assert manifest["project"]["code"] == kit.CODE
    assert manifest["profile"]["name"] == "chongqing"
    assert {s["name"] for s in manifest["surveys"]} == {s.survey for s in made.result.surveys}
    assert all(s["edition"] in manifest["edition"] for s in manifest["surveys"])
    assert {"duoce", "typst", "python-docx", "GDAL (fiona)"} <= set(manifest["software"])


def test_entry_names_carry_the_utf8_flag_fixed_times_and_are_sorted(made):
    with zipfile.ZipFile(made.package) as archive:
        entries = archive.infolist()
    assert made.package.name == f"{kit.CODE}.zip"
    assert all(e.flag_bits & 0x800 and e.date_time == (1980, 1, 1, 0, 0, 0) for e in entries)
    assert [e.filename for e in entries] == sorted(e.filename for e in entries)
    assert all(e.filename.startswith(f"{kit.CODE}/") for e in entries)


def test_the_same_result_gives_the_same_bytes(made):
    before = made.package.read_bytes()
    assert write_delivery(made.result, made.out).read_bytes() == before


def test_a_survey_that_was_not_commissioned_leaves_no_folder(made, tmp_path):
    from pipeline.delivery.writing import assemble

    only = dataclasses.replace(made.result, surveys=tuple(s for s in made.result.surveys if s.survey == "green"))
    root = assemble(only, made.out, tmp_path)
    assert {p.name for p in root.iterdir()} & SURVEYS == {"绿地核实测量"}
    assert [s["name"] for s in json.loads((root / kit.MANIFEST).read_text("utf-8"))["surveys"]] == ["green"]


def test_the_inputs_are_those_of_the_project_byte_for_byte(made):
    delivered = {p.relative_to(made.root / kit.INPUTS).as_posix(): p for p in (made.root / kit.INPUTS).rglob("*.*")}
    assert {"project.yaml", "permit.xlsx", "control.csv", "property/H.dbf", "planning/规划核实.dxf"} <= set(delivered)
    assert all(p.read_bytes() == (kit.SAMPLE / name).read_bytes() for name, p in delivered.items() if p.is_file())


def test_waivers_and_the_firms_own_report_template_are_inputs_too(made, tmp_path):
    project = tmp_path / "project"
    shutil.copytree(kit.SAMPLE, project)
    (project / "waivers.yaml").write_text("waivers: []\n", "utf-8")
    (project / "样式").mkdir()
    (project / "样式" / "template.yaml").write_text("title: 成果报告\n", "utf-8")
    choice = made.result.project.report.model_copy(update={"template": "样式"})
    changed = made.result.project.model_copy(update={"folder": project, "report": choice})
    listed = inputs.input_paths(dataclasses.replace(made.result, project=changed))
    assert {"waivers.yaml", "样式/template.yaml", "project.yaml", "property/H.shx"} <= set(listed)


def test_an_input_outside_the_project_folder_cannot_be_delivered(made):
    entry = dataclasses.replace(made.result.ledger[0], path="../elsewhere/x.dxf")
    with pytest.raises(InputError, match="不在项目文件夹之内"):
        write_delivery(dataclasses.replace(made.result, ledger=(entry,)), made.out)


def test_a_tree_with_an_unknown_content_names_file_and_key(tmp_path):
    from pipeline.delivery.tree import TREE, load_tree

    path = tmp_path / "tree.yaml"
    path.write_text(TREE.read_text("utf-8").replace("what: drawings", "what: songs"), "utf-8")
    with pytest.raises(StandardError, match=r"tree\.yaml：entries\.\d+\.what"):
        load_tree(path)


# ---------------------------------------------------------------- the bureau's shapefiles, read independently


def dbf(data: bytes) -> tuple[list[tuple[str, str, int, int]], list[list[str]]]:
    """An independent reading of a DBF: (name, type, width, decimals) per field, and the texts of each record in GBK."""
    records, start, length = struct.unpack_from("<IHH", data, 4)
    fields = []
    for at in range(32, start - 1, 32):
        name = data[at : at + 11].partition(b"\0")[0].decode("ascii")
        fields.append((name, chr(data[at + 11]), data[at + 16], data[at + 17]))
    assert data[start - 1] == 0x0D
    assert 1 + sum(width for _, _, width, _ in fields) == length
    rows = []
    for row in range(records):
        at = start + row * length + 1
        cells = []
        for _, _, width, _ in fields:
            cells.append(data[at : at + width].decode("gbk"))
            at += width
        rows.append(cells)
    return fields, rows


def part(made, name: str, suffix: str) -> bytes:
    return (made.root / TABLES[name] / "矢量数据" / f"{name}{suffix}").read_bytes()


def layer_of(name: str) -> LayerSpec:
    return next(s.layers[e.layer] for s in STANDARDS.surveys.values() for e in s.exports if e.name == name)


@pytest.mark.parametrize("name", TABLES)
def test_names_types_widths_and_decimals_are_those_of_the_standard(made, name):
    wanted = [
        (f.code, KINDS[f.type], f.width or {"text": 254, "date": 8}[f.type], f.decimals or 0)
        for f in layer_of(name).fields.values()
        if f.code
    ]
    fields, rows = dbf(part(made, name, ".dbf"))
    assert fields == wanted
    assert rows


@pytest.mark.parametrize("name", TABLES)
def test_names_types_widths_and_decimals_are_those_of_the_register(made, shared, name):
    register = json.loads((shared / "reference" / "registration.json").read_text("utf-8"))["registration_layers"][name]
    fields = {code: (kind, width, decimals) for code, kind, width, decimals in dbf(part(made, name, ".dbf"))[0]}
    for code, _, kind, width, decimals, *_ in register:
        if kind == "B" or (name, code) in WIDENED:  # pictures stand in no table
            continue
        own_kind, own_width, own_decimals = fields.pop(code)
        assert (own_kind, own_decimals) == (REGISTER_KINDS[kind], decimals if kind == "F" else 0), code
        assert own_width == width or not width, code
    assert set(fields) <= {code for _, code in WIDENED}


@pytest.mark.parametrize("name", TABLES)
def test_code_page_is_gbk_in_the_cpg_and_in_the_language_byte(made, name):
    assert part(made, name, ".cpg") == b"GBK"
    assert part(made, name, ".dbf")[29] == 0x4D
    assert part(made, name, ".prj").startswith(b"PROJCS[")


@pytest.mark.parametrize("name", TABLES)
def test_shapefiles_and_frames_hold_the_same_features_and_values(made, name):
    layer = layer_of(name)
    survey, spec = next((s, e) for s in STANDARDS.surveys.values() for e in s.exports if e.name == name)
    frame = next(s for s in made.result.surveys if s.survey == survey.survey).frames[spec.layer]
    fields, rows = dbf(part(made, name, ".dbf"))
    assert len(rows) == len(frame)
    by_code = {f.code: key for key, f in layer.fields.items() if f.code}
    for n, (code, kind, _, _) in enumerate(fields):
        if by_code[code] in spec.fill:
            continue
        for cell, value in zip([row[n].strip("\0* ") for row in rows], map(plain, frame[by_code[code]]), strict=True):
            if kind == "N":
                assert (float(cell) if cell else None) == (None if value is None else pytest.approx(value)), code
            else:
                wanted = str(value or "")
                assert cell == (wanted.replace("-", "") or "00000000" if kind == "D" else wanted), code
    read = gpd.read_file(made.root / TABLES[name] / "矢量数据" / f"{name}.shp")
    pairs = zip(read.geometry, frame.geometry, strict=True)
    assert all(shapely.equals(one, shapely.force_2d(other)) for one, other in pairs)


def test_missing_coordinates_and_feature_codes_are_filled_as_the_standard_says(made):
    fields, rows = dbf(part(made, "JZD", ".dbf"))
    at = {code: n for n, (code, *_) in enumerate(fields)}
    frame = next(s for s in made.result.surveys if s.survey == "cadastral").frames["boundary_point"]
    assert [row[at["YSDM"]] for row in rows] == ["6001070000"] * len(rows)
    assert [float(row[at["XZBZ"]]) for row in rows] == pytest.approx(list(frame["north_m"]), abs=0.0005)


# ---------------------------------------------------------------- what does not fit


@pytest.mark.parametrize(
    ("field", "value", "written", "words"),
    [
        ({"type": "text", "width": 4}, "江北", "江北", None),
        ({"type": "text", "width": 4}, "江北区", None, "有 6 字节，规定宽度 4"),
        ({"type": "text", "width": 9}, "𠮷", None, "“𠮷”不在 GBK 字符集中"),
        ({"type": "text", "width": 9}, "a\nb", None, "控制字符"),
        ({"type": "integer", "width": 3}, 999, 999, None),
        ({"type": "integer", "width": 3}, -100, None, "有 4 位，规定宽度 3"),
        ({"type": "number", "width": 5, "decimals": 2}, 12.5, 12.5, None),
        ({"type": "number", "width": 5, "decimals": 2}, 112.5, None, "规定宽度 5、小数 2 位"),
        ({"type": "number", "width": 3, "decimals": 2}, 0.25, 0.25, None),
        ({"type": "number", "width": 3, "decimals": 2}, 1.25, None, "规定宽度 3、小数 2 位"),
        ({"type": "number", "width": 9, "decimals": 2}, 2.675, 2.68, "小数位数超过规定的 2 位"),
        ({"type": "number", "width": 9, "decimals": 2}, 0.1 + 0.2, 0.3, None),
        ({"type": "date"}, "2026-09-18", "2026-09-18", None),
        ({"type": "date"}, "去年", None, "不是日期"),
        ({"type": "text", "width": 4}, None, None, None),
    ],
)
def test_a_value_fits_or_it_is_said_why_not(field, value, written, words):
    found = fitting.stored([value], FieldSpec(label="x", **field), encoding="GBK")
    assert found.values == [written]
    assert [words in m.detail for m in found.misfits] == ([True] if words else [])


LAYER = LayerSpec(
    label="宗地",
    geometry="polygon",
    fields={
        "density": FieldSpec(label="建筑密度", code="JZMD", type="number", width=3, decimals=2),
        "name": FieldSpec(label="名称", code="MC", width=6),
        "inner": FieldSpec(label="不入库", width=6),
    },
)


def frame_of(**columns):
    count = len(next(iter(columns.values())))
    feature = {"feature": [f"x.parcel/{n}" for n in range(count)], "file": ["a.dxf"] * count}
    return build(LAYER, {**feature, **columns}, [shapely.box(0, 0, 1, 1)] * count, None)


def test_a_density_without_room_for_its_zero_is_written_without_it_and_read_by_everyone(tmp_path):
    table = table_of(ExportSpec(name="T", layer="parcel"), LAYER, frame_of(density=[0.25, 0.0, None], name=["甲", "乙", "丙"]))  # fmt: skip
    write_shapefile(table, tmp_path, date=kit.TODAY)
    fields, rows = dbf((tmp_path / "T.dbf").read_bytes())
    assert [f[0] for f in fields] == ["JZMD", "MC"]
    assert [row[0] for row in rows] == [".25", ".00", "***"]
    assert list(gpd.read_file(tmp_path / "T.shp")["JZMD"])[:2] == [0.25, 0.0]


def test_what_a_table_cannot_hold_becomes_a_note_at_its_feature_and_an_empty_cell(tmp_path):
    survey = STANDARDS.surveys["cadastral"].model_copy(
        update={"layers": {"parcel": LAYER}, "exports": (ExportSpec(name="T", layer="parcel"),)}
    )
    frame = frame_of(density=[0.25], name=["很长的名称"])
    (note,) = misfits(survey, {"parcel": frame})
    assert (note.kind, note.file, note.slots["code"]) == ("register_misfit", "a.dxf", "MC")
    assert note.slots["detail"] == "有 10 字节，规定宽度 6"
    write_shapefile(table_of(survey.exports[0], LAYER, frame), tmp_path, date=kit.TODAY)
    assert dbf((tmp_path / "T.dbf").read_bytes())[1][0][1].strip("\0 ") == ""


def test_a_layer_without_geometry_is_a_table_alone(tmp_path):
    layer = LAYER.model_copy(update={"geometry": "none"})
    write_shapefile(
        table_of(ExportSpec(name="T", layer="parcel"), layer, frame_of(name=["甲"])), tmp_path, date=kit.TODAY
    )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["T.cpg", "T.dbf"]


def test_an_export_of_a_layer_that_is_not_there_is_a_fault_of_the_standard():
    data = STANDARDS.surveys["green"].model_dump() | {"exports": [{"name": "X", "layer": "parcel"}]}
    with pytest.raises(ValueError, match="no such layer: parcel"):
        type(STANDARDS.surveys["green"]).model_validate(data)


# ---------------------------------------------------------------- rules of the examination


CHECK = judging.check_standard()
OUTCOMES = {"passes": "passed", "finds": "failed", "not_applicable": "not_applicable"}


@pytest.mark.parametrize("rule", CHECK.rules, ids=lambda rule: rule.id)
def test_every_rule_of_the_examination_ends_as_its_cases_say(rule):
    case_file = yaml.safe_load((judging.RULES / "cases" / f"{rule.id}.yaml").read_text("utf-8"))
    standards = Standards(surveys={CHECK.survey: CHECK}, profile=STANDARDS.profile)
    for group, outcome in OUTCOMES.items():
        for case in case_file[group]:
            run = run_rule(rule, CHECK, scene_of(standards, {**case, "commissioned": [CHECK.survey]}))
            assert run.outcome == outcome, case["name"]
            assert [f.file for f in run.findings] == [e["file"] for e in case.get("expect", [])]
            assert not [f.message for f in run.findings if "{" in f.message or "—" in f.message]


def test_rules_of_the_examination_are_numbered_without_gaps_and_each_has_its_kind():
    assert [rule.id for rule in CHECK.rules] == [f"PRJ-D{n:02d}" for n in range(1, len(CHECK.rules) + 1)]
    assert len({rule.params["kind"] for rule in CHECK.rules}) == len(CHECK.rules)
    assert not any(rule.waivable for rule in CHECK.rules)
    taken = {rule.id for standard in STANDARDS.surveys.values() for rule in standard.rules}
    assert not taken & {rule.id for rule in CHECK.rules}


def test_every_kind_that_the_examination_notes_has_a_rule():
    """A note of a kind without a rule would be lost; the tests of tampering see each kind but those listed here."""
    package = Path(delivery.__file__).parent
    texts = "".join(path.read_text("utf-8") for path in package.rglob("*.py"))
    kinds = {rule.params["kind"] for rule in CHECK.rules}
    noted = set(re.findall(r'"([a-z]+_[a-z_]+)", (?:name|path|folder|f"|run|finding|about|key|record)', texts))
    assert noted - kinds - {"features_differ"} == set()
    assert all(f'"{kind}"' in texts for kind in kinds)


def test_a_text_that_differs_is_shown_by_the_number_that_differs():
    assert units.fragment("面积 1,234.50 m²", "面积 1,284.50 m²") == ("1,234.50", "1,284.50")
    assert units.fragment("同", "同异") == (units.NOTHING, "异")


# ---------------------------------------------------------------- the circle


def test_checking_what_the_clean_run_delivered_ends_with_0_in_another_process(made, tmp_path):
    """Really recomputed and written anew, all of it, where sets have another order; the run itself: test_binjiang."""
    command = [sys.executable, "-m", "pipeline.cli", "check", str(made.package), "--quiet", "-o", str(tmp_path)]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONHASHSEED": "7"}, cwd=ROOT, capture_output=True, check=False
    )
    review = json.loads((tmp_path / "review.json").read_text("utf-8"))
    assert (done.returncode, review["verdict"], review["findings"]) == (0, "passed", []), done.stderr.decode()
    assert review["recomputed_verdict"] == "passed"
    assert {rule["outcome"] for rule in review["rules"]} == {"passed"}
    assert "成果包问题 0" in done.stdout.decode()


@pytest.mark.slow
def test_the_faulty_sample_is_recomputed_to_the_same_findings_and_fails(tmp_path):
    out, sample = tmp_path / "out", kit.SAMPLE.parent / "binjiang_faults"
    assert cli.main(["run", str(sample), "-o", str(out), "--quiet"]) == 1
    package = next(out.glob("*.zip"))
    assert cli.main(["check", str(package), "--quiet", "-o", str(tmp_path / "review")]) == 1
    review = json.loads((tmp_path / "review" / "review.json").read_text("utf-8"))
    lines = [json.loads(line) for line in (out / "findings.jsonl").read_text("utf-8").splitlines()]
    assert review["findings"] == []
    assert review["recomputed_findings"] == [line for line in lines if "rule" in line]
    assert review["verdict"] == review["delivered_verdict"] == "failed"

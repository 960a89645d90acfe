"""Two runs side by side: laws of comparing, the faulty sample against the clean one, and the command."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import cli
from pipeline.cli_text import EN, ZH
from pipeline.comparing import as_data, as_html, compare, lines, opened
from pipeline.errors import InputError
from pipeline.model import Finding
from pipeline.project import run_project
from pipeline.report.write import write_data
from pipeline.results import Result, read_result
from tests.factories_shapefile import reverse_records

SAMPLES = Path(__file__).parent.parent / "samples"
FAULT = Finding(
    rule="CAD-T01", severity="error", survey="cadastral", file="a.dxf", layer="JZD", feature="cadastral.parcel/1F",
    other_feature=None, business_id="GB00001", field=None, measured=2.0, required=0.0, unit="m²", tolerance=0.01,
    place="POINT (10 20)", message="重叠 2.00 m²",
)  # fmt: skip
LAW = settings(max_examples=40, deadline=None)
ANSWER = {"who": "王五", "when": "2026-09-01", "why": "历史遗留", "until": None, "fingerprint": "x"}


def result(*findings, **changes):
    summary = {
        "project": {"code": "P1", "name": "甲"}, "verdict": "failed", "counts": {"error": 1, "warning": 0, "info": 0},
        "surveys": [], "edition": "a 1; b 1", "profile": "p 1", "versions": {"duoce": "1"},
        "rules": [{"survey": "cadastral", "id": "CAD-T01", "outcome": "failed"}],
        "indicators": [
            {"survey": "planning", "name": "plot_ratio", "building": None, "label": "容积率", "permitted": 2.5,
             "measured": 2.4, "limit": None, "unit": "", "outcome": "passed"}
        ],
        "inputs": [{"survey": "cadastral", "path": "a.dxf", "sha256": "0" * 64}],
    }  # fmt: skip
    return Result(Path(), {**summary, **changes}, tuple(findings))


FINDINGS = st.lists(
    st.builds(
        lambda rule, number, severity, x, y, waiver: replace(
            FAULT, rule=rule, business_id=number, severity=severity, place=f"POINT ({x} {y})", waiver=waiver
        ),
        st.sampled_from(["CAD-T01", "CAD-T02"]), st.sampled_from(["甲", "乙"]), st.sampled_from(["error", "info"]),
        st.integers(0, 3), st.integers(0, 3), st.sampled_from([None, None, ANSWER]),
    ),
    max_size=5, unique_by=lambda f: (f.rule, f.business_id, f.place),
)  # fmt: skip
OUTCOMES = st.sampled_from(["passed", "failed", "not_applicable"])
NUMBERS = st.none() | st.decimals(-100, 100, places=2).map(float)
RESULTS = st.builds(
    lambda findings, rules, figures, inputs, edition: result(
        *findings,
        edition=edition,
        rules=[{"survey": "cadastral", "id": key, "outcome": value} for key, value in rules.items()],
        indicators=[
            {"survey": "planning", "name": key, "building": None, "label": key, "permitted": 2.5, "measured": value,
             "limit": None, "unit": "m", "outcome": "passed"} for key, value in figures.items()
        ],
        inputs=[{"survey": None, "path": key, "sha256": value} for key, value in inputs.items()],
    ),
    FINDINGS,
    st.dictionaries(st.sampled_from(["CAD-T01", "CAD-T02", "CAD-T03"]), OUTCOMES),
    st.dictionaries(st.sampled_from(["a", "b"]), NUMBERS),
    st.dictionaries(st.sampled_from(["a.dxf", "b.dxf"]), st.sampled_from(["1" * 64, "2" * 64])),
    st.sampled_from(["a 1; b 1", "a 2; b 2"]),
)  # fmt: skip


def told(marked):
    return sorted((m.mark, m.finding.place) for m in marked)


def changes(found):
    return [(c.name, c.old, c.new, c.difference) for c in found]


def mirrored(found):
    return [(c.name, c.new, c.old, None if c.difference is None else -c.difference) for c in found]


# ---------------------------------------------------------------- laws


@given(RESULTS)
@LAW
def test_nothing_changed_between_a_result_and_itself(one):
    difference = compare(one, one)
    assert difference.empty
    assert len(difference.still) == len(one.findings)
    assert all(pair.old == pair.new for pair in difference.still)
    assert difference.worse(["error", "warning", "info"]) == []


@given(RESULTS, RESULTS)
@LAW
def test_the_other_way_round_everything_is_mirrored(one, other):
    there, back = compare(one, other), compare(other, one)
    assert told([*there.fixed, *there.unjudged]) == told(back.appeared)
    assert told(there.appeared) == told([*back.fixed, *back.unjudged])
    assert sorted((p.old.mark, p.new.mark) for p in there.still) == sorted((p.new.mark, p.old.mark) for p in back.still)
    for name in ("rules", "indicators", "inputs", "renamed", "stated"):
        assert changes(getattr(there, name)) == mirrored(getattr(back, name))


@given(RESULTS, RESULTS)
@LAW
def test_every_finding_of_both_is_fixed_unjudged_new_or_still_there_and_only_one_of_these(one, other):
    difference = compare(one, other)
    assert len(difference.fixed) + len(difference.unjudged) + len(difference.still) == len(one.findings)
    assert len(difference.appeared) + len(difference.still) == len(other.findings)
    assert all(p.old.finding.rule == p.new.finding.rule for p in difference.still)


@given(RESULTS, RESULTS, st.randoms(use_true_random=False))
@LAW
def test_the_order_of_findings_rules_figures_and_inputs_changes_nothing(one, other, random):
    def shuffled(made):
        lists = {
            key: random.sample(made.summary[key], len(made.summary[key])) for key in ("rules", "indicators", "inputs")
        }
        return Result(Path(), {**made.summary, **lists}, tuple(random.sample(made.findings, len(made.findings))))

    assert as_data(compare(shuffled(one), shuffled(other))) == as_data(compare(one, other))


# ---------------------------------------------------------------- findings


def test_a_fault_moved_by_centimetres_and_told_in_other_words_is_still_there():
    moved = replace(FAULT, place="POINT (10.02 20.01)", message="重叠 2.01 m²", measured=2.01)
    difference = compare(result(FAULT), result(moved))
    assert (len(difference.still), difference.fixed, difference.appeared) == (1, (), ())


def test_of_three_faults_alike_the_one_that_went_is_the_one_at_its_place():
    three = [replace(FAULT, place=f"POINT ({x} 0)") for x in (0, 10, 20)]
    difference = compare(result(*three), result(three[2], replace(three[0], place="POINT (0.03 0)")))
    assert [marked.finding.place for marked in difference.fixed] == ["POINT (10 0)"]
    assert difference.appeared == ()


def ended(outcome):
    return result(rules=[{"survey": "cadastral", "id": "CAD-T01", "outcome": outcome}] if outcome else [])


@pytest.mark.parametrize("outcome", ["passed", "failed"])
def test_a_finding_that_went_is_fixed_when_its_rule_looked_again(outcome):
    difference = compare(result(FAULT), ended(outcome))
    assert (len(difference.fixed), difference.unjudged) == (1, ())


@pytest.mark.parametrize(
    ("outcome", "word"),
    [("undetermined", "无法判定"), ("crashed", "程序故障"), ("not_applicable", "不适用"), (None, "未检查")],
)
def test_a_finding_whose_rule_came_to_no_conclusion_is_not_fixed_but_no_longer_judged(outcome, word):
    difference = compare(result(FAULT), ended(outcome))
    (record,) = as_data(difference)["findings"]["no_longer_judged"]
    assert difference.fixed == () == tuple(difference.worse(["error"]))
    assert (record["rule"], record["outcome"]) == ("CAD-T01", outcome)
    text = "\n".join(lines(difference, ZH, shown=9))
    assert "不再能判定的问题 1 条" in text
    assert f"规则现为：{word}" in text
    assert f"<td>{word}</td>" in as_html(difference, ZH)
    assert "can no longer be judged" in "\n".join(lines(difference, EN, shown=9))


@pytest.mark.parametrize(("undetermined", "fixed"), [(None, 1), ("输入文件 a.dxf 未能完整读取", 0)])
def test_a_finding_is_fixed_when_nothing_is_left_to_look_at_in_a_survey_that_was_read(undetermined, fixed):
    surveys = [{"survey": "cadastral", "label": "地籍测绘", "undetermined": undetermined}]
    after = result(rules=[{"survey": "cadastral", "id": "CAD-T01", "outcome": "not_applicable"}], surveys=surveys)
    difference = compare(result(FAULT), after)
    assert (len(difference.fixed), len(difference.unjudged)) == (fixed, 1 - fixed)


def test_a_finding_on_an_input_is_fixed_by_its_rule_though_it_names_another_survey():
    rules = [{"survey": "project", "id": "PRJ-I16", "outcome": "passed"}]
    difference = compare(result(replace(FAULT, rule="PRJ-I16")), result(rules=rules))
    assert len(difference.fixed) == 1


@pytest.mark.parametrize(
    ("old", "new", "counts"),
    [
        (None, FAULT, True),
        (None, replace(FAULT, severity="warning"), False),
        (None, replace(FAULT, waiver=ANSWER), False),
        (replace(FAULT, severity="warning"), FAULT, True),
        (replace(FAULT, waiver=ANSWER), FAULT, True),
        (FAULT, replace(FAULT, waiver=ANSWER), False),
        (FAULT, FAULT, False),
        (FAULT, None, False),
    ],
)
def test_worse_is_what_counts_now_and_did_not_before(old, new, counts):
    difference = compare(result(*([old] if old else [])), result(*([new] if new else [])))
    assert bool(difference.worse(["error"])) is counts


def test_a_waiver_that_came_went_or_changed_is_told_with_who_and_why():
    other = {**ANSWER, "why": "规划局同意"}
    for old, new, words in (
        (None, ANSWER, "王五：历史遗留"),
        (ANSWER, None, "不再豁免"),
        (ANSWER, other, "规划局同意"),
    ):
        difference = compare(result(replace(FAULT, waiver=old)), result(replace(FAULT, waiver=new)))
        assert len(difference.answered) == 1
        assert words in "\n".join(lines(difference, ZH, shown=9))
        assert words in as_html(difference, ZH)
    kept = compare(result(replace(FAULT, waiver=ANSWER)), result(replace(FAULT, waiver={**ANSWER, "fingerprint": "y"})))
    assert kept.empty


# ---------------------------------------------------------------- figures and words


def test_a_figure_is_told_with_its_difference_exact_in_its_decimals():
    figure = {**result().summary["indicators"][0], "unit": "m²"}
    old, new = (result(indicators=[{**figure, "measured": value}]) for value in (0.1, 0.3))
    (change,) = compare(old, new).indicators
    assert (change.old, change.new, change.difference) == (0.1, 0.3, 0.2)
    assert "容积率 实测 0.1 → 0.3（+0.2 m²）" in "\n".join(lines(compare(old, new), ZH, shown=9))


def test_inputs_are_told_as_changed_new_or_gone_and_editions_by_their_date():
    old = result(inputs=[{"survey": None, "path": p, "sha256": "1" * 64} for p in ("a", "b")])
    new = result(inputs=[{"survey": None, "path": p, "sha256": "2" * 64} for p in ("b", "c")], edition="a 2; b 2")
    text = "\n".join(lines(compare(old, new), ZH, shown=9))
    assert "a 不再提交" in text
    assert f"b {'1' * 12} → {'2' * 12}" in text
    assert "c 新增" in text
    assert "标准版次：1 → 2" in text


def with_inputs(files):
    return result(inputs=[{"survey": "cadastral", "path": path, "sha256": sha * 64} for path, sha in files.items()])


def test_an_input_with_the_same_bytes_under_another_path_is_told_as_renamed():
    old, new = with_inputs({"a/Z.shp": "1", "a/J.shp": "2"}), with_inputs({"b/Z.shp": "1", "c.shp": "2"})
    difference = compare(old, new)
    assert difference.inputs == ()
    assert [(c.old, c.new) for c in difference.renamed] == [("a/Z.shp", "b/Z.shp"), ("a/J.shp", "c.shp")]
    assert "a/Z.shp → b/Z.shp" in "\n".join(lines(difference, ZH, shown=9))
    assert "b/Z.shp" in as_html(difference, ZH)
    assert as_data(difference)["inputs_renamed"][0]["new"] == "b/Z.shp"


def test_of_files_with_the_same_bytes_that_of_the_same_name_is_the_one_renamed_and_the_unread_are_not_paired():
    old, new = with_inputs({"a/X": "1", "a/Y": "1", "u": ""}), with_inputs({"b/Y": "1", "v": ""})
    difference = compare(old, new)
    assert [(c.old, c.new) for c in difference.renamed] == [("a/Y", "b/Y")]
    assert [c.name[1] for c in difference.inputs] == ["a/X", "u", "v"]


def test_a_finding_on_a_renamed_file_is_still_there():
    noted = replace(FAULT, rule="PRJ-I16", feature="2B6", business_id=None, file="a.dxf")
    old, new = (
        result(noted),
        result(replace(noted, file="b.dxf"), inputs=[{**result().summary["inputs"][0], "path": "b.dxf"}]),
    )
    difference = compare(old, new)
    assert (len(difference.still), difference.fixed, difference.appeared) == (1, (), ())


def test_both_languages_have_the_same_words_and_lists_are_cut_with_a_count():
    assert {key for key in ZH if key.startswith("diff_")} == {key for key in EN if key.startswith("diff_")}
    many = compare(result(), result(*(replace(FAULT, business_id=str(n)) for n in range(9))))
    assert any("9 new findings" in line for line in lines(many, EN, shown=2))
    assert any("7 more" in line for line in lines(many, EN, shown=2))


def test_the_page_stands_alone_and_escapes_what_it_shows():
    evil = replace(FAULT, message="<script>alert(1)</script>", business_id="<b>&")
    page = as_html(compare(result(), result(evil)), ZH)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "default-src 'none'" in page


# ---------------------------------------------------------------- the samples, and the command


@pytest.fixture(scope="module")
def outs(tmp_path_factory):
    made = {}
    for name in ("binjiang", "binjiang_faults"):
        made[name] = tmp_path_factory.mktemp("diff") / name
        write_data(run_project(SAMPLES / name), made[name])
    return made


def what(finding):
    return tuple(finding[name] for name in ("rule", "severity", "feature", "other_feature", "business_id"))


def test_between_the_clean_and_the_faulty_sample_exactly_the_planted_faults_are_new(outs):
    data = as_data(compare(read_result(outs["binjiang"]), read_result(outs["binjiang_faults"])))
    expected = json.loads((SAMPLES / "binjiang_faults" / "expected.json").read_text("utf-8"))["findings"]
    assert Counter(map(what, data["findings"]["new"])) == Counter(map(what, expected))
    assert data["findings"]["fixed"] == data["findings"]["still"] == []
    assert {change["name"][0] for change in data["stated"]} == {"verdict"}
    assert [rule for rule in data["rules"] if rule["new"] == "failed" and rule["old"] == "failed"] == []


def test_records_in_another_order_and_files_under_other_names_change_no_finding(outs, tmp_path):
    project = shutil.copytree(SAMPLES / "binjiang_faults", tmp_path / "project")
    reverse_records(project / "property" / "H.shp")
    (project / "cadastral").rename(project / "地籍成果")
    (project / "planning" / "规划核实.dxf").rename(project / "planning" / "规划.dxf")
    text = (project / "project.yaml").read_text("utf-8").replace("cadastral/", "地籍成果/")
    (project / "project.yaml").write_text(text.replace("planning/规划核实.dxf", "planning/规划.dxf"), "utf-8")
    write_data(run_project(project), tmp_path / "out")
    difference = compare(read_result(outs["binjiang_faults"]), read_result(tmp_path / "out"))
    assert (difference.fixed, difference.unjudged, difference.appeared) == ((), (), ())
    assert {change.name[1] for change in difference.inputs} == {"property/H.shp"}
    assert len(difference.renamed) == 6


def test_the_command_exits_1_on_new_errors_and_0_the_other_way_and_on_nothing(outs, capsys):
    clean, faulty = str(outs["binjiang"]), str(outs["binjiang_faults"])
    assert cli.main(["diff", clean, faulty]) == 1
    assert "新增的问题" in capsys.readouterr().out
    assert cli.main(["diff", faulty, clean]) == 0
    assert "已改正的问题" in capsys.readouterr().out
    assert cli.main(["--lang", "en", "diff", faulty, faulty]) == 0
    assert "nothing changed" in capsys.readouterr().out


def test_json_and_page_are_written_and_a_zip_is_as_good_as_its_folder(outs, tmp_path, capsys):
    packed = tmp_path / "P.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(outs["binjiang_faults"].iterdir()):
            archive.write(path, f"P/质检/{path.name}")
    page = tmp_path / "diff.html"
    assert cli.main(["diff", str(outs["binjiang"]), str(packed), "--json", "--html", str(page)]) == 1
    of_zip = json.loads(capsys.readouterr().out)
    assert cli.main(["diff", str(outs["binjiang"]), str(outs["binjiang_faults"]), "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == of_zip
    assert page.read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize("path", ["missing", "empty", "file.txt"])
def test_what_is_no_result_cannot_be_compared(outs, tmp_path, path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").write_text("no zip", "utf-8")
    assert cli.main(["diff", str(outs["binjiang"]), str(tmp_path / path)]) == 2


def test_of_several_results_in_one_folder_none_is_chosen(outs, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).symlink_to(outs["binjiang"])
    with pytest.raises(InputError, match="2 份成果"), opened(tmp_path):
        pass

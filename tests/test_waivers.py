"""Recorded answers: a waiver marks its finding and never removes it; what is wrong with the record is a finding."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.fingerprint import fingerprint
from pipeline.merge import counts, verdict
from pipeline.model import KnownBy, RuleRun
from pipeline.projectfile import read_project
from pipeline.scaffold import TEMPLATE
from pipeline.waivers import KINDS, Record, Waiver, read_record
from pipeline.waivers import entered as entered_runs
from tests.factories_waivers import CODES, DAY, FOUND, GIVEN, RUNS, SCENE, STANDARDS, answer, entered, remark

MARK = fingerprint(FOUND[0])


def found_by_hand(**changes):
    return next(f for f in entered(manual=(remark(**changes),))[1] if f.rule == "PRJ-R01")


def run(given, finding):
    """Whether the waiver holds for a run with this one finding."""
    runs = (RuleRun(finding.rule, finding.survey, "failed", 2, (finding,)), *RUNS[2:])
    noted, _ = entered_runs(runs, SCENE, Record(waivers=(given,)), as_of=DAY, intake="project")
    return noted[0].findings[0].waiver is not None


def waived(findings):
    return [finding.feature for finding in findings if finding.waiver is not None]


def faults(runs):
    return {
        rule: [f.message for f in run.findings] for rule, run in runs.items() if rule[:5] == "PRJ-W" and run.findings
    }


# ---------------------------------------------------------------- what a waiver does


@pytest.mark.parametrize(
    "target",
    [
        {"feature": CODES[0]},
        {"feature": "cadastral.parcel/0"},
        {"feature": None, "fingerprint": MARK},
        {"feature": CODES[0], "fingerprint": MARK},
    ],
    ids=["business number", "feature id", "fingerprint", "both"],
)
def test_a_waiver_marks_its_finding_by_number_feature_or_fingerprint_and_no_other(target):
    runs, findings = entered(answer(**target))
    assert waived(findings) == ["cadastral.parcel/0"]
    assert faults(runs) == {}
    assert runs["PRJ-W01"].outcome == "passed"
    assert runs["PRJ-W01"].examined == 1


def test_a_waived_finding_says_who_when_why_and_until_in_plain_words():
    _, findings = entered(answer(until=dt.date(2027, 1, 31)))
    told = {"who": "王审核", "when": "2026-09-01", "why": "历史遗留", "until": "2027-01-31", "fingerprint": MARK}
    assert findings[0].waiver == told
    assert json.loads(json.dumps(told)) == told


def test_a_waiver_never_removes_a_finding_nor_changes_how_its_rule_ended():
    runs, findings = entered(answer(), answer(feature=CODES[1]))
    assert len(waived(findings)) == 2
    assert [f.feature for f in runs["CAD-T01"].findings] == [f.feature for f in FOUND]
    assert runs["CAD-T01"].outcome == "failed"


def test_waived_errors_do_not_count_and_a_project_with_only_those_passes():
    runs, findings = entered(answer(), answer(feature=CODES[1]))
    left = [finding for finding in findings if finding.rule != "PRJ-I01"]
    assert counts(left) == {"error": 0, "warning": 0, "info": 0}
    assert verdict([runs["CAD-T01"]], left, STANDARDS) == "passed"
    assert verdict([runs["CAD-T01"]], FOUND, STANDARDS) == "failed"


def test_without_a_record_nothing_changes():
    runs, findings = entered()
    assert tuple(runs.values()) == RUNS
    assert findings == tuple(finding for run in RUNS for finding in run.findings)


# ---------------------------------------------------------------- what is wrong with a record


def test_a_waiver_of_something_mended_is_said_to_match_nothing():
    runs, findings = entered(answer(feature="500105001001GB00099"))
    assert waived(findings) == []
    assert list(faults(runs)) == ["PRJ-W01"]
    assert "500105001001GB00099" in faults(runs)["PRJ-W01"][0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rule": "CAD-T99"}, "没有编号为“CAD-T99”的规则"),
        ({"rule": "CAD-T02"}, "可能已经改正"),
        ({"fingerprint": "0" * 12}, "可能已经改正"),
        ({"fingerprint": f"{MARK}-1of2"}, "可能已经改正"),
        ({"feature": CODES[1], "fingerprint": MARK}, f"在要素“{CODES[0]}”上"),
    ],
)
def test_a_waiver_that_matches_nothing_says_why(change, words):
    runs, findings = entered(answer(**change))
    assert waived(findings) == []
    assert words in faults(runs)["PRJ-W01"][0]


@pytest.mark.parametrize(
    "lacking", [{"reason": " "}, {"who": ""}, {"date": None}, {"feature": None}], ids=lambda change: next(iter(change))
)
def test_a_waiver_without_target_reason_person_or_date_does_not_hold_and_names_what_lacks(lacking):
    runs, findings = entered(answer(**lacking))
    assert waived(findings) == []
    assert list(faults(runs)) == ["PRJ-W03"]
    assert next(iter(lacking)) in faults(runs)["PRJ-W03"][0]


def test_a_rule_that_may_not_be_waived_is_not_whether_it_found_something_or_not():
    for rule in ("PRJ-I01", "PRJ-I02", "PRJ-W01"):
        runs, findings = entered(answer(rule=rule, feature=CODES[0]))
        assert waived(findings) == []
        assert list(faults(runs)) == ["PRJ-W04"]


@given(st.integers(-400, 400))
def test_a_waiver_holds_to_its_last_day_and_is_a_finding_after_it(days):
    until = DAY + dt.timedelta(days=days)
    runs, findings = entered(answer(until=until))
    assert bool(waived(findings)) is (days >= 0)
    assert list(faults(runs)) == ([] if days >= 0 else ["PRJ-W02"])


@given(st.integers(-400, 400))
def test_a_waiver_that_was_approved_after_the_day_of_the_report_does_not_hold(days):
    runs, findings = entered(answer(date=DAY + dt.timedelta(days=days)))
    assert bool(waived(findings)) is (days <= 0)
    assert list(faults(runs)) == ([] if days <= 0 else ["PRJ-W06"])


def test_an_ended_waiver_points_at_the_finding_that_counts_again():
    runs, _ = entered(answer(until=dt.date(2026, 9, 30)))
    (finding,) = runs["PRJ-W02"].findings
    assert finding.feature == FOUND[0].feature
    assert "2026-09-30" in finding.message
    assert "2026-10-01" in finding.message


def test_of_two_waivers_of_one_finding_the_first_holds_and_the_second_is_named():
    runs, findings = entered(answer(), answer(who="李总工", reason="另一理由"))
    assert findings[0].waiver["who"] == "王审核"
    assert "李总工" in faults(runs)["PRJ-W05"][0]
    assert "王审核" in faults(runs)["PRJ-W05"][0]


def test_findings_on_the_record_have_marks_of_their_own():
    runs, _ = entered(answer(feature="甲"), answer(feature="乙"), answer(rule="CAD-T02"))
    assert len({fingerprint(finding) for finding in runs["PRJ-W01"].findings}) == 3


@given(st.permutations([answer(), answer(feature=CODES[1]), answer(rule="CAD-T99"), answer(who="")]))
def test_the_order_of_the_record_changes_nothing(answers):
    runs, findings = entered(*answers)
    expected, same = entered(answer(), answer(feature=CODES[1]), answer(rule="CAD-T99"), answer(who=""))
    assert runs == expected
    assert findings == same


# ---------------------------------------------------------------- found by hand


@pytest.mark.parametrize(("severity", "rule"), [("error", "PRJ-R01"), ("warning", "PRJ-R02"), ("info", "PRJ-R03")])
def test_what_a_reviewer_found_is_a_finding_of_its_severity_with_sentence_person_and_date(severity, rule):
    runs, _ = entered(manual=(remark(severity=severity, rule="现场核对"),))
    (finding,) = runs[rule].findings
    assert finding.severity == severity
    assert finding.message == "围墙压占代征地（现场核对）（陈检查，2026-09-20）"
    assert {runs[f"PRJ-R0{n}"].outcome for n in range(1, 5)} == {"failed", "passed"}


@pytest.mark.parametrize("feature", [CODES[1], "cadastral.parcel/1"])
def test_it_stands_at_its_feature_with_survey_layer_and_place(feature):
    runs, _ = entered(manual=(remark(feature=feature),))
    (finding,) = runs["PRJ-R01"].findings
    assert (finding.survey, finding.feature) == ("cadastral", "cadastral.parcel/1")
    assert finding.place.startswith("POLYGON")
    assert runs["PRJ-R04"].outcome == "passed"


@pytest.mark.parametrize("where", [{"feature": "1F"}, {"survey": "green"}, {"survey": "cadastral", "feature": "乙"}])
def test_a_place_that_does_not_exist_is_a_finding_too_and_the_remark_is_kept(where):
    runs, _ = entered(manual=(remark(**where),))
    assert len(runs["PRJ-R01"].findings) == 1
    (finding,) = runs["PRJ-R04"].findings
    assert str(where.get("feature", where.get("survey"))) in finding.message


def test_what_was_found_by_hand_may_be_waived_like_any_other():
    _, findings = entered(answer(rule="PRJ-R01", feature="cadastral.parcel/1"), manual=(remark(feature=CODES[1]),))
    assert waived(findings) == ["cadastral.parcel/1"]


# ---------------------------------------------------------------- the file


@pytest.fixture
def project(tmp_path, samples):
    (tmp_path / "project.yaml").write_bytes((samples / "binjiang" / "project.yaml").read_bytes())
    return tmp_path


def write(folder, data, name="waivers.yaml"):
    text = data if isinstance(data, str) else yaml.safe_dump(data, allow_unicode=True)
    (folder / name).write_text(text, "utf-8")


def test_a_project_without_a_record_has_an_empty_one(project):
    assert read_record(read_project(project)) == Record()


def test_a_record_is_read_with_dates_and_bare_numbers(project):
    write(project, {"waivers": [{**GIVEN, "feature": 12, "until": dt.date(2027, 1, 1)}], "manual": None})
    assert read_record(read_project(project)).waivers == (answer(feature="12", until=dt.date(2027, 1, 1)),)


def test_project_yaml_may_name_another_file_which_must_be_there(project):
    text = (project / "project.yaml").read_text("utf-8")
    (project / "project.yaml").write_text(f"{text}\nwaivers: 记录/豁免.yaml\n", "utf-8")
    with pytest.raises(InputError, match=r"waivers：找不到文件 .*豁免\.yaml"):
        read_record(read_project(project))
    (project / "记录").mkdir()
    write(project, {"waivers": [GIVEN]}, "记录/豁免.yaml")
    assert read_record(read_project(project)).waivers == (answer(),)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("[1, 2]", "键值表"),
        ("waivers: [", "YAML"),
        ({"waiver": []}, "没有这个键"),
        ({"waivers": [{**GIVEN, "reasons": "x"}]}, r"waivers\.0\.reasons"),
        ({"waivers": [{**GIVEN, "until": "soon"}]}, r"waivers\.0\.until：应为日期"),
        ({"waivers": [{"feature": "1"}]}, r"waivers\.0\.rule：缺少此项"),
        (
            {"manual": [{"sentence": "x", "severity": "grave", "who": "y", "date": DAY}]},
            r"severity.*'error'、'warning'",
        ),
        ({"manual": [{"sentence": "", "severity": "info", "who": "y", "date": DAY}]}, "sentence：不能为空"),
    ],
)
def test_a_file_that_cannot_be_read_stops_the_run_by_name_and_key(project, data, words):
    write(project, data)
    with pytest.raises(InputError, match=words) as refused:
        read_record(read_project(project))
    assert "waivers.yaml" in str(refused.value)


def test_every_kind_of_fault_has_a_rule_that_may_not_itself_be_waived():
    rules = {rule.params.get("kind"): rule for rule in STANDARDS.surveys["project"].rules}
    assert {rules[kind].waivable for kind in KINDS} == {False}


def test_rules_that_take_the_ground_from_all_others_may_not_be_waived():
    kinds = {"file_missing", "unreadable", "truncated", "count_mismatch", "survey_empty", "parse_killed"}
    rules = [rule for standard in STANDARDS.surveys.values() for rule in standard.rules]
    assert not [r.id for r in rules if r.params.get("kind") in kinds and r.waivable]
    whose = [rule for rule in rules if rule.params.get("text") in ({"project": "code"}, {"project": "permit_number"})]
    assert len(whose) > 3
    assert not [rule.id for rule in whose if rule.waivable]
    assert Waiver(rule="CAD-T01").lacking == ("feature / fingerprint", "reason", "who", "date")


def test_the_example_in_the_template_of_a_project_is_a_right_record(project):
    lines = TEMPLATE.read_text("utf-8").splitlines()
    start = lines.index("#   waivers:")
    end = next(n for n in range(start, len(lines)) if not lines[n].startswith("#   "))
    write(project, "\n".join(line[4:] for line in lines[start:end]))
    record = read_record(read_project(project))
    assert [waiver.lacking for waiver in record.waivers] == [()]
    assert len(record.manual) == 1


@pytest.mark.parametrize("text", ["", "# none yet\n", "waivers:\n", "---\n"])
def test_a_record_without_content_is_none_at_all(project, text):
    (project / "waivers.yaml").write_text(text, "utf-8")
    assert read_record(read_project(project)) == Record()


# ---------------------------------------------------------------- pairs, remarks, and their waivers


def test_a_waiver_by_mark_and_feature_holds_when_the_other_of_the_pair_is_named_first():
    told = KnownBy(CODES[1], mutual=True), KnownBy(CODES[0], mutual=True)
    first, turned = (replace(one, known_by=known) for one, known in zip(FOUND, told, strict=True))
    given = answer(fingerprint=fingerprint(first))
    assert [run(given, one) for one in (first, turned)] == [True, True]
    assert [run(answer(), one) for one in (first, turned)] == [True, False]


def test_a_waiver_of_a_remark_does_not_slide_onto_another_remark():
    given = answer(rule="PRJ-R01", feature=None, fingerprint=fingerprint(found_by_hand(feature=None)))
    runs, findings = entered(given, manual=(remark(feature=None, sentence="地下室出入口未按审批施工"),))
    assert waived(findings) == []
    assert len(runs["PRJ-W01"].findings) == 1


def test_a_waiver_of_a_remark_holds_while_its_blanks_its_day_and_its_author_change():
    given = answer(rule="PRJ-R01", feature=None, fingerprint=fingerprint(found_by_hand(sentence="围墙 压占")))
    runs, _ = entered(given, manual=(remark(sentence=" 围墙\u3000\n压占", who="另一人", date=dt.date(2026, 9, 25)),))
    assert [f.waiver is not None for f in runs["PRJ-R01"].findings] == [True]

"""The table of checked sides in the chapter of a project: limit and verdict as the project's accuracy class has them."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from pipeline.project import run_project
from pipeline.report.build import build
from tests.factories_project import figures
from tests.reading_report import column, tables

SAMPLE = Path(__file__).parent.parent / "samples" / "binjiang"
REASON = "委托书要求按一级施测"
ALPHA, BETA = Decimal("0.014"), Decimal("0.0004")  # first class, domain §3.5


@pytest.fixture(scope="module")
def first_class(tmp_path_factory):
    """The property survey of the sample alone, under the first class."""
    folder = tmp_path_factory.mktemp("sides") / "project"
    shutil.copytree(SAMPLE / "property", folder / "property")
    task = yaml.safe_load((SAMPLE / "project.yaml").read_text("utf-8"))
    task["surveys"] = {"property": task["surveys"]["property"]}
    task["permit"].pop("file")
    task.pop("control_points")
    facts = {"choice": "一", "source": "委托书（虚构）", "certainty": "practice", "reason": REASON}
    task["overrides"] = [{"key": "property.accuracy_class", **facts}]
    (folder / "project.yaml").write_text(yaml.safe_dump(task, allow_unicode=True), "utf-8")
    return run_project(folder)


@pytest.fixture(scope="module")
def report(first_class):
    return build(first_class, figures=figures())


@pytest.fixture(scope="module")
def shown(report):
    return [table for name, table in tables(report).items() if name.startswith("property.checked_side.")]


def test_each_building_has_its_table_and_every_checked_side_stands_in_one(first_class, shown):
    assert [table.caption for table in shown] == ["1幢检查边长表", "2幢检查边长表", "3幢检查边长表"]
    (survey,) = first_class.surveys
    assert sum(len(table.rows) for table in shown) == len(survey.frames["checked_side"]) > 50


def test_difference_limit_and_verdict_are_those_of_the_class_worked_out_apart(shown):
    for table in shown:
        printed = zip(*(column(table, f"{w}/m") for w in ("成果边长", "检查边长", "较差", "限差")), strict=True)
        wanted = []
        for given, checked, gap, limit in (tuple(map(Decimal, row)) for row in printed):
            assert abs(gap - (checked - given)) < Decimal("0.0005")
            assert abs(limit - (ALPHA + BETA * given)) <= Decimal("0.0006")
            wanted.append("合格" if abs(gap) <= ALPHA + BETA * given else "超限")
        assert column(table, "结论") == wanted


def test_every_side_that_the_table_calls_over_its_limit_is_found_by_the_rule(first_class, shown):
    over = {
        number
        for table in shown
        for number, verdict in zip(column(table, "检查边号"), column(table, "结论"), strict=True)
        if verdict == "超限"
    }
    assert over
    assert {f.business_id for f in first_class.findings if f.rule == "PRP-M03"} == over
    assert {f.other_feature is not None for f in first_class.findings if f.rule == "PRP-M03"} == {True}


def test_the_class_and_why_the_project_chose_it_stand_under_the_table(shown):
    assert all("一" in table.note and REASON in table.note for table in shown)


def test_the_mean_error_stands_beside_what_is_permitted_and_the_rule_agrees(first_class, report):
    table = tables(report)["property.checked_side_accuracy"]
    count, over, mean_m, most_m = column(table, "数值")
    assert (int(count), Decimal(mean_m)) == (56, Decimal("0.012"))
    assert int(over) == sum(f.rule == "PRP-M03" for f in first_class.findings)
    (found,) = (f for f in first_class.findings if f.rule == "PRP-M04")
    assert (f"{found.measured:.3f}", f"{found.required:.3f}") == (mean_m, most_m)

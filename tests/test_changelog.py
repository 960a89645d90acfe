"""The changelog of the standards: true to the editions, and honest about what may make a passing delivery fail."""

from __future__ import annotations

import re

import pytest
import yaml

from pipeline import changelog, editions
from pipeline.editions import archive
from pipeline.editions.changes import changes
from pipeline.standard import SCHEMAS, load_standards

PAIRS = list(zip(editions.known(), editions.known()[1:], strict=False))
NEW = load_standards("national", scope="district")
RULE = next(
    rule for rule in NEW.surveys["cadastral"].rules if rule.severity == "error" and rule.waivable and rule.params
)


def raw_rules(edition):
    """The rules as YAML, read without the models: an independent witness."""
    frozen = editions.FOLDER / f"{edition}.zip"
    if edition == editions.current():
        texts = {path.as_posix(): path.read_text("utf-8") for path in SCHEMAS.glob("*/rules.yaml")}
    else:
        texts = {name: text for name, text in archive.contents(frozen).items() if name.endswith("/rules.yaml")}
    return {rule["id"]: rule for text in texts.values() for rule in yaml.safe_load(text)["rules"]}


def section(edition, half):
    """Ids of rules in one half of an edition's chapter of the written document."""
    text = changelog.PATH.read_text("utf-8")
    chapter = re.search(rf"^## {edition}（自 .*?\n(.*?)(?=^## )", text, re.MULTILINE | re.DOTALL)[1]
    part = re.search(rf"^### {half}.*?\n(.*?)(?=^### |\Z)", chapter, re.MULTILINE | re.DOTALL)[1]
    return {row.split("|")[2].strip(" `") for row in part.splitlines() if row.startswith("| 规则")}


def test_the_document_is_current():
    assert changelog.PATH.read_text("utf-8") == changelog.changelog(), "run `make docs`"


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_the_document_names_every_rule_that_came_went_or_changed_and_no_other(old, new):
    before, after = raw_rules(old), raw_rules(new)
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert section(new, "不兼容") | section(new, "兼容") == changed
    assert section(new, "不兼容") & section(new, "兼容") == set()


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_what_may_make_a_passing_delivery_fail_stands_under_breaking(old, new):
    before, after = raw_rules(old), raw_rules(new)
    error = {key for key, rule in after.items() if rule.get("severity", "error") == "error"}
    harder = {
        key for key in error & before.keys()
        if before[key].get("severity", "error") != "error"
        or (before[key].get("waivable", True) and not after[key].get("waivable", True))
        or any(before[key].get(k) != after[key].get(k) for k in ("check", "params", "layer", "against", "where", "measure"))
    }  # fmt: skip
    assert (error - before.keys()) | harder <= section(new, "不兼容")
    assert section(new, "不兼容") <= error


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_a_rule_says_since_which_edition_it_stands(old, new):
    before, after = raw_rules(old), raw_rules(new)
    assert {key for key in after.keys() - before.keys() if after[key]["since"] != new} == set()
    assert {key for key in after.keys() & before.keys() if after[key]["since"] != before[key]["since"]} == set()


def test_a_rule_that_went_is_never_used_again():
    seen, gone = set(), set()
    for edition in editions.known():
        now = set(raw_rules(edition))
        assert now & gone == set()
        gone |= seen - now
        seen |= now


# ---------------------------------------------------------------- what counts as breaking


def with_rule(**change):
    rule = RULE.model_copy(update=change)
    cadastral = NEW.surveys["cadastral"]
    rules = tuple(rule if r.id == RULE.id else r for r in cadastral.rules)
    return NEW.model_copy(
        update={"surveys": NEW.surveys | {"cadastral": cadastral.model_copy(update={"rules": rules})}}
    )


def test_an_edition_does_not_differ_from_itself():
    assert changes(NEW, NEW) == ()


@pytest.mark.parametrize(
    ("change", "breaks", "breaks_back"),
    [
        ({"severity": "warning"}, False, True),
        ({"waivable": False}, True, False),
        ({"params": {}}, True, True),
        ({"check": "unique"}, True, True),
        ({"where": {"parcel_code": "x"}}, True, True),
        ({"message": "另一句"}, False, False),
        ({"hint": "另一改法"}, False, False),
        ({"severity": "warning", "params": {}}, False, True),
    ],
    ids=lambda v: "-".join(v) if isinstance(v, dict) else str(v),
)
def test_a_changed_rule_breaks_when_it_may_stop_what_it_let_pass(change, breaks, breaks_back):
    ((one,), (back,)) = changes(NEW, with_rule(**change)), changes(with_rule(**change), NEW)
    assert (one.name, one.keys, one.breaking) == (RULE.id, tuple(sorted(change)), breaks)
    assert back.breaking is breaks_back


@pytest.mark.parametrize(("severity", "breaks"), [("error", True), ("warning", False), ("info", False)])
def test_a_new_rule_breaks_when_it_is_an_error_and_one_that_went_never_does(severity, breaks):
    new, cadastral = with_rule(severity=severity), NEW.surveys["cadastral"]
    fewer = cadastral.model_copy(update={"rules": tuple(r for r in cadastral.rules if r.id != RULE.id)})
    old = NEW.model_copy(update={"surveys": NEW.surveys | {"cadastral": fewer}})
    ((added,), (removed,)) = changes(old, new), changes(new, old)
    assert (added.what, added.breaking) == ("added", breaks)
    assert (removed.what, removed.breaking) == ("removed", False)


@pytest.mark.parametrize(
    ("change", "breaks"),
    [({"value": 99.0}, True), ({"source": "另一来源"}, False), ({"value": 99.0, "label": "x"}, True)],
)
def test_a_number_breaks_when_its_value_changes_and_not_when_its_words_do(change, breaks):
    number = NEW.profile.numbers["cadastral.overlap_m2"].model_copy(update=change)
    numbers = NEW.profile.numbers | {"cadastral.overlap_m2": number}
    new = NEW.model_copy(update={"profile": NEW.profile.model_copy(update={"numbers": numbers})})
    (one,) = changes(NEW, new)
    assert (one.part, one.name, one.breaking) == ("numbers", "cadastral.overlap_m2", breaks)


def test_a_field_and_a_table_are_told_where_they_changed():
    green = NEW.surveys["green"]
    patch = green.layers["patch"]
    field = patch.fields["category"].model_copy(update={"required": False})
    layers = green.layers | {"patch": patch.model_copy(update={"fields": patch.fields | {"category": field}})}
    changed = green.model_copy(update={"layers": layers, "tables": green.tables[1:]})
    found = changes(NEW, NEW.model_copy(update={"surveys": NEW.surveys | {"green": changed}}))
    assert {(c.part, c.name, c.what, c.breaking) for c in found} == {
        ("layers", "patch.category", "changed", True),
        ("tables", green.tables[0].id, "removed", False),
    }


def test_a_whole_standard_that_came_is_told_once_and_its_rules_one_by_one():
    old = NEW.model_copy(update={"surveys": {k: s for k, s in NEW.surveys.items() if k != "green"}})
    found = changes(old, NEW)
    assert {c.part for c in found} == {"standard", "rules"}
    assert len(found) == 1 + len(NEW.surveys["green"].rules)


def test_the_document_is_written_only_when_something_changed(tmp_path):
    path = tmp_path / "CHANGELOG.md"
    assert [changelog.refresh(path), changelog.refresh(path)] == [True, False]

"""Editions of the standards: the older ones stay as they were, load with today's program and give what they gave."""

from __future__ import annotations

import hashlib

import pytest

from pipeline import editions
from pipeline.editions import archive
from pipeline.errors import InputError, StandardError
from pipeline.project import run_project
from pipeline.report.data import summary
from pipeline.standard import SCHEMAS, load_profile, load_standards
from tests import stored_runs

#: what was published never changes: the archive of an edition, as bytes
PUBLISHED = {"2026-11": "9aef5dce37b2e56b28f920761ed08cc44e0dd888d6c55ee31007dfb9059b2486"}
FROZEN = sorted(path.stem for path in editions.FOLDER.glob("*.zip"))


def test_the_current_edition_is_the_last_of_those_known():
    assert editions.known()[-1] == editions.current()
    assert set(PUBLISHED) <= set(editions.known())
    assert list(editions.known()) == sorted(set(editions.known()))


@pytest.mark.parametrize("edition", PUBLISHED)
def test_a_published_edition_is_what_it_was_to_the_byte(edition):
    data = (editions.FOLDER / f"{edition}.zip").read_bytes()
    assert hashlib.sha256(data).hexdigest() == PUBLISHED[edition]
    assert len(data) < 300_000


def test_every_archive_but_the_current_one_is_held_by_its_bytes():
    assert set(FROZEN) - {editions.current()} <= set(PUBLISHED)


@pytest.mark.parametrize("edition", editions.known())
def test_every_edition_loads_with_today_s_program_and_names_itself(edition):
    with editions.schemas_of(edition) as root:
        standards = load_standards(root=root)
    assert {part.rpartition(" ")[2] for part in standards.edition.split("; ")} == {edition}
    assert set(standards.edition.split("; ")) == editions.packages(edition)
    assert standards.profile.edition.endswith(f" {edition}")
    assert editions.edition_of(standards.edition) == edition


def test_the_current_edition_needs_no_unpacking():
    with editions.schemas_of() as own, editions.schemas_of(editions.current()) as named:
        assert own == named == SCHEMAS


@pytest.mark.parametrize("name", ["2019-01", "", "../2026-11", "2026-11.zip", "/etc/passwd"])
def test_an_unknown_edition_is_refused_with_those_there_are(name):
    with pytest.raises(InputError, match=f"没有.*{editions.current()}"), editions.schemas_of(name):
        pass


@pytest.mark.parametrize("edition", editions.known())
def test_a_summary_names_its_edition_by_date_or_by_all_its_packages_and_others_may_stand_among_them(edition):
    text = "; ".join(sorted(editions.packages(edition)))
    assert editions.edition_of(edition) == edition
    assert editions.edition_of(text) == edition
    assert editions.edition_of(f"firm-pipes 2025-01; {text}") == edition


def test_packages_of_two_editions_mixed_or_one_missing_are_no_edition():
    old = sorted(editions.packages("2026-11"))
    for text in ("; ".join(old[1:]), "; ".join([*old[1:], "duoce-project 2026-12"]), "nothing", ""):
        with pytest.raises(InputError, match="标准版次"):
            editions.edition_of(text)


def test_numbers_that_only_today_s_program_asks_for_are_lent_to_an_older_edition_and_its_own_are_kept(monkeypatch):
    today = dict(load_profile("national").numbers)
    with editions.schemas_of("2026-11") as root:
        own = load_profile("national", root=root).numbers["cadastral.overlap_m2"]
    today["cadastral.overlap_m2"] = today["green.soil_factor"]  # another kind of number by now
    today["intake.new_limit"] = today["project.scale_limit_m_per_km"]
    lender = load_profile("national").model_copy(update={"numbers": today})
    monkeypatch.setattr("pipeline.standard.loading._lent", lambda _: dict(lender.numbers))
    with editions.schemas_of("2026-11") as root:
        lent = load_profile("chongqing", root=root, overrides=[{"key": "intake.new_limit", "value": 7, "reason": "x"}])
    assert lent.numbers["intake.new_limit"].value == 7
    assert lent.numbers["cadastral.overlap_m2"] == own


def test_an_older_edition_has_every_number_that_the_current_one_has():
    for edition in editions.known():
        with editions.schemas_of(edition) as root:
            assert set(load_profile("national").numbers) <= set(load_profile("national", root=root).numbers)


def test_a_note_that_an_older_edition_has_no_rule_for_is_judged_by_today_s_rule():
    standards = load_standards()
    project = standards.surveys["project"]
    (lent,) = (rule for rule in project.rules if rule.params.get("kind") == "truncated")
    older = project.model_copy(update={"rules": tuple(rule for rule in project.rules if rule != lent)})
    old = standards.model_copy(update={"surveys": standards.surveys | {"project": older}})
    assert editions.with_rules_for(old, {"truncated"}, intake="project").rule(lent.id) == lent
    assert editions.with_rules_for(old, {"unreadable"}, intake="project") is old
    assert (
        editions.with_rules_for(standards, {"truncated", "no_such_kind"}, intake="project").surveys == standards.surveys
    )


# ---------------------------------------------------------------- freezing


@pytest.fixture
def small(tmp_path):
    """A schemas folder of one package."""
    root = tmp_path / "schemas"
    (root / "pipes" / "cases").mkdir(parents=True)
    (root / "report").mkdir()
    (root / "pipes" / "standard.yaml").write_text("survey: pipes\nedition: duoce-pipes 2027-01  # date\n", "utf-8")
    (root / "pipes" / "cases" / "PIP-A01.yaml").write_text("rule: PIP-A01\n", "utf-8")
    (root / "report" / "words.yaml").write_text("a: b\n", "utf-8")
    (root / "README.md").write_text("text", "utf-8")
    return root


def test_freezing_twice_gives_the_same_bytes_without_cases_forms_and_documents(small, tmp_path):
    first, second = editions.freeze(small, tmp_path / "a"), editions.freeze(small, tmp_path / "b")
    assert first.name == "2027-01.zip"
    assert first.read_bytes() == second.read_bytes()
    assert list(archive.contents(first)) == ["pipes/standard.yaml"]
    assert editions.freeze(small, tmp_path / "a") == first


def test_a_frozen_edition_with_other_content_needs_a_new_date(small, tmp_path):
    editions.freeze(small, tmp_path / "a")
    (small / "pipes" / "rules.yaml").write_text("rules: []\n", "utf-8")
    with pytest.raises(StandardError, match="新的版次日期"):
        editions.freeze(small, tmp_path / "a")


@pytest.mark.parametrize("stated", ["duoce-more 2027-02", "duoce-more spring", "duoce-more"])
def test_packages_of_one_edition_share_one_date(small, tmp_path, stated):
    (small / "more").mkdir()
    (small / "more" / "standard.yaml").write_text(f"survey: more\nedition: {stated}\n", "utf-8")
    with pytest.raises(StandardError, match="同一日期"):
        editions.freeze(small, tmp_path / "a")


def test_if_the_current_edition_is_frozen_already_the_working_standards_are_what_was_frozen():
    path = editions.FOLDER / f"{editions.current()}.zip"
    if path.is_file():
        assert editions.freeze() == path
    else:
        assert editions.current() > max(FROZEN)


# ---------------------------------------------------------------- run again


@pytest.mark.parametrize("path", stored_runs.stored(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_stored_run_of_an_edition_gives_the_same_summary_today(path, tmp_path):
    folder, told = stored_runs.opened(path, tmp_path / "project")
    result = run_project(folder, edition=path.parent.name)
    again = stored_runs.restricted(stored_runs.comparable(summary(result)), told)
    assert len(told["rules"]) > 400
    assert again == told


def test_every_published_edition_has_stored_runs_of_all_samples():
    held = {(path.parent.name, path.stem) for path in stored_runs.stored()}
    assert {(edition, name) for edition in PUBLISHED for name in stored_runs.SAMPLES} <= held

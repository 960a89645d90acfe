import copy
import datetime as dt
import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from pipeline import editor_schemas
from pipeline.editor_schemas import FOLDER, refresh, schemas_for_editors, text_of
from pipeline.errors import StandardError
from pipeline.scaffold import TEMPLATE
from pipeline.standard import PARTS, SCHEMAS
from tests import sixth

SCHEMA = schemas_for_editors()
SHIPPED = [(part, path) for part in PARTS for path in sorted(SCHEMAS.glob(f"*/{part}.yaml"))]
SHIPPED += [("profile", path) for path in sorted((SCHEMAS / "profiles").glob("*.yaml"))]
SHIPPED += [("project", TEMPLATE), ("project", Path(__file__).parent.parent / "samples" / "binjiang" / "project.yaml")]


def plain(value):
    """YAML as an editor sees it: a date is text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def faults(name, data):
    found = Draft202012Validator(SCHEMA[name]).iter_errors(plain(data))
    return [f"{'.'.join(map(str, error.path))}: {error.message:.200}" for error in found]


def read(path):
    return yaml.safe_load(path.read_text("utf-8"))


def objects(schema):
    if isinstance(schema, dict):
        yield from [schema] if isinstance(schema.get("properties"), dict) and "title" in schema else []
        for item in schema.values():
            yield from objects(item)
    elif isinstance(schema, list):
        for item in schema:
            yield from objects(item)


@pytest.mark.parametrize("name", SCHEMA)
def test_the_files_are_current(name):
    assert (FOLDER / f"{name}.schema.json").read_text("utf-8") == text_of(SCHEMA[name]), "run `make docs`"


def test_there_is_no_file_besides_them():
    assert {path.name for path in FOLDER.glob("*.json")} == {f"{name}.schema.json" for name in SCHEMA}


def test_writing_them_twice_changes_nothing(tmp_path):
    assert len(refresh(tmp_path)) == len(SCHEMA)
    assert refresh(tmp_path) == []


@pytest.mark.parametrize("name", SCHEMA)
def test_each_is_itself_a_right_schema(name):
    Draft202012Validator.check_schema(SCHEMA[name])


@pytest.mark.parametrize("name", SCHEMA)
def test_every_object_and_key_has_a_chinese_title(name):
    for part in objects(SCHEMA[name]):
        titles = [part["title"], *(item.get("title", "") for item in part["properties"].values())]
        assert all(any("一" <= c <= "鿿" for c in title) for title in titles), part["title"]


@pytest.mark.parametrize("name", SCHEMA)
def test_every_reference_leads_somewhere(name):
    known = SCHEMA[name]["$defs"].keys()
    used = {part.split('"')[0] for part in json.dumps(SCHEMA[name]).split('"#/$defs/')[1:]}
    assert used == known


@pytest.mark.parametrize(
    ("name", "path"), SHIPPED, ids=lambda v: v if isinstance(v, str) else f"{v.parent.name}/{v.stem}"
)
def test_every_shipped_file_is_valid(name, path):
    assert faults(name, read(path)) == []


@pytest.mark.parametrize("part", ["standard", "mappings", "measures", "rules", "tables"])
def test_a_further_survey_is_valid_without_any_change(part):
    assert faults(part, getattr(sixth, part.upper())) == []


def test_a_standard_may_stand_in_one_file():
    assert faults("standard", sixth.STANDARD | sixth.RULES | sixth.MEASURES) == []


# ---------------------------------------------------------------- what is refused

RULE = sixth.RULES["rules"][0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"sevrity": "error"},
        {"severity": "fatal"},
        {"check": "no_such_check"},
        {"id": "管线1"},
        {"certainty": "sure"},
        {"params": {"at_least": {"profile": "no.such_number"}}},
        {"params": {"of": [{"profile": "no.such_number"}]}},
    ],
)
def test_a_wrong_rule_is_marked(wrong):
    assert faults("rules", {"rules": [RULE]}) == []
    assert faults("rules", {"rules": [RULE | wrong]})


def test_a_rule_may_refer_to_a_number_of_the_profile():
    assert faults("rules", {"rules": [RULE | {"params": {"a": {"profile": "cadastral.overlap_m2"}}}]}) == []


@pytest.mark.parametrize("source", [{}, {"item": 1}, {"xdata": "A", "own_text": True}])
def test_a_field_without_exactly_one_source_is_marked(source):
    mappings = copy.deepcopy(sixth.MAPPINGS)
    mappings["mappings"][0]["layers"]["pipe"]["fields"]["pipe_no"] = source
    assert faults("mappings", mappings)


@pytest.mark.parametrize("missing", ["label", "unit", "source", "certainty", "value"])
def test_a_number_of_the_base_states_everything_and_one_over_it_what_it_changes(missing):
    number = {"label": "限差", "unit": "m", "value": 1.0, "source": "试验", "certainty": "proposal"}
    part = {key: value for key, value in number.items() if key != missing}
    profile = {"name": "x", "label": "试验", "edition": "x"}
    assert faults("profile", profile | {"numbers": {"a.b": number}}) == []
    assert faults("profile", profile | {"numbers": {"a.b": part}})
    assert faults("profile", profile | {"over": "national", "numbers": {"a.b": part}}) == []


OVERRIDE = {"key": "green.soil_factor", "bins": [[0, None, 1.0]], "source": "批复", "reason": "批复给定"}


@pytest.mark.parametrize(
    ("wrong", "fails"),
    [({}, False), ({"key": "green.soil"}, True), ({"reason": None}, True), ({"bin": []}, True), ({"bins": "x"}, True)],
)
def test_an_override_names_a_known_number_and_what_it_is(wrong, fails):
    project = read(TEMPLATE) | {"overrides": [OVERRIDE | wrong]}
    assert bool(faults("project", project)) is fails


@pytest.mark.parametrize("missing", ["key", "reason"])
def test_an_override_without_key_or_reason_is_marked(missing):
    override = {key: value for key, value in OVERRIDE.items() if key != missing}
    assert faults("project", read(TEMPLATE) | {"overrides": [override]})


@pytest.mark.parametrize("missing", ["project", "firm", "crs", "height_datum", "surveys"])
def test_a_project_without_its_main_parts_is_marked(missing):
    assert faults("project", {key: value for key, value in read(TEMPLATE).items() if key != missing})


def test_a_key_without_a_word_is_named(monkeypatch):
    words = editor_schemas._words()
    del words["fields"]["severity"]
    monkeypatch.setattr(editor_schemas, "_words", lambda: words)
    with pytest.raises(StandardError, match="severity"):
        schemas_for_editors()


@pytest.mark.parametrize("missing", ["rule", "feature", "reason", "who", "date"])
def test_a_waiver_for_which_nobody_answers_is_marked(missing):
    waiver = {"rule": "CAD-T01", "feature": "J7", "reason": "历史遗留", "who": "王五", "date": "2026-09-01"}
    assert faults("waivers", {"waivers": [waiver]}) == []
    assert faults("waivers", {"waivers": [{key: value for key, value in waiver.items() if key != missing}]})

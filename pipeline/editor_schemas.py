"""JSON Schemas for editors of the YAML files: made from the models that read them, named in Chinese, written to `json/`.

They complete keys, verbs and profile keys while one types; what counts is still what the models say when a file is read.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from pipeline.checks import CHECKS
from pipeline.errors import StandardError
from pipeline.measures import AGGREGATES, COLUMNS, COMBINERS
from pipeline.projectfile import ProjectFile
from pipeline.standard import PARTS, SCHEMAS, Profile, Standard, load_profile
from pipeline.waivers import Record
from pipeline.yaml_text import parse

FOLDER = SCHEMAS / "json"
WORDS = FOLDER / "words.yaml"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
NOT_WRITTEN = {  # fields that reading fills in
    "Standard": ("folder", "codes"),
    "Profile": ("overrides",),
    "ProjectFile": ("folder", "file_name", "control_points_rows"),
    "Record": ("file",),
}
BESIDE_SOURCE = ("item", "within_m", "pattern", "values", "separator", "otherwise")  # keys that are no source
PARAMS = (("DerivedSpec", "params"), ("MeasureSpec", "params"), ("RuleSpec", "params"))
PARAM = (("MeasureSpec", "survey_error"), ("MeasureSpec", "allowance"))
Json = dict[str, Any]


def schemas_for_editors() -> dict[str, Json]:
    """A schema by name: one per part of a standard, `profile`, `project` and `waivers`.

    Errors: StandardError naming a model or key that has no word in `json/words.yaml`.
    """
    words, keys = _words(), _profile_keys()
    standard, profile = _defs(Standard, words), _defs(Profile, words)
    project, record = _defs(ProjectFile, words), _defs(Record, words)
    _verbs(standard, keys)
    _one_source(standard["FieldSource"])
    change = _change(profile, words)
    _profile(profile, change)
    _project(project, change, keys)
    _answered(record["Waiver"])
    made = {part: _file(standard, _part(standard["Standard"], part)) for part in PARTS}
    made |= {"profile": _file(profile, profile["Profile"]), "project": _file(project, project["ProjectFile"])}
    made["waivers"] = _file(record, record["Record"])
    return {name: {"$schema": DIALECT, **schema, "title": words["files"][name]} for name, schema in made.items()}


def text_of(schema: Mapping[str, Any]) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def refresh(folder: Path = FOLDER) -> list[Path]:
    """Write every schema into `folder`; which files changed."""
    changed = []
    for name, schema in schemas_for_editors().items():
        path, text = folder / f"{name}.schema.json", text_of(schema)
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            changed.append(path)
    return changed


# ---------------------------------------------------------------- models


def _defs(model: type[BaseModel], words: Mapping[str, Any]) -> dict[str, Json]:
    """Every object of `model` by name, the model itself among them, with Chinese titles."""
    schema = model.model_json_schema()
    defs: dict[str, Json] = schema.pop("$defs", {})
    defs[model.__name__] = schema
    for name, part in defs.items():
        for key in NOT_WRITTEN.get(name, ()):
            part["properties"].pop(key)
            part["required"] = [k for k in part.get("required", ()) if k != key]
        _titled(name, part, words)
    return defs


def _titled(name: str, part: Json, words: Mapping[str, Any]) -> None:
    """The words of one object and of its keys in place of their English ones."""
    part.pop("description", None)
    part["title"] = _word(words, "models", name)
    for key, item in part["properties"].items():
        item["title"] = _word(words, "fields", f"{name}.{key}", key)


def _word(words: Mapping[str, Any], kind: str, *names: str) -> str:
    known = words[kind]
    found = next((known[name] for name in names if name in known), None)
    if found is None:
        raise StandardError(f"{WORDS}：{kind}：缺少“{names[-1]}”")
    return str(found)


def _words() -> dict[str, Any]:
    read: dict[str, Any] = parse(WORDS.read_text("utf-8"))
    return read


def _profile_keys() -> list[str]:
    names = sorted(path.stem for path in (SCHEMAS / "profiles").glob("*.yaml"))
    return sorted({key for name in names for key in load_profile(name).numbers})


# ---------------------------------------------------------------- what the models leave open


def _verbs(defs: dict[str, Json], keys: list[str]) -> None:
    """Names of checks and measures, and keys of the profile wherever a parameter refers to it."""
    defs["RuleSpec"]["properties"]["check"]["enum"] = sorted(CHECKS)
    defs["DerivedSpec"]["properties"]["measure"]["enum"] = sorted(COLUMNS)
    defs["MeasureSpec"]["properties"]["measure"]["enum"] = sorted({*AGGREGATES, *COMBINERS})
    known = {"type": "object", "properties": {"profile": {"enum": keys}}}
    defs["Param"] = {
        "if": {"type": "object", "required": ["profile"]},
        "then": known,
        "items": {"$ref": "#/$defs/Param"},
    }
    for model, key in PARAMS:
        defs[model]["properties"][key]["additionalProperties"] = {"$ref": "#/$defs/Param"}
    for model, key in PARAM:
        defs[model]["properties"][key]["$ref"] = "#/$defs/Param"


def _one_source(source: Json) -> None:
    """Exactly one source of a field's value is given."""
    source["oneOf"] = [{"required": [key]} for key in source["properties"] if key not in BESIDE_SOURCE]


def _change(defs: Mapping[str, Json], words: Mapping[str, Any]) -> Json:
    """A number that changes another: any key of any kind of number, none of them required."""
    kinds = [part for name, part in defs.items() if name != "Profile"]
    shapes: dict[str, list[Json]] = {}
    for part in kinds:
        for key, item in part["properties"].items():
            shape = {k: v for k, v in item.items() if k not in ("title", "default")}
            if shape not in shapes.setdefault(key, []):
                shapes[key].append(shape)
    properties = {key: found[0] if len(found) == 1 else {"anyOf": found} for key, found in shapes.items()}
    change = {"type": "object", "additionalProperties": False, "properties": copy.deepcopy(properties)}
    _titled("Change", change, words)
    return change


def _profile(defs: dict[str, Json], change: Json) -> None:
    """A profile over another may state of a number only what it changes."""
    profile = defs["Profile"]
    profile["properties"]["over"] = {"type": "string", "title": "以哪个参数集为底"}
    whole = profile["properties"]["numbers"].pop("additionalProperties")
    defs["Change"], defs["Number"] = change, whole
    profile["if"] = {"required": ["over"]}
    profile["then"] = {"properties": {"numbers": {"additionalProperties": {"$ref": "#/$defs/Change"}}}}
    profile["else"] = {"properties": {"numbers": {"additionalProperties": {"$ref": "#/$defs/Number"}}}}


def _project(defs: dict[str, Json], change: Json, keys: list[str]) -> None:
    """An override names its number and gives a reason."""
    override = copy.deepcopy(change)
    override["properties"] = {"key": {"enum": keys, "title": "数值的键"}, **override["properties"]}
    override["properties"]["reason"] = {
        "type": "string",
        "minLength": 1,
        "title": change["properties"]["reason"]["title"],
    }
    override["required"] = ["key", "reason"]
    defs["Override"] = override
    defs["ProjectFile"]["properties"]["overrides"]["items"] = {"$ref": "#/$defs/Override"}
    names = sorted(path.stem for path in (SCHEMAS / "profiles").glob("*.yaml"))
    defs["ProjectFile"]["properties"]["profile"]["examples"] = names


def _answered(waiver: Json) -> None:
    """Somebody answers for a waiver, and it names its finding; a run makes a finding of what is missing here."""
    waiver["required"] = ["rule", "reason", "who", "date"]
    waiver["anyOf"] = [{"required": ["feature"]}, {"required": ["fingerprint"]}]


# ---------------------------------------------------------------- files


def _part(standard: Json, part: str) -> Json:
    """The top of one part's file. standard.yaml may hold any of the other parts too."""
    if part == "standard":
        return standard
    properties = {part: standard["properties"][part]}
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": [part]}


def _file(defs: Mapping[str, Json], top: Json) -> Json:
    """`top` with the definitions it needs, in the order of their names."""
    needed: dict[str, Json] = {}
    open_ = set(_references(top))
    while open_:
        name = open_.pop()
        needed[name] = defs[name]
        open_ |= set(_references(defs[name])) - needed.keys()
    return {**top, "$defs": dict(sorted(needed.items()))}


def _references(schema: Any) -> Iterable[str]:
    """Names of the definitions that `schema` refers to."""
    if isinstance(schema, list):
        for item in schema:
            yield from _references(item)
    elif isinstance(schema, Mapping):
        for key, item in schema.items():
            if key == "$ref" and isinstance(item, str):
                yield item.rsplit("/", 1)[-1]
            else:
                yield from _references(item)

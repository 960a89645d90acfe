"""The standards as frozen objects: `schemas/` + profile + the project's own overrides.

A survey's standard is a folder: `standard.yaml` (identity, layers, fields, permit figures), `mappings.yaml` (where the
layers are found in a drawing or table), `measures.yaml`, `rules.yaml`, `tables.yaml`, `drawings.yaml`,
`codes/*.csv`, `cases/*.yaml`. Only `standard.yaml` is required. A fault names file and key.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from pipeline.errors import StandardError
from pipeline.model import Severity
from pipeline.tolerance import Certainty, Number

#: the schemas folder shipped in the wheel, or the one beside the package in a checkout
SCHEMAS = next(
    (p for p in (Path(__file__).parent / "schemas", Path(__file__).parent.parent / "schemas") if p.is_dir()),
    Path(__file__).parent / "schemas",
)
PARTS = ("standard", "mappings", "measures", "rules", "tables", "drawings")


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Scalar = str | int | float | bool
Where = dict[str, Scalar | list[Scalar]]  # field → value or one of the values


Param = Any  # a plain value, or {profile: key} | {permit: name} | {measure: name}, alone or inside a list


class FieldSpec(_Record):
    """One attribute of a layer."""

    label: str
    code: str | None = None  # pinyin code in registration databases, e.g. ZDDM
    type: Literal["text", "integer", "number", "date"] = "text"
    width: int | None = None
    decimals: int | None = None
    required: bool | Literal["conditional"] = False
    codes: str | None = None  # name of a code list in codes/
    unit: str | None = None
    note: str | None = None


class DerivedSpec(_Record):
    """A computed column: a verb of `pipeline.measures` over columns of the same row."""

    label: str
    measure: str
    params: dict[str, Param] = Field(default_factory=dict)
    unit: str | None = None
    decimals: int | None = None


class LayerSpec(_Record):
    """One canonical layer of a survey."""

    label: str
    geometry: Literal["polygon", "line", "point", "none"]
    required: bool = False
    business_id: str | None = None
    fields: dict[str, FieldSpec] = Field(default_factory=dict)
    derived: dict[str, DerivedSpec] = Field(default_factory=dict)


class PermitFigure(_Record):
    """One number the permit or approval states; labels and aliases are how permit tables call it."""

    label: str
    unit: str
    aliases: tuple[str, ...] = ()


class BuildingView(_Record):
    """What a survey says of each building, for the side-by-side table."""

    layer: str
    key: str  # field with the building's name
    facts: dict[str, FieldSpec]  # column → label, unit, decimals


class Select(_Record):
    """Which source features belong to a layer; every given key must hold. Patterns are fnmatch, case-insensitive."""

    layer: tuple[str, ...] = ()
    code: tuple[str, ...] = ()  # CASS feature code
    entity: tuple[str, ...] = ()
    block: tuple[str, ...] = ()
    closed: bool | None = None
    text: str | None = None  # regular expression the own text must contain


class FieldSource(_Record):
    """Where one field is found: exactly one key (besides item, pattern, values, separator, otherwise)."""

    xdata: str | None = None  # app name; item = which value after the app (0 = first)
    item: int = 0
    attribute: str | tuple[str, ...] | None = None  # block ATTRIB tag or table column; aliases in order; "A+B": joined
    own_text: bool = False
    text_inside: tuple[str, ...] | None = None  # layers whose TEXT/MTEXT inside the polygon is searched
    layer_name: bool = False
    elevation: bool = False
    easting: bool = False
    northing: bool = False
    cass_code: bool = False
    const: Scalar | None = None
    pattern: str | None = None  # group 1 of this regular expression is the value
    values: dict[str, Scalar] = Field(default_factory=dict)  # translation of source words
    separator: str | None = None  # keep as text; only documents how lists are written
    otherwise: FieldSource | None = None  # asked where this source gives nothing

    @model_validator(mode="after")
    def _exactly_one(self) -> FieldSource:
        given = (
            self.xdata, self.attribute, self.own_text or None, self.text_inside, self.layer_name or None,
            self.elevation or None, self.easting or None, self.northing or None, self.cass_code or None, self.const,
        )
        if sum(v is not None for v in given) != 1:
            msg = "exactly one source of the value is wanted"
            raise ValueError(msg)
        return self


class LayerMapping(_Record):
    """How one canonical layer is found in a source."""

    select: Select
    geometry: Literal["as_is", "point", "polygon", "line"] = "as_is"
    fields: dict[str, FieldSource] = Field(default_factory=dict)


class Delivery(_Record):
    """One way a survey is delivered."""

    name: str
    label: str
    format: tuple[str, ...]  # dxf, shapefile, geopackage, geojson, csv …
    layers: dict[str, LayerMapping]
    ignore: Select | None = None  # known decoration: counted, never reported as unmapped


class MeasureSpec(_Record):
    """One number of a survey and, when a permit speaks of it, how it is judged."""

    label: str
    measure: str  # verb in pipeline.measures
    layer: str | None = None
    where: Where = Field(default_factory=dict)
    of: tuple[str, ...] = ()  # other measures: "name" or "survey.name"
    params: dict[str, Param] = Field(default_factory=dict)
    by: str | None = None  # field holding the building name: also one value per building
    unit: str = ""
    decimals: int = 2
    formula: str  # in Chinese, for the trace
    permit: str | None = None
    direction: Literal["at_most", "at_least", "equal"] | None = None
    survey_error: Param = None  # profile reference: limit at the permitted size
    allowance: Param = None  # profile reference: administrative allowance
    clause: str
    certainty: Certainty


class RuleSpec(_Record):
    """A check bound by data to a layer (or measure), numbers, a clause, a severity and a sentence."""

    id: str = Field(pattern=r"^[A-Z]{2,4}-[A-Z][0-9]{2}$")
    check: str
    layer: str | None = None
    measure: str | None = None
    against: str | None = None  # "layer" of the same survey or "survey.layer"
    also: tuple[str, ...] = ()  # further layers appended to `against`
    where: Where = Field(default_factory=dict)
    against_where: Where = Field(default_factory=dict)
    params: dict[str, Param] = Field(default_factory=dict)
    severity: Severity = "error"
    element: str  # 质量元素
    title: str  # what must hold, one Chinese clause
    reason: str = ""  # why, for `duoce rules show`
    hint: str = ""  # how to mend it
    clause: str
    certainty: Certainty
    message: str
    since: str  # edition that introduced it
    waivable: bool = True


class ColumnSpec(_Record):
    """A column of a report table."""

    field: str
    label: str
    decimals: int | None = None
    unit: str | None = None
    codes: str | None = None
    total: bool = False


class TableSpec(_Record):
    """A table of the report."""

    id: str
    title: str
    layer: str | None = None
    where: Where = Field(default_factory=dict)
    group_by: str | None = None  # one table per value
    group_title: str | None = None  # "{group} 界址点成果表"
    sort: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()  # one row per combination of these fields: `@count` and sums of the others
    columns: tuple[ColumnSpec, ...] = ()
    transpose: bool = False  # one feature as label/value rows
    measures: tuple[str, ...] = ()  # instead of a layer: rows = these measures
    per_building: bool = False
    note: str | None = None
    annex: bool = False  # always in the annex


class DrawingLayer(_Record):
    """One layer of a drawing, drawn in order."""

    layer: str  # "layer" or "survey.layer"
    style: str  # key in schemas/report/styles.yaml
    label: str | None = None  # field printed at the feature, or a pattern "{building}\n{area_m2:.2f}m²"
    category: str | None = None  # field that picks the fill colour
    where: Where = Field(default_factory=dict)
    only: dict[str, str] | None = None  # own field → field of the sheet's extent rows; null: the group_by field itself


class DrawingList(_Record):
    """A small table on the sheet: rows of a layer, filtered as the drawing filters that layer."""

    title: str
    layer: str
    columns: tuple[ColumnSpec, ...]
    where: Where = Field(default_factory=dict)
    only: dict[str, str] | None = None
    sort: tuple[str, ...] = ()


class Lookup(_Record):
    """A word of another layer for titles: `take` of the first row of `layer` whose `by` equals the extent row's."""

    layer: str
    by: str
    take: str


class DrawingSpec(_Record):
    """A drawing of the report."""

    id: str
    title: str
    paper: Literal["A4", "A3"] = "A4"
    landscape: bool | None = None  # None: A4 upright, A3 lying
    extent: str  # layer that fixes the extent
    where: Where = Field(default_factory=dict)  # which features of the extent layer
    layers: tuple[DrawingLayer, ...]
    group_by: str | None = None  # one sheet per value of this field of the extent layer
    group_title: str | None = None  # "{building}幢 {actual_floor} 层平面图"; columns of the extent rows and lookups
    lookup: dict[str, Lookup] = Field(default_factory=dict)
    sort: tuple[str, ...] = ()  # order of the sheets, by these fields of their extent rows; default the group itself
    merge_equal: tuple[str, ...] = ()  # sheets alike in these fields and in all geometry become one
    max_sheets: int = 24  # what is left out is named on the last sheet
    header: tuple[ColumnSpec, ...] = ()  # fields of the first extent row, under the title
    sides: dict[Literal["north", "south", "east", "west"], str] = Field(default_factory=dict)  # fields: neighbours
    lists: tuple[DrawingList, ...] = ()
    scale_step: int | None = None  # scale denominators are multiples of this; None: the usual series
    note: str | None = None


class Standard(_Record):
    """One survey's standard, whole."""

    survey: str
    label: str  # 地籍测绘
    short: str  # 地籍
    bureau: str = ""  # which bureau signs it
    order: int  # chapter order
    edition: str  # "duoce-cadastral 2026-11"
    basis: tuple[dict[str, str], ...] = ()  # title, number, certainty
    layers: dict[str, LayerSpec] = Field(default_factory=dict)
    permit: dict[str, PermitFigure] = Field(default_factory=dict)
    building: BuildingView | None = None
    mappings: tuple[Delivery, ...] = ()
    measures: dict[str, MeasureSpec] = Field(default_factory=dict)
    rules: tuple[RuleSpec, ...] = ()
    tables: tuple[TableSpec, ...] = ()
    drawings: tuple[DrawingSpec, ...] = ()
    intro: tuple[str, ...] = ()  # paragraphs that open the chapter
    codes: dict[str, dict[str, str]] = Field(default_factory=dict)
    folder: Path


class Profile(_Record):
    """Numbers by key ("cadastral.overlap_m2"), already overlaid."""

    name: str
    label: str
    edition: str
    provisional: bool = False
    note: str = ""
    numbers: dict[str, Number]
    overrides: tuple[str, ...] = ()  # keys the project changed


class Standards(_Record):
    """All surveys' standards under one profile."""

    surveys: dict[str, Standard]
    profile: Profile

    @property
    def edition(self) -> str:
        return "; ".join(s.edition for s in self.surveys.values())

    def rule(self, rule_id: str) -> RuleSpec:
        return next(r for s in self.surveys.values() for r in s.rules if r.id == rule_id)


# ---------------------------------------------------------------- loading


def load_standards(
    profile: str = "chongqing",
    *,
    extra: Sequence[Path] = (),
    overrides: Iterable[Mapping[str, Any]] = (),
    schemas: Path = SCHEMAS,
) -> Standards:
    """Every standard under `schemas` (and the `extra` folders), with the profile and the project's overrides.

    Args: profile: file name in `schemas/profiles`; extra: folders that hold further survey folders;
        overrides: `{key, value…, reason}` of the project, each printed in the report.
    Errors: StandardError naming file and key.
    """
    folders = sorted(
        path.parent for root in (schemas, *extra) for path in Path(root).glob("*/standard.yaml")
    )
    loaded = [load_standard(folder) for folder in folders]
    surveys = {s.survey: s for s in sorted(loaded, key=lambda s: (s.order, s.survey))}
    _unique_rule_ids(loaded)
    return Standards(surveys=surveys, profile=load_profile(profile, schemas=schemas, overrides=overrides))


def load_standard(folder: Path) -> Standard:
    """One survey folder as a `Standard`."""
    data: dict[str, Any] = {"folder": folder, "codes": _codes(folder)}
    for part in PARTS:
        path = folder / f"{part}.yaml"
        if path.is_file():
            data |= _yaml(path)
    return _validated(Standard, data, folder)


def load_profile(name: str, *, schemas: Path = SCHEMAS, overrides: Iterable[Mapping[str, Any]] = ()) -> Profile:
    """A profile with everything it is `over`, then the project's overrides (each needs a reason)."""
    path = schemas / "profiles" / f"{name}.yaml"
    if not path.is_file():
        known = "、".join(sorted(p.stem for p in path.parent.glob("*.yaml")))
        raise StandardError(f"没有名为“{name}”的参数集（profile）；现有：{known}")
    data = _yaml(path)
    base = data.pop("over", None)
    numbers = dict(load_profile(base, schemas=schemas).numbers) if base else {}
    numbers |= _numbers(data.pop("numbers", {}), numbers, path)
    changed = []
    for override in overrides:
        key, reason = override.get("key"), override.get("reason")
        if key not in numbers or not reason:
            raise StandardError(f"project.yaml：overrides：{key}：须为参数集中已有的键，并写明 reason（理由）")
        rest = {k: v for k, v in override.items() if k != "key"}
        numbers |= _numbers({key: rest}, numbers, Path("project.yaml"))
        changed.append(str(key))
    return _validated(Profile, {**data, "numbers": numbers, "overrides": tuple(changed)}, path)


_NUMBER: TypeAdapter[Any] = TypeAdapter(Number)


def _numbers(given: Mapping[str, Any], base: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Numbers of one file over those of its base: an entry need only state what it changes."""
    merged = {}
    for key, entry in given.items():
        under = base[key].model_dump() if key in base else {}
        merged[key] = _validated(_NUMBER, {**under, **entry}, path, key)
    return merged


def _validated(kind: Any, data: Any, path: Path, key: str = "") -> Any:
    try:
        return kind.validate_python(data) if isinstance(kind, TypeAdapter) else kind.model_validate(data)
    except ValidationError as err:
        first = err.errors()[0]
        place = ".".join([key, *map(str, first["loc"])]).strip(".")
        raise StandardError(f"标准有误：{path}：{place}：{first['msg']}（现为 {first['input']!r:.80}）") from err


def _yaml(path: Path) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(path.read_text("utf-8"), Loader=loader)  # noqa: S506 — a safe loader, the C one
    except (yaml.YAMLError, UnicodeDecodeError) as err:
        raise StandardError(f"标准有误：{path}：不是可读的 YAML：{err}") from err
    if not isinstance(data, dict):
        raise StandardError(f"标准有误：{path}：顶层应为键值表")
    return data


def _codes(folder: Path) -> dict[str, dict[str, str]]:
    lists = {}
    for path in sorted((folder / "codes").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            lists[path.stem] = {row[0]: row[1] for row in list(csv.reader(file))[1:] if row}
    return lists


def _unique_rule_ids(standards: Iterable[Standard]) -> None:
    seen: dict[str, Path] = {}
    for standard in standards:
        for rule in standard.rules:
            if rule.id in seen:
                raise StandardError(f"规则编号重复：{rule.id}：{seen[rule.id]} 与 {standard.folder}")
            seen[rule.id] = standard.folder

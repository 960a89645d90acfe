"""The template of the report: cover, statement, chapter order, table forms and fixed words, all from `schemas/report`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import StandardError
from pipeline.report.cells import fitted
from pipeline.report.model import Column, KeyValues, Table
from pipeline.standard import SCHEMAS

FILES = ("template.yaml", "forms.yaml", "words.yaml")
Align = Literal["left", "right", "center"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Line(_Record):
    """A cover line or a form entry: label and value with {slots}."""

    label: str
    value: str


class Signature(_Record):
    """A line of the signature page."""

    role: str
    name: str


class ChapterPlan(_Record):
    """One chapter, or for `surveys` one chapter per commissioned survey."""

    kind: str
    title: str
    number: str | None = None


class FormColumn(_Record):
    """A column of a fixed table: which fact, under which heading. blank: nothing stands for no value, not the missing sign."""

    field: str
    label: str
    align: Align = "left"
    blank: bool = False


class Form(_Record):
    """A fixed table (columns) or a label/value form (items)."""

    caption: str
    columns: tuple[FormColumn, ...] = ()
    items: tuple[Line, ...] = ()
    note: str | None = None
    wide: bool | None = None  # whether it wants a landscape page; None: as its contents need


class Template(_Record):
    """The whole template, already overlaid."""

    title: str
    cover: tuple[Line, ...]
    statement: tuple[str, ...]
    signatures: tuple[Signature, ...]
    chapters: tuple[ChapterPlan, ...]
    forms: dict[str, Form]
    words: dict[str, dict[str, str]]
    sentences: dict[str, str]
    missing: str
    whole: str
    folder: Path = Field(default=Path(), exclude=True)

    def word(self, kind: str, value: object) -> str:
        """The Chinese word for an internal one; a value without one prints as it is, None as the missing sign."""
        return self.missing if value is None else self.words.get(kind, {}).get(str(value), str(value))

    def say(self, key: str, /, **slots: object) -> str:
        """A fixed sentence with its slots filled.

        Errors: StandardError naming the sentence or the slot that is missing.
        """
        if key not in self.sentences:
            raise StandardError(f"{self.folder}：sentences：缺少“{key}”")
        return self.fill(self.sentences[key], slots, f"sentences：{key}")

    def fill(self, text: str, slots: Mapping[str, object], place: str) -> str:
        """`text` with {slots} filled; an empty value prints as the missing sign."""
        try:
            return text.format_map({k: self.missing if v in (None, "") else v for k, v in slots.items()})
        except (KeyError, IndexError, ValueError, AttributeError) as err:
            raise StandardError(f"{self.folder}：{place}：“{text}”中有不认识的词 {err}") from err

    def form(self, name: str) -> Form:
        if name not in self.forms:
            raise StandardError(f"{self.folder}：forms：缺少“{name}”")
        return self.forms[name]

    def table(
        self,
        name: str,
        rows: Sequence[Mapping[str, str]],
        *,
        table_id: str = "",
        extra: Sequence[FormColumn] = (),
        features: Sequence[tuple[str, ...]] = (),
        source: str | None = None,
        note: str | None = None,
        **slots: object,
    ) -> Table:
        """A fixed table from rows of printed facts by field; `extra` columns stand before the last given ones.

        extra: columns only the data know (one per survey); they are inserted before `difference`, else at the end.
        """
        form = self.form(name)
        columns = _with_extra(form.columns, extra)
        cells = tuple(tuple(row.get(c.field, "") or ("" if c.blank else self.missing) for c in columns) for row in rows)
        made = tuple(Column(c.label, c.align) for c in columns)
        widths, wide = fitted(made, cells, wide=form.wide)
        return Table(
            id=table_id or name,
            caption=self.fill(form.caption, slots, f"forms：{name}"),
            columns=widths,
            rows=cells,
            note=note or form.note,
            source=source,
            features=tuple(features),
            wide=wide,
        )

    def values(self, name: str, slots: Mapping[str, object]) -> KeyValues:
        """A fixed form with its values filled."""
        form = self.form(name)
        items = tuple((i.label, self.fill(i.value, slots, f"forms：{name}")) for i in form.items)
        return KeyValues(name, self.fill(form.caption, slots, f"forms：{name}"), items)


def _with_extra(columns: Sequence[FormColumn], extra: Sequence[FormColumn]) -> tuple[FormColumn, ...]:
    at = next((i for i, c in enumerate(columns) if c.field == "difference"), len(columns)) if extra else len(columns)
    return (*columns[:at], *extra, *columns[at:])


def load_template(folder: Path | None = None) -> Template:
    """The template shipped in `schemas/report`, overlaid by a firm's own files in `folder` (only what they change).

    Errors: StandardError naming file and key.
    """
    data: dict[str, Any] = {}
    for root in (SCHEMAS / "report", *([Path(folder)] if folder else [])):
        for name in FILES:
            if (root / name).is_file():
                data = _overlaid(data, _yaml(root / name))
    try:
        return Template.model_validate({**data, "folder": Path(folder) if folder else Path("schemas/report")})
    except ValidationError as err:
        first = err.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise StandardError(f"报告模板有误：{folder or SCHEMAS / 'report'}：{place}：{first['msg']}") from err


def _overlaid(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """`above` over `below`, tables by key; lists are replaced whole."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = _overlaid(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged


def _yaml(path: Path) -> dict[str, Any]:
    try:
        data = yaml.safe_load(path.read_text("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as err:
        raise StandardError(f"报告模板有误：{path}：不是可读的 YAML：{err}") from err
    if not isinstance(data, dict):
        raise StandardError(f"报告模板有误：{path}：顶层应为键值表")
    return data

"""The template of the report: cover, statement, chapter order, table forms and fixed words, all from `schemas/report`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import StandardError
from pipeline.report.cells import fitted
from pipeline.report.logo import Logo, load_logo
from pipeline.report.model import Column, KeyValues, Table
from pipeline.report.template_files import FILES, explained, overlaid, written
from pipeline.standard import SCHEMAS

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


class LogoFile(_Record):
    """The firm's logo on cover and page heads: a PNG or SVG file in the template's folder."""

    file: str
    height_mm: float = Field(default=16.0, gt=0, le=60)


class Template(_Record):
    """The whole template, already overlaid."""

    title: str
    logo: LogoFile | None = None
    cover: tuple[Line, ...]
    statement: tuple[str, ...]
    signatures: tuple[Signature, ...]
    chapters: tuple[ChapterPlan, ...]
    permitted_beside: tuple[str, ...] = ()
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
        targets: Sequence[str] = (),
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
            targets=tuple(targets),
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
    folder = Path(folder) if folder else None
    if folder and not any((folder / name).is_file() for name in FILES):
        raise StandardError(f"报告模板有误：{folder} 中没有模板文件（{'、'.join(FILES)} 中至少一个）")
    parts = written([SCHEMAS / "report", *([folder] if folder else [])])
    data: dict[str, Any] = {}
    for _, part in parts:
        data = overlaid(data, part)
    try:
        return Template.model_validate({**data, "folder": folder or Path("schemas/report")})
    except ValidationError as err:
        raise StandardError("\n".join(explained(item, parts) for item in err.errors())) from err


def template_of(project: Any) -> Template:
    """The template that a project asks for (`report: {template: folder}`, beside project.yaml), else the shipped one.

    Args: project: the ProjectFile.
    Errors: StandardError naming file and key.
    """
    name = project.report.template
    if name is None:
        return load_template()
    folder = project.folder / name
    if not folder.is_dir():
        raise StandardError(f"报告模板有误：{project.file_name}：report.template：没有文件夹 {folder}")
    template = load_template(folder)
    logo_of(template)
    return template


def logo_of(template: Template) -> Logo | None:
    """The firm's logo, read. Errors: StandardError naming file and key."""
    if template.logo is None:
        return None
    path = template.folder / template.logo.file
    return load_logo(path, template.logo.height_mm, place=f"{template.folder / FILES[0]}：logo.file")

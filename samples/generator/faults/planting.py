"""Planted faults as data: what is changed in the clean sample, and the findings that a run must give for it.

Nothing here knows the pipeline. A finding's values are numbers that were planted, or are worked out from the changed
records with plain arithmetic once every fault is in place.

A record is named by "survey.layer name": "planning.zone 1-4F-08", "cadastral.boundary_point 00117/J3",
"property.unit 1/5-1" (building / room). Names are those of the clean sample and stay when a fault changes a number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, Protocol

from generator.faults.names import BUSINESS_ID, named
from generator.figures import Surveys
from generator.shape import Record, Shape, half_up
from generator.write_project import PermitRow

Severity = Literal["error", "warning", "info"]


class Sample(Protocol):
    """What is written of one project."""

    surveys: Surveys
    permit: list[PermitRow]
    project: str


class Scene:
    """A sample under change, and its records by name."""

    def __init__(self, sample: Sample) -> None:
        self.sample = sample
        self.named: dict[str, Record] = {}
        for layer in (f"{s}.{layer}" for s, layers in sample.surveys.items() for layer in layers):
            for record in self.all(layer):
                self.named[named(layer, record)] = record

    def __call__(self, ref: str) -> Record:
        """The record of that name, under which it stood before any change."""
        return self.named[ref]

    def all(self, layer: str) -> list[Record]:
        """The records of "survey.layer" as they are now."""
        survey, name = layer.split(".")
        return self.sample.surveys[survey][name]

    def add(self, layer: str, record: Record, name: str | None = None) -> None:
        """One more record, named by its number or by `name`; the layer may be a new one."""
        survey, own = layer.split(".")
        self.sample.surveys[survey].setdefault(own, []).append(record)
        self.named[f"{layer} {name}" if name else named(layer, record)] = record

    def total(self, layer: str, field: str, **where: Any) -> Decimal:
        """Σ of a field over the records whose fields have the given values."""
        chosen = (r for r in self.all(layer) if all(r.fields[k] == v for k, v in where.items()))
        return sum((Decimal(r.fields[field]) for r in chosen), Decimal(0))


Value = float | str | Decimal | None | Callable[[Scene], Any]
Change = Callable[[Scene], None]


@dataclass(frozen=True)
class Finds:
    """One finding that must appear.

    at, other: names of the two records; None = about none (`business`: the building of an indicator).
    bare: a finding on the input file, which names the entity by its handle alone. row: row of a table, for the same.
    feature, other_feature: the id itself, where no record stands for it. file: a finding about the file as a whole.
    """

    rule: str
    at: str | None = None
    measured: Value = None
    required: Value = None
    other: str | None = None
    severity: Severity = "error"
    business: str | None = None
    bare: bool = False
    row: int | None = None
    feature: str | None = None
    other_feature: str | None = None
    file: str | None = None


@dataclass(frozen=True)
class Fault:
    """One planted fault: what a surveyor would say of it, how it is planted, and everything it sets off."""

    id: str
    note: str
    changes: tuple[Change, ...]
    finds: tuple[Finds, ...]


# ---------------------------------------------------------------- how a fault is planted


def change(ref: str, **fields: Any) -> Change:
    """Other attribute values."""
    return lambda scene: scene(ref).fields.update(fields)


def draw(ref: str, shape: Shape, *, restated: str | None = None) -> Change:
    """Another figure; `restated`: the attribute whose stated area follows it."""

    def planted(scene: Scene) -> None:
        scene(ref).shape = shape
        if restated:
            scene(ref).fields[restated] = str(half_up(shape.area_m2))

    return planted


def move(ref: str, dx: float, dy: float) -> Change:
    """The figure shifted, local metres."""

    def planted(scene: Scene) -> None:
        scene(ref).shape = scene(ref).shape.moved(dx, dy)

    return planted


def redraw(ref: str, corners: dict[tuple[float, float], list[tuple[float, float]]]) -> Change:
    """Vertices of the outer ring replaced, each by one or more."""

    def planted(scene: Scene) -> None:
        old = scene(ref).shape
        ring = [
            (float(x), float(y), bulge if i == 0 else 0.0)
            for vx, vy, bulge in old.rings[0]
            for i, (x, y) in enumerate(corners.get((vx, vy), [(vx, vy)]))
        ]
        scene(ref).shape = Shape(old.kind, [ring, *old.rings[1:]])

    return planted


def drop(ref: str) -> Change:
    """The record left out."""

    def planted(scene: Scene) -> None:
        records = scene.all(ref.split(maxsplit=1)[0])
        records[:] = [r for r in records if r is not scene(ref)]

    return planted


def permit(label: str, value: str, building: str | None = None) -> Change:
    """Another permitted figure, or one that the permit did not give (an area)."""

    def planted(scene: Scene) -> None:
        rows = scene.sample.permit
        row = next((r for r in rows if (r.label, r.building) == (label, building)), None)
        if row:
            row.value = value
        else:
            rows.append(PermitRow(label, "m²", value, building))

    return planted


def override(key: str, value: str, reason: str) -> Change:
    """A number that the project states itself; `value` as YAML."""
    given = f"  - {{key: {key}, {value}, source: 委托书（虚构）, certainty: practice, reason: {reason}}}\n"

    def planted(scene: Scene) -> None:
        before, marker, after = scene.sample.project.partition("overrides:\n")
        scene.sample.project = before + marker + given + after

    return planted


def hint(ref: str, **hints: Any) -> Change:
    """Another way of drawing the record."""
    return lambda scene: scene(ref).hints.update(hints)


# ---------------------------------------------------------------- what must be found


def plain(value: Any) -> Any:
    """A planted number as JSON writes it."""
    return float(value) if isinstance(value, Decimal) else value


def expected(faults: list[Fault], scene: Scene, feature_of: Callable[[Record], str]) -> dict[str, Any]:
    """`expected.json` of the planted sample; `feature_of` gives the id of a record in the written files."""
    found = [
        {
            "fault": fault.id,
            "rule": item.rule,
            "severity": item.severity,
            **_where(item, scene, feature_of),
            "measured": _said(item.measured, scene),
            "required": _said(item.required, scene),
        }
        for fault in faults
        for item in fault.finds
    ]
    return {"faults": [{"id": fault.id, "note": fault.note} for fault in faults], "findings": found}


def _where(item: Finds, scene: Scene, feature_of: Callable[[Record], str]) -> dict[str, str | None]:
    feature = item.feature if item.at is None else feature_of(scene(item.at))
    other = item.other_feature if item.other is None else feature_of(scene(item.other))
    business = item.business
    if item.bare and feature is not None:
        feature = feature.split("/")[1]
    elif item.row is not None:
        feature = str(item.row)
    elif item.at is not None and (field := BUSINESS_ID.get(item.at.split(maxsplit=1)[0])):
        value = scene(item.at).fields.get(field)
        business = None if value is None else str(value)
    where = {"feature": feature, "other_feature": other, "business_id": business}
    return where | ({"file": item.file} if item.file else {})


def _said(value: Value, scene: Scene) -> Any:
    return plain(value(scene) if callable(value) else value)

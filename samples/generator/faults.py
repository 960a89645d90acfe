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

from generator.figures import Surveys
from generator.shape import Record, Shape, half_up
from generator.write_project import PermitRow

Severity = Literal["error", "warning", "info"]


class Sample(Protocol):
    """What is written of one project."""

    surveys: Surveys
    permit: list[PermitRow]


#: what a record is called in these tables, by layer; a layer that is not listed has one record or none named
NAMES: dict[str, Callable[[dict[str, Any]], str]] = {
    "planning.footprint": lambda f: f["building"], "planning.basement": lambda f: str(f["level"]),
    "planning.corner": lambda f: f["corner_no"], "planning.height_point": lambda f: f["point_no"],
    "planning.zone": lambda f: f["zone_no"], "planning.setback": lambda f: f["line_no"],
    "planning.parking": lambda f: f["space_no"],
    "green.patch": lambda f: f["patch_no"], "green.rest_place": lambda f: f["place_no"],
    "civil_defence.unit": lambda f: f["unit_no"], "civil_defence.zone": lambda f: f["zone_no"],
    "civil_defence.works": lambda f: f["works_no"], "civil_defence.entrance": lambda f: f["entrance_no"],
    "civil_defence.parking": lambda f: f["space_no"],
    "cadastral.parcel": lambda f: f["parcel_code"][-5:],
    "cadastral.boundary_point": lambda f: f"{f['parcel_code'][-5:]}/{f['point_no']}",
    "cadastral.boundary_line": lambda f: f"{f['parcel_code'][-5:]}/{f['line_no']}",
    "cadastral.building": lambda f: f["building"],
    "property.building": lambda f: f["building_code"][-1], "property.floor": lambda f: f["floor_id"],
    "property.unit": lambda f: f"{f['building_code'][-1]}/{f['room']}", "property.common": lambda f: f["part_no"],
    "property.balcony": lambda f: f["balcony_no"],
}

#: the attribute that a finding gives as the number of the thing
BUSINESS_ID = {
    "planning.footprint": "building", "planning.basement": "level", "planning.corner": "corner_no",
    "planning.height_point": "point_no", "planning.zone": "zone_no", "planning.setback": "line_no",
    "planning.parking": "space_no", "green.patch": "patch_no", "green.rest_place": "place_no",
    "civil_defence.works": "works_no", "civil_defence.unit": "unit_no", "civil_defence.zone": "zone_no",
    "civil_defence.entrance": "entrance_no", "civil_defence.parking": "space_no", "cadastral.parcel": "parcel_code",
    "cadastral.boundary_point": "point_no", "cadastral.boundary_line": "line_no", "cadastral.building": "building",
    "property.building": "building_code", "property.floor": "floor_id", "property.unit": "unit_code",
    "property.common": "part_no", "property.balcony": "balcony_no",
}


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

    def add(self, layer: str, record: Record) -> None:
        """One more record."""
        self.all(layer).append(record)
        self.named[named(layer, record)] = record

    def total(self, layer: str, field: str, **where: Any) -> Decimal:
        """Σ of a field over the records whose fields have the given values."""
        chosen = (r for r in self.all(layer) if all(r.fields[k] == v for k, v in where.items()))
        return sum((Decimal(r.fields[field]) for r in chosen), Decimal(0))


def named(layer: str, record: Record) -> str:
    """The full name of a record."""
    return f"{layer} {NAMES[layer](record.fields)}" if layer in NAMES else layer


Value = float | str | Decimal | None | Callable[[Scene], Any]
Change = Callable[[Scene], None]


@dataclass(frozen=True)
class Finds:
    """One finding that must appear.

    at, other: names of the two records; None = about none (`business`: the building of an indicator).
    bare: a finding on the input file, which names the entity by its handle alone.
    """

    rule: str
    at: str | None = None
    measured: Value = None
    required: Value = None
    other: str | None = None
    severity: Severity = "error"
    business: str | None = None
    bare: bool = False


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
            for vx, vy, bulge in old.rings[0] for i, (x, y) in enumerate(corners.get((vx, vy), [(vx, vy)]))
        ]
        scene(ref).shape = Shape(old.kind, [ring, *old.rings[1:]])
    return planted


def drop(ref: str) -> Change:
    """The record left out."""
    def planted(scene: Scene) -> None:
        records = scene.all(ref.split()[0])
        records[:] = [r for r in records if r is not scene(ref)]
    return planted


def permit(label: str, value: str, building: str | None = None) -> Change:
    """Another permitted figure."""
    def planted(scene: Scene) -> None:
        row = next(r for r in scene.sample.permit if (r.label, r.building) == (label, building))
        row.value = value
    return planted


def hint(ref: str, **hints: Any) -> Change:
    """Another way of drawing the record."""
    return lambda scene: scene(ref).hints.update(hints)


def area_of(ref: str) -> Callable[[Scene], float]:
    """Exact area of the figure as it is now."""
    return lambda scene: scene(ref).shape.area_m2


# ---------------------------------------------------------------- what must be found


def plain(value: Any) -> Any:
    """A planted number as JSON writes it."""
    return float(value) if isinstance(value, Decimal) else value


def expected(faults: list[Fault], scene: Scene, feature_of: Callable[[Record], str]) -> dict[str, Any]:
    """`expected.json` of the planted sample; `feature_of` gives the id of a record in the written files."""
    found = [
        {"fault": fault.id, "rule": item.rule, "severity": item.severity, **_where(item, scene, feature_of),
         "measured": _said(item.measured, scene), "required": _said(item.required, scene)}
        for fault in faults for item in fault.finds
    ]
    return {"faults": [{"id": fault.id, "note": fault.note} for fault in faults], "findings": found}


def _where(item: Finds, scene: Scene, feature_of: Callable[[Record], str]) -> dict[str, Any]:
    feature = None if item.at is None else feature_of(scene(item.at))
    if item.bare or item.at is None or feature is None:
        return {"feature": feature and feature.split("/")[1], "other_feature": _other(item, scene, feature_of),
                "business_id": item.business}
    number = scene(item.at).fields.get(BUSINESS_ID.get(item.at.split()[0], ""))
    return {"feature": feature, "other_feature": _other(item, scene, feature_of),
            "business_id": None if number is None else str(number)}


def _other(item: Finds, scene: Scene, feature_of: Callable[[Record], str]) -> str | None:
    return None if item.other is None else feature_of(scene(item.other))


def _said(value: Value, scene: Scene) -> Any:
    return plain(value(scene) if callable(value) else value)

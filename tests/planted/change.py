"""Words of the tables of planted faults: what is changed in the frames of a clean project, and where it must be found.

A spot names one feature: "layer business-id", the business id whole or its unique end; "layer" alone where the layer has
one feature. A feature that a change adds is called "layer +", the first one of an empty layer "layer *".
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from tests.factories_laws import World

NAMES = {"+": "PLANTED", "*": "FIRST"}  # handles of features that a change adds
Change = Callable[[World, str], World]


@dataclass(frozen=True)
class Plant:
    """One fault. at: spots that the rule must name, in any order; measured: what it must measure at every one."""

    rule: str
    changes: tuple[Change, ...]
    at: tuple[str | None, ...] = ()
    measured: float | str | None = None
    other: str | None = None  # spot of the second feature that the finding names
    building: str | None = None  # of a figure that is kept per building


# ---------------------------------------------------------------- spots


def layer_of(spot: str, survey: str) -> str:
    name = spot.split(" ", 1)[0]
    return name if "." in name else f"{survey}.{name}"


def row_of(world: World, spot: str, survey: str) -> Any:
    """Index label of the one feature at a spot."""
    name, (_, _, value) = layer_of(spot, survey), spot.partition(" ")
    frame = world.frames[name]
    if value:
        ids = frame[_key(world, name)].astype(str)
        frame = frame[ids == value] if (ids == value).any() else frame[ids.str.endswith(value)]
    (row,) = frame.index
    return row


def feature_at(world: World, spot: str, survey: str) -> str:
    name = NAMES.get(spot.partition(" ")[2])
    if name:
        return f"{layer_of(spot, survey)}/{name}"
    return str(world.frames[layer_of(spot, survey)].at[row_of(world, spot, survey), "feature"])


def _key(world: World, name: str) -> str:
    survey, layer = name.split(".")
    return str(world.report.standards.surveys[survey].layers[layer].business_id)


# ---------------------------------------------------------------- changes


def put(spot: str, **values: Any) -> Change:
    """Other values in one feature."""
    return lambda world, survey: _filled(world, layer_of(spot, survey), row_of(world, spot, survey), values)


def shape(spot: str, change: Callable[[Any], Any]) -> Change:
    """Another outline of one feature."""

    def apply(world: World, survey: str) -> World:
        name, row = layer_of(spot, survey), row_of(world, spot, survey)
        return world.put(name, row, geometry=change(world.frames[name].geometry[row]), curve=None)

    return apply


def more(like: str, change: Callable[[Any], Any] = lambda geometry: geometry, **values: Any) -> Change:
    """One feature more: a copy of another, with another outline and other values."""

    def apply(world: World, survey: str) -> World:
        name, row = layer_of(like, survey), row_of(world, like, survey)
        frame = world.frames[name]
        twin = frame.loc[[row]].copy()
        twin.index = pd.Index([max(frame.index) + 1])
        grown = world.over({name: gpd.GeoDataFrame(pd.concat([frame, twin]), crs=frame.crs)})
        there = change(frame.geometry[row])
        kept = {} if there is frame.geometry[row] else {"geometry": there, "curve": None}
        own = {"feature": f"{name}/{NAMES['+']}", "handle": NAMES["+"], **values}
        return _filled(grown.put(name, twin.index[0], **kept), name, twin.index[0], own)

    return apply


def new(layer: str, outline: str, **values: Any) -> Change:
    """The first feature of an empty layer, with the outline of the feature at the spot `outline`."""

    def apply(world: World, survey: str) -> World:
        name = layer_of(layer, survey)
        empty, at = world.frames[name], world.frames[layer_of(outline, survey)]
        row = at.loc[[row_of(world, outline, survey)]]
        data = {column: [values.get(column)] for column in empty.columns if column != "geometry"}
        data |= {"feature": [f"{name}/{NAMES['*']}"], "file": ["x.dxf"], "source_layer": ["x"], "handle": [NAMES["*"]]}
        frame = pd.DataFrame(data, index=[0]).astype({c: empty[c].dtype for c in data if c != "curve"})
        return world.over({name: gpd.GeoDataFrame(frame, geometry=row.geometry.to_numpy(), crs=at.crs)})

    return apply


def drop(layer: str, **values: Any) -> Change:
    """Without the features that have these values: all of them when none are given."""

    def apply(world: World, survey: str) -> World:
        name = layer_of(layer, survey)
        frame = world.frames[name]
        gone = np.ones(len(frame), dtype=bool)
        for field, value in values.items():
            gone &= (frame[field] == value).fillna(value=False).to_numpy(dtype=bool)
        return world.over({name: frame[~gone]})

    return apply


def _filled(world: World, layer: str, row: Any, values: Mapping[str, Any]) -> World:
    frame = world.frames[layer].copy()
    for field, value in values.items():
        frame.loc[row, field] = value
    return world.over({layer: frame})


def permit(name: str, value: float, building: str | None = None) -> Change:
    """Another figure of the permit, or one that it did not give."""

    def apply(world: World, survey: str) -> World:
        given = {**world.permit.get(name, {}), building: value}
        return dataclasses.replace(world, permit={**world.permit, name: given})

    return apply


def number(key: str, **values: Any) -> Change:
    """Another value of a number of the profile."""

    def apply(world: World, survey: str) -> World:
        standards = world.report.standards
        numbers = standards.profile.numbers
        changed = {**numbers, key: numbers[key].model_copy(update=values)}
        profile = standards.profile.model_copy(update={"numbers": changed})
        return dataclasses.replace(
            world, report=dataclasses.replace(world.report, standards=standards.model_copy(update={"profile": profile}))
        )

    return apply


# ---------------------------------------------------------------- rows that many rules share


def none_of(rule: str, layer: str) -> Plant:
    """A layer that must be there is empty."""
    return Plant(rule, (drop(layer),), (None,))


def blank(rule: str, spot: str, *fields: str) -> Plant:
    """Required fields of one feature are empty: one finding each."""
    return Plant(rule, (put(spot, **dict.fromkeys(fields)),), (spot,) * len(fields))


def wrong(rule: str, spot: str, field: str, value: Any, measured: float | str | None = None) -> Plant:
    """A value that cannot stand: a word outside its list, a number out of range; it is what the rule measures."""
    return Plant(rule, (put(spot, **{field: value}),), (spot,), value if measured is None else measured)


def over(rule: str, figure: str, value: float, measured: float, building: str | None = None) -> Plant:
    """The permit gives a figure that what was measured does not keep."""
    return Plant(rule, (permit(figure, value, building),), (None,), measured, building=building)


def unallowed(rule: str, figure: str, value: float, measured: float, building: str | None = None) -> Plant:
    """As `over`, where the project has said that nothing beyond the survey error is tolerated."""
    return Plant(
        rule, (permit(figure, value, building), number("planning.area_allowance", value=0.0)), (None,), measured,
        building=building,
    )  # fmt: skip

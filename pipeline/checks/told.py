"""One fact, one finding: what a note has told is not found a second time by a verb that sees only what it left behind."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from pipeline.model import CheckResult

if TYPE_CHECKING:
    import geopandas as gpd

    from pipeline.checks.scene import Scene
    from pipeline.standard import RuleSpec

PLACE = ("file", "layer", "handle", "field")  # of a note; a feature's own layer is its source layer


def untold(rule: RuleSpec, subject: gpd.GeoDataFrame, result: CheckResult, scene: Scene) -> CheckResult:
    """`result` without hits on a value that a rule standing `instead_of` this verb finds by its notes.

    A depth written "2Z" is read as none: that it is no number is found, and not also that it is missing.
    """
    if not result.hits:
        return result
    rules = (r for standard in scene.standards.surveys.values() for r in standard.rules)
    kinds = {r.params.get("kind") for r in rules if rule.check in r.instead_of}
    told = _told(scene.notes, kinds) if kinds else set()
    if not told:
        return result
    columns = subject[["file", "source_layer", "handle"]]
    kept = [hit for hit in result.hits if hit.row is None or (*columns.loc[hit.row], hit.field) not in told]
    return dataclasses.replace(result, hits=tuple(kept))


def _told(notes: gpd.GeoDataFrame, kinds: set[object]) -> set[tuple[object, ...]]:
    """Where the notes of these kinds stand: file, layer, handle, field."""
    rows = notes[notes["kind"].isin(kinds)]
    return set(rows[list(PLACE)].itertuples(index=False, name=None)) if "field" in rows.columns else set()

"""The kinds of one slice that are points: POINT, TEXT, MTEXT, INSERT with its ATTRIBs."""

from __future__ import annotations

import numpy as np
import shapely

from pipeline.readers.dxf_fast.drawn import Drawn, alive, drawn, usable, xyz
from pipeline.readers.dxf_fast.records import Records
from pipeline.readers.dxf_fast.tables import Kind, Role

FIRST, SECOND = (Role.X, Role.Y, Role.Z), (Role.X1, Role.Y1, Role.Z1)


def points(records: Records) -> Drawn:
    """POINT, TEXT, MTEXT and INSERT where they stand; aligned texts stand at their second point."""
    chosen = alive(records, Kind.POINT, Kind.TEXT, Kind.MTEXT, Kind.INSERT)
    kind = records.kind[chosen]
    first, second = xyz(records, FIRST)[chosen], xyz(records, SECOND)[chosen]
    turned = (records.single(Role.ACROSS, default=0) != 0) | (records.single(Role.UPRIGHT, default=0) != 0)
    aligned = (kind == Kind.TEXT) & turned[chosen] & ~np.isnan(second[:, 0])
    place = np.where(aligned[:, None], second, first)
    fine = usable(place) & usable(first)
    lettered = (kind == Kind.TEXT) | (kind == Kind.MTEXT)
    fine &= ~lettered | (records.tag(Role.TEXT)[chosen] >= 0)
    fine &= (kind != Kind.INSERT) | _single_insert(records)[chosen]
    geometry = np.empty(len(chosen), dtype=object)
    geometry[fine] = shapely.points(place[fine])
    return drawn(records, chosen, geometry, fine)


def _single_insert(records: Records) -> np.ndarray:
    """Inserts of one copy with a block name, whose attributes all have a tag and a text, no tag twice."""
    one = (records.single(Role.COLUMNS, default=1) == 1) & (records.single(Role.ROWS, default=1) == 1)
    fine = one & (records.tag(Role.NAME) >= 0)
    attribs = alive(records, Kind.ATTRIB, Kind.FLAT_ATTRIB)
    if len(attribs):
        name, text = records.tag(Role.NAME)[attribs], records.tag(Role.TEXT)[attribs]
        main = records.first[records.group[attribs]]
        fine[main[(name < 0) | (text < 0)]] = False
        whole = name >= 0
        which, _ = records.tokens.distinct(name[whole])
        pairs = np.column_stack([main[whole], which])
        _, first, count = np.unique(pairs, axis=0, return_index=True, return_counts=True)
        fine[main[whole][first[count > 1]]] = False
    return np.asarray(fine)

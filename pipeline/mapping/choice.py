"""Which of a standard's mappings reads a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline.mapping.fields import Context, reader_of
from pipeline.mapping.rows import Rows

if TYPE_CHECKING:
    from pipeline.mapping.selection import Selecting
    from pipeline.sources import Source
    from pipeline.standard import Delivery, FieldSource, Standard


def choose(standard: Standard, source: Source, selecting: Selecting, wanted: str | None) -> Delivery | None:
    """The named mapping, or the one of the right format that leaves least behind (ties: first declared).

    A feature that a mapping accounts for weighs one; where several mappings take the same feature, each value that one
    reads from its XDATA or attributes weighs one more, so that a stray feature cannot cost the others their attributes.
    """
    fitting = [m for m in standard.mappings if source.entry.format in m.format and wanted in (None, m.name)]
    claims = [int(selecting.claimed(mapping).sum()) for mapping in fitting]
    able = [(mapping, claim) for mapping, claim in zip(fitting, claims, strict=True) if claim]
    if len(able) < 2:
        return able[0][0] if able else None
    read = _values_read([mapping for mapping, _ in able], source, selecting)
    weights = [claim + count for (_, claim), count in zip(able, read, strict=True)]
    return able[int(np.argmax(weights))][0]


def _values_read(mappings: Sequence[Delivery], source: Source, selecting: Selecting) -> list[int]:
    """How many values each mapping reads from the features that more than one of them takes."""
    taken = [[selecting.selected(how.select) for how in mapping.layers.values()] for mapping in mappings]
    shared = np.sum([np.any(masks, axis=0) for masks in taken], axis=0) > 1
    everything, context = Rows(selecting.columns), Context(source, [])
    return [
        sum(
            int(_given(where, everything.kept(mask & shared), context).sum())
            for how, mask in zip(mapping.layers.values(), masks, strict=True)
            for where in how.fields.values()
            if (mask & shared).any()
        )
        for mapping, masks in zip(mappings, taken, strict=True)
    ]


def _given(where: FieldSource | None, rows: Rows, context: Context) -> np.ndarray:
    """Which rows carry a value of the field themselves, as XDATA or attribute; texts around them are not asked."""
    found = np.zeros(len(rows), dtype=bool)
    while where is not None:
        if where.xdata is not None or where.attribute is not None:
            found |= np.array(
                [v is not None and bool(str(v).strip()) for v in reader_of(where)(rows, context)], dtype=bool
            )
        where = where.otherwise
    return found

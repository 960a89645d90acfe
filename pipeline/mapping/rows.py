"""Rows of a source on their way into a layer: columns taken out of its frames once, not a frame for each question."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import geopandas as gpd

Array = np.ndarray[Any, Any]


class Columns:
    """The columns of one frame as arrays, each taken out when it is first asked for."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self._known: dict[Any, Array] = {}
        self._parted: dict[str, tuple[Array, Array]] = {}

    def __getitem__(self, name: Any) -> Array:
        if name not in self._known:
            self._known[name] = self.frame[name].to_numpy()
        return self._known[name]

    def distinct(self, name: str) -> tuple[Array, Array]:
        """Which of the different values of a column each row has (-1: none), and those values."""
        if name not in self._parted:
            codes, values = pd.factorize(self[name])
            self._parted[name] = codes, np.asarray(values, dtype=object)
        return self._parted[name]

    @cached_property
    def by_lower_name(self) -> dict[str, Any]:
        """Column names without regard to case and blanks around → as they are."""
        return {str(name).strip().lower(): name for name in self.frame.columns}


class Rows:
    """Some rows of a frame. positions: which (None: all)."""

    def __init__(self, columns: Columns, positions: Array | None = None) -> None:
        self.columns = columns
        self.positions = positions

    def __len__(self) -> int:
        return len(self.columns.frame) if self.positions is None else len(self.positions)

    def __getitem__(self, name: str) -> Array:
        """A column of these rows."""
        whole = self.columns[name]
        return whole if self.positions is None else whole[self.positions]

    def distinct(self, name: str) -> tuple[Array, Array]:
        """Which of the different values of a column each row has (-1: none), and those values."""
        codes, values = self.columns.distinct(name)
        return codes if self.positions is None else codes[self.positions], values

    @cached_property
    def frame(self) -> gpd.GeoDataFrame:
        """These rows as a frame, with their index labels."""
        whole: Any = self.columns.frame
        return whole if self.positions is None else whole.take(self.positions)

    @cached_property
    def labels(self) -> Array | None:
        """Where these rows stand in the source; None: row by row."""
        index = self.columns.frame.index
        if self.positions is None:
            return None if index.equals(pd.RangeIndex(len(index))) else index.to_numpy()
        return index.to_numpy()[self.positions]

    def kept(self, mask: Array) -> Rows:
        """Those of the rows for which `mask` is true."""
        if mask.all():
            return self
        chosen = np.flatnonzero(mask)
        return Rows(self.columns, chosen if self.positions is None else self.positions[chosen])

"""GeoParquet 1.1: a table written batch by batch, geometry as WKB, the CRS as PROJJSON. Needs pyarrow."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from pipeline.scalars import missing

VERSION = "1.1.0"
COLUMN = "geometry"
INSTALL = "没有安装 pyarrow，不输出 GeoParquet；需要时运行 pip install 'duoce[batch]'"


def available() -> bool:
    """Whether GeoParquet can be written here."""
    return importlib.util.find_spec("pyarrow") is not None


class ParquetFile:
    """One layer. The types of the columns are those of the first batch."""

    def __init__(self, path: Path, crs: Any) -> None:
        self.path, self.crs = path, crs
        self._writer: Any = None
        self._schema: Any = None

    def put(self, frame: gpd.GeoDataFrame) -> None:
        """Append a batch."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        columns = {name: _column(frame[name]) for name in frame.columns if name != frame.geometry.name}
        columns[COLUMN] = pa.array(shapely.to_wkb(frame.geometry.to_numpy()), pa.binary())
        if self._writer is None:
            self._schema = pa.schema(
                [(name, values.type) for name, values in columns.items()], metadata={"geo": self._geo()}
            )
            self._writer = pq.ParquetWriter(self.path, self._schema, compression="zstd")
        self._writer.write_table(pa.table(list(columns.values()), schema=self._schema))

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()

    def _geo(self) -> str:
        crs = None if self.crs is None else self.crs.to_json_dict()
        column: dict[str, Any] = {"encoding": "WKB", "geometry_types": [], "crs": crs}
        return json.dumps(
            {"version": VERSION, "primary_column": COLUMN, "columns": {COLUMN: column}}, ensure_ascii=False
        )


def _column(values: pd.Series) -> Any:
    import pyarrow as pa

    if pd.api.types.is_float_dtype(values.dtype):
        return pa.array(values.to_numpy(), pa.float64(), from_pandas=True)
    if pd.api.types.is_integer_dtype(values.dtype):
        return pa.array(values.astype("Int64"), pa.int64())
    return pa.array([None if missing(value) else str(value) for value in values], pa.string())

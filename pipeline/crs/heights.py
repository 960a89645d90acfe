"""Height datums by name: the same one under its usual names. Heights are compared, never converted.

Facts: EPSG 5737 (1985 国家高程基准) and 5736 (1956 黄海高程系).
"""

from __future__ import annotations

import re
import unicodedata

NAMES = {
    "EPSG:5737": ("1985国家高程基准", "1985高程基准", "85国家高程基准", "国家85高程基准", "85高程基准", "85高程", "国家85高程",
                  "1985国家高程", "EPSG:5737", "5737"),
    "EPSG:5736": ("1956黄海高程系", "1956年黄海高程系", "黄海高程系", "黄海高程", "56黄海高程系", "1956黄海高程", "EPSG:5736", "5736"),
}  # fmt: skip


def height_datum(name: str) -> str:
    """The EPSG code of a datum known under `name`, else the name without blanks and full-width letters."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", name)).upper().removesuffix("系统")
    return next((code for code, names in NAMES.items() if plain in names), plain)


def same_heights(a: str, b: str) -> bool:
    """Whether two names mean one height datum; an unknown name is only itself."""
    return height_datum(a) == height_datum(b)

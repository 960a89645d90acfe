"""Versions of this software and of the libraries whose results it prints."""

from __future__ import annotations

import importlib.metadata
from functools import cache

PACKAGES = ("duoce", "ezdxf", "fiona", "geopandas", "numpy", "pandas", "pyogrio", "pyproj", "shapely")


def versions() -> dict[str, str]:
    """Name → version of each that is installed."""
    return dict(_installed())


@cache
def _installed() -> dict[str, str]:
    """Looked up once: what a process has imported does not change under it."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found

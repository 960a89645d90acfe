"""`python -m benchmarks [TOPIC…] [--quick]`: prints the table and writes benchmarks/results.md."""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import os
import platform
from pathlib import Path

from benchmarks.table import Row, markdown

HERE = Path(__file__).parent
APART = {"__init__", "__main__", "table"}
PACKAGES = (
    "dask",
    "distributed",
    "ezdxf",
    "fiona",
    "geopandas",
    "numpy",
    "pandas",
    "pyogrio",
    "python-docx",
    "shapely",
    "typst",
)


def main() -> None:
    """Run the topics asked for (all without a name); results.md is written only when all were run in full."""
    topics = sorted(p.stem for p in HERE.glob("*.py") if offers_rows(p))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("topics", nargs="*", help="which (default: all)")
    parser.add_argument("--quick", action="store_true", help="small sizes: whether it works, not how fast it is")
    args = parser.parse_args()
    rows: list[Row] = []
    for topic in args.topics or topics:
        for row in importlib.import_module(f"benchmarks.{topic}").rows(quick=args.quick):
            print(markdown([row]).splitlines()[-1], flush=True)
            rows.append(row)
    if not args.topics and not args.quick:
        (HERE / "results.md").write_text(page(rows), encoding="utf-8")


def offers_rows(path: Path) -> bool:
    """Whether a module offers rows of the table, told from its text, without importing it."""
    return path.stem not in APART and "def rows(" in path.read_text(encoding="utf-8")


def page(rows: list[Row]) -> str:
    """The whole of results.md."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    return f"# Benchmarks\n\nWritten by `make bench`. {machine}; {versions}.\n\n{markdown(rows)}\n"


if __name__ == "__main__":
    main()

"""`python -m benchmarks [TOPIC…] [--quick]`: prints the table, writes results.md, and quotes it in README.md."""

from __future__ import annotations

import argparse
import gc
import importlib
import importlib.metadata
import os
import platform
from pathlib import Path

from benchmarks import quote
from benchmarks.table import Row, markdown
from pipeline.cli import SELDOM

HERE = Path(__file__).parent
RESULTS = HERE / "results.md"
APART = {"__init__", "__main__", "quote", "table"}
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
    """Run the topics asked for (all without a name); in full, each writes its own section of results.md anew."""
    topics = sorted(p.stem for p in HERE.glob("*.py") if offers_rows(p))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("topics", nargs="*", help="which (default: all)")
    parser.add_argument("--quick", action="store_true", help="small sizes: whether it works, not how fast it is")
    args = parser.parse_args()
    gc.set_threshold(*SELDOM)  # as the command line does; for both sides
    for topic in args.topics or topics:
        rows: list[Row] = []
        for row in importlib.import_module(f"benchmarks.{topic}").rows(quick=args.quick):
            print(markdown([row]).splitlines()[-1], flush=True)
            rows.append(row)
        if not args.quick:
            keep(topic, rows)
            quote.refresh()


def offers_rows(path: Path) -> bool:
    """Whether a module offers rows of the table, told from its text, without importing it."""
    return path.stem not in APART and "def rows(" in path.read_text(encoding="utf-8")


def keep(topic: str, rows: list[Row]) -> None:
    """The section of one topic in results.md, in the place of an older one; the others stay as they are."""
    before = RESULTS.read_text(encoding="utf-8") if RESULTS.is_file() else ""
    sections = {part.split("\n", 1)[0]: part.split("\n", 1)[1].strip() for part in before.split("\n## ")[1:]}
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    sections[topic] = f"{machine}; {versions}.\n\n{markdown(rows)}"
    text = "\n\n".join(f"## {name}\n\n{sections[name]}" for name in sorted(sections))
    RESULTS.write_text(f"# Benchmarks\n\nWritten by `make bench`; see README.md beside.\n\n{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()

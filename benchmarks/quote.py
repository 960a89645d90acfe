"""The rows of results.md against other tools, as the table that the project's README quotes."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
README, RESULTS = HERE.parent / "README.md", HERE / "results.md"
BEGIN, END = "<!-- benchmarks -->", "<!-- /benchmarks -->"
GROWTH = ("10 ×", "a tenth", "of few")  # rows that compare a work with itself
WORK, AGAINST, RATIO, BOUND, SIZES = 0, 1, 4, 5, 6


def quoted(results: str) -> str:
    """The table of the README for the text of results.md."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in results.splitlines() if line[:2] == "| "]
    kept = [row for row in rows if row[WORK] != "work" and not any(word in row[WORK] + row[AGAINST] for word in GROWTH)]
    lines = ["| work | against | × | wanted | sizes |", "|---|---|---:|---:|---|"]
    for row in kept:
        cells = (row[WORK], row[AGAINST], row[RATIO], row[BOUND], row[SIZES].partition(";")[0])
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def refresh() -> None:
    """Write the table anew between its two marks in the README."""
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    table = quoted(RESULTS.read_text(encoding="utf-8"))
    README.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")

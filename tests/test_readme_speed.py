"""What the README says of speed."""

from __future__ import annotations

from benchmarks import quote


def test_the_readme_quotes_the_results_that_were_measured():
    text = quote.README.read_text(encoding="utf-8")
    shown = text.split(quote.BEGIN)[1].split(quote.END)[0].strip()
    assert shown == quote.quoted(quote.RESULTS.read_text(encoding="utf-8"))
    assert shown.count("\n") > 10


def test_a_row_that_compares_a_work_with_itself_is_not_quoted():
    results = """## a

| work | against | ours | peer | ratio | bound | sizes |
|---|---|---:|---:|---:|---:|---|
| read it | a tool | 1 s | 12 s | 12.00 | ≥ 10 | 5 files; and a note |
| slow | a tool | 1 s | 2 s | 2.00 **not reached** | ≥ 4 | 5 files |
| read it: 10 × the files | 5 files | 9 s | 1 s | 9.00 | ≤ 12 | 50 files |
"""
    assert quote.quoted(results).splitlines()[2:] == [
        "| read it | a tool | 12.00 | ≥ 10 | 5 files |",
        "| slow | a tool | 2.00 **not reached** | ≥ 4 | 5 files |",
    ]

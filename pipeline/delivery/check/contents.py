"""Every delivered file against the recomputed one: equal bytes pass at once, else what differs is named by its kind."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pipeline.delivery.check.compare import layers, office, pages, plain, records, sheets, web
from pipeline.delivery.check.compare.layers import Reading
from pipeline.delivery.check.compare.office import Surveys
from pipeline.delivery.check.compare.plain import Unreadable
from pipeline.sources import Note

ELSE = "整个文件"  # of a kind that nothing here reads
#: what a comparison of contents leaves out, by kind of file; empty: nothing that is seen or read by others
UNCHECKED = {
    **dict.fromkeys((".shp", ".dbf", ".shx", ".prj", ".cpg", ".gpkg", ".jsonl", ".json", ".html", ".svg", ".dxf"), ""),
    ".docx": "",
    ".pdf": "文字相同，不同处在图形、版式或隐藏部分",
    ".xlsx": "各单元格所印的值相同，不同处在格式或隐藏部分",
}
SIDES = (".dbf", ".shx", ".prj", ".cpg")


@dataclass(frozen=True, slots=True)
class Comparing:
    """How contents are compared. surveys: chapter title → survey; survey_of: path → survey; shown: most notes a file.

    same_software: whether equal input must give equal bytes here.
    """

    reading: Reading
    surveys: Callable[[], Surveys]
    survey_of: Callable[[str], str | None]
    shown: int
    same_software: bool


def contents(root: Path, expected: Path, paths: Iterable[str], how: Comparing) -> Iterator[Note]:
    """What differs in the files `paths` (relative), which both trees hold."""
    paths = list(paths)
    tables = {path.rpartition(".")[0] for path in paths if path.endswith(".shp")}
    for path in paths:
        stem, _, suffix = path.rpartition(".")
        if f".{suffix}" in SIDES and stem in tables:
            continue
        parts = [p for p in paths if p.rpartition(".")[0] == stem] if suffix == "shp" else [path]
        differ = {p: where for p in parts if (where := plain.byte_difference(expected / p, root / p))}
        if differ:
            yield from _capped(_file(expected / path, root / path, path, differ, how), how.shown, path)


def _file(wanted: Path, given: Path, path: str, differ: Mapping[str, str], how: Comparing) -> Iterator[Note]:
    """What differs inside one file (a shapefile with its side files); at least where its bytes do."""
    named = False
    try:
        for note in _inside(wanted, given, path, how):
            named = True
            yield note
    except Unreadable as err:
        named = True
        yield Note("delivery_format", path, how.survey_of(path), slots={"detail": str(err)})
    if named:
        return
    for part, where in differ.items():
        kind = "bytes_differ" if how.same_software else "bytes_differ_elsewhere"
        unseen = None if how.same_software else UNCHECKED.get(Path(part).suffix.lower(), ELSE)
        slots = {"detail": unseen or where}
        yield Note("contents_unchecked" if unseen else kind, part, how.survey_of(part), slots=slots)


def _inside(wanted: Path, given: Path, path: str, how: Comparing) -> Iterator[Note]:
    survey = how.survey_of(path)
    match given.suffix.lower():
        case ".shp":
            yield from layers.shapefile_tables(wanted, given, path, survey)
            yield from layers.layers(wanted, given, path, survey, how.reading)
        case ".dbf":
            yield from layers.shapefile_tables(wanted, given, path, survey)
        case ".gpkg":
            yield from layers.layers(wanted, given, path, survey, how.reading)
        case ".jsonl":
            yield from records.findings(wanted, given, path, survey)
        case ".json":
            yield from records.json_record(wanted, given, path, survey)
        case ".docx":
            yield from _by_software(office.docx(wanted, given, path, how.surveys()), how)
        case ".pdf":
            yield from pages.pdf(wanted, given, path, how.surveys(), seconds=how.reading.limits.wall_seconds)
        case ".html":
            yield from web.html(wanted, given, path, how.surveys())
        case ".xlsx":
            yield from sheets.xlsx(wanted, given, path, survey)
        case ".svg" | ".dxf":
            if detail := plain.line_difference(wanted, given):
                yield Note("drawing_differs", path, survey, slots={"detail": detail})


def _by_software(notes: Iterable[Note], how: Comparing) -> Iterator[Note]:
    """Bytes alone say little where the software is another; what was not compared is then told as such."""
    kinds = {"contents_unchecked": "bytes_differ"} if how.same_software else {"bytes_differ": "bytes_differ_elsewhere"}
    return (dataclasses.replace(note, kind=kinds.get(note.kind, note.kind)) for note in notes)


def _capped(notes: Iterator[Note], shown: int, path: str) -> Iterator[Note]:
    """The first `shown` notes of a file, and how many more there are, by survey."""
    yield from islice(notes, shown)
    rest = Counter(note.survey for note in notes)
    for survey, count in sorted(rest.items(), key=lambda item: item[0] or ""):
        yield Note("more_differences", path, survey, slots={"count": count})

"""Standards in a delivery that are the firm's own: recomputed with and named; those the examiner has go before them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from pipeline.sources import Note
from pipeline.standard import Standard, files_of, load_standard, own_folders


def standards(root: Path, place: str, given: Sequence[Path], scratch: Path) -> tuple[tuple[Path, ...], list[Note]]:
    """The folders of further standards to recompute with, and a note for each one the examiner does not know as it is.

    place: where the delivery in `root` keeps them. given: the examiner's own folders. scratch: an empty place for those
    that are taken from the delivery. Errors: StandardError when one cannot be read.
    """
    known = {load_standard(folder, written=True).survey: folder for path in given for folder in own_folders(path)}
    notes, taken = [], False
    for path in sorted((root / place).glob("*/standard.yaml")):
        folder = path.parent
        standard = load_standard(folder, written=True)
        shown = f"{place}/{folder.name}"
        if standard.survey not in known:
            shutil.copytree(folder, scratch / folder.name)
            taken = True
            notes.append(_note("own_standard", shown, standard, count=len(standard.rules)))
        elif differ := _differ(folder, known[standard.survey]):
            notes.append(_note("own_standard_differs", shown, standard, detail="、".join(differ)))
    return (*given, *([scratch] if taken else [])), notes


def _note(kind: str, shown: str, standard: Standard, **slots: object) -> Note:
    named = {"label": standard.label, "edition": standard.edition}
    return Note(kind, shown, standard.survey, slots={**named, "measured": standard.edition, **slots})


def _differ(one: Path, other: Path) -> list[str]:
    """Names of the files in which two folders of one standard are not the same."""
    texts = [
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in files_of(folder)} for folder in (one, other)
    ]
    return sorted(name for name in texts[0].keys() | texts[1].keys() if texts[0].get(name) != texts[1].get(name))

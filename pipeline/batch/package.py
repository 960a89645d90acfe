"""A delivery as one project of a batch: known by what it holds, and unchanged since it was made, or not run."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from pipeline.batch.entries import PROJECT_FILE
from pipeline.errors import InputError
from pipeline.sources import Note

MANIFEST, ORIGINALS, SUMMARY = "manifest.json", "原始资料", "质检/summary.json"
MARK, MARK_BYTES = b'"duoce-delivery', 200  # how a manifest of ours begins
SHOWN = 3
ADVICE = "请用 duoce check 核对"


def is_delivery(folder: Path) -> bool:
    """Whether the folder is that of a delivery, or of what is left of one. Never raises."""
    if _is_file(folder / ORIGINALS / PROJECT_FILE):
        return _is_file(folder / MANIFEST) or _is_file(folder / SUMMARY)
    if not _is_file(folder / MANIFEST):
        return False
    try:
        with (folder / MANIFEST).open("rb") as file:
            return MARK in file.read(MARK_BYTES)
    except OSError:
        return False


def originals(root: Path) -> Path:
    """The project folder in the delivery at `root`, of which every file is as its manifest says.

    Errors: InputError naming the first files that are not, or what is missing.
    """
    from pipeline.delivery.check import claims
    from pipeline.delivery.inputs import refuse_escaping
    from pipeline.delivery.manifest import read_manifest
    from pipeline.delivery.tree import load_tree
    from pipeline.projectfile import read_project

    if not (root / MANIFEST).is_file():
        raise InputError(f"成果包里没有成果清单 {MANIFEST}，无从核对文件有无改动；{ADVICE}")
    if not (root / ORIGINALS / PROJECT_FILE).is_file():
        raise InputError(f"成果包里没有 {ORIGINALS}/{PROJECT_FILE}，不能重新计算；请退回测绘单位补交原始资料")
    try:
        manifest = read_manifest(root / MANIFEST)
    except InputError as err:
        raise InputError(f"成果清单不可读：{err}；{ADVICE}") from err
    notes = list(claims.hashes(root, manifest, name=MANIFEST, stray=load_tree().stray))
    if notes:
        raise InputError(f"成果包在制作之后被改动（{len(notes)} 处）：{_sentences(notes)}；{ADVICE}")
    refuse_escaping(read_project(root / ORIGINALS))
    return root / ORIGINALS


def _sentences(notes: Sequence[Note]) -> str:
    """The first of what was noticed, in the words of the rules that `duoce check` has for it."""
    from pipeline.delivery.check import judging

    runs = judging.run_on(notes, judging.check_standard(), judging.base_profile(), examined=len(notes))
    said = [finding.message for run in runs for finding in run.findings]
    return "；".join(said[:SHOWN]) + ("……" if len(said) > SHOWN else "")


def _is_file(path: Path) -> bool:
    return os.path.isfile(path)  # noqa: PTH113 — does not raise without permission

"""The file as frozen records. What it leaves out of a waiver is judged later, as a finding; a wrong key stops the run."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from pydantic import Field, field_validator

from pipeline.errors import InputError
from pipeline.ledger import open_entry
from pipeline.model import Severity
from pipeline.projectfile import FileRecord, ProjectFile
from pipeline.sources import LedgerEntry
from pipeline.written import mapping_of, validated

NAME = "waivers.yaml"


class Waiver(FileRecord):
    """One recorded answer: which finding, why it may stand, who decided, when, and until when it holds."""

    rule: str
    feature: str | None = None  # feature id or business number
    fingerprint: str | None = None
    reason: str = ""
    who: str = ""
    date: dt.date | None = None
    until: dt.date | None = None  # last day; None: without end

    @property
    def lacking(self) -> tuple[str, ...]:
        """Keys without which nobody answers for it."""
        given = {"feature / fingerprint": self.feature or self.fingerprint, "reason": self.reason.strip()}
        return tuple(key for key, value in {**given, "who": self.who.strip(), "date": self.date}.items() if not value)

    @property
    def target(self) -> str:
        """The finding as the record names it, for sentences."""
        return " ".join(part for part in (self.rule, self.feature, self.fingerprint) if part)

    def early(self, as_of: dt.date) -> bool:
        """Whether nobody had approved it on that day."""
        return self.date is not None and self.date > as_of

    def ended(self, as_of: dt.date) -> bool:
        return self.until is not None and self.until < as_of


class ManualFinding(FileRecord):
    """What a reviewer found without the program: on the ground, in the archive, by eye."""

    sentence: str = Field(min_length=1)
    severity: Severity
    who: str = Field(min_length=1)
    date: dt.date
    rule: str | None = None  # the rule or clause the reviewer refers to, printed with the sentence
    survey: str | None = None
    feature: str | None = None  # feature id or business number


class Record(FileRecord):
    """The whole file, whose name in the project folder is `file`; empty when there is none."""

    waivers: tuple[Waiver, ...] = ()
    manual: tuple[ManualFinding, ...] = ()
    file: str = Field(default=NAME, exclude=True)

    @field_validator("waivers", "manual", mode="before")
    @classmethod
    def _nothing(cls, value: Any) -> Any:
        return value or ()


def read_record(project: ProjectFile) -> Record:
    """The record of a project; an empty one when it has none.

    Errors: InputError in Chinese when the project names a file that is not there, or the file has a wrong key or value.
    """
    name = project.waivers or NAME
    path = project.folder / name
    if path.is_file():
        return validated(Record, {**mapping_of(path, "waivers、manual", empty=True), "file": name}, path)
    if project.waivers is None:
        return Record()
    raise InputError(f"{project.path}：waivers：找不到文件 {path}")


def ledger_entries(record: Record, project: ProjectFile) -> list[LedgerEntry]:
    """The record as an input of the run, by hash and number of entries; nothing when there is no file."""
    path = project.folder / record.file
    if not path.is_file():
        return []
    entry = open_entry(path, name=record.file, survey=None, kind="yaml")
    return [dataclasses.replace(entry, encoding="utf-8", entities=len(record.waivers) + len(record.manual))]

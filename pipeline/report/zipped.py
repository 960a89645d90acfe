"""Office files with the same bytes for the same content: no clock in the zip, dates from the report."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable

PICTURES = (".png", ".jpg", ".jpeg")
EPOCH = (1980, 1, 1, 0, 0, 0)  # earliest date a zip entry can carry
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_DATE = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})")


def report_date(text: str) -> dt.datetime:
    """The day in "2026年9月18日" or "2026-09-18" at midnight; the first day of 1980 when there is none."""
    found = _DATE.search(text)
    year, month, day = (int(part) for part in found.groups()) if found else EPOCH[:3]
    return dt.datetime(year, month, day)  # noqa: DTZ001 — a document date has no zone


def packed(members: Iterable[tuple[str, bytes]], date: dt.datetime) -> bytes:
    """Members (name, content) as a zip with fixed entry times; pictures are stored as they are, being packed already."""
    stamp = date.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members:
            body = _STAMP.sub(rb"\g<1>" + stamp + rb"\g<2>", content) if name == "docProps/core.xml" else content
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(PICTURES) else zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 0, 0
            target.writestr(entry, body)
    return out.getvalue()

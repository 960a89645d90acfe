"""Shapefiles from their own bytes or, where odd, through pyogrio; held against their own headers, texts decoded here.

Without .dbf nothing is read (all attributes would be lost without a word). Without .shx the index is rebuilt for reading,
and said. The .prj text is the file's own statement of its CRS; GDAL is not asked to guess what it resembles.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import shapely

from pipeline import crs, ledger
from pipeline.errors import InputError
from pipeline.ledger import Claim
from pipeline.readers import encodings, shapefile_extents, shapefile_headers, shp_fast, vector
from pipeline.readers.frame import column, empty_source
from pipeline.readers.shapefile_headers import LANGUAGES, HeaderError, Headers
from pipeline.sources import LedgerEntry, Note, Source

SIDE_FILES = (".shx", ".dbf", ".prj", ".cpg")
MISSING = {".shx": "没有索引，已按 shp 的记录重建后读取", ".prj": "文件没有声明坐标系，按项目文件的说明处理"}
Engine = Literal["auto", "gdal"]
ANY_BYTE = "ISO-8859-1"  # each byte one character: texts pass through GDAL untouched


@dataclass(frozen=True, slots=True)
class _Files:
    """A shapefile on its way: its bytes by suffix, where they came from, what its headers say."""

    path: Path
    beside: Mapping[str, Path]
    bytes: Mapping[str, bytes]
    headers: Headers
    readable_prj: bool  # the library can read the .prj


def read(
    path: Path, *, name: str, survey: str | None = None, encoding: str | None = None, engine: Engine = "auto"
) -> Source:
    """The shapefile as a source; one that is cut off or contradicts itself gives an empty, fatal source.

    engine: "auto" reads fast what is ordinary, "gdal" forbids it.
    """
    beside = ledger.siblings(path, SIDE_FILES)
    contents = {file: file.read_bytes() for file in (path, *beside.values())}
    entry = ledger.open_entry(path, name=name, survey=survey, kind="shapefile", sidecars=beside, contents=contents)
    lost = [Note("attributes_missing", name, survey)] if ".dbf" not in beside else []
    notes = lost or [
        Note("missing_sidecar", name, survey, slots={"sidecar": suffix, "effect": effect})
        for suffix, effect in MISSING.items()
        if suffix not in beside
    ]
    if not entry.size or ".dbf" not in beside:
        notes += [Note("empty_file", name, survey)] if not entry.size else []
        return empty_source(ledger.settle(entry, (), fatal=True)[0], notes)
    data = {".shp": contents[path], **{suffix: contents[file] for suffix, file in beside.items()}}
    try:
        headers = shapefile_headers.examine(data[".shp"], data[".dbf"], data.get(".shx"))
    except HeaderError as err:
        entry, wrong = ledger.settle(entry, [err.claim] if err.claim else [], fatal=True)
        notes += wrong or [Note("unreadable", name, survey, slots={"detail": str(err)})]
        return empty_source(entry, notes)
    declared, garbled = _declared_crs(entry, data.get(".prj"))
    notes += [*garbled, *_garbled_page(entry, data.get(".cpg"))]
    entry, wrong = ledger.settle(entry, headers.claims, crs=declared)
    if entry.fatal:
        entry, _ = ledger.settle(entry, (), engine=vector.engine())
        return empty_source(entry, [*notes, *wrong])
    return _source(entry, _Files(path, beside, data, headers, not garbled), notes, encoding, engine)


def _source(entry: LedgerEntry, files: _Files, notes: list[Note], stated: str | None, engine: Engine) -> Source:
    headers = files.headers
    layer, choice, said, used = _layer(files, Path(entry.path).stem, stated, engine)
    if choice.undecided or ".cpg" not in files.bytes:
        notes.append(_encoding_note(entry, choice))
    if choice.conflict:
        slots = {"declared": choice.declared or "（无）", "used": choice.name, "evidence": choice.evidence}
        notes.append(Note("encoding_conflict", entry.path, entry.survey, slots=slots))
    claims = (
        Claim("要素数", headers.records - headers.deleted, len(layer.geometry)),
        Claim("空几何数", headers.null_shapes, int(shapely.is_missing(layer.geometry).sum())),
    )
    evidence = f"{said}；{choice.evidence}"
    entry, wrong = ledger.settle(
        entry, claims, version="DBF 0x03", encoding=choice.name, encoding_evidence=evidence, engine=used
    )
    if entry.fatal:
        return empty_source(entry, [*notes, *wrong])
    if headers.deleted:
        left_out = {"what": "dbf 中标记为已删除的记录", "count": headers.deleted, "reason": "deleted"}
        notes.append(Note("not_read", entry.path, entry.survey, slots=left_out))
    notes += shapefile_extents.conflicts(entry, headers, layer.geometry)
    return vector.source(entry, [layer], notes)


def _layer(
    files: _Files, stem: str, stated: str | None, engine: Engine
) -> tuple[vector.Layer, encodings.Choice, str, str]:
    """The decoded table with its encoding, what declares that, and what read it all (why not the fast way)."""
    page, said = _declared(files.bytes.get(".cpg"), files.headers.language)
    decide = partial(encodings.decide, declared=page, stated=stated, trusted=True)
    refused = ""
    if engine == "auto":
        try:
            reading = shp_fast.read(files.bytes[".shp"], files.bytes[".dbf"], files.headers, stated=stated)
            choice = decide(reading.high)
            layer = reading.layer(choice, stem)
        except shp_fast.HandOverError as err:
            refused = f"（快速读取未采用：{err}）"
        else:
            return layer, choice, said, shp_fast.ENGINE
    with _readable(files) as whole:
        layer = vector.with_shapes(vector.read_layer(whole, encoding=ANY_BYTE))
    choice = decide(_bytes(layer))
    return _decoded(layer, choice, stem), choice, said, f"{vector.engine()}{refused}"


def _declared_crs(entry: LedgerEntry, prj: bytes | None) -> tuple[str | None, list[Note]]:
    """What the .prj states; one that states no CRS counts as none, and that is said."""
    text = _text(prj)
    try:
        if text:
            crs.of_file(text)
    except InputError:
        return None, [_unreadable(entry, ".prj", text, "按没有声明坐标系处理")]
    empty = prj is not None and text is None
    return text, [_unreadable(entry, ".prj", text, "按没有声明坐标系处理")] if empty else []


def _garbled_page(entry: LedgerEntry, cpg: bytes | None) -> list[Note]:
    """A .cpg that names no code page."""
    text = _text(cpg)
    known = cpg is None or (text is not None and encodings.codec(text) is not None)
    return [] if known else [_unreadable(entry, ".cpg", text, "编码按属性表的语言字节和内容推断")]


def _unreadable(entry: LedgerEntry, sidecar: str, text: str | None, effect: str) -> Note:
    value = " ".join(("".join(c if c.isprintable() else "\ufffd" for c in text or "")).split())
    slots = {"sidecar": sidecar, "value": f"{value:.40}" or "空", "effect": effect}
    return Note("sidecar_unreadable", entry.path, entry.survey, slots=slots)


def _encoding_note(entry: LedgerEntry, choice: encodings.Choice) -> Note:
    if choice.undecided:
        return Note("encoding_undecided", entry.path, entry.survey, slots={"evidence": choice.evidence})
    effect = f"编码按 {choice.name} 读取：{choice.evidence}"
    return Note("missing_sidecar", entry.path, entry.survey, slots={"sidecar": ".cpg", "effect": effect})


def _declared(cpg: bytes | None, language: int | None) -> tuple[str | None, str]:
    """The code page that the .cpg or else the language byte names, and what they say."""
    word = _text(cpg)
    if word and encodings.codec(word):
        return word, f".cpg 写 {word}"
    said = f".cpg 写“{word}”，不是字符集" if word else "没有 .cpg"
    if language in LANGUAGES:
        return LANGUAGES[language], f"{said}；DBF 语言字节 0x{language:02X}（{LANGUAGES[language]}）"
    return None, f"{said}；DBF 语言字节 0x{language or 0:02X} 不指明编码"


def _text(data: bytes | None) -> str | None:
    return data.decode("utf-8", errors="replace").strip("\ufeff\0 \r\n\t") or None if data is not None else None


@contextmanager
def _readable(files: _Files) -> Iterator[Path]:
    """The shapefile itself, or a temporary copy: with the rebuilt index, without a .prj that breaks the library."""
    if files.headers.shx is None and files.readable_prj:
        yield files.path
        return
    with tempfile.TemporaryDirectory(prefix="duoce-") as folder:
        copy = Path(folder) / "layer.shp"
        copy.write_bytes(files.bytes[".shp"])
        copy.with_suffix(".dbf").write_bytes(files.bytes[".dbf"])
        copy.with_suffix(".shx").write_bytes(files.headers.shx or files.bytes[".shx"])
        yield copy


def _bytes(layer: vector.Layer) -> bytes:
    """All names and texts of the table as the bytes they are in the file, one a line."""
    texts = [value for column in layer.columns if column.dtype == object for value in column if isinstance(value, str)]
    return "\n".join([*layer.fields, *texts]).encode(ANY_BYTE)


def _decoded(layer: vector.Layer, choice: encodings.Choice, stem: str) -> vector.Layer:
    """The layer with names and texts in their encoding."""
    columns = [_words(values, choice) if values.dtype == object else values for values in layer.columns]
    return vector.Layer(
        stem, [_word(f, choice) for f in layer.fields], columns, layer.geometry, layer.crs, layer.measured
    )


def _words(values: Any, choice: encodings.Choice) -> Any:
    """A column of texts in their encoding, in one piece where that comes to the same."""
    texts = [value if isinstance(value, str) else "" for value in values]
    joined = "\n".join(texts)
    if joined.isascii():
        return values
    try:
        if choice.encoding == encodings.MIXED or joined.count("\n") != len(texts) - 1:
            raise ValueError  # noqa: TRY301 — line by line, or a text with a line break of its own
        decoded = joined.encode(ANY_BYTE).decode(choice.encoding).split("\n")
    except ValueError:
        return column(_word(value, choice) for value in values)
    return column(new if isinstance(old, str) else old for old, new in zip(values, decoded, strict=True))


def _word(value: Any, choice: encodings.Choice) -> Any:
    return encodings.decode(value.encode(ANY_BYTE), choice) if isinstance(value, str) and not value.isascii() else value

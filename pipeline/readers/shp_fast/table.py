"""The columns of a .dbf (dBASE III) as GDAL types them: texts, whole numbers, numbers, dates, yes and no."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from pipeline.readers.shapefile_headers import Field
from pipeline.readers.shp_fast import numbers, texts
from pipeline.readers.shp_fast.numbers import BLANK, Array, Cells
from pipeline.readers.shp_fast.refuse import HandOverError
from pipeline.readers.shp_fast.texts import Texts

VERSION = 3  # dBASE III without memo fields
AT_ONCE = 1 << 16  # bytes of columns of one form that are read as one: more leave the nearest cache
FIELDS_END = 0x0D
NUMBERS = "NF"
ANY_WIDTH = 0
TYPES = {"C": ANY_WIDTH, "N": ANY_WIDTH, "F": ANY_WIDTH, "D": 8, "L": 1}  # widths prescribed
ISO_CHARACTERS = 10
BEFORE_ALL = np.datetime64("0000-12-31")
_TRUTH = np.full(256, -1, dtype=np.int8)
_TRUTH[list(b"TtYy")], _TRUTH[list(b"FfNn")] = 1, 0


def read(table: bytes, fields: Sequence[Field], *, header: int, rows: int, width: int) -> list[Texts | Array]:
    """One column per field, texts not yet decoded; header: bytes before the first record; width: of a record, bytes.

    Errors: HandOverError for whatever is not plain.
    """
    cells = np.frombuffer(table, dtype=np.uint8, count=rows * width, offset=header).reshape(rows, width)
    _plain(table, fields, header)
    if (cells[:, 0] != BLANK).any():
        raise HandOverError("有标记为已删除的记录")
    printed = bool(cells.min() >= texts.LOWEST_PRINTED)
    parted = [cells[:, field.start : field.start + field.width] for field in fields]
    alike: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    columns: list[Texts | Array] = []
    for position, (field, own) in enumerate(zip(fields, parted, strict=True)):
        if field.type in NUMBERS:
            alike[field.width, field.decimals, position * rows * field.width // AT_ONCE].append(position)
        columns.append(own if field.type in NUMBERS else _column(field, own, printed=printed))
    for (_, decimals, _), positions in alike.items():
        found = numbers.columns([parted[position] for position in positions], decimals)
        for position, values in zip(positions, found, strict=True):
            columns[position] = values
    return columns


def _plain(table: bytes, fields: Sequence[Field], header: int) -> None:
    """Refuses tables of other programs and versions, and fields that are not described as usual."""
    if table[0] != VERSION:
        raise HandOverError(f"dbf 版本 0x{table[0]:02X}")
    if header != 32 * len(fields) + 33 or table[header - 1] != FIELDS_END:
        raise HandOverError("dbf 的字段描述与文件头长度不符")
    names = {field.name for field in fields}
    if len(names) < len(fields) or not all(name.strip() == name and min(name, default=0) > BLANK for name in names):
        raise HandOverError("dbf 有空的、重复的或含空白的字段名")
    for field in fields:
        if field.type not in TYPES or not field.width or (field.decimals and field.type not in NUMBERS):
            raise HandOverError(f"字段类型 {field.type!r}，宽 {field.width}，小数 {field.decimals} 位")
        if field.width != TYPES[field.type] != ANY_WIDTH:
            raise HandOverError(f"字段类型 {field.type} 的宽度 {field.width}")


def _column(field: Field, cells: Cells, *, printed: bool) -> Texts | Array:
    """A column that is not one of numbers."""
    if field.type == "C":
        return texts.column(cells, printed=printed)
    return _dates(cells) if field.type == "D" else _truths(cells)


def _dates(cells: Cells) -> Array:
    """Days as ISO texts; blanks or zeros are none."""
    days = np.full(len(cells), None, dtype=object)
    given = ~((cells == BLANK).all(axis=1) | (cells == numbers.ZERO).all(axis=1))
    digits = cells[given] - np.uint8(numbers.ZERO)
    if (digits > numbers.NINE - numbers.ZERO).any():
        raise HandOverError("有日期不是八位数字")
    written = np.full((len(digits), ISO_CHARACTERS), ord("-"), dtype=np.uint8)
    written[:, [0, 1, 2, 3, 5, 6, 8, 9]] = cells[given]
    words = [word.decode() for word in written.view(f"S{ISO_CHARACTERS}").ravel().tolist()]
    try:
        real = np.array(words, dtype="M8[D]") > BEFORE_ALL
    except ValueError as err:
        raise HandOverError("有日期不存在") from err
    if not real.all():
        raise HandOverError("有日期不存在")
    days[given] = words
    return days


def _truths(cells: Cells) -> Array:
    """Yes and no; an undecided one is the library's to judge."""
    found = _TRUTH[cells[:, 0]]
    if (found < 0).any():
        raise HandOverError("有是非字段的值不是 T 或 F")
    return found.astype(bool)

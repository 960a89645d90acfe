"""The levels of one building, and their table on a drawing of heights: rows stand at their level, spread where close."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.report.drawings.ink import Ink, Text, fitting, line
from pipeline.report.drawings.rows import records_of
from pipeline.rounding import half_up, printed
from pipeline.scalars import missing

if TYPE_CHECKING:
    import geopandas as gpd

    from pipeline.report.drawings.layout import Box
    from pipeline.report.drawings.sheets import Sheet
    from pipeline.standard import Heights, HeightSpan

TABLE = "标高表"
HEADS = (("位置", 17.0), ("相对标高", 11.0), ("许可/m", 11.0), ("实测/m", 11.0), ("差值/m", 8.0))
STEPS = ((3.4, 1.9), (2.9, 1.7), (2.4, 1.5), (2.0, 1.3))  # row height and letter size, the first with room for all
HEAD_MM = 9.0


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a building, m. value: where it is drawn; relative: above the level that counts as 0."""

    name: str
    kind: str
    measured: float | None
    permitted: float | None
    relative: float | None
    feature: str

    @property
    def value(self) -> float:
        found = self.measured if self.measured is not None else self.permitted
        return 0.0 if found is None else found


def levels_of(sheet: Sheet) -> list[Level]:
    """The levels of a sheet from top to bottom; rows without any level are not drawn."""
    spec = sheet.spec.heights
    if spec is None:
        return []
    records = records_of(sheet.extent, (spec.kind, spec.level, spec.permitted, "feature"))
    found = [(_number(r[spec.level]), _number(r.get(spec.permitted)), r) for r in records]
    found = [item for item in found if item[0] is not None or item[1] is not None]
    found.sort(key=lambda item: item[0] if item[0] is not None else item[1] or 0.0)
    zero = next((measured for measured, _, r in found if r[spec.kind] == spec.zero and measured is not None), None)
    names = _names([(m if m is not None else p or 0.0, str(r[spec.kind])) for m, p, r in found], spec, zero)
    made = [
        Level(name, str(r[spec.kind]), m, p, None if zero is None or m is None else m - zero, str(r["feature"]))
        for name, (m, p, r) in zip(names, found, strict=True)
    ]
    return made[::-1]


def has_level(frame: gpd.GeoDataFrame, spec: Heights) -> list[bool]:
    """For each row whether it can be drawn: with a level measured or permitted."""
    records = records_of(frame, (spec.level, spec.permitted))
    return [any(not missing(level) for level in record.values()) for record in records]


def _names(levels: Sequence[tuple[float, str]], spec: Heights, zero: float | None) -> list[str]:
    """Kinds as they are; floor levels counted up from the level of 0 (the first above it is floor 2) and down from it."""
    base = zero if zero is not None else min((value for value, _ in levels), default=0.0)
    above = sorted({value for value, kind in levels if kind == spec.storey and value > base})
    below = sorted({value for value, kind in levels if kind == spec.storey and value < base}, reverse=True)
    floors = {value: n for n, value in enumerate(above, 2)} | {value: -n for n, value in enumerate(below, 1)}
    return [f"{floors[value]} 层楼面" if kind == spec.storey and value in floors else kind for value, kind in levels]


def storey_chain(levels: Sequence[Level], spec: Heights, name: str) -> list[float]:
    """The levels between which storeys lie, upwards: 0, the floors, and the lowest part of the roof."""
    roof = next((kind for kind in spec.roof if any(level.kind == kind for level in levels)), None)
    wanted = {spec.zero, spec.storey, roof}
    values = [getattr(level, name) for level in levels if level.kind in wanted]
    return sorted({value for value in values if value is not None})


def span_of(levels: Sequence[Level], span: HeightSpan, name: str) -> tuple[float, float] | None:
    """Lowest base and highest top of an overall height; None where one is not known."""
    bases = [v for level in levels if level.kind == span.base and (v := getattr(level, name)) is not None]
    tops = [v for level in levels if level.kind == span.top and (v := getattr(level, name)) is not None]
    return (min(bases), max(tops)) if bases and tops and max(tops) > min(bases) else None


def level_table(levels: Sequence[Level], marks: Sequence[tuple[float, float]], box: Box) -> Iterator[Ink]:
    """The table; from each mark (y, x at the drawing) a line leads to its row.

    Rows that find no room even at the smallest letters are left out from the storeys and counted.
    """
    room = box.height - HEAD_MM - 4
    step, size = next((s for s in STEPS if s[0] * len(levels) <= room), STEPS[-1])
    most = int(room / step)
    shown = list(zip(levels, marks, strict=True))
    if len(shown) > most:
        yield Text(
            box.x0 + 2, box.y1 - 1, f"图面所限，另有 {len(shown) - most} 个标高见报告相应表格", 1.9, TABLE, "start"
        )
        shown = _thinned(shown, most)
    top, bottom = box.y0 + HEAD_MM + step / 2, box.y1 - 4 - step / 2
    rows = spread([y for _, (y, _) in shown], step, top, bottom)
    yield from _row(box.x0, box.y0 + 4, [words for words, _ in HEADS], 1.9)
    yield line([(box.x0, box.y0 + 6.5), (box.x1, box.y0 + 6.5)], TABLE, width_mm=0.25)
    for (level, (y, x)), row in zip(shown, rows, strict=True):
        cells = [
            level.name,
            _relative(level),
            printed(level.permitted, 2),
            printed(level.measured, 2),
            _difference(level),
        ]
        yield from _row(box.x0, row, cells, size)
        yield line([(x, y), (box.x0 - 1, row), (box.x0, row)], TABLE, width_mm=0.1, stroke="#8c8c8c")
        yield line([(box.x0, row + step / 2), (box.x1, row + step / 2)], TABLE, width_mm=0.06, stroke="#bdbdbd")


def _thinned(shown: list[tuple[Level, tuple[float, float]]], most: int) -> list[tuple[Level, tuple[float, float]]]:
    """The first `most` rows when the repeated kind (floors) gives way evenly."""
    kinds = [level.kind for level, _ in shown]
    common = max(set(kinds), key=lambda kind: (kinds.count(kind), kind))
    places = [n for n, kind in enumerate(kinds) if kind == common]
    over = min(len(shown) - most, len(places))
    dropped = {places[int(n * len(places) / over)] for n in range(over)}
    return [item for n, item in enumerate(shown) if n not in dropped][:most]


def spread(wanted: Sequence[float], step: float, low: float, high: float) -> list[float]:
    """Places at least `step` apart and within the limits, as near as can be to the wanted ones (given in order)."""
    blocks: list[tuple[float, int]] = []  # mean of wanted − n·step over neighbours that touch, and their number
    for number, value in enumerate(wanted):
        mean, count = value - number * step, 1
        while blocks and blocks[-1][0] >= mean:
            last, size = blocks.pop()
            mean, count = (mean * count + last * size) / (count + size), count + size
        blocks.append((mean, count))
    most = high - (len(wanted) - 1) * step
    means = [min(max(mean, low), max(most, low)) for mean, count in blocks for _ in range(count)]
    return [mean + number * step for number, mean in enumerate(means)]


def _row(x: float, y: float, cells: Sequence[str], size: float) -> Iterator[Ink]:
    for words, (_, width) in zip(cells, HEADS, strict=True):
        yield Text(x + width / 2, y, words, fitting(words, size, width - 0.8), TABLE)
        x += width


def _relative(level: Level) -> str:
    if level.relative is None:
        return printed(None, 2)
    words = printed(level.relative, 2)
    return "±0.00" if float(words) == 0 else words if words.startswith("-") else f"+{words}"


def _difference(level: Level) -> str:
    """Of the printed numbers, so that the row adds up on paper."""
    if level.measured is None or level.permitted is None:
        return printed(None, 2)
    return f"{half_up(level.measured, 2) - half_up(level.permitted, 2):f}"


def _number(value: object) -> float | None:
    return None if missing(value) else float(value)  # type: ignore[arg-type]

"""One slice of entities as columns, and the bytes of those that ezdxf is to read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from pipeline.readers.dxf_fast import drawn, hatches, placed, records
from pipeline.readers.dxf_fast.drawn import Drawn
from pipeline.readers.dxf_fast.numbers import Flags
from pipeline.readers.dxf_fast.outlines import Objects
from pipeline.readers.dxf_fast.pools import Pool, XDataPool
from pipeline.readers.dxf_fast.records import Records
from pipeline.readers.dxf_fast.tables import Kind, Role
from pipeline.readers.dxf_fast.tokens import Ints, Tokens

BYLAYER = 256  # the colour of an entity that states none
NONE = -1
KINDS = (drawn.light_polylines, drawn.old_polylines, drawn.straights, drawn.rounds, placed.points, hatches.hatches)
ONCE = (
    Role.HANDLE, Role.OWNER, Role.LAYER, Role.LINETYPE, Role.COLOUR, Role.PAPER, Role.FLAGS, Role.COUNT, Role.FOLLOW,
    Role.COLUMNS, Role.ROWS, Role.ACROSS, Role.UPRIGHT, Role.PATHS, Role.STYLE, Role.TEXT, Role.NAME, Role.RADIUS,
    Role.START_ANGLE, Role.END_ANGLE, Role.EXTRUSION_X, Role.EXTRUSION_Y, Role.EXTRUSION_Z, Role.X1, Role.Y1, Role.Z1,
    Role.Z,
)  # fmt: skip


@dataclass(slots=True)
class Pools:
    """What the slices of a drawing share; high: lines that are not ASCII, with their number."""

    layers: Pool = field(default_factory=Pool)
    linetypes: Pool = field(default_factory=Pool)
    blocks: Pool = field(default_factory=Pool)
    tags: Pool = field(default_factory=Pool)
    owners: Pool = field(default_factory=Pool)
    xdata: XDataPool = field(default_factory=XDataPool)
    high: Counter[bytes] = field(default_factory=Counter)


@dataclass(slots=True)
class Chunk:
    """Rows of one slice. order: place among the entities of the drawing; names: numbers in the pools, -1 for none.

    handles, texts, parts, values: lines of bytes, one per row of *_at (parts: several, counts); *_at: positions of rows.
    """

    order: Ints
    kind: Ints
    layer: Ints
    linetype: Ints
    colour: Ints
    block: Ints
    xdata: Ints
    geometry: Objects
    curves: Objects
    closed: Flags
    counted: Flags
    handles: bytes
    text_at: Ints
    texts: bytes
    part_at: Ints
    part_counts: Ints
    parts: bytes
    value_at: Ints
    value_tag: Ints
    values: bytes


@dataclass(slots=True)
class Outcome:
    """One slice done: its rows, the bytes and orders of what is left to ezdxf, records by kind of what was read."""

    chunk: Chunk
    rest: list[bytes]
    slow: Ints
    groups: int
    counts: Counter[str]


@dataclass(slots=True)
class Sorted:
    """One slice with its tags placed and its rows made; nothing of it is shared with other slices yet."""

    found: Records
    rows: list[Drawn]


def sorted_out(tokens: Tokens, starts: Ints, *, flat: bool, inserts: bool) -> Sorted:
    """The part of the work that slices can do side by side. inserts: whether INSERTs are read fast."""
    found = records.placed(tokens, starts, flat=flat)
    _common(found, inserts=inserts)
    found.slow[found.group[found.is_kind(Kind.OTHER)]] = True
    return Sorted(found, [make(found) for make in KINDS])


def done(given: Sorted, pools: Pools, *, first: int) -> Outcome:
    """The rest of one slice, whose first entity is number `first` of the drawing; slices come in order."""
    found = given.found
    xdata = _xdata(found, pools.xdata)
    fast = ~found.slow
    _high_lines(found, pools.high)
    chunk = _chunk(found, given.rows, xdata, pools, first)
    names = np.array(found.names, dtype=object)[fast[found.group]]
    return Outcome(chunk, _rest(found), np.flatnonzero(found.slow) + first, len(fast), Counter(names.tolist()))


def _common(found: Records, *, inserts: bool) -> None:
    """What holds for every kind: a layer, in modelspace, drawn in the level plane, nothing said twice."""
    records.repeated(found, *ONCE)
    main = np.zeros(len(found.kind), dtype=bool)
    main[found.first] = True
    found.unless(found.tag(Role.LAYER) >= 0, main)
    found.unless(found.single(Role.PAPER, default=0) == 0, main)
    x, y, z = (found.single(role) for role in (Role.EXTRUSION_X, Role.EXTRUSION_Y, Role.EXTRUSION_Z))
    found.unless((x == 0) & (y == 0) & (z == 1), ~(np.isnan(x) & np.isnan(y) & np.isnan(z)))
    single = (Kind.LINE, Kind.ARC, Kind.CIRCLE, Kind.POINT, Kind.TEXT, Kind.MTEXT, Kind.INSERT, Kind.VERTEX)
    for role in (Role.X, Role.Y):
        owner = found.owner[found.at(role)]
        twice = owner[1:][owner[1:] == owner[:-1]]
        found.drop(twice[np.isin(found.kind[twice], single)])
    if not inserts:
        found.drop(np.flatnonzero(found.is_kind(Kind.INSERT)))


def _xdata(found: Records, pool: XDataPool) -> Ints:
    """The extended data of each record as a number in the pool."""
    numbers = np.full(len(found.kind), NONE, dtype=np.int64)
    inside = found.role == Role.XDATA
    before = np.r_[False, inside[:-1]]
    heads = found.tokens.codes[: len(inside)] == 1001
    start = np.zeros(len(inside), dtype=bool)
    start[found.starts[:-1]] = True
    found.drop(found.owner[(inside & ~heads & ~before) | (~inside & before & ~start)])
    first = np.flatnonzero(inside & ~before)
    if not len(first):
        return numbers
    owner = found.owner[first]
    begins, ends = found.tokens.code_begins[first], found.tokens.code_begins[found.starts[owner + 1]]
    data, wanted = found.tokens.data, ~found.slow[found.group[owner]]
    places = zip(begins[wanted].tolist(), ends[wanted].tolist(), strict=True)
    numbers[owner[wanted]] = pool.add([data[begin:end] for begin, end in places])
    odd = owner[wanted][numbers[owner[wanted]] == NONE]
    main = np.zeros(len(found.kind), dtype=bool)
    main[found.first] = True
    acad = found.is_kind(Kind.MTEXT) & (numbers >= 0)
    odd = np.concatenate([odd, owner[~main[owner]], _of_acad(pool, numbers, np.flatnonzero(acad))])
    found.drop(odd)
    return numbers


def _of_acad(pool: XDataPool, numbers: Ints, mtexts: Ints) -> Ints:
    """MTEXTs with extended data of ACAD: columns and frames, which ezdxf takes apart."""
    return np.array([i for i in mtexts.tolist() if b"ACAD" in pool.blobs[numbers[i]]], dtype=np.int64)


def _high_lines(found: Records, high: Counter[bytes]) -> None:
    """Counts the lines of the entities read fast that are not ASCII: the encoding is decided by them."""
    stop = found.tokens.code_begins[found.starts[-1]]
    places = np.flatnonzero(found.tokens.bytes[:stop] >= 0x80)
    if not len(places):
        return
    places = places[np.r_[True, np.diff(places) > 1]]
    tags = np.searchsorted(found.tokens.ends, places)
    tags = tags[np.r_[True, np.diff(tags) > 0]]
    tags = tags[~found.slow[found.group[found.owner[tags]]]]
    which, lines = found.tokens.distinct(tags)
    for line, count in zip(lines, np.bincount(which, minlength=len(lines)).tolist(), strict=True):
        high[line] += count


def _rest(found: Records) -> list[bytes]:
    """The bytes of the groups for ezdxf, neighbours together."""
    slow = np.r_[False, found.slow, False]
    change = np.flatnonzero(slow[1:] != slow[:-1])
    tags = found.starts[np.r_[found.first, len(found.kind)]]
    places = found.tokens.code_begins[tags[change]]
    data = found.tokens.data
    return [data[begin:end] for begin, end in zip(places[::2].tolist(), places[1::2].tolist(), strict=True)]


def _chunk(found: Records, rows: list[Drawn], xdata: Ints, pools: Pools, first: int) -> Chunk:
    main = np.concatenate([row.records for row in rows])
    kept = ~found.slow[found.group[main]]
    main = main[kept]
    position = drawn.local(found, main)

    def column(name: str) -> np.ndarray:
        return np.asarray(np.concatenate([getattr(row, name) for row in rows])[kept])

    tokens, kind = found.tokens, found.kind[main]
    text = np.flatnonzero(kind == Kind.TEXT)
    part_at, part_counts, parts = _parts(found, np.flatnonzero(kind == Kind.MTEXT), main)
    value_at, value_tag, values = _attributes(found, position, pools)
    _pooled(found, Role.OWNER, main, pools.owners)
    colour = found.single(Role.COLOUR, default=BYLAYER)[main].astype(np.int64)
    return Chunk(
        found.group[main] + first, kind, _pooled(found, Role.LAYER, main, pools.layers),
        _pooled(found, Role.LINETYPE, main, pools.linetypes), colour,
        _pooled(found, Role.NAME, main, pools.blocks), xdata[main], column("geometry"), column("curves"),
        column("closed"), column("counted"), tokens.joined(found.tag(Role.HANDLE)[main]),
        text, tokens.joined(found.tag(Role.TEXT)[main[text]]), part_at, part_counts, parts,
        value_at, value_tag, values,
    )  # fmt: skip


def _pooled(found: Records, role: Role, main: Ints, pool: Pool) -> Ints:
    """The number of the name with this role of each row."""
    tags = found.tag(role)[main]
    has = tags >= 0
    numbers = np.full(len(main), NONE, dtype=np.int64)
    if has.any():
        numbers[has] = pool.add(*found.tokens.distinct(tags[has]))
    return numbers


def _parts(found: Records, at: Ints, main: Ints) -> tuple[Ints, Ints, bytes]:
    """The lines of multi-line texts: the further ones (code 3) as they come, then the last (code 1)."""
    if not len(at):
        return at, at, b""
    position = drawn.local(found, main[at])
    more = found.at(Role.MORE_TEXT)
    more = more[position[found.owner[more]] >= 0]
    tags = np.concatenate([more, found.tag(Role.TEXT)[main[at]]])
    owner = position[found.owner[tags]]
    order = np.argsort(owner, kind="stable")
    return at, np.bincount(owner, minlength=len(at)), found.tokens.joined(tags[order])


def _attributes(found: Records, position: Ints, pools: Pools) -> tuple[Ints, Ints, bytes]:
    """Attributes of the inserts: row, tag and text of each."""
    attribs = drawn.alive(found, Kind.ATTRIB, Kind.FLAT_ATTRIB)
    at = position[found.first[found.group[attribs]]]
    tags = _pooled(found, Role.NAME, attribs, pools.tags)
    return at, tags, found.tokens.joined(found.tag(Role.TEXT)[attribs])

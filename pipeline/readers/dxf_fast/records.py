"""The tags of one slice placed: which record each belongs to, what it is there, which entities only ezdxf can read.

A record is what begins with group code 0. A group is a main entity with the VERTEX, ATTRIB and SEQEND records behind it;
groups are read fast whole or handed to ezdxf whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pipeline.readers.dxf_fast import numbers
from pipeline.readers.dxf_fast.numbers import Flags, Floats
from pipeline.readers.dxf_fast.refuse import HandOverError
from pipeline.readers.dxf_fast.tables import (
    BY_NAME,
    IS_REAL,
    IS_WHOLE,
    MARKERS,
    PARTS,
    ROLE_COUNT,
    ROLES,
    SEGMENTS,
    STEPS,
    STRICT,
    WIDTH,
    Kind,
    Role,
)
from pipeline.readers.dxf_fast.tokens import Ints, Tokens

POINTERS = (330, 360)  # what stands in the groups {ACAD_REACTORS and {ACAD_XDICTIONARY
_PARENT = {Kind.VERTEX: Kind.POLYLINE, Kind.ATTRIB: Kind.INSERT, Kind.FLAT_ATTRIB: Kind.INSERT}


@dataclass(slots=True)
class Records:
    """One slice, placed. starts: first tag of each record (and of what follows the last); slow: groups for ezdxf.

    owner: record of each tag; role: of each tag; kind, group: of each record; first: main record of each group;
    number: value of each tag that is a number, else NaN or 0.
    """

    tokens: Tokens
    starts: Ints
    kind: Ints
    group: Ints
    first: Ints
    names: list[str]
    owner: Ints
    role: Ints
    real: Floats
    whole: Ints
    slow: Flags
    places: dict[int, Ints] = field(default_factory=dict)

    def at(self, role: Role) -> Ints:
        """The tags with this role, in order."""
        if not self.places:
            order = np.argsort(self.role, kind="stable")
            bounds = np.r_[0, np.cumsum(np.bincount(self.role, minlength=ROLE_COUNT))].tolist()
            self.places = {number: order[bounds[number] : bounds[number + 1]] for number in range(ROLE_COUNT)}
        return self.places[role]

    def single(self, role: Role, *, default: float = np.nan) -> Floats:
        """The number with this role in each record; the last one where it is repeated."""
        values = np.full(len(self.kind), default)
        where = self.at(role)
        values[self.owner[where]] = self.real[where] if IS_REAL[role] else self.whole[where]
        return values

    def tag(self, role: Role) -> Ints:
        """The tag with this role in each record, -1 where there is none."""
        tags = np.full(len(self.kind), -1, dtype=np.int64)
        where = self.at(role)
        tags[self.owner[where]] = where
        return tags

    def drop(self, records: Ints) -> None:
        """Hands the groups of these records to ezdxf."""
        self.slow[self.group[records]] = True

    def unless(self, fine: Flags, among: Flags) -> None:
        """Hands the groups of those records `among` all that are not fine to ezdxf."""
        self.drop(np.flatnonzero(among & ~fine))

    def is_kind(self, *kinds: Kind) -> Flags:
        """Which records are of one of these kinds."""
        return np.asarray(self.kind == kinds[0] if len(kinds) == 1 else np.isin(self.kind, kinds))


def placed(tokens: Tokens, starts: Ints, *, flat: bool) -> Records:
    """The records of a slice. flat: the drawing's version knows no subclasses (R12)."""
    stop = int(starts[-1])
    count = len(starts) - 1
    which, lines = tokens.distinct(starts[:-1])
    names = [line.strip() for line in lines]
    kind = np.array([BY_NAME.get(name, Kind.OTHER) for name in names], dtype=np.int64)[which]
    main = ~np.isin(kind, PARTS)
    if not main[0]:
        raise HandOverError("有零散的 VERTEX、ATTRIB 或 SEQEND")
    owner = np.repeat(np.arange(count), np.diff(starts))
    marked = tokens.codes[:stop] == 100
    segment = np.cumsum(marked) - np.r_[0, np.cumsum(marked)][starts[:-1]][owner]
    segments = np.bincount(owner[marked], minlength=count)
    kind = np.where((kind == Kind.ATTRIB) & (segments == 0), Kind.FLAT_ATTRIB, kind)
    codes = np.minimum(tokens.codes[:stop], WIDTH - 1)
    role = ROLES[(kind[owner] * SEGMENTS + np.minimum(segment, SEGMENTS - 1)) * WIDTH + codes]
    found = Records(
        tokens, starts, kind, np.cumsum(main) - 1, np.flatnonzero(main), [n.decode("latin-1") for n in names],
        owner, role, np.empty(0), np.empty(0, dtype=np.int64), np.zeros(int(main.sum()), dtype=bool),
    )  # fmt: skip
    found.names = [found.names[i] for i in which.tolist()]
    _handles(found, codes)
    _apps(found, codes)
    _markers(found, segment, segments, flat=flat)
    _points(found, codes)
    _values(found)
    found.drop(found.owner[found.at(Role.UNKNOWN)])
    _parts(found)
    return found


def _handles(records: Records, codes: Ints) -> None:
    """Every main entity has one handle: ezdxf would number the others as they come."""
    has = np.zeros(len(records.kind), dtype=bool)
    has[records.owner[codes == 5]] = True
    if not has[records.first].all():
        raise HandOverError("有实体没有句柄")


def _apps(records: Records, codes: Ints) -> None:
    """Groups of an application ({NAME … }) hold pointers and nothing else that is known."""
    marks = records.at(Role.APP)
    if not len(marks):
        return
    which, lines = records.tokens.distinct(marks)
    opens = np.array([line.startswith(b"{") for line in lines])[which]
    closes = np.array([line == b"}" for line in lines])[which]
    change = np.zeros(len(records.role) + 1, dtype=np.int64)
    change[marks] = opens.astype(np.int64) - closes
    depth = np.cumsum(change)[:-1]
    odd = marks[(opens == closes) | (depth[marks] != opens)]
    broken = records.starts[:-1][depth[records.starts[:-1]] != 0]
    if len(odd) or len(broken):
        records.drop(records.owner[np.concatenate([odd, broken])])
    inside = (depth > 0) & (records.role != Role.APP)
    records.role[inside] = np.where(np.isin(codes[inside], POINTERS), Role.WORD, Role.UNKNOWN)
    records.places.clear()


def _markers(records: Records, segment: Ints, segments: Ints, *, flat: bool) -> None:
    """The subclasses of strict kinds are those that ezdxf expects, in their order."""
    strict = records.is_kind(*STRICT)
    wanted = np.zeros(len(Kind), dtype=np.int64)
    for kind, names in MARKERS.items():
        wanted[kind] = len(names)
    records.unless((segments == wanted[records.kind]) & (not flat), strict)
    marks = records.at(Role.MARKER)
    marks = marks[strict[records.owner[marks]]]
    if not len(marks):
        return
    which, lines = records.tokens.distinct(marks)
    for kind, names in MARKERS.items():
        mine = np.flatnonzero(records.kind[records.owner[marks]] == kind)
        for place, name in enumerate(names, start=1):
            number = lines.index(name) if name in lines else -1
            wrong = (segment[marks[mine]] == place) & (which[mine] != number)
            records.drop(records.owner[marks[mine[wrong]]])


def _points(records: Records, codes: Ints) -> None:
    """The coordinates of a point follow each other, x y z or x y; ezdxf takes no other order."""
    step = STEPS[codes]
    before = np.r_[-1, codes[:-1]]
    two_before = np.r_[-1, -1, codes[:-2]][: len(codes)]
    after = np.r_[codes[1:], -1]
    wrong = (step == 1) & (after != codes + 10)
    wrong |= (step >= 2) & (before != codes - 10)
    wrong |= (step == 3) & (two_before != codes - 20)
    records.drop(records.owner[wrong])


def _values(records: Records) -> None:
    """Numbers are numbers, whether they are used or not."""
    real, whole = np.flatnonzero(IS_REAL[records.role]), np.flatnonzero(IS_WHOLE[records.role])
    records.real = np.full(len(records.role), np.nan)
    records.whole = np.zeros(len(records.role), dtype=np.int64)
    records.real[real], wrong = numbers.floats(records.tokens, real)
    records.drop(records.owner[real[wrong]])
    records.whole[whole], wrong = numbers.integers(records.tokens, whole)
    records.drop(records.owner[whole[wrong]])


def _parts(records: Records) -> None:
    """Vertices and attributes belong to their entity and end with SEQEND; anything else is a broken order of records."""
    parent = records.kind[records.first][records.group]
    part = np.isin(records.kind, PARTS)
    for kind, wanted in _PARENT.items():
        if (parent[records.kind == kind] != wanted).any():
            raise HandOverError("有零散的 VERTEX 或 ATTRIB")
    ends = np.bincount(records.group[records.kind == Kind.SEQEND], minlength=len(records.first))
    follow = records.single(Role.FOLLOW, default=0)[records.first] != 0
    leads = records.kind[records.first]
    ended = (leads == Kind.POLYLINE) | ((leads == Kind.INSERT) & follow)
    last = np.r_[records.first[1:], len(records.kind)] - 1
    wrong = (ends != ended) | (ended & (records.kind[last] != Kind.SEQEND))
    wrong |= ~ended & (np.bincount(records.group[part], minlength=len(records.first)) > 0)
    if wrong.any():
        raise HandOverError("VERTEX、ATTRIB 与 SEQEND 的次序不完整")


def repeated(records: Records, *roles: Role) -> None:
    """Hands over the groups where a record has one of these roles twice: which of them counts is ezdxf's to say."""
    for role in roles:
        owner = records.owner[records.at(role)]
        records.drop(owner[1:][owner[1:] == owner[:-1]])

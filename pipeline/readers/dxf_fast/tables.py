"""What each group code is in each kind of entity that is read fast: one table, looked up for all tags at once.

A code that has no place here makes its entity go to ezdxf; so does a number that is none, even where it is not used,
since the reference refuses it. Kinds whose subclasses ezdxf reads by position state them in `MARKERS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import IntEnum

import numpy as np
from ezdxf.lldxf.types import POINT_CODES


class Kind(IntEnum):
    """Kinds of records; OTHER is whatever ezdxf alone reads."""

    OTHER = 0
    LWPOLYLINE = 1
    POLYLINE = 2
    VERTEX = 3
    SEQEND = 4
    LINE = 5
    ARC = 6
    CIRCLE = 7
    POINT = 8
    TEXT = 9
    MTEXT = 10
    INSERT = 11
    ATTRIB = 12
    HATCH = 13
    FLAT_ATTRIB = 14  # without subclasses, as R12 writes it


class Role(IntEnum):
    """What a tag is good for. WORD, REAL and WHOLE are text, number and integer that nobody asks for."""

    UNKNOWN = 0
    WORD = 1
    REAL = 2
    WHOLE = 3
    START = 4
    MARKER = 5
    HANDLE = 6
    OWNER = 7
    APP = 8
    XDATA = 9
    LAYER = 10
    LINETYPE = 11
    TEXT = 12
    MORE_TEXT = 13
    NAME = 14
    COLOUR = 20
    PAPER = 21
    FLAGS = 22
    COUNT = 23
    FOLLOW = 24
    COLUMNS = 25
    ROWS = 26
    ACROSS = 27
    UPRIGHT = 28
    PATHS = 29
    PATH = 30
    STYLE = 31
    EDGE = 32
    X = 40
    Y = 41
    Z = 42
    X1 = 43
    Y1 = 44
    Z1 = 45
    RADIUS = 46
    BULGE = 47
    START_ANGLE = 48
    END_ANGLE = 49
    EXTRUSION_X = 50
    EXTRUSION_Y = 51
    EXTRUSION_Z = 52
    EDGE_X = 53
    EDGE_Y = 54


R = Role
ROLE_COUNT = 64
WIDTH = 1073  # codes above 1071 share the last column
SEGMENTS = 4  # tags before the first subclass marker, after it, after the second, after any further one

BASE = {0: R.START, 5: R.HANDLE, 102: R.APP, 330: R.OWNER}
GRAPHIC = {
    8: R.LAYER, 6: R.LINETYPE, 62: R.COLOUR, 67: R.PAPER, 370: R.WHOLE, 48: R.REAL, 420: R.WHOLE, 430: R.WORD,
    440: R.WHOLE, 284: R.WHOLE, 347: R.WORD, 348: R.WORD, 380: R.WHOLE, 390: R.WORD,
}  # fmt: skip
EXTRUSION = {39: R.REAL, 210: R.EXTRUSION_X, 220: R.EXTRUSION_Y, 230: R.EXTRUSION_Z}
PLACE = {10: R.X, 20: R.Y, 30: R.Z}
SECOND = {11: R.X1, 21: R.Y1, 31: R.Z1}
XDATA_CODES = (1000, 1001, 1002, 1003, 1005, 1040, 1041, 1042, 1070, 1071)


def _reals(*codes: int) -> dict[int, Role]:
    return dict.fromkeys(codes, R.REAL)


def _wholes(*codes: int) -> dict[int, Role]:
    return dict.fromkeys(codes, R.WHOLE)


_LETTERING = {1: R.TEXT, 7: R.WORD, **_reals(40, 41, 50, 51), **_wholes(71)}
_ATTRIB_TEXT = {
    1: R.TEXT,
    7: R.WORD,
    **_reals(10, 20, 30, 11, 21, 31, 39, 40, 41, 50, 51, 210, 220, 230),
    **_wholes(71, 72),
}
_ATTRIB_OWN = {2: R.NAME, **_wholes(70, 71, 72, 73, 74, 280), **_reals(11, 21, 31)}
_ROUND = {**PLACE, 40: R.RADIUS, **EXTRUSION}

#: codes of the kinds whose tags ezdxf takes wherever they stand
FREE: Mapping[Kind, Mapping[int, Role]] = {
    Kind.POLYLINE: {**EXTRUSION, 70: R.FLAGS, **_reals(10, 20, 30, 40, 41), **_wholes(66, 71, 72, 73, 74, 75)},
    Kind.VERTEX: {**PLACE, 42: R.BULGE, 70: R.FLAGS, **_reals(40, 41, 50), **_wholes(91)},
    Kind.SEQEND: {},
    Kind.LINE: {**PLACE, **SECOND, **EXTRUSION},
    Kind.ARC: {**_ROUND, 50: R.START_ANGLE, 51: R.END_ANGLE},
    Kind.CIRCLE: _ROUND,
    Kind.POINT: {**PLACE, **EXTRUSION, **_reals(50)},
    Kind.TEXT: {**PLACE, **SECOND, **EXTRUSION, **_LETTERING, 72: R.ACROSS, 73: R.UPRIGHT},
    Kind.INSERT: {
        **PLACE, **EXTRUSION, 66: R.FOLLOW, 2: R.NAME, 70: R.COLUMNS, 71: R.ROWS, **_reals(41, 42, 43, 44, 45, 50),
    },
    Kind.FLAT_ATTRIB: {**_ATTRIB_TEXT, **_ATTRIB_OWN},
}  # fmt: skip

#: codes of the kinds whose subclasses ezdxf reads by position: after the second marker (ATTRIB: and after the third)
STRICT: Mapping[Kind, tuple[Mapping[int, Role], ...]] = {
    Kind.LWPOLYLINE: (
        {10: R.X, 20: R.Y, 42: R.BULGE, 70: R.FLAGS, 90: R.COUNT, **EXTRUSION, **_reals(38, 40, 41, 43), **_wholes(91)},
    ),
    Kind.MTEXT: (
        {
            **PLACE, **EXTRUSION, 1: R.TEXT, 3: R.MORE_TEXT, 7: R.WORD, 431: R.WORD,
            **_reals(11, 21, 31, 40, 41, 42, 43, 44, 45, 46, 50), **_wholes(63, 71, 72, 73, 90, 421, 441),
        },
    ),
    Kind.HATCH: (
        {
            10: R.X, 20: R.Y, 30: R.REAL, 42: R.BULGE, 91: R.PATHS, 92: R.PATH, 75: R.STYLE, **EXTRUSION,
            2: R.WORD, 330: R.WORD, 11: R.EDGE_X, 21: R.EDGE_Y, 72: R.EDGE, **_wholes(70, 71, 73, 76, 77, 78, 79, 93, 97, 98),
            **_reals(41, 43, 44, 45, 46, 47, 49, 52, 53),
        },
    ),
    Kind.ATTRIB: (_ATTRIB_TEXT, _ATTRIB_OWN),
}  # fmt: skip
MARKERS: Mapping[Kind, tuple[bytes, ...]] = {
    Kind.LWPOLYLINE: (b"AcDbEntity", b"AcDbPolyline"),
    Kind.MTEXT: (b"AcDbEntity", b"AcDbMText"),
    Kind.HATCH: (b"AcDbEntity", b"AcDbHatch"),
    Kind.ATTRIB: (b"AcDbEntity", b"AcDbText", b"AcDbAttribute"),
}
PARTS = (Kind.VERTEX, Kind.SEQEND, Kind.ATTRIB, Kind.FLAT_ATTRIB)
#: what a part says of itself is not used: its main entity speaks for it
UNUSED_IN_PARTS = {R.LAYER: R.WORD, R.LINETYPE: R.WORD, R.COLOUR: R.WHOLE, R.PAPER: R.WHOLE, R.OWNER: R.WORD}
#: in a boundary path of a hatch
PATH_CODES = np.isin(np.arange(WIDTH), (10, 20, 11, 21, 42, 72, 73, 92, 93, 97, 330))

IS_REAL = np.array([role == R.REAL or role >= R.X for role in range(ROLE_COUNT)])
IS_WHOLE = np.array([role == R.WHOLE or R.COLOUR <= role <= R.EDGE for role in range(ROLE_COUNT)])
_STARTS = sorted(POINT_CODES)
STEPS = np.zeros(WIDTH, dtype=np.int64)  # 1, 2, 3 for the first, second, third coordinate of a point
for _step in (0, 1, 2):
    STEPS[[code + 10 * _step for code in _STARTS if code + 10 * _step != 38]] = _step + 1  # 38 is an elevation


def _entries(kind: Kind) -> Iterator[tuple[int, int, Role]]:
    """(segment, code, role) of one kind."""
    if kind in FREE:
        for code, role in {**BASE, **GRAPHIC, **FREE[kind]}.items():
            yield 0, code, role
        for code, role in {**GRAPHIC, **FREE[kind]}.items():
            yield from ((segment, code, role) for segment in range(1, SEGMENTS))
        return
    for segment, codes in enumerate((BASE, GRAPHIC, *STRICT[kind])):
        yield from ((segment, code, role) for code, role in codes.items())


def _table() -> np.ndarray:
    table = np.zeros((len(Kind), SEGMENTS, WIDTH), dtype=np.uint8)
    for kind in (*FREE, *STRICT):
        for segment, code, role in _entries(kind):
            table[kind, segment, code] = UNUSED_IN_PARTS.get(role, role) if kind in PARTS else role
        table[kind, :, 100] = R.MARKER
        table[kind, :, list(XDATA_CODES)] = R.XDATA
    return table.reshape(-1)


ROLES = _table()
BY_NAME = {kind.name.encode(): kind for kind in Kind if kind not in {Kind.OTHER, Kind.FLAT_ATTRIB}}

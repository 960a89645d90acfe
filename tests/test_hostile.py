"""Drawings made to break a reader: a finding or a refusal, never a hang, a traceback or an empty success."""

from __future__ import annotations

import sys

import pytest
from factories_readers import minimal

from pipeline.isolation.parent import Isolation, Limits
from pipeline.isolation.worker import Job

LIMITS = Limits(30, 15, 1024)
DEATHS = {"parse_killed", "parse_timeout", "parse_memory"}
SUBCLASSES = {
    "LWPOLYLINE": "AcDbPolyline",
    "LINE": "AcDbLine",
    "CIRCLE": "AcDbCircle",
    "ELLIPSE": "AcDbEllipse",
    "SPLINE": "AcDbSpline",
    "HATCH": "AcDbHatch",
    "POINT": "AcDbPoint",
    "MTEXT": "AcDbMText",
    "INSERT": "AcDbBlockReference",
}
GOOD = [b"0", b"POINT", b"8", b"0", b"10", b"1.0", b"20", b"1.0"]


@pytest.fixture(scope="module")
def workers():
    with Isolation() as isolation:
        yield isolation


def tags(text):
    """`0 LINE 8 0 …` as lines."""
    return text.encode().split()


def at(kind, *pairs):
    marked = f"0 {kind} 100 AcDbEntity 8 0 100 {SUBCLASSES[kind]} " if kind in SUBCLASSES else f"0 {kind} 8 0 "
    return tags(marked + " ".join(pairs))


def ring(vertices, *, count=None, extra=()):
    body = [tag for x, y in vertices for tag in (b"10", str(x).encode(), b"20", str(y).encode())]
    return [*at("LWPOLYLINE", f"90 {len(vertices) if count is None else count} 70 1"), *extra, *body]


def polyline(vertices, flags="1"):
    body = [tag for x, y in vertices for tag in at("VERTEX", f"10 {x} 20 {y}")]
    return [*at("POLYLINE", f"66 1 70 {flags}"), *body, *tags("0 SEQEND")]


def blocks(*bodies):
    """A BLOCKS section before the entities: bodies by name."""
    lines = tags("0 ENDSEC 0 SECTION 2 BLOCKS")
    for name, body in bodies:
        lines += [*tags(f"0 BLOCK 8 0 2 {name} 70 0 10 0 20 0 30 0"), *body, *tags("0 ENDBLK")]
    return [*lines, *tags("0 ENDSEC 0 SECTION 2 ENTITIES")]


def insert(name, *pairs):
    return at("INSERT", f"2 {name} 10 0 20 0", *pairs)


SELF = [*blocks(("A", insert("A"))), *insert("A")]
PAIR = [*blocks(("A", insert("B")), ("B", insert("A"))), *insert("A")]
TEN = [f"B{n}" for n in range(12)]
DOUBLING = [
    *blocks(
        *(
            (name, [*insert(f"B{n + 1}") * 10] if n < 11 else ring([(0, 0), (1, 0), (1, 1)]))
            for n, name in enumerate(TEN)
        )
    ),
    *insert("B0"),
]
SQUARE = [(0, 0), (10, 0), (10, 10), (0, 10)]

HOSTILE = {
    "nan": ring([(0, 0), ("nan", 0), (1, 1)]),
    "infinite": ring([(0, 0), ("inf", 0), (1, 1)]),
    "huge": ring([(0, 0), (1e300, 0), (1, 1)]),
    "overflowing": ring([(0, 0), ("1e999", 0), (1, 1)]),
    "huge bulge": ring(SQUARE, extra=tags("42 1e308")),
    "no figure": ring([(0, 0), ("abc", 0), (1, 1)]),
    "one vertex": ring([(5, 5)]),
    "one place": ring([(5, 5)] * 5),
    "one line": ring([(5, 5), (9, 9), (7, 7), (6, 6)]),
    "there and back": ring([(500000.1, 3280000.1), (500010.1, 3280010.1), (500005.1, 3280005.1)]),
    "no vertex": ring([]),
    "count of billions": ring(SQUARE, count=2_000_000_000),
    "count below zero": ring(SQUARE, count=-1),
    "old one vertex": polyline([(5, 5)]),
    "old no vertex": polyline([]),
    "mesh flags": polyline(SQUARE, flags="64"),
    "no end of sequence": at("POLYLINE", "66 1 70 1"),
    "line to itself": at("LINE", "10 1 20 1 11 1 21 1"),
    "line to infinity": at("LINE", "10 1 20 1 11 inf 21 1"),
    "circle without radius": at("CIRCLE", "10 1 20 1 40 0"),
    "circle below zero": at("CIRCLE", "10 1 20 1 40 -5"),
    "circle around the world": at("CIRCLE", "10 1 20 1 40 1e300"),
    "arc of huge angles": at("ARC", "10 1 20 1 40 5 50 1e300 51 -1e300"),
    "arc of no angles": at("ARC", "10 1 20 1 40 5 50 nan 51 90"),
    "ellipse without axis": at("ELLIPSE", "10 1 20 1 11 0 21 0 40 0.5 41 0 42 6.28"),
    "ellipse of huge parameters": at("ELLIPSE", "10 1 20 1 11 5 21 0 40 0.5 41 0 42 1e300"),
    "ellipse of huge ratio": at("ELLIPSE", "10 1 20 1 11 5 21 0 40 1e300 41 0 42 6.28"),
    "spline without points": at("SPLINE", "70 8 71 3 72 0 73 0"),
    "spline of huge degree": at("SPLINE", "70 8 71 30000 72 2 73 2 40 0 40 1 10 0 20 0 10 5 20 5"),
    "spline of equal knots": at(
        "SPLINE", "70 8 71 3 72 8 73 4" + " 40 0" * 8 + " 10 0 20 0 10 5 20 5 10 9 20 0 10 9 20 9"
    ),
    "spline counts that lie": at("SPLINE", "70 8 71 3 72 999999999 73 999999999 40 0 10 0 20 0"),
    "hatch of billions": at("HATCH", "2 SOLID 70 1 71 0 91 2000000000 92 2 93 2000000000 10 0 20 0"),
    "hatch without paths": at("HATCH", "2 SOLID 70 1 71 0 91 0"),
    "extrusion of nothing": ring(SQUARE, extra=tags("210 0 220 0 230 0")),
    "extrusion of no number": ring(SQUARE, extra=tags("210 nan 220 nan 230 nan")),
    "block in itself": SELF,
    "blocks in each other": PAIR,
    "block of nowhere": insert("NOWHERE"),
    "block of nowhere in a block": [*blocks(("A", insert("NOWHERE"))), *insert("A")],
    "block of another file": [
        *tags("0 ENDSEC 0 SECTION 2 BLOCKS 0 BLOCK 8 0 2 X 70 4 10 0 20 0 30 0 1 x.dwg 0 ENDBLK"),
        *tags("0 ENDSEC 0 SECTION 2 ENTITIES"),
        *insert("X"),
    ],
    "block of no scale in one direction": [*blocks(("A", ring(SQUARE))), *insert("A", "41 1 42 0 43 1")],
    "block of a scale that is no number": [*blocks(("A", ring(SQUARE))), *insert("A", "41 nan 42 1 43 1")],
    "block of infinite scale": [*blocks(("A", ring(SQUARE))), *insert("A", "41 inf 42 1 43 1")],
    "block of no scale": [*blocks(("A", ring(SQUARE))), *insert("A", "41 0 42 0 43 0")],
    "blocks of a million copies": [*blocks(("A", ring(SQUARE))), *insert("A", "70 30000 71 30000 44 1 45 1")],
    "blocks of a billion by nesting": DOUBLING,
    "group code too large": at("POINT", "10 1 20 1", "999999 x"),
    "group code below zero": at("POINT", "10 1 20 1", "-5 x"),
    "group code unknown": at("POINT", "10 1 20 1", "5555 x"),
    "group code too long": at("POINT", "10 1 20 1", "99999999999999999999 x"),
    "handle of no number": at("POINT", "5 ZZZ 10 1 20 1"),
    "handle of nothing": at("POINT", "5 0 10 1 20 1"),
    "handle of a novel": at("POINT", "5 " + "F" * 100_000 + " 10 1 20 1"),
    "handles alike": tags("0 POINT 5 A1 8 0 10 1 20 1") * 3,
    "data of nobody": at("POINT", "10 1 20 1", "1000 alone 1070 5"),
    "data nested without end": at("POINT", "10 1 20 1 1001 SOUTH", "1002 { " * 20_000),
    "layer of a megabyte": tags("0 POINT 8 " + "层" * 300_000 + " 10 1 20 1"),
    "text without end": at("TEXT", "10 1 20 1 40 1 1 " + "字" * 100_000),
    "text of braces": at("MTEXT", "10 1 20 1 40 1 1 " + "{" * 100_000),
    "text of tens of thousands of codes": at("MTEXT", "10 1 20 1 40 1 1 " + "{\\fSimSun|b0;字\\C1;\\H2x;}" * 20_000),
    "text of open codes": at("MTEXT", "10 1 20 1 40 1 1 " + "\\H" * 50_000),
    "text of stacks": at("MTEXT", "10 1 20 1 40 1 1 " + "\\S1^2" * 50_000),
    "text of escapes": at("MTEXT", "10 1 20 1 40 1 1 " + "\\U+4E2D" * 50_000),
    "text of code pages": at("MTEXT", "10 1 20 1 40 1 1 " + "\\M+5B5D8" * 50_000),
    "text of percents": at("TEXT", "10 1 20 1 40 1 1 " + "%%d%%200" * 50_000),
    "text of codes": at("MTEXT", "10 1 20 1 40 1 1 " + "\\f" * 1_000 + "\\M+" * 1_000),
    "entity of no name": at("¿QUÉ?", "10 1 20 1"),
    "section in a section": tags("0 SECTION 2 ENTITIES 0 POINT 8 0 10 1 20 1 0 ENDSEC"),
    "comments": tags("999 x ") * 50_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("version", ["AC1009", "AC1015"])
def test_a_hostile_drawing_is_read_or_refused_and_never_passes_as_an_empty_one(workers, tmp_path, name, version):
    path = tmp_path / "hostile.dxf"
    path.write_bytes(minimal([*HOSTILE[name], *GOOD], version=version))
    (source,) = workers.read([Job(path, path.name, "green")], LIMITS)
    assert source.entry.fatal or "POINT" in set(source.features["entity"])
    assert not (source.entry.fatal and not source.notes)
    assert not ({note.kind for note in source.notes} & {"parse_killed"}), source.notes
    finite = source.features.geometry.dropna().bounds.to_numpy()
    assert (abs(finite) <= 1e9).all()


#: what is left out is harmless, or is judged by the rules on geometry
NOT_SILENT = sorted(
    set(HOSTILE)
    - {
        "huge bulge",
        "arc of huge angles",
        "ellipse of huge parameters",
        "spline of equal knots",
        "extrusion of nothing",
        "handle of nothing",
        "group code unknown",
        "data of nobody",
        "layer of a megabyte",
        "text without end",
        "text of braces",
        "text of codes",
        "text of tens of thousands of codes",
        "text of open codes",
        "text of stacks",
        "text of escapes",
        "text of code pages",
        "text of percents",
        "comments",
        "handle of a novel",
        "data nested without end",
        "ellipse of huge ratio",
        "section in a section",
        "group code too large",
        "handle of no number",
    }
)


@pytest.mark.parametrize("name", NOT_SILENT)
def test_what_has_no_place_or_no_end_is_said(workers, tmp_path, name):
    path = tmp_path / "hostile.dxf"
    path.write_bytes(minimal([*HOSTILE[name], *GOOD], version="AC1015"))
    (source,) = workers.read([Job(path, path.name, "green")], LIMITS)
    assert source.notes, f"{len(source.features)} features and not a word"


def test_a_polyline_of_hundreds_of_thousands_of_vertices_is_read_whole(workers, tmp_path):
    count = 300_000
    path = tmp_path / "long.dxf"
    path.write_bytes(minimal(ring([(n * 0.001, (n % 7) * 0.1) for n in range(count)]), version="AC1015"))
    (source,) = workers.read([Job(path, path.name, "green")], Limits(120, 60, 2048))
    assert source.entry.fatal is False
    assert source.features.geometry.count_coordinates().sum() == count + 1


def test_what_does_not_fit_the_memory_is_said(workers, tmp_path):
    count = 400_000
    path = tmp_path / "long.dxf"
    path.write_bytes(minimal(ring([(n * 0.001, (n % 7) * 0.1) for n in range(count)])))
    (source,) = workers.read([Job(path, path.name, "green")], Limits(60, 60, 40))
    assert source.entry.fatal
    assert {note.kind for note in source.notes} <= DEATHS
    if sys.platform == "linux":
        assert source.notes

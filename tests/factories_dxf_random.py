"""Drawings that hypothesis makes: every kind of entity with whatever a survey or a careless hand gives it."""

from __future__ import annotations

import ezdxf
from hypothesis import strategies as st

LAYERS = ("0", "JMD", "宗地", "关闭", "冻结", "未列出")
WORDS = st.sampled_from(
    ["", "混3", "A-1", "%%c20 %%d", "^I x", "\\U+5730块", "鍦扮睄", "a\\Pb", "{\\H2;高}程", "é", "  空格 ", "^", "%%"]
)
VERSIONS = ("R12", "R2000", "R2004", "R2007", "R2010", "R2013", "R2018")
number = st.one_of(
    st.integers(-50, 50).map(float),
    st.floats(-100, 100).map(lambda v: round(v, 4)),
    st.floats(-1e6, 1e6, allow_nan=False),
    st.sampled_from([0.0, -0.0, 0.1 + 0.2, 500000.123, 1e-12, 1e10, 1.0000000000000002]),
)
place = st.tuples(number, number)
bulge = st.sampled_from([0.0, 0.0, 0.0, 1.0, -0.5, 0.2, 1e-10, 3.0])
extrusion = st.sampled_from([None, None, None, (0, 0, 1), (0, 0, -1), (0, 1, 0)])


@st.composite
def looks(draw):
    """Attributes that any entity may have."""
    given = {"layer": draw(st.sampled_from(LAYERS))}
    if draw(st.booleans()):
        given["color"] = draw(st.sampled_from([0, 1, 7, 256]))
    if draw(st.integers(0, 4)) == 0:
        given["linetype"] = draw(st.sampled_from(["BYLAYER", "ByBlock", "Continuous"]))
    if draw(st.integers(0, 9)) == 0:
        given["paperspace"] = 1
    return given


@st.composite
def tags(draw):
    """Extended data: the feature code, further words, numbers, points."""
    more = st.sampled_from(
        [(1000, "权利人"), (1000, ""), (1070, 7), (1040, 1.5), (1071, -3), (1005, "1F"), (1010, (1, 2, 3)), (1002, "{")]
    )
    return [(1000, draw(st.sampled_from(["141121", "300000-1", " 211 "]))), *draw(st.lists(more, max_size=3))]


@st.composite
def ring(draw):
    """Vertices, sometimes ending where they began, exactly or nearly."""
    points = draw(st.lists(place, min_size=1, max_size=6))
    end = draw(st.sampled_from([None, None, 0.0, 0.0004, 0.3]))
    return points if end is None else [*points, (points[0][0] + end, points[0][1])]


def light(draw, space, given):
    points = [(*xy, 0, 0, draw(bulge)) for xy in draw(ring())]
    return space.add_lwpolyline(points, close=draw(st.booleans()), dxfattribs=given)


def old(draw, space, given):
    points = draw(ring())
    if draw(st.booleans()):
        return space.add_polyline3d([(*xy, draw(number)) for xy in points], close=draw(st.booleans()), dxfattribs=given)
    points = [(*xy, draw(bulge)) for xy in points]
    return space.add_polyline2d(points, format="xyb", close=draw(st.booleans()), dxfattribs=given)


def line(draw, space, given):
    ends = [(*draw(place), draw(st.sampled_from([0.0, 3.5]))) for _ in "ab"]
    return space.add_line(*ends, dxfattribs=given)


def circle(draw, space, given):
    return space.add_circle(
        draw(place), draw(st.sampled_from([1.0, 0.3333, 12.5, 0.0, -2.0, 0.0001])), dxfattribs=given
    )


def arc(draw, space, given):
    turn = st.sampled_from([0.0, 45.0, 180.0, 270.123, 360.0, -90.0, 720.0])
    return space.add_arc(draw(place), draw(st.sampled_from([1.0, 7.5])), draw(turn), draw(turn), dxfattribs=given)


def point(draw, space, given):
    return space.add_point((*draw(place), draw(number)), dxfattribs=given)


def text(draw, space, given):
    entity = space.add_text(draw(WORDS), dxfattribs={**given, "insert": draw(place)})
    if draw(st.booleans()):
        entity.dxf.halign, entity.dxf.align_point = draw(st.integers(0, 2)), draw(place)
    return entity


def mtext(draw, space, given):
    return space.add_mtext(draw(WORDS) * draw(st.sampled_from([1, 80])), dxfattribs={**given, "insert": draw(place)})


def insert(draw, space, given):
    entity = space.add_blockref(draw(st.sampled_from(["点", "gc200"])), draw(place), dxfattribs=given)
    for tag in draw(st.lists(st.sampled_from(["H", "名称", "H"]), max_size=2)):
        entity.add_attrib(tag, draw(WORDS), insert=(0, 0))
    if draw(st.integers(0, 5)) == 0:
        entity.grid((2, 2), (1, 1))
    return entity


def hatch(draw, space, given):
    entity = space.add_hatch(dxfattribs={**given, "hatch_style": draw(st.integers(0, 2))})
    for _ in range(draw(st.integers(0, 2))):
        points = draw(ring())
        if draw(st.booleans()):
            flags = draw(st.sampled_from([1, 1, 16, 8]))
            entity.paths.add_polyline_path([(*xy, draw(bulge)) for xy in points], flags=flags)
        else:
            path = entity.paths.add_edge_path()
            for begin, end in zip(points, [*points[1:], points[0]], strict=True):
                path.add_line(begin, end)
    return entity


def ellipse(draw, space, given):
    return space.add_ellipse(draw(place), (3, 1), 0.5, dxfattribs=given)


def spline(draw, space, given):
    return space.add_open_spline([(0, 0), (1, draw(st.floats(0, 5))), (3, 1), (4, 4)], dxfattribs=given)


def unread(draw, space, given):
    return space.add_solid([(0, 0), (1, 0), (1, 1)], dxfattribs=given)


FLAT = (old, line, circle, arc, point, text, insert, unread)
MAKERS = (*FLAT, light, mtext, hatch, ellipse, spline)
TILTING = (light, old, circle, arc, text, insert)


@st.composite
def drawings(draw):
    """A document with up to eight entities and some named layers off or frozen."""
    version = draw(st.sampled_from(VERSIONS))
    document = ezdxf.new(version, setup=False)
    document.encoding = "gbk"
    document.header["$DWGCODEPAGE"] = "ANSI_936"
    document.appids.new("SOUTH")
    document.appids.new("其他")
    for name in LAYERS[1:5]:
        document.layers.add(name, color=3)
    document.layers.get("关闭").off()
    document.layers.get("冻结").freeze()
    for name in ("点", "gc200"):
        document.blocks.new(name).add_circle((0, 0), 0.5)
    space = document.modelspace()
    for make in draw(st.lists(st.sampled_from(FLAT if version == "R12" else MAKERS), min_size=1, max_size=8)):
        given = draw(looks())
        entity = make(draw, space, given)
        tilt = draw(extrusion)
        if tilt and make in TILTING:
            entity.dxf.extrusion = tilt
        for app in draw(st.lists(st.sampled_from(["SOUTH", "其他"]), max_size=2, unique=True)):
            entity.set_xdata(app, draw(tags()))
    return document

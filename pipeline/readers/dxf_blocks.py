"""What stands inside blocks: as rows placed by their INSERTs when a mapping asks for them, else counted by block.

Nesting is followed `DEPTH` levels deep and `PIECES` rows wide; a block that holds itself is said and not followed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import shapely
from ezdxf.math import Matrix44, NonUniformScalingError

from pipeline.measures import arcs
from pipeline.readers.dxf_entities import BROKEN, SHAPERS, shape_of
from pipeline.readers.dxf_geometry import Remark, Shape

DEPTH = 8  # our own choice: drawings of life nest two or three deep
PIECES = 200_000  # rows from blocks in one drawing (our own choice)
EXTERNAL = 4 | 8  # block flags: an external reference, also an overlaid one
PLACED_AS_POINTS = ("INSERT", "TEXT", "MTEXT", "POINT")
OUTLINES = (
    "LWPOLYLINE",
    "POLYLINE",
    "LINE",
    "ARC",
    "ELLIPSE",
    "SPLINE",
    "HATCH",
    "TEXT",
    "MTEXT",
)  # more than a symbol


@dataclass(frozen=True, slots=True)
class Piece:
    """One entity inside a block as it lies in the drawing. insert: what shows it; handle: those of its inserts before its own."""

    entity: Any
    shape: Shape
    layer: str
    handle: str
    block: str
    insert: Any


@dataclass(slots=True)
class Contents:
    """Walks into blocks. seen: whether an entity on a layer is visible; left: rows that may still be made."""

    blocks: Any
    seen: Callable[[Any, str], bool]
    left: int = PIECES
    unread: Counter[str] = field(default_factory=Counter)
    remarked: set[str] = field(default_factory=set)

    def of(
        self, insert: Any, *, layer: str, handle: str, outer: Matrix44 | None = None, path: tuple[str, ...] = ()
    ) -> Iterator[Piece]:
        """Every entity that the insert shows, those of nested blocks after the insert that shows them."""
        name = str(insert.dxf.name)
        block, matrix = self.blocks.get(name), _matrix(insert, outer)
        reason = self._not_followed(name, block, matrix, path)
        if reason:
            self.unread[reason] += 1
            return
        for child in block:
            on = str(child.dxf.get("layer", "0"))
            on = layer if on == "0" else on
            if child.dxftype() == "ATTDEF" or not self.seen(child, on):
                continue
            if self.left <= 0:
                self.unread[f"超出 {PIECES} 个上限的块内"] += 1
                return
            shape = placed(child, matrix)
            if shape is None:
                self.unread[f"块内 {child.dxftype()} "] += 1
                continue
            self.left -= 1
            own = f"{handle}/{child.dxf.handle}"
            yield Piece(child, self._once(child, shape), on, own, name, insert)
            if child.dxftype() == "INSERT":
                yield from self.of(child, layer=on, handle=own, outer=matrix, path=(*path, name.lower()))

    def _not_followed(self, name: str, block: Any, matrix: Matrix44 | None, path: tuple[str, ...]) -> str | None:
        if block is None or matrix is None:
            return "没有定义的块的" if block is None else "位置无法解释的块的"
        return "自引用或嵌套过深的块的" if name.lower() in path or len(path) >= DEPTH else None

    def _once(self, child: Any, shape: Shape) -> Shape:
        """What is wrong with an entity of a block is said for the first of its copies only."""
        if shape.remarks and child.dxf.handle in self.remarked:
            return replace(shape, remarks=())
        self.remarked.add(child.dxf.handle)
        return shape


def placed(entity: Any, matrix: Matrix44) -> Shape | None:
    """The shape of an entity of a block where `matrix` puts it; None when its kind is not read.

    Arcs stay exact under turns, mirrors and even scales; stretched ones become chords fine enough to carry the area.
    """
    if entity.dxftype() not in SHAPERS:
        return None
    try:
        return _placed(entity, matrix)
    except BROKEN as err:
        detail = f"块内 {entity.dxftype()} 的数据无法解释（{type(err).__name__}）"
        return Shape(None, remarks=[Remark("degenerate", None, {"detail": detail})])


def _placed(entity: Any, matrix: Matrix44) -> Shape | None:
    if entity.dxftype() in PLACED_AS_POINTS:
        return _point(shape_of(entity), matrix)
    copy = entity.copy()
    if hasattr(copy, "remove_association"):  # a hatch and its outlines
        copy.remove_association()
    try:
        return shape_of(copy.transform(matrix))
    except NonUniformScalingError:
        return _stretched(shape_of(entity), matrix)


def _point(shape: Shape | None, matrix: Matrix44) -> Shape | None:
    if shape is None or shape.geometry is None:
        return shape
    x, y, *rest = shape.geometry.coords[0]
    moved = matrix.transform((x, y, rest[0] if rest else 0.0))
    return replace(shape, geometry=shapely.Point(moved.x, moved.y, moved.z))


def _stretched(shape: Shape | None, matrix: Matrix44) -> Shape | None:
    if shape is None or shape.geometry is None:
        return shape
    fine_m = arcs.FINE_SAGITTA_M / max(1.0, _scale(matrix))
    geometry = shape.geometry if shape.curve is None else arcs.to_geometry(shape.curve, sagitta_m=fine_m)
    return replace(shape, geometry=shapely.transform(geometry, partial(_through, matrix)), curve=None)


def _through(matrix: Matrix44, xy: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.array([(p.x, p.y) for p in matrix.transform_vertices([(x, y, 0.0) for x, y in xy])])


def _matrix(insert: Any, outer: Matrix44 | None) -> Matrix44 | None:
    """From the block to the drawing; None when the insert stands nowhere."""
    try:
        matrix = insert.matrix44() if outer is None else insert.matrix44() * outer
    except BROKEN:
        return None
    return matrix if np.isfinite(list(matrix)).all() else None


def _scale(matrix: Matrix44) -> float:
    return max(float(matrix.transform_direction(axis).magnitude) for axis in ((1, 0, 0), (0, 1, 0)))


# ---------------------------------------------------------------- what the definitions are


def faults(blocks: Any, used: Iterable[str]) -> Iterator[Remark]:
    """Blocks in use that are not there, hold themselves or are nested deeper than is followed, each said once."""
    nested = {block.name.lower(): _nested(block) for block in blocks}
    names = {block.name.lower(): block.name for block in blocks}
    done: set[str] = set()
    said: set[str] = set()
    stack: list[tuple[str, ...]] = [(name.lower(),) for name in sorted(used, reverse=True)]
    while stack:
        path = stack.pop()
        name = path[-1]
        detail = None
        if name in path[:-1]:
            circle = [names.get(step, step) for step in path[path.index(name) :]]
            detail = f"引用了自身（{'→'.join(circle)}）"
        elif len(path) > DEPTH:
            detail = f"嵌套超过 {DEPTH} 层"
        elif name not in done:
            stack += [(*path, inner) for inner in sorted(nested.get(name, ()), reverse=True)]
            done.add(name)
        if detail and name not in said:
            said.add(name)
            yield Remark("block_fault", None, {"block": names.get(name, name), "detail": detail})
    spelt = {name.lower(): name for name in used}
    yield from _absent(blocks, [spelt.get(name, name) for name in done])


def _absent(blocks: Any, reached: Iterable[str]) -> Iterator[Remark]:
    """Blocks in use that the drawing does not define, or only as a reference to another file."""
    for name in sorted(reached):
        block = blocks.get(name)
        if block is None:
            yield Remark("block_fault", None, {"block": name, "detail": "没有定义"})
        elif block.block.dxf.flags & EXTERNAL:
            yield Remark("block_fault", None, {"block": block.name, "detail": "在另一个文件中（外部参照）"})


def _nested(block: Any) -> set[str]:
    return {str(entity.dxf.name).lower() for entity in block if entity.dxftype() == "INSERT"}


def held(blocks: Any, inserted: Mapping[str, int]) -> Iterator[Remark]:
    """One remark per block in use that holds outlines, lines or texts: what, and how many inserts name it."""
    counts, waiting = Counter(inserted), list(inserted)
    known = {name.lower() for name in inserted}
    while waiting:
        for entity in blocks.get(waiting.pop()) or ():
            if entity.dxftype() == "INSERT":
                name = str(entity.dxf.name)
                counts[name] += 1
                if name.lower() not in known:
                    known.add(name.lower())
                    waiting.append(name)
    for name, count in sorted(counts.items()):
        kinds = Counter(e.dxftype() for e in blocks.get(name) or () if e.dxftype() in OUTLINES)
        if kinds:
            what = "、".join(f"{kind} {number} 个" for kind, number in sorted(kinds.items()))
            yield Remark("block_content", None, {"block": name, "count": count, "what": what})

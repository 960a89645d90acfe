"""What surrounds the entities of a DXF file: ezdxf makes it once, names and entities of a drawing are put in as text.

Building every file from entity objects takes ten times as long as writing its lines.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import ezdxf

APP = "DUOCE"  # XDATA: the feature a line stands for
STYLE, FONT = "HZ", "simhei.ttf"
METRES = 6  # $INSUNITS


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts of an empty drawing between which a drawing's own text goes; handles are hexadecimal numbers."""

    before_seed: str
    before_linetypes: str
    before_layers: str
    before_entities: str
    rest: str
    layers_owner: str
    linetypes_owner: str
    space: str  # handle of the model space
    layer_end: str  # what ends a layer record: plot style and material
    seed: int  # the first free handle


@lru_cache(maxsize=1)
def empty() -> Frame:
    """The frame of a drawing in metres with our text style and application name."""
    lines = _text().split("\n")
    seed = lines.index("$HANDSEED") + 2
    linetypes, layers = _table_end(lines, "LTYPE"), _table_end(lines, "LAYER")
    entities = lines.index("ENTITIES") + 1
    while lines[entities] != "ENDSEC":
        entities += 1
    marks = [seed, linetypes - 1, layers - 1, entities - 1]
    parts = ["\n".join(lines[a:b]) for a, b in zip([0, *marks], [*marks, len(lines)], strict=True)]
    layer_end = re.search(r"\n390\n(\w+)\n347\n(\w+)\n", "\n".join(lines).replace("\n ", "\n"))
    end = f"390\n{layer_end[1]}\n347\n{layer_end[2]}\n" if layer_end else ""
    first = parts[1].split("\n", 1)
    return Frame(
        before_seed=parts[0] + "\n",
        before_linetypes="\n" + first[1] + "\n",
        before_layers=parts[2] + "\n",
        before_entities=parts[3] + "\n",
        rest=parts[4],
        layers_owner=_owner(lines, "LAYER"),
        linetypes_owner=_owner(lines, "LTYPE"),
        space=_model_space(),
        layer_end=end,
        seed=int(lines[seed], 16),
    )


def written(linetypes: Sequence[str], layers: Sequence[str], entities: Sequence[str], seed: int) -> str:
    """A whole file from the records of its line types, layers and entities; seed: the first handle not used."""
    frame = empty()
    parts = (frame.before_seed, f"{seed:X}", frame.before_linetypes, *linetypes, frame.before_layers, *layers)
    return "".join((*parts, frame.before_entities, *entities, frame.rest))


def _document() -> ezdxf.document.Drawing:
    with _without_clock():
        document = ezdxf.new("R2010")
    document.header["$INSUNITS"] = METRES
    document.header["$LTSCALE"] = 1.0
    document.styles.new(STYLE, dxfattribs={"font": FONT})
    document.appids.new(APP)
    for name in sorted(document.entitydb.dxf_types_in_use()):  # else in the order of a set: another one in each process
        document.classes.add_class(name)
    return document


def _text() -> str:
    stream = io.StringIO()
    with _without_clock():
        _document().write(stream)
    return stream.getvalue()


def _model_space() -> str:
    return str(_document().modelspace().layout_key)


def _table_end(lines: list[str], name: str) -> int:
    """The line with ENDTAB of a table."""
    return lines.index("ENDTAB", _table(lines, name))


def _table(lines: list[str], name: str) -> int:
    return next(n for n, text in enumerate(lines) if text == name and lines[n - 2] == "TABLE")


def _owner(lines: list[str], name: str) -> str:
    """The handle of a table."""
    return lines[_table(lines, name) + 2]


@contextmanager
def _without_clock() -> Iterator[None]:
    """Dates and GUIDs of the DXF header are fixed while a file is written."""
    before = ezdxf.options.write_fixed_meta_data_for_testing
    ezdxf.options.write_fixed_meta_data_for_testing = True
    try:
        yield
    finally:
        ezdxf.options.write_fixed_meta_data_for_testing = before

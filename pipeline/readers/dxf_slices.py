"""A drawing through ezdxf without ever holding all of it: the document without its entities, then these, slice by slice.

ezdxf takes about ten times the size of what it holds. Layers, blocks and layouts are small; the entities are loaded from
one slice of text at a time, by ezdxf's own factory, and dropped as soon as they were taken.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ezdxf.document import Drawing
from ezdxf.entities import entity_linker, factory
from ezdxf.lldxf.extendedtags import ExtendedTags
from ezdxf.lldxf.tagger import ascii_tags_loader, tag_compiler
from ezdxf.lldxf.tags import group_tags

TOLD_EVERY = 0.2  # of the whole
END = "0\nEOF\n"  # without a tag after it the library loses the last point


@dataclass(slots=True)
class Slices:
    """The lines of a DXF, where its entities may be cut (see `dxf_scan.Scan.body`), and how bytes become text.

    Without such places the document holds everything: drawings with no entities, or with a broken order of sections.
    The lines are let go when the last entity was asked for.
    """

    data: bytes
    places: tuple[int, ...]
    text: Callable[[bytes], str]

    def document(self) -> Drawing:
        """Everything but the entities."""
        data = self.data
        if self.places:
            data = data[: self.places[0]] + data[self.places[-1] :]
        return Drawing.read(io.StringIO(self.text(data)))

    def entities(self, document: Drawing, tell: Callable[[str], None]) -> Iterator[tuple[Any, bool]]:
        """Every entity with its vertices or attributes, and whether it lies in paper space; gone when the next is asked for."""
        if not self.places:
            yield from ((entity, False) for entity in document.modelspace())
            yield from ((entity, True) for entity in document.layouts.active_layout())
            return
        on_paper = _sides(document)
        for entity in _complete(self._loaded(document, tell)):
            yield entity, on_paper(entity)
            entity.destroy()  # it holds itself in a circle: nobody else would free it soon
        self.data = b""

    def _loaded(self, document: Drawing, tell: Callable[[str], None]) -> Iterator[Any]:
        """Records of the section of entities as ezdxf's objects, those without a handle numbered as ezdxf does."""
        told, length = 0.0, self.places[-1] - self.places[0]
        for begin, end in pairwise(self.places):
            share = (begin - self.places[0]) / length
            if share >= told + TOLD_EVERY:
                told = share
                tell(f"{share:.0%}")
            lines = io.StringIO(self.text(self.data[begin:end]) + END)
            for tags in group_tags(tag_compiler(ascii_tags_loader(lines))):
                if tags[0] == (0, "EOF"):
                    break
                entity = factory.load(ExtendedTags(tags), document)
                entity.doc = document
                if entity.dxf.handle is None:
                    entity.dxf.handle = document.entitydb.next_handle()
                yield entity


def _complete(records: Iterator[Any]) -> Iterator[Any]:
    """Entities whose vertices, attributes and end have been linked to them."""
    is_part, waiting = entity_linker(), None
    for record in records:
        if is_part(record):
            continue
        if waiting is not None:
            yield waiting
        waiting = record
    if waiting is not None:
        yield waiting


def _sides(document: Drawing) -> Callable[[Any], bool]:
    """Tells whether an entity lies in paper space: by its owner, else by its own flag, as ezdxf does."""
    model = document.block_records.get("*Model_Space").dxf.handle
    paper = document.block_records.get("*Paper_Space").dxf.handle

    def on_paper(entity: Any) -> bool:
        owner = entity.dxf.owner
        return owner == paper or (owner != model and bool(entity.dxf.get("paperspace", 0)))

    return on_paper

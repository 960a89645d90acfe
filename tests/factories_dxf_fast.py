"""Drawings for the two engines that read DXF, and what it means that both give the same."""

from __future__ import annotations

import dataclasses
import io

import numpy as np
import pandas as pd
import shapely

from pipeline.readers import dxf

CAUGHT = Exception  # what a reader may raise at damage; `readers.read` makes a note of it


def outcome(path, engine, **kwargs):
    """The source, or the type of what was raised."""
    try:
        return dxf.read(path, name=path.name, engine=engine, **kwargs)
    except CAUGHT as err:
        return type(err)


def both(path, **kwargs):
    """The same file through both engines; they must agree before they come back."""
    fast, reference = outcome(path, "fast", **kwargs), outcome(path, "ezdxf", **kwargs)
    if isinstance(reference, type) or isinstance(fast, type):
        assert fast is reference
    else:
        assert_same(fast, reference)
    return fast, reference


def is_fast(source):
    return str(source.entry.engine).startswith("fast")


def assert_same(one, other):
    """Every column, attribute, note and count; curves and coordinates to the last bit; only the engine differs."""
    assert_same_frames(one.features, other.features)
    pd.testing.assert_frame_equal(one.attributes, other.attributes)
    assert list(one.notes) == list(other.notes)
    entries = [dataclasses.asdict(s.entry) | {"engine": None} for s in (one, other)]
    assert entries[0] == entries[1]


def assert_same_frames(one, other):
    assert list(one.columns) == list(other.columns)
    assert len(one) == len(other)
    for name in one.columns:
        if name == "geometry":
            a, b = one.geometry.to_numpy(), other.geometry.to_numpy()
            wrong = np.flatnonzero(np.atleast_1d(shapely.to_wkb(a) != shapely.to_wkb(b))).tolist()
        elif name == "curve":
            wrong = [i for i, (a, b) in enumerate(zip(one[name], other[name], strict=True)) if not same_curve(a, b)]
        else:
            assert one[name].dtype == other[name].dtype
            pairs = zip(one[name].tolist(), other[name].tolist(), strict=True)
            wrong = [i for i, (a, b) in enumerate(pairs) if a != b or type(a) is not type(b)]
        assert not wrong, (name, one.iloc[wrong[0]].to_dict(), other.iloc[wrong[0]].to_dict())


def same_curve(one, other):
    if one is None or other is None:
        return one is other
    same = one.closed == other.closed and len(one.rings) == len(other.rings)
    return same and all(np.array_equal(a, b) for a, b in zip(one.rings, other.rings, strict=True))


def as_bytes(document, *, ending="\r\n"):
    """A drawing as its version is written: GBK before R2007, then UTF-8."""
    stream = io.StringIO()
    document.write(stream)
    return stream.getvalue().replace("\n", ending).encode(document.output_encoding, errors="dxfreplace")


def entities_of(data, ending=b"\r\n"):
    """Where the entities of a drawing begin and end."""
    begin = data.index(b"ENTITIES" + ending) + len(b"ENTITIES" + ending)
    return begin, data.index(b"  0" + ending + b"ENDSEC", begin)

"""Binary DXF as the same tags in text lines, so that one scan and one reader serve both."""

from __future__ import annotations

import struct

from ezdxf.lldxf.types import BINARY_DATA, BYTES, DOUBLE, INT16, INT32, INT64

SENTINEL = b"AutoCAD Binary DXF\r\n\x1a\x00"
_NUMBERS = (
    (frozenset(INT16), "<h"),
    (frozenset(DOUBLE), "<d"),
    (frozenset(INT32), "<i"),
    (frozenset(INT64), "<q"),
    (frozenset(BYTES), "<B"),
)
_FORMATS = {code: layout for codes, layout in _NUMBERS for code in codes}


class CutOffError(ValueError):
    """A binary file ends inside a value; `read` of `size` bytes are whole."""

    def __init__(self, read: int, size: int) -> None:
        super().__init__(read, size)
        self.read, self.size = read, size


def as_text(data: bytes) -> bytes:
    """Tags of a binary DXF as text lines; strings stay in their own bytes."""
    place = len(SENTINEL)
    wide = data[place : place + 2] == b"\x00\x00"  # R13 and later: group codes of two bytes
    text = bytearray()
    try:
        while place < len(data):
            start = place
            code, place = _binary_code(data, place, wide=wide)
            value, place = _binary_value(data, place, code)
            text += b"%d\n%s\n" % (code, value)
            if code == 0 and value == b"EOF":
                break
    except (struct.error, IndexError, ValueError) as err:
        raise CutOffError(start, len(data)) from err
    return bytes(text)


def _binary_code(data: bytes, place: int, *, wide: bool) -> tuple[int, int]:
    if wide:
        return struct.unpack_from("<h", data, place)[0], place + 2
    if data[place] == 255:  # extended data
        return struct.unpack_from("<h", data, place + 1)[0], place + 3
    return data[place], place + 1


def _binary_value(data: bytes, place: int, code: int) -> tuple[bytes, int]:
    if code in BINARY_DATA:
        stop = place + 1 + data[place]
        if stop > len(data):
            raise IndexError
        return data[place + 1 : stop].hex().upper().encode(), stop
    layout = _FORMATS.get(code)
    if layout is None:
        stop = data.index(b"\x00", place)
        return data[place:stop].replace(b"\r", b"").replace(b"\n", b"^J"), stop + 1
    value = struct.unpack_from(layout, data, place)[0]
    return repr(value).encode(), place + struct.calcsize(layout)

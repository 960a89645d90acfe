"""Characters that a drawing writes as escapes, in names and texts alike."""

from __future__ import annotations

import re

#: code pages of \M+nXXXX by n
MULTIBYTE = {"1": "cp932", "2": "cp950", "3": "cp949", "4": "johab", "5": "cp936"}
_UNICODE = re.compile(r"(?:\\U\+[0-9A-Fa-f]{4})+")
_MULTIBYTE = re.compile(r"\\M\+([1-5])([0-9A-Fa-f]{4})")
MANY_CODES = 200  # backslashes in one MTEXT; those of life have some ten
#: formatting codes of MTEXT: kept characters, breaks, stacked fractions, switches, codes with a value up to ;
_FORMAT = re.compile(
    r"\\(?P<kept>[\\{}])|(?P<line>\\[PXN])|(?P<blank>\\~)|\\S(?P<stack>[^;\\]{0,80});|\\[LlOoKk]"
    r"|\\[ACcFfHhQTtWwpb][^;\\{}]{0,200};|[{}]"
)
FIRST_ESCAPED = 0x80  # smaller ones mean something to the format itself and stay as they are


def unescape(text: str) -> str:
    r"""The text with ``\U+XXXX`` and ``\M+nXXXX`` as the characters they stand for; others stay as they are.

    >>> unescape(r"\U+5730\U+7C4D \M+5B5D8")
    '地籍 地'
    """
    if "\\U+" in text:
        text = _UNICODE.sub(_from_unicode, text)
    return _MULTIBYTE.sub(_from_code_page, text) if "\\M+" in text else text


def _from_unicode(match: re.Match[str]) -> str:
    units = [int(unit, 16) for unit in match.group().split("\\U+")[1:]]
    if min(units) < FIRST_ESCAPED:
        return "".join(chr(u) if u >= FIRST_ESCAPED else f"\\U+{u:04X}" for u in units)
    raw = b"".join(unit.to_bytes(2, "little") for unit in units)
    return raw.decode("utf-16-le", errors="replace")  # pairs of surrogates are one character


def _from_code_page(match: re.Match[str]) -> str:
    try:
        return bytes.fromhex(match.group(2)).decode(MULTIBYTE[match.group(1)])
    except UnicodeDecodeError:
        return match.group()


def without_codes(text: str) -> str:
    r"""The words of an MTEXT in one pass, however many formatting codes there are; a code without its end stays.

    >>> without_codes(r"{\fSimSun|b0;地籍}\P\H2.5x;图 \S1^2; \{a\}")
    '地籍\n图 1/2 {a}'
    """
    return _FORMAT.sub(_plain, text)


def _plain(match: re.Match[str]) -> str:
    if match["kept"]:
        return match["kept"]
    if match["line"]:
        return "\n"
    if match["blank"]:
        return " "
    return re.sub(r"[\^#]", "/", match["stack"]) if match["stack"] else ""

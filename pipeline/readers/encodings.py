"""Which encoding bytes are really in, and why. Headers lie, so the bytes speak first and the evidence is kept.

Order: what the project states; strict UTF-8 when it has characters of three bytes (Chinese); the declared page; GB18030.
A declared western page is only a program's default when nearly all of its high bytes pair up as Chinese characters.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MIXED = "mixed"
PAIRED_SURE, PAIRED_DOUBTFUL = (
    0.9,
    0.5,
)  # share of high bytes that pair up as GB 2312; above = Chinese, between = unclear
_HIGH = re.compile(rb"[\x80-\xff]+")
_LEAD = re.compile(rb"[\xc2-\xf4]")
_GB2312_RUN = re.compile(rb"(?:[\xa1-\xa9\xb0-\xf7][\xa1-\xfe])+")
_THREE_BYTES = re.compile(rb"[\xe2-\xef][\x80-\xbf]{2}")
_WIDE = frozenset({"gbk", "gb2312", "gb18030", "big5", "cp949", "euc_kr", "cp932", "shift_jis", "cp950", "johab"})
_NAMES = {"utf-8": "UTF-8", "gbk": "GBK", "gb18030": "GB18030", "ascii": "ASCII", MIXED: "混合"}
_CODE_PAGES = {"936": "gbk", "gb2312": "gbk", "65001": "utf-8", "54936": "gb18030", "88591": "latin-1", "950": "cp950"}
_HIDDEN = re.compile(rb"^[\x00-\x7f]*[\xe4-\xe9][\x80-\xbf]{2}", re.MULTILINE)
_PLAIN = re.compile("^[^\ufffd\ud800-\udfff]*[\u3000-\ud7ff][^\ufffd\ud800-\udfff]*$")
_NOT_PLAIN = re.compile("[\ufffd\ud800-\udfff]|^[^\u3000-\ud7ff\n]*$", re.MULTILINE)  # the reverse, by lines
_CHINESE = frozenset({"gbk", "gb18030"})
NO_LINES: Mapping[bytes, int] = {}


@dataclass(frozen=True, slots=True)
class Choice:
    """The encoding decided on. conflict: it is not the declared one. undecided: another reading is as good.

    pure: as declared, a Chinese or other wide page, and no line with characters of three bytes fits UTF-8.
    """

    encoding: str  # a Python codec, or MIXED
    evidence: str  # Chinese
    declared: str | None = None  # as the file writes it
    conflict: bool = False
    undecided: bool = False
    pure: bool = False

    @property
    def name(self) -> str:
        """As printed."""
        return _NAMES.get(self.encoding, self.encoding)


def codec(page: str | None) -> str | None:
    """The Python codec that a code page name means ("ANSI_936", "CP936", "GBK", "65001"); None when it means none."""
    if not page or not page.strip():
        return None
    word = page.strip().lower()
    number = re.sub(r"^(ansi|oem|cp|windows|ms|dos|ldid)[ _/-]?", "", word)
    candidates = [
        _CODE_PAGES.get(number.replace("-", "").replace("_", "")),
        f"cp{number}" if number.isdigit() else word,
    ]
    for candidate in candidates:
        try:
            found = candidate and codecs.lookup(candidate).name
        except LookupError:
            continue
        if found:
            return "gbk" if found == "gb2312" else found
    return None


def decide(
    data: bytes,
    *,
    declared: str | None,
    stated: str | None = None,
    trusted: bool = False,
    more: Mapping[bytes, int] = NO_LINES,
) -> Choice:
    """The encoding of `data`.

    Args: declared: code page as the file writes it; stated: what the project says; trusted: a declared western page is
        believed even over bytes that look Chinese (a .cpg is written on purpose, a drawing header is not).
        more: further lines that are not ASCII, and how often each stands in the file.
    """
    if not stated and not more and codec(declared) in _WIDE and _keeps_its_word(data, str(codec(declared))):
        return Choice(str(codec(declared)), f"文件声明 {declared}，全部字节可按它解码", declared, pure=True)
    lines = Counter(_high_lines(data))
    lines.update(more)
    if not lines:
        return Choice("ascii", "全部字节为 ASCII，任何编码结果相同", declared)
    if stated:
        return _stated(data, stated, declared, more)
    high, page = b"\n".join(lines), codec(declared)
    if _decodes(high, "utf-8") and (_THREE_BYTES.search(high) or page not in _WIDE or not _decodes(high, page)):
        count = sum(len(_LEAD.findall(line)) * often for line, often in lines.items())
        return Choice("utf-8", f"{count} 个多字节字符全部符合 UTF-8", declared, conflict=page not in {None, "utf-8"})
    if any(_THREE_BYTES.search(line) and _decodes(line, "utf-8") for line in lines):
        return _mixed(lines, page, declared)
    if page in _WIDE and _decodes(high, page):
        return Choice(str(page), f"文件声明 {declared}，全部字节可按它解码", declared, pure=True)
    if page in {*_WIDE, "utf-8"}:
        return _broken_promise(lines, high, str(page), declared)
    return _chinese_or_western(lines, high, page, declared, trusted=trusted)


def decode(data: bytes, choice: Choice) -> str:
    """The text. MIXED: each line by itself. Bytes that no encoding explains become U+FFFD and are found as garbled."""
    if choice.encoding != MIXED:
        return data.decode(choice.encoding, errors="replace")
    page = codec(choice.declared)
    return "\n".join(line.decode(_line(line, page), errors="replace") for line in data.split(b"\n"))


def garbled(text: str) -> bool:
    """Whether a text is visibly the wrong encoding of another: replacement characters, or one decoding too many.

    >>> garbled("鍦扮睄"), garbled("ÖÐ¹ú"), garbled("地籍")
    (True, True, False)
    """
    if text.isascii():
        return False
    if "\ufffd" in text or any("\ud800" <= c <= "\udfff" for c in text):
        return True
    return _hides_chinese(text, "gb18030", "utf-8") or _hides_chinese(text, "cp1252", "gbk")


def doubtful(texts: Iterable[str]) -> list[str]:
    """Those of many texts that may be `garbled`: a character of the others, or their first bytes, rules it out."""
    return [t for t in texts if not _PLAIN.search(t) or _HIDDEN.search(t.encode("gb18030", errors="replace"))]


def all_garbled(texts: Iterable[str]) -> frozenset[str]:
    """Those of many texts that are `garbled`; each is looked at once."""
    wide = [text for text in set(texts) if not text.isascii()]
    joined = "\n".join(wide)
    if joined.count("\n") != len(wide) - 1:  # none, or a text with a line break of its own
        return frozenset(text for text in doubtful(wide) if garbled(text))
    packed = joined.encode("gb18030", errors="replace")
    lines = {joined.count("\n", 0, found.start()) for found in _NOT_PLAIN.finditer(joined)}
    lines |= {packed.count(b"\n", 0, found.end()) for found in _HIDDEN.finditer(packed)}
    return frozenset(wide[line] for line in lines if garbled(wide[line]))


# ---------------------------------------------------------------- inside


def _keeps_its_word(data: bytes, page: str) -> bool:
    """Whether bytes in the declared page are that and nothing else: told without parting them into lines."""
    if data.isascii() or _decodes(data, "utf-8") or not _decodes(data, page):
        return False
    found = _THREE_BYTES.search(data)
    while found:  # a line of its own in UTF-8?
        end = data.find(b"\n", found.end())
        end = len(data) if end < 0 else end
        if _decodes(data[data.rfind(b"\n", 0, found.start()) + 1 : end], "utf-8"):
            return False
        found = _THREE_BYTES.search(data, end)
    return True


def _high_lines(data: bytes) -> list[bytes]:
    """The lines that are not ASCII, the others never made into objects of their own."""
    lines: list[bytes] = []
    found = None if data.isascii() else _HIGH.search(data)
    while found:
        end = data.find(b"\n", found.end())
        end = len(data) if end < 0 else end
        lines.append(data[data.rfind(b"\n", 0, found.start()) + 1 : end])
        found = _HIGH.search(data, end)
    return lines


def _stated(data: bytes, stated: str, declared: str | None, more: Mapping[bytes, int]) -> Choice:
    page = codec(stated)
    if page and _decodes(b"\n".join([data, *more]), page):
        return Choice(page, f"项目文件指定 {stated}，全部字节可按它解码", declared)
    found = decide(data, declared=declared, more=more)
    why = "不是已知的编码" if page is None else "与字节不符"
    return Choice(found.encoding, f"项目文件指定 {stated}，{why}；{found.evidence}", stated, conflict=True)


def _broken_promise(lines: Counter[bytes], high: bytes, page: str, declared: str | None) -> Choice:
    """The file declares a wide page that its bytes do not fit."""
    if not _decodes(high, "gb18030"):
        return _mixed(lines, page, declared)
    evidence = f"文件声明 {declared}，字节不符；全部可按 GB18030 解码"
    return Choice("gb18030", evidence, declared, conflict=page not in _CHINESE)


def _chinese_or_western(
    lines: Counter[bytes], high: bytes, page: str | None, declared: str | None, *, trusted: bool
) -> Choice:
    """No page, or one whose every byte is a letter: the pairing of the high bytes decides, or nothing does."""
    runs = [(run, often) for line, often in lines.items() for run in _HIGH.findall(line)]
    # an odd byte may begin a rare character with an ASCII trail
    pairs = ((run[: len(run) // 2 * 2], often) for run, often in runs)
    all_high = sum(len(run) * often for run, often in runs)
    paired = sum(len(run) * often for run, often in pairs if _GB2312_RUN.fullmatch(run)) / all_high
    said = f"文件声明 {declared}" if declared else "文件没有声明编码"
    share = f"{paired:.0%} 的高位字节成对构成汉字"
    chinese = next((name for name in ("gbk", "gb18030") if _decodes(high, name)), None)
    if chinese and paired >= PAIRED_SURE and not (trusted and page):
        return Choice(chinese, f"{said}；{share}，全部可按 {_NAMES[chinese]} 解码", declared, conflict=page is not None)
    if page and _decodes(high, page):
        doubtful = bool(chinese) and paired >= (PAIRED_SURE if trusted else PAIRED_DOUBTFUL)
        return Choice(page, f"{said}，全部字节可按它解码；{share}", declared, undecided=doubtful)
    western = next(name for name in ("cp1252", "latin-1") if _decodes(high, name))
    taken = chinese if chinese and paired >= PAIRED_DOUBTFUL else western
    if taken == "latin-1" and paired >= PAIRED_DOUBTFUL:
        return _mixed(lines, page, declared)
    return Choice(taken, f"{said}；{share}，不能确定是中文还是西文", declared, undecided=True)


def _mixed(lines: Counter[bytes], page: str | None, declared: str | None) -> Choice:
    counts: Counter[str] = Counter()
    for line, often in lines.items():
        name = _line(line, page)
        counts[_NAMES.get(name, name)] += often
    words = "、".join(f"{name} {count} 行" for name, count in sorted(counts.items()))
    return Choice(MIXED, f"同一文件混用编码，逐行判断：{words}", declared, conflict=True)


def _line(line: bytes, page: str | None) -> str:
    """The first of UTF-8, the declared page, GB18030 that one line fits; GB18030 with replacements if none does."""
    return next((name for name in ("utf-8", page, "gb18030") if name and _decodes(line, name)), "gb18030")


def _decodes(data: bytes, name: str | None) -> bool:
    try:
        return name is not None and data.decode(name) is not None
    except (UnicodeDecodeError, LookupError):
        return False


def _hides_chinese(text: str, wrong: str, right: str) -> bool:
    """Whether `text` is Chinese in `right` that was decoded as `wrong`: going back gives nothing but Chinese."""
    try:
        back = text.encode(wrong).decode(right)
    except (UnicodeEncodeError, UnicodeDecodeError):
        return False
    wide = [c for c in back if not c.isascii()]
    return len(wide) >= 2 and all("\u4e00" <= c <= "\u9fff" for c in wide)

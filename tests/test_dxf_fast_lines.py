"""Numbers, lines and encodings of many tags at once are those of one at a time."""

from __future__ import annotations

from collections import Counter

import numpy as np

from pipeline.readers import encodings
from pipeline.readers.dxf_fast import numbers
from pipeline.readers.dxf_fast.tokens import PAD, Tokens


def test_numbers_in_lines_are_those_of_float():
    words = ["0", "-0.0", "1.", "-.5", "007.250", "500123.4567", "36589123.123456", "9007199254740993", "0.1", "1e5",
             "123456789012345678", "0.30000000000000004", " 2.5", "2.5 ", "+3", "nan", "inf", "-", "", ".", "1.2.3", "x1"]  # fmt: skip
    for ending in ("\n", "\r\n"):
        tokens = Tokens(bytes(PAD) + "".join(f" 10{ending}{word}{ending}" for word in words).encode())
        values, wrong = numbers.floats(tokens, np.arange(len(words)))
        for word, value, bad in zip(words, values.tolist(), wrong.tolist(), strict=True):
            assert (repr(value), bad) == (repr(float(word)), False) if number(word) else bad, word


def number(word):
    try:
        float(word)
    except ValueError:
        return False
    return True


def test_distinct_lines_are_told_apart_however_long():
    words = ["a", "", "宗地一二三四五六七八九十", "a", "x" * 200, "x" * 199 + "y", "b", "x" * 200, "b"]
    tokens = Tokens(bytes(PAD) + "".join(f"  1\n{word}\n" for word in words).encode())
    for places in (np.arange(9), np.array([0, 1, 2, 3, 6, 8])):
        which, lines = tokens.distinct(places)
        assert [lines[i].decode() for i in which.tolist()] == [words[i] for i in places]
        assert len(set(lines)) == len(lines)


def test_lines_counted_apart_decide_the_encoding_as_the_whole_file_does():
    for data in ("地籍\n宗地\n宗地\n".encode("gbk"), "地籍\n宗地\n".encode(), "é\nè\né\n".encode("latin-1"), "地\n".encode() + "籍\n宗地\n".encode("gbk")):  # fmt: skip
        lines = Counter(line for line in data.split(b"\n") if line)
        for declared in ("ANSI_936", "ANSI_1252", None):
            assert encodings.decide(b"", declared=declared, more=lines) == encodings.decide(data, declared=declared)


def test_texts_that_cannot_be_garbled_are_not_looked_at():
    texts = ["鍦扮睄", "ÖÐ¹ú", "地籍", "é", "宗地\ufffd", "abc", "混凝土3", "鍦扮睄地"]
    assert {t for t in texts if encodings.garbled(t)} <= set(encodings.doubtful(texts))
    assert "混凝土3" not in encodings.doubtful(texts)

"""Pictures are compared as the eye does: an edge smoothed otherwise is nothing, a line moved or a digit changed is."""

from __future__ import annotations

import pytest

from pipeline.delivery.check.compare.pictures import difference
from tests.factories_pictures import BLACK, WHITE, canvas, drawn

LINE = (slice(10, 100), slice(50, 51), BLACK)
SMOOTHED = (slice(10, 100), slice(50, 52), (128, 128, 128))


def test_a_line_whose_edge_is_smoothed_otherwise_is_the_same():
    assert difference(drawn(canvas(LINE)), drawn(canvas(SMOOTHED))) is None


@pytest.mark.parametrize(
    "other",
    [
        canvas((slice(10, 100), slice(54, 55), BLACK)),
        canvas(),
        canvas(LINE, (slice(20, 26), slice(80, 84), BLACK)),
        canvas(LINE, (slice(32, 96), slice(96, 160), (230, 240, 220))),
    ],
    ids=["moved", "gone", "a stroke more", "a pale area"],
)
def test_what_can_be_seen_is_a_difference(other):
    assert "画面不同" in difference(drawn(canvas(LINE)), drawn(other))


def test_another_size_is_named():
    assert "应为 160×120 像素，所交为 160×121 像素" in difference(drawn(canvas()), drawn(canvas(size=(121, 160))))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"GIF89a", "不是 PNG 图片"),
        (drawn(canvas())[:60], "不是完整的图片"),
        (
            drawn(canvas((slice(0, 9), slice(0, 9), WHITE))).replace(b"\x08\x03\x00\x00\x00", b"\x08\x06\x00\x00\x00"),
            "不是本软件绘制的图片",
        ),
    ],
)
def test_what_is_no_picture_of_ours_is_said(data, words):
    assert difference(drawn(canvas()), data) == words

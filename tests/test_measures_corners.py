import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.measures.arcs import ring_area
from pipeline.measures.corners import nw_clockwise_order

BOX = [[0, 0], [9, 0], [9, 5], [0, 5]]


def test_a_box_is_numbered_from_its_north_west_corner_clockwise():
    assert nw_clockwise_order(BOX) == [3, 2, 1, 0]
    assert nw_clockwise_order(BOX[::-1]) == [0, 1, 2, 3]


def test_a_repeated_end_is_not_numbered_twice():
    assert nw_clockwise_order([*BOX, BOX[0]]) == [3, 2, 1, 0]


def test_of_corners_equally_far_north_west_the_western_is_first():
    assert nw_clockwise_order([[0, 0], [5, -5], [10, 0], [5, 5.0005]])[0] == 0


def test_nothing_has_no_order():
    assert nw_clockwise_order([]) == []


@given(st.integers(3, 12), st.integers(0, 11), st.booleans())
def test_the_numbering_does_not_depend_on_where_or_how_the_ring_was_drawn(count, shift, backwards):
    turns = np.linspace(0.3, 0.3 + 2 * np.pi, count, endpoint=False)
    ring = np.column_stack([np.cos(turns) * 20, np.sin(turns) * 13])
    drawn = np.roll(ring, shift, axis=0)[:: -1 if backwards else 1]
    ordered, expected = drawn[nw_clockwise_order(drawn)], ring[nw_clockwise_order(ring)]
    assert np.allclose(ordered, expected)
    assert ring_area(ordered) < 0

"""Both engines read every drawing alike: drawings that hypothesis makes, and what damage leaves of them."""

from __future__ import annotations

import factories_dxf_random as made
import pytest
from factories_dxf_fast import as_bytes, both, entities_of, is_fast, outcome
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@QUICK
@given(document=made.drawings(), ending=st.sampled_from(["\r\n", "\n"]), hidden=st.booleans(), in_blocks=st.booleans())
def test_any_drawing_is_read_alike(tmp_path, document, ending, hidden, in_blocks):
    path = tmp_path / "any.dxf"
    path.write_bytes(as_bytes(document, ending=ending))
    both(path, hidden=hidden, in_blocks=in_blocks)


@QUICK
@given(data=st.data(), document=made.drawings())
def test_damage_is_never_read_as_more_than_the_reference_reads(tmp_path, data, document):
    whole = as_bytes(document)
    begin, end = entities_of(whole)
    path = tmp_path / "damaged.dxf"
    path.write_bytes(mutated(data.draw, whole, begin, end))
    both(path)


def mutated(draw, whole, begin, end):
    """One to three small wounds among the entities: bytes, lines, pairs."""
    lines = whole[begin:end].split(b"\r\n")
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(0, len(lines) - 2)))
        what = draw(st.sampled_from(["drop", "drop pair", "twice", "swap", "value", "byte", "cut"]))
        if what == "drop":
            del lines[at]
        elif what == "drop pair":
            del lines[at - at % 2 : at - at % 2 + 2]
        elif what == "twice":
            lines[at:at] = lines[at - at % 2 : at - at % 2 + 2]
        elif what == "swap":
            lines[at : at + 2] = lines[at : at + 2][::-1]
        elif what == "value":
            lines[at] = draw(
                st.sampled_from([b"", b"  0", b"nan", b"1e400", b"x", b"-1", b"\xff\xfe", b"1001", b" 10"])
            )
        elif what == "byte" and lines[at]:
            place = draw(st.integers(0, len(lines[at]) - 1))
            lines[at] = lines[at][:place] + bytes([draw(st.integers(1, 255))]) + lines[at][place + 1 :]
        elif what == "cut":
            return whole[: begin + draw(st.integers(0, end - begin))]
    return whole[:begin] + b"\r\n".join(lines) + whole[end:]


@pytest.mark.parametrize("version", made.VERSIONS)
def test_a_plain_drawing_is_read_fast_in_every_version(tmp_path, version):
    import ezdxf

    document = ezdxf.new(version, setup=False)
    document.layers.add("宗地")
    document.modelspace().add_line((0, 0), (1.5, 2), dxfattribs={"layer": "宗地"})
    document.modelspace().add_polyline2d([(0, 0), (4, 0), (4, 4)], close=True)
    path = tmp_path / "plain.dxf"
    path.write_bytes(as_bytes(document))
    fast, _ = both(path)
    assert is_fast(fast)
    assert len(outcome(path, "fast").features) == 2

"""The pre-flight ledger: what a file claims against what was read of it."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from pipeline import ledger
from pipeline.ledger import Claim

COUNT = st.integers(0, 10**6)


def entry(tmp_path, data=b"abc", **kwargs):
    path = tmp_path / "a.shp"
    path.write_bytes(data)
    return ledger.open_entry(path, name="property/a.shp", survey="s", kind="shapefile", **kwargs)


def test_the_fingerprint_is_that_of_the_bytes(tmp_path):
    found = entry(tmp_path)
    assert (found.sha256, found.size) == (hashlib.sha256(b"abc").hexdigest(), 3)


def test_a_file_that_cannot_be_opened_has_no_fingerprint(tmp_path):
    assert ledger.fingerprint(tmp_path / "none") == ("", 0)


def test_side_files_are_found_whatever_their_case_and_named_relative_to_the_project(tmp_path):
    (tmp_path / "a.DBF").write_bytes(b"x")
    (tmp_path / "b.shx").write_bytes(b"y")
    beside = ledger.siblings(tmp_path / "a.shp", (".dbf", ".shx"))
    found = entry(tmp_path, sidecars=beside)
    assert list(found.sidecars) == ["property/a.DBF"]


@given(COUNT)
def test_equal_counts_are_no_finding(count):
    assert Claim("记录数", count, count, cut=True).holds


@given(COUNT, COUNT)
def test_fewer_bytes_than_claimed_is_a_cut_file_and_more_a_lying_header(claimed, read):
    kind = Claim("字节数", claimed, read, cut=True).kind
    assert kind == ("truncated" if read < claimed else "count_mismatch")


def test_a_claim_that_does_not_hold_makes_the_file_fatal_and_stays_on_record(tmp_path):
    settled, notes = ledger.settle(entry(tmp_path), [Claim("记录数", 5, 4), Claim("字段数", 2, 2)], encoding="GBK")
    assert settled.fatal
    assert (settled.claimed, settled.read) == ({"记录数": 5, "字段数": 2}, {"记录数": 4, "字段数": 2})
    assert [(n.kind, n.file, n.survey) for n in notes] == [("count_mismatch", "property/a.shp", "s")]
    assert settled.encoding == "GBK"


def test_what_is_fatal_stays_fatal(tmp_path):
    fatal, _ = ledger.settle(entry(tmp_path), [], fatal=True)
    assert ledger.settle(fatal, [Claim("记录数", 1, 1)])[0].fatal

"""What the examination of a delivery writes, and how the command ends."""

from __future__ import annotations

import json

from pipeline import cli
from pipeline.delivery.check import examining
from pipeline.delivery.check.writing import write_review
from tests import factories_delivery as kit
from tests.factories_delivery import examined, put, small


def test_the_review_is_written_four_times_with_a_verdict_per_bureau(root, tmp_path):
    put(root / "读我.txt", "x")
    review = examined(root)
    written = write_review(review, tmp_path / "out")
    assert [path.name for path in written] == ["review.docx", "review.html", "review.json", "review.pdf"]
    data = json.loads((tmp_path / "out" / "review.json").read_text("utf-8"))
    assert data["verdict"] == "failed"
    assert {b["short"]: (b["own"], b["verdict"]) for b in data["bureaus"]}["地籍"] == ("passed", "failed")
    assert any(f["rule"] == "PRJ-D05" for f in data["findings"])
    page = (tmp_path / "out" / "review.html").read_text("utf-8")
    assert all(word in page for word in ("规定外文件：读我.txt", "区人民防空办公室", "审查结论：不通过"))


def test_the_review_of_an_unsafe_package_is_written_too(tmp_path):
    review = examined(small(tmp_path, {"../x": b"x"}))
    assert len(write_review(review, tmp_path / "out")) == 4


def test_the_command_ends_with_0_1_and_2(root, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(examining, "recompute", lambda order, **_: kit.unchanged(order))
    package = str(kit.made().package)
    assert cli.main(["check", package, "--quiet"]) == 0
    assert "区住房和城乡建设委员会" in capsys.readouterr().out
    put(root / "读我.txt", "x")
    assert cli.main(["check", str(root), "-o", str(tmp_path / "out"), "--quiet"]) == 1
    assert cli.main(["check", str(small(tmp_path, {"../x": b"x"})), "--quiet"]) == 2
    assert cli.main(["check", str(tmp_path / "nothing.zip"), "--quiet"]) == 2
    assert "找不到成果包" in capsys.readouterr().err

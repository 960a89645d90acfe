"""A survey handed in as a zip: read like its files, refused in words when it is unsafe, and nothing in it left unsaid."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
import yaml
from factories_readers import SQUARE, drawing, saved, shapefile

from pipeline.isolation.parent import Isolation, Limits
from pipeline.isolation.worker import Job
from pipeline.project import run_project
from pipeline.standard import load_profile
from pipeline.unpacking.unpack import ZipLimits, limits_of

SAMPLE = Path(__file__).parent.parent / "samples" / "binjiang"
TIGHT = ZipLimits(entries=20, mb=5, ratio=100, depth=3)


@pytest.fixture(scope="module")
def workers():
    with Isolation(in_process=True) as isolation:
        yield isolation


def packed(path, files, *, names=None):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, (names or {}).get(file.name, file.name))
    return path


def parcels(folder, stem="宗地"):
    folder.mkdir(exist_ok=True)
    shapefile(folder / f"{stem}.shp", [(SQUARE, {"名称": "甲"})])
    return sorted(folder.iterdir())


def read(workers, path, limits=TIGHT):
    return workers.read_inputs([Job(path, path.name, "cadastral")], Limits(), limits)


def kinds(sources):
    return [(note.kind, note.file) for source in sources for note in source.notes]


def test_the_files_of_a_zip_are_named_behind_it(workers, tmp_path):
    document, space = drawing()
    space.add_lwpolyline(SQUARE, close=True)
    plan = saved(document, tmp_path / "图.dxf")
    files = parcels(tmp_path / "shp")
    sources = read(workers, packed(tmp_path / "成果.zip", [plan, *files], names={"图.dxf": "图形/图.dxf"}))
    assert [source.entry.path for source in sources] == ["成果.zip", "成果.zip/图形/图.dxf", "成果.zip/宗地.shp"]
    assert [len(source.features) for source in sources] == [0, 1, 1]
    assert [source.entry.fatal for source in sources] == [False] * 3
    assert (sources[0].entry.format, len(sources[0].entry.sha256)) == ("zip", 64)
    assert kinds(sources) == []


def test_the_order_of_the_project_is_kept_around_a_zip(workers, tmp_path):
    first, last = parcels(tmp_path / "a", "甲"), parcels(tmp_path / "b", "乙")
    archive = packed(tmp_path / "中.zip", parcels(tmp_path / "c"))
    jobs = [
        Job(p, p.name, "cadastral") for p in (first[-2], archive, last[-2], archive) if p.suffix in {".shp", ".zip"}
    ]
    found = [source.entry.path for source in workers.read_inputs(jobs, Limits(), TIGHT)]
    assert found == [
        name for job in jobs for name in ([job.name, f"{job.name}/宗地.shp"] if job.name == "中.zip" else [job.name])
    ]


@pytest.mark.parametrize(
    ("names", "word"),
    [
        ({"宗地.shp": "../宗地.shp"}, "压缩包之外"),
        ({"宗地.shp": "A.shp", "宗地.dbf": "a.shp"}, "仅大小写不同"),
        ({"宗地.shp": "a/b/c/d/宗地.shp"}, "超过 3 层"),
    ],
)
def test_an_unsafe_zip_is_refused_and_nothing_of_it_is_read(workers, tmp_path, names, word):
    (source,) = read(workers, packed(tmp_path / "坏.zip", parcels(tmp_path / "shp"), names=names))
    assert source.entry.fatal
    assert [note.kind for note in source.notes] == ["zip_unsafe"]
    assert word in source.notes[0].slots["detail"]
    assert not (tmp_path.parent / "宗地.shp").exists()


def test_a_bomb_is_refused(workers, tmp_path):
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.dxf", bytes(30_000_000))
    (source,) = read(workers, tmp_path / "b.zip", ZipLimits(ratio=100))
    assert "压缩比" in source.notes[0].slots["detail"]


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06", b"no zip"])
def test_a_file_that_is_no_zip_is_refused(workers, tmp_path, content):
    (tmp_path / "x.zip").write_bytes(content)
    (source,) = read(workers, tmp_path / "x.zip")
    assert [note.kind for note in source.notes] == ["zip_unsafe"]


def test_a_missing_zip_is_missing(workers, tmp_path):
    assert kinds(read(workers, tmp_path / "none.zip")) == [("file_missing", "none.zip")]


def test_a_zip_without_any_input_is_an_empty_file(workers, tmp_path):
    (tmp_path / "说明.docx").write_bytes(b"x")
    (source,) = read(workers, packed(tmp_path / "a.zip", [tmp_path / "说明.docx"]))
    assert (source.entry.fatal, kinds([source])) == (True, [("empty_file", "a.zip")])


def test_other_files_of_a_zip_are_counted_by_name(workers, tmp_path):
    (tmp_path / "说明.docx").write_bytes(b"x")
    zipped = read(workers, packed(tmp_path / "a.zip", [tmp_path / "说明.docx", *parcels(tmp_path / "shp")]))[0]
    (note,) = zipped.notes
    assert (note.kind, note.slots["count"]) == ("not_read", 1)
    assert "说明.docx" in note.slots["what"]


def test_names_in_gbk_are_read_and_said(workers, tmp_path):
    path = packed(tmp_path / "g.zip", parcels(tmp_path / "shp", "AA"))
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"AA.", "宗".encode("gbk") + b"."))
    sources = read(workers, path)
    assert [source.entry.path for source in sources] == ["g.zip", "g.zip/宗.shp"]
    assert kinds(sources) == [("zip_names", "g.zip")]


def test_a_damaged_file_inside_is_named_with_its_zip(workers, tmp_path):
    files = parcels(tmp_path / "shp")
    (tmp_path / "shp" / "宗地.shp").write_bytes((tmp_path / "shp" / "宗地.shp").read_bytes()[:120])
    sources = read(workers, packed(tmp_path / "a.zip", files))
    assert sources[1].entry.fatal
    assert {file for _, file in kinds(sources)} == {"a.zip/宗地.shp"}


def test_the_limits_come_from_the_profile():
    limits = limits_of(load_profile("national").numbers)
    assert min(limits.entries, limits.mb, limits.ratio, limits.depth) > 0


def with_zip(folder, change=lambda names: names):
    """The sample with the property survey as one zip."""
    project = Path(shutil.copytree(SAMPLE, folder / "project"))
    files = [p for p in sorted((project / "property").iterdir()) if p.suffix != ".zip"]
    packed(project / "房产.zip", files, names=change({p.name: p.name for p in files}))
    shutil.rmtree(project / "property")
    text = yaml.safe_load((project / "project.yaml").read_text("utf-8"))
    text["surveys"]["property"]["files"] = ["房产.zip"]
    (project / "project.yaml").write_text(yaml.safe_dump(text, allow_unicode=True), "utf-8")
    return project


def test_a_project_with_a_zip_ends_like_the_one_without(tmp_path):
    result = run_project(with_zip(tmp_path))
    whole = run_project(SAMPLE)
    told = [(f.rule, f.feature, f.measured) for f in result.findings]
    assert told == [(f.rule, f.feature, f.measured) for f in whole.findings]
    assert result.verdict == whole.verdict
    assert "房产.zip/H.shp" in {entry.path for entry in result.ledger}


def test_an_unsafe_zip_leaves_its_survey_undetermined_and_the_others_judged(tmp_path):
    result = run_project(with_zip(tmp_path, lambda names: {**names, "H.shp": "../H.shp"}))
    assert [f.file for f in result.findings if f.rule == "PRJ-I40"] == ["房产.zip"]
    assert {r.outcome for r in result.runs if r.survey == "property"} <= {"undetermined", "not_applicable"}
    assert "passed" in {r.outcome for r in result.runs if r.survey == "cadastral"}

"""Faults planted in the files of a copy of the clean sample: what the intake must say, and of which file.

All stand in one copy, each in a file of its own, so that one run shows them all.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import ezdxf
import yaml

Damage = Callable[[Path], object]
GREEN, WORKS, LAND = "green/绿地核实.dxf", "civil_defence/人防工程.dxf", "cadastral/地籍.dxf"
RECORD, PARCEL = "waivers.yaml", "500105002006GB00117"


def listed(survey: str, name: str, make: Damage = lambda _: None) -> Damage:
    """One file more in project.yaml, made by `make`."""

    def damage(folder: Path) -> None:
        make(folder / name)
        edited(folder, lambda data: data["surveys"][survey]["files"].append(name))

    return damage


def edited(folder: Path, change: Callable[[dict], object]) -> None:
    path = folder / "project.yaml"
    data = yaml.safe_load(path.read_text("utf-8"))
    change(data)
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")


def labels(change: Callable[[ezdxf.layouts.Modelspace, list], object]) -> Damage:
    """The labels of the patches in the green drawing, changed."""

    def damage(folder: Path) -> None:
        document = ezdxf.readfile(folder / GREEN)
        change(document.modelspace(), document.modelspace().query('TEXT MTEXT[layer=="绿地注记"]'))
        document.saveas(folder / GREEN)

    return damage


def said_twice(space: ezdxf.layouts.Modelspace, texts: list) -> None:
    label = next(text for text in texts if text.dxf.text.startswith("G02"))
    other = label.copy()
    other.dxf.text = label.dxf.text.replace("G02", "G52")
    space.add_entity(other)


def unsaid(space: ezdxf.layouts.Modelspace, texts: list) -> None:
    space.delete_entity(next(text for text in texts if text.dxf.text.startswith("G05")))


def cut(folder: Path) -> None:
    path = folder / WORKS
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def answered(part: str = "waivers", **entry: object) -> Damage:
    """One entry more in the record of answers and remarks."""
    given = {"reason": "历史遗留", "who": "王审核", "date": "2026-09-01"} if part == "waivers" else {}

    def damage(folder: Path) -> None:
        path = folder / RECORD
        data = yaml.safe_load(path.read_text("utf-8")) if path.is_file() else {}
        data.setdefault(part, []).append(given | entry)
        path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")

    return damage


def answered_twice(folder: Path) -> None:
    for who in ("王审核", "李总工"):
        answered(rule="PRJ-R02", feature=PARCEL, who=who)(folder)


def remarked(severity: str, feature: str) -> Damage:
    seen = {"severity": severity, "sentence": "现场核对不符", "who": "陈检查", "date": "2026-09-02", "feature": feature}
    return answered("manual", **seen)


#: rule → (what is done to the copy, the file that the finding names)
FILES: dict[str, tuple[Damage, str]] = {
    "PRJ-I01": (listed("property", "property/LJZ.shp"), "property/LJZ.shp"),
    "PRJ-I02": (listed("planning", "planning/x.dxf", lambda p: p.write_bytes(b"\x00\x01" * 500)), "planning/x.dxf"),
    "PRJ-I03": (listed("planning", "planning/x.dgn7", lambda p: p.write_bytes(b"\x08\x09\xfe")), "planning/x.dgn7"),
    "PRJ-I04": (cut, WORKS),
    "PRJ-I06": (listed("planning", "planning/y.dxf", lambda p: p.write_bytes(b"")), "planning/y.dxf"),
    "PRJ-I07": (lambda folder: (folder / "property/YT.shx").unlink(), "property/YT.shp"),
    "PRJ-I19": (labels(unsaid), GREEN),
    "PRJ-I20": (labels(said_twice), GREEN),
    "PRJ-I29": (lambda f: edited(f, lambda d: d["surveys"]["cadastral"].update(height_datum="1956年黄海高程系")), LAND),
    "PRJ-W01": (answered(rule="CAD-T01", feature="无此要素"), RECORD),
    "PRJ-W02": (answered(rule="PRJ-R01", feature=PARCEL, until="2026-09-02"), RECORD),
    "PRJ-W03": (answered(rule="PRJ-R01", feature=PARCEL, who=""), RECORD),
    "PRJ-W04": (answered(rule="PRJ-I01", feature=PARCEL), RECORD),
    "PRJ-W05": (answered_twice, RECORD),
    "PRJ-R01": (remarked("error", PARCEL), RECORD),
    "PRJ-R02": (remarked("warning", PARCEL), RECORD),
    "PRJ-R03": (remarked("info", PARCEL), RECORD),
    "PRJ-R04": (remarked("info", "无此要素"), RECORD),
}


def damaged_copy(sample: Path, to: Path) -> Path:
    folder = Path(shutil.copytree(sample, to))
    for damage, _ in FILES.values():
        damage(folder)
    return folder

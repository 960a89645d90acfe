"""Write the sample projects: `python samples/make.py [-o DIR]`, or a district: `… --district N --seed S -o DIR`.

An independent witness: nothing here imports the pipeline. Every figure is designed in local decimetres, so areas are
exact to 0.01 m², and the same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from generator.apportion import apportion
from generator.cadastral import cadastral
from generator.checked_sides import checked_sides
from generator.civil_defence import civil_defence
from generator.courtyard import courtyard_building
from generator.district import write_district, write_sample
from generator.faults.features import features
from generator.faults.listing import FAULTS
from generator.faults.planting import Scene, expected
from generator.figures import Surveys, figures, permit_rows
from generator.green import green
from generator.model import Building
from generator.planning import planning
from generator.project_yaml import project_yaml
from generator.property import property_survey
from generator.towers import tower
from generator.twins.listing import twins
from generator.write_cadastral import write_cadastral
from generator.write_civil_defence import write_civil_defence
from generator.write_green import write_green
from generator.write_planning import write_planning
from generator.write_project import PermitRow, write_control, write_permit
from generator.write_property import write_property

SEED = 20260918
HERE = Path(__file__).parent


@dataclass
class Sample:
    """Everything that is written of one project; faults change it before it is written."""

    surveys: Surveys
    permit: list[PermitRow]
    project: str


def clean() -> Sample:
    """The project without any fault."""
    buildings = numbered([tower(1), tower(2), courtyard_building()])
    surveys = {
        "planning": planning(buildings, random.Random(SEED)),
        "green": green(),
        "civil_defence": civil_defence(),
        "cadastral": cadastral(buildings),
        "property": property_survey(buildings) | {"checked_side": checked_sides(buildings)},
    }
    return Sample(surveys, permit_rows(), project_yaml())


def numbered(buildings: list[Building]) -> list[Building]:
    """Units numbered from 1 in each building, from the lowest floor up, and their shares worked out."""
    for building in buildings:
        for number, unit in enumerate(building.units, 1):
            unit.number = number
        apportion(building)
    return buildings


def faulty() -> tuple[Sample, Scene]:
    """The project with every fault of the list planted, and its records by name."""
    sample = clean()
    scene = Scene(sample)
    for fault in FAULTS:
        for change in fault.changes:
            change(scene)
    return sample, scene


def write(sample: Sample, folder: Path) -> None:
    """One project folder; what stood there before is replaced."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / "project.yaml").write_text(sample.project, "utf-8")
    write_permit(sample.permit, folder / "permit.xlsx")
    write_control(folder / "control.csv")
    write_planning(sample.surveys["planning"], folder / "planning" / "规划核实.dxf")
    write_green(sample.surveys["green"], folder / "green" / "绿地核实.dxf")
    write_civil_defence(sample.surveys["civil_defence"], folder / "civil_defence" / "人防工程.dxf")
    write_cadastral(sample.surveys["cadastral"], folder / "cadastral" / "地籍.dxf")
    write_property(sample.surveys["property"], folder / "property")


def state(result: dict[str, Any], folder: Path) -> None:
    """What a run of the folder must give."""
    text = json.dumps(result, ensure_ascii=False, indent=1)
    (folder / "expected.json").write_text(text + "\n", "utf-8")


def main(arguments: list[str] | None = None) -> None:
    """Write every sample below the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--out", type=Path, default=HERE, help="folder that receives the samples")
    parser.add_argument("--district", type=int, metavar="N", help="instead, N small projects of a district, into DIR")
    parser.add_argument("--seed", type=int, default=1, help="what the district's dice begin with (default 1)")
    given = parser.parse_args(arguments)
    out = given.out
    if given.district is not None:
        out = HERE / f"district_{given.district}_{given.seed}" if out == HERE else out
        print(f"{out}: {write_district(out, count=given.district, seed=given.seed)} projects written")
        return
    sample, folder = clean(), out / "binjiang"
    write(sample, folder)
    state({"findings": [], "figures": figures(sample.surveys)}, folder)
    print(f"{folder}: written")
    (sample, scene), folder = faulty(), out / "binjiang_faults"
    write(sample, folder)
    ids = features(folder, sample.surveys)
    state(expected(FAULTS, scene, lambda record: ids[id(record)]), folder)
    print(f"{folder}: written, {len(FAULTS)} faults")
    for twin in twins():
        print(f"{twin.make(out)}: written, {len(twin.faults)} faults")
    print(f"{out / 'district'}: {write_sample(out / 'district')} projects written")


if __name__ == "__main__":
    main()

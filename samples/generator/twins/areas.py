"""The three buildings cut down to four storeys, in order but for their areas: what shows only where all else agrees.

Shares of two dwellings exchanged, an area difference that no building alone makes too large, a shelter without a
basement around it, roof greens above their cap.
"""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from generator.apportion import apportion
from generator.civil_defence import civil_defence
from generator.courtyard import courtyard_building
from generator.faults.features import features
from generator.faults.planting import Change, Fault, Finds, Sample, Scene
from generator.figures import Surveys
from generator.green import counted_m2, green
from generator.model import Building
from generator.planning import planning
from generator.property import property_survey
from generator.shape import half_up
from generator.site import LAND
from generator.towers import tower
from generator.twins.twin import Twin, task
from generator.write_civil_defence import write_civil_defence
from generator.write_green import write_green
from generator.write_planning import write_planning
from generator.write_property import write_property

SEED, TOP = 20260918, 4
HOUSE, FLAT, PATCH = "property.building", "property.unit", "green.patch"
KEPT = ("G19", "G20", "G34")  # G34 stands on the roof
DRAWINGS = ("setback_boundary", "parking")  # left out of the planning drawing, one space kept


def buildings() -> list[Building]:
    """The buildings without basement, up to the fourth floor."""
    found = [tower(1), tower(2), courtyard_building()]
    for building in found:
        building.floors = [floor for floor in building.floors if 0 < floor.number <= TOP]
        for number, unit in enumerate(building.units, 1):
            unit.number = number
        apportion(building)
    return found


def surveys() -> Surveys:
    """What is delivered."""
    stock = buildings()
    plans, greens, shelter = planning(stock, random.Random(SEED)), green(), civil_defence()
    plans |= {name: [] for name in DRAWINGS if name != "parking"}
    plans["parking"] = [r for r in plans["parking"] if r.fields["space_no"] == "A001"]
    shelter["parking"] = []
    patches = [r for r in greens["patch"] if r.fields["patch_no"] in KEPT]
    return {
        "planning": plans,
        "green": {"site": greens["site"], "patch": patches, "rest_place": []},
        "civil_defence": shelter,
        "property": property_survey(stock),
    }


def shares(ref: str, amount: str) -> Change:
    """Another share, with the factor and the area that follow from it."""

    def planted(scene: Scene) -> None:
        fields = scene(ref).fields
        for name in ("shared_area_m2", "building_area_m2"):
            fields[name] += Decimal(amount)
        fields["share_factor"] = half_up(fields["shared_area_m2"] / fields["inner_area_m2"], 6)

    return planted


def states(number: int, amount: str) -> Change:
    """A building that states so much more."""

    def planted(scene: Scene) -> None:
        scene(f"{HOUSE} {number}").fields["building_area_m2"] += Decimal(amount)

    return planted


def stated_m2(scene: Scene) -> Decimal:
    """Σ of what the buildings state."""
    return sum((r.fields["building_area_m2"] for r in scene.all(HOUSE)), Decimal(0))


def property_m2(scene: Scene) -> Decimal:
    """Σ of what the planning zones say that property counts."""
    zones = scene.all("planning.zone")
    return sum((half_up(z.shape.area_m2, 6) * Decimal(z.fields["property_factor"]) for z in zones), Decimal(0))


def floors_m2(number: int) -> Any:
    """Σ of the floors of a building."""
    code = f"500105002006GB00117F{number:04d}"
    return lambda scene: scene.total("property.floor", "building_area_m2", building_code=code)


def own_m2(number: int) -> Any:
    """What the building states."""
    return lambda scene: scene(f"{HOUSE} {number}").fields["building_area_m2"]


def roof_pct(scene: Scene) -> float:
    """What the roof green counts of all."""
    return float(100 * counted_m2(scene(f"{PATCH} G34")) / sum(counted_m2(p) for p in scene.all(PATCH)))


def capped_ratio_pct(scene: Scene) -> float:
    """The green ratio, the roof counted up to its cap."""
    total = sum(float(counted_m2(p)) for p in scene.all(PATCH))
    roof = float(counted_m2(scene(f"{PATCH} G34")))
    return 100 * (total - roof + 0.02 * total) / LAND.area_m2


MORE = {1: "8.60", 2: "8.50", 3: "8.50"}
EXCHANGED = {"1/4-3": "1.00", "1/4-4": "-1.00"}


def _exchange() -> Fault:
    before = {r: next(u for u in buildings()[0].units if f"1/{u.room}" == r) for r in EXCHANGED}
    finds = []
    for room, unit in before.items():
        finds += [
            Finds("PRP-S17", f"{FLAT} {room}", lambda at, r=room: at(f"{FLAT} {r}").fields["shared_area_m2"], unit.share_m2),
            Finds("PRP-S18", f"{FLAT} {room}", lambda at, r=room: at(f"{FLAT} {r}").fields["share_factor"], unit.share_factor),
        ]  # fmt: skip
    changes = tuple(shares(f"{FLAT} {room}", amount) for room, amount in EXCHANGED.items())
    return Fault("PRP-S17", "1幢4-3 比应分的多分摊 1.00 m²，4-4 少 1.00 m²，合计不变", changes, tuple(finds))


FAULTS = [
    _exchange(),
    Fault(
        "PRP-X13",
        "三幢的建筑面积各多 8.5 m² 左右，每幢都在限差之内，合计超过",
        tuple(states(number, amount) for number, amount in MORE.items()),
        (
            Finds("PRP-X13", f"{HOUSE} 1", stated_m2, property_m2),
            *(Finds("PRP-S05", f"{HOUSE} {n}", floors_m2(n), own_m2(n)) for n in MORE),
        ),
    ),
    Fault(
        "CDF-X03",
        "规划没有绘地下的功能区，人防面积因此大于地下建筑面积",
        (),
        (Finds("CDF-X03", None, 2448.0, 0), Finds("CDF-X05", None, 2448.0, 0, severity="warning")),
    ),
    Fault(
        "GRN-S08",
        "委托书写明屋顶绿地计入面积不超过总计入面积的 2%，实占更多",
        (),
        (
            Finds("GRN-S08", f"{PATCH} G34", roof_pct, 2.0, severity="info"),
            Finds("GRN-M04", None, capped_ratio_pct, 30.0, severity="warning"),  # three patches are left
        ),
    ),
]
CAP = (
    "  - {key: green.category_cap_pct, values: {屋顶绿地: 2.0}, source: 委托书（虚构）, certainty: practice, "
    "reason: 按绿地方案批复}\n"
)
#: nobody gave a permit
OPEN = ("PLA-M", "GRN-M", "CDF-M", "PRP-M01")


def twin() -> Twin:
    """The project with its faults planted."""
    sample: Sample = SimpleNamespace(surveys=surveys(), permit=[], project="")
    scene = Scene(sample)
    for fault in FAULTS:
        for planted in fault.changes:
            planted(scene)
    own = sample.surveys

    def write(folder: Path) -> None:
        given = {
            "planning": "{files: [planning/规划核实.dxf]}",
            "green": "{files: [green/绿地核实.dxf]}",
            "civil_defence": "{files: [civil_defence/人防工程.dxf]}",
            "property": "{files: [property/ZRZ.shp, property/C.shp, property/H.shp, property/GYBW.shp, "
            'property/YT.shp], crs: "EPSG:4545"}',
        }
        (folder / "project.yaml").write_text(task(given, kept=True, overrides=CAP), "utf-8")
        write_planning(own["planning"], folder / "planning" / "规划核实.dxf")
        write_green(own["green"], folder / "green" / "绿地核实.dxf")
        write_civil_defence(own["civil_defence"], folder / "civil_defence" / "人防工程.dxf")
        write_property(own["property"], folder / "property")

    def naming(folder: Path) -> Any:
        ids = features(folder, own)
        return lambda record: ids[id(record)]

    return Twin("faults/areas", write, FAULTS, scene, naming, OPEN)

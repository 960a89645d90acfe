"""Faults planted in a table of logical buildings, which the clean sample does not have."""

from __future__ import annotations

from generator.faults.kinds import more, word, wrong
from generator.faults.planting import Fault, Finds, Scene
from generator.model import building_code
from generator.shape import rect

LOGICAL, NOBODY = "property.logical_building", building_code(9)


def _listed(scene: Scene) -> None:
    """project.yaml names the table of logical buildings."""
    scene.sample.project = scene.sample.project.replace("property/ZRZ.shp,", "property/ZRZ.shp, property/LJZ.shp,")


LJZ = f"{LOGICAL} 甲"
FAULTS = [
    Fault(
        "R35",
        "另附逻辑幢表，第二条与第一条逻辑幢号相同，所属的自然幢不存在；第三条没有逻辑幢号",
        (
            _listed,
            more(LOGICAL, "甲", rect(16, 56, 48, 86), {"logical_code": "LJZ-1", "building_code": building_code(1)}),
            more(LOGICAL, "乙", rect(48, 56, 80, 86), {"logical_code": "LJZ-1", "building_code": NOBODY}),
            more(LOGICAL, "丙", rect(90, 46, 118, 76), {"logical_code": None, "building_code": building_code(3)}),
        ),
        (
            Finds("PRP-A70", f"{LOGICAL} 乙", "LJZ-1", None, LJZ),
            Finds("PRP-A71", f"{LOGICAL} 乙", NOBODY),
            Finds("PRP-A69", f"{LOGICAL} 丙"),
        ),
    ),
    word("PRP-A50", LJZ, "房屋结构1", "structure", "9"),
    word("PRP-A51", LJZ, "房屋结构2", "structure_2", "9"),
    word("PRP-A52", LJZ, "房屋结构3", "structure_3", "9"),
    word("PRP-A53", LJZ, "建筑物状态", "building_state", "9"),
    word("PRP-A54", LJZ, "房屋用途1", "building_use", "99"),
    word("PRP-A55", LJZ, "房屋用途2", "building_use_2", "99"),
    word("PRP-A56", LJZ, "房屋用途3", "building_use_3", "99"),
    wrong("PRP-A65", LJZ, "要素代码", "feature_code", "6001030110", required="6001030120", severity="warning"),
]

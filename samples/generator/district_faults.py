"""What may be wrong inside one small project, and what a run must find of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from generator.district_plan import Plan

MISSTATED_M2 = Decimal("3.60")
#: fault → rule, severity that a run must report, once
FAULTS = {
    "area": ("CAD-S01", "error"),  # the stated parcel area is not that of the drawing
    "holder": ("CAD-A05", "error"),  # no right holder
    "nature": ("CAD-A17", "warning"),  # a right nature that the code list does not know
}


def drawn_fields(plan: Plan, area_m2: Decimal) -> dict[str, Any]:
    """Attributes of the parcel by XDATA app; code, holder and use stand in SOUTH itself."""
    sides = plan.lot.sides
    return {
        "code": plan.parcel_code,
        "holder": "" if "holder" in plan.faults else plan.client,
        "use": plan.use[2],
        "ZDMJ": area_m2 + (MISSTATED_M2 if "area" in plan.faults else 0),
        "TDZL": plan.lot.address,
        "DONGZHI": sides["东"],
        "NANZHI": sides["南"],
        "XIZHI": sides["西"],
        "BEIZHI": sides["北"],
        "QSXZ": "出让土地" if "nature" in plan.faults else "出让",
        "SYQLX": "国有建设用地使用权",
        "BDCDYH": f"{plan.parcel_code}W00000000",
    }

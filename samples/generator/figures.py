"""The sample's own numbers, worked out apart from the pipeline: what a right run must find; and the permit."""

from __future__ import annotations

from decimal import Decimal

from generator import green, planning, site
from generator.parking import spaces
from generator.shape import Record, Survey, half_up
from generator.write_project import PermitRow

Surveys = dict[str, Survey]


def figures(surveys: Surveys) -> dict[str, str]:
    """Indicators of the project and of its buildings ("survey.name" or "survey.name/building") as printed."""
    zones, land = surveys["planning"]["zone"], half_up(site.LAND.area_m2, 6)
    total = {"planning.land_area_m2": half_up(land)}
    for name, found in (
        ("total_area_m2", zones),
        ("above_area_m2", [z for z in zones if z.fields["floor"] > 0]),
        ("below_area_m2", [z for z in zones if z.fields["floor"] < 0]),
        ("residential_area_m2", [z for z in zones if z.fields["use"] in ("住宅", "阳台")]),
        ("commercial_area_m2", [z for z in zones if z.fields["use"] == "商业"]),
    ):
        total[f"planning.{name}"] = half_up(_sum(found))
        for key in sorted({z.fields["building"][0] for z in zones}):
            own = [z for z in found if z.fields["building"][0] == key]
            if own:
                total[f"planning.{name}/{key}"] = half_up(_sum(own))
    far = sum((planning.counted_m2(z) * Decimal(z.fields["far_factor"]) for z in zones), Decimal(0))
    ground = sum((half_up(r.shape.area_m2, 6) for r in surveys["planning"]["footprint"]), Decimal(0))
    total |= {
        "planning.far_area_m2": half_up(far),
        "planning.plot_ratio": half_up(far / land),
        "planning.footprint_area_m2": half_up(ground),
        "planning.building_density_pct": half_up(ground / land * 100),
    }
    total |= _green(surveys["green"]["patch"], land) | _civil(surveys["civil_defence"]) | _property(surveys["property"])
    total["cadastral.parcel_area_m2"] = half_up(land)
    counts = {kind: sum(s.kind == kind for s in spaces()) for kind in ("机动车", "非机动车")}
    total |= {
        "planning.motor_spaces": Decimal(counts["机动车"]),
        "planning.bicycle_spaces": Decimal(counts["非机动车"]),
    }
    return {name: str(value) for name, value in total.items()}


def _sum(zones: list[Record]) -> Decimal:
    return sum((planning.counted_m2(z) for z in zones), Decimal(0))


def _green(patches: list[Record], land: Decimal) -> dict[str, Decimal]:
    counted = sum((green.counted_m2(p) for p in patches), Decimal(0))
    wide = sum((green.counted_m2(p) for p in patches if p.fields["nature"] == "集中"), Decimal(0))
    return {
        "green.green_area_m2": half_up(counted),
        "green.concentrated_green_m2": half_up(wide),
        "green.green_ratio_pct": half_up(counted / land * 100),
    }


def _civil(survey: Survey) -> dict[str, Decimal]:
    units = sum((half_up(r.shape.area_m2) for r in survey["unit"]), Decimal(0))
    shelter = sum((half_up(r.shape.area_m2) for r in survey["zone"] if r.fields["kind"] == "掩蔽区"), Decimal(0))
    passages = sum((half_up(r.shape.area_m2) for r in survey["zone"] if r.fields["kind"] == "互联互通"), Decimal(0))
    return {
        "civil_defence.protected_area_m2": units,
        "civil_defence.connecting_area_m2": passages,
        "civil_defence.civil_defence_area_m2": units,  # the task says that passages do not count
        "civil_defence.shelter_area_m2": shelter,
        "civil_defence.unit_count": Decimal(len(survey["unit"])),
        "civil_defence.civil_defence_spaces": Decimal(len(survey["parking"])),
    }


def _property(survey: Survey) -> dict[str, Decimal]:
    def summed(layer: str, name: str) -> Decimal:
        return sum((Decimal(r.fields[name]) for r in survey[layer]), Decimal(0))

    found = {
        f"property.building_area_m2/{r.fields['building'][0]}": r.fields["building_area_m2"] for r in survey["building"]
    }
    homes = sum(r.fields["unit_use"] == "11" for r in survey["unit"])
    return found | {
        "property.building_area_m2": summed("building", "building_area_m2"),
        "property.unit_area_m2": summed("unit", "building_area_m2"),
        "property.inner_area_m2": summed("unit", "inner_area_m2"),
        "property.shared_area_m2": summed("unit", "shared_area_m2"),
        "property.unit_count": Decimal(len(survey["unit"])),
        "property.residential_units": Decimal(homes),
        **_sides(survey["checked_side"]),
    }


def _sides(sides: list[Record]) -> dict[str, Decimal]:
    """Mean error of the sides measured again, and what the second class permits: half of 0.028 m + 0.0014 D each."""
    lengths = [Decimal(side.fields["stated_length_m"]) for side in sides]
    gaps = [Decimal(s.fields["checked_length_m"]) - length for s, length in zip(sides, lengths, strict=True)]
    permitted = [(Decimal("0.028") + Decimal("0.0014") * length) / 2 for length in lengths]
    return {
        "property.checked_sides": Decimal(len(sides)),
        "property.sides_over_limit": Decimal(sum(abs(g) > 2 * p for g, p in zip(gaps, permitted, strict=True))),
        "property.side_mean_error_m": half_up((sum(g * g for g in gaps) / len(sides)).sqrt(), 3),
        "property.permitted_side_mean_m": half_up((sum(p * p for p in permitted) / len(sides)).sqrt(), 3),
    }


#: label, unit, permitted value, building, note
PERMIT = (
    ("用地面积", "m²", "11870.00", None, "不含代征地"),
    ("总建筑面积", "m²", "33900.00", None, ""),
    ("总建筑面积", "m²", "14500.00", "1号楼", ""),
    ("总建筑面积", "m²", "14450.00", "2号楼", ""),
    ("总建筑面积", "m²", "4980.00", "3号楼", ""),
    ("地上建筑面积", "m²", "25120.00", None, ""),
    ("地下建筑面积", "m²", "8830.00", None, "两层"),
    ("住宅建筑面积", "m²", "14920.00", None, "其中住宅"),
    ("商业建筑面积", "m²", "5150.00", None, "其中商业"),
    ("计容建筑面积", "m²", "25070.00", None, "架空层不计容"),
    ("容积率", "", "2.12", None, ""),
    ("建筑基底面积", "m²", "2715.00", None, ""),
    ("建筑密度", "%", "23.00", None, ""),
    ("绿地率", "%", "35.00", None, ""),
    ("绿地面积", "m²", "4160.00", None, ""),
    ("集中绿地面积", "m²", "2000.00", None, ""),
    ("建筑高度", "m", "61.35", "1号楼", "室外地坪至女儿墙顶"),
    ("建筑高度", "m", "61.35", "2号楼", ""),
    ("建筑高度", "m", "23.85", "3号楼", ""),
    ("±0.000标高", "m", "236.50", "1号楼", "1985国家高程基准"),
    ("±0.000标高", "m", "236.50", "2号楼", ""),
    ("±0.000标高", "m", "236.50", "3号楼", ""),
    ("地上层数", "层", "18", "1号楼", ""),
    ("地上层数", "层", "18", "2号楼", ""),
    ("地上层数", "层", "6", "3号楼", ""),
    ("地下层数", "层", "2", "1号楼", ""),
    ("地下层数", "层", "2", "2号楼", ""),
    ("地下层数", "层", "0", "3号楼", ""),
    ("机动车位", "个", "216", None, "其中人防车位56个"),
    ("非机动车位", "个", "44", None, ""),
    ("住宅户数", "户", "120", None, ""),
    ("人防建筑面积", "m²", "2440.00", None, "防空地下室审查批复"),
    ("掩蔽面积", "m²", "2150.00", None, ""),
    ("防护单元数", "个", "3", None, ""),
    ("人防车位", "个", "56", None, ""),
    ("宗地面积", "m²", "11870.00", None, "出让合同"),
)


def permit_rows() -> list[PermitRow]:
    """The permit table."""
    return [PermitRow(*row) for row in PERMIT]

"""Faults planted in the attributes of the property tables, one rule each."""

from __future__ import annotations

from decimal import Decimal

from generator.faults.kinds import blank, twice, word, wrong
from generator.faults.planting import Finds
from generator.faults.property import shared_sum
from generator.model import building_code

HOUSE, STOREY, FLAT, PART, BALCONY = (f"property.{name}" for name in ("building", "floor", "unit", "common", "balcony"))
FULL_WIDTH, PLAIN = "500105002006001170001014１", "5001050020060011700010141"

not_shared = Finds(
    "PRP-S06", f"{HOUSE} 1",
    lambda scene: scene.total(FLAT, "shared_area_m2", building_code=building_code(1)),
    shared_sum(1),
)  # fmt: skip

BUILDINGS = [
    blank("PRP-A05", f"{HOUSE} 3", "状态", "state"),
    word("PRP-A35", f"{HOUSE} 2", "规划用途", "planned_use", "99"),
    word("PRP-A36", f"{HOUSE} 2", "房屋结构", "structure", "9"),
    word("PRP-A37", f"{HOUSE} 2", "状态", "state", "9"),
    wrong("PRP-A48", f"{HOUSE} 1", "项目名称", "project_name", "滨江雅居", required="滨江雅苑", severity="warning"),
    wrong("PRP-A64", f"{HOUSE} 1", "要素代码", "feature_code", "6001030120", required="6001030110", severity="warning"),
    wrong("PRP-A73", f"{HOUSE} 1", "整幢登记的不动产单元号", "unit_code", building_code(1), required=28),
    wrong("PRP-S11", f"{HOUSE} 1", "幢占地面积", "occupied_area_m2", Decimal("949.00"), required=944.0),
]

FLOORS = [
    wrong(
        "PRP-A42", f"{STOREY} 0001-07", "层高", "storey_height_m", Decimal("33.00"), required=30.0, severity="warning"
    ),
    wrong(
        "PRP-A66", f"{STOREY} 0001-05", "要素代码", "feature_code", "6001030110", required="6001030130",
        severity="warning",
    ),
    wrong(
        "PRP-S21", f"{STOREY} 0001-08", "层半墙面积", "half_wall_area_m2", Decimal("9.76"), measured=8.76, required=9.76
    ),
    wrong(
        "PRP-S22", f"{STOREY} 0001-09", "层阳台面积", "balcony_area_m2", Decimal("99.00"), measured=15.4, required=99.0,
        sets_off=[Finds("PRP-S09", f"{STOREY} 0001-09", 483.4, 567.0)],  # 26 × 18 of the figure, and 99
    ),
    wrong(
        "PRP-S23", f"{STOREY} 0001-05", "层分摊面积", "shared_area_m2", Decimal("500.00"),
        measured=lambda scene: scene.total(FLAT, "shared_area_m2", floor_id="0001-05"), required=500.0,
    ),
]  # fmt: skip

UNITS = [
    blank("PRP-A07", f"{FLAT} 1/4-1", "坐落", "located"),
    wrong(
        "PRP-A10", f"{FLAT} 1/4-2", "房屋编码", "house_code", FULL_WIDTH, required=PLAIN,
        sets_off=[Finds("PRP-A41", f"{FLAT} 1/4-2", FULL_WIDTH, "[0-9A-Z]{26}", severity="warning")],
    ),
    twice("PRP-A20", f"{FLAT} 1/5-3", f"{FLAT} 1/5-2", "房屋编码", "house_code", "50010500200600117000100181"),
    wrong("PRP-A30", f"{FLAT} 2/14-1", "层号", "floor_no", "6", required="14", other=f"{STOREY} 0002-14"),
    word("PRP-A38", f"{FLAT} 3/2-1", "房屋用途", "unit_use", "99"),
    word("PRP-A39", f"{FLAT} 3/2-1", "状态", "state", "9"),
    word("PRP-A57", f"{FLAT} 3/2-2", "房屋用途2", "unit_use_2", "99"),
    word("PRP-A58", f"{FLAT} 3/2-2", "房屋用途3", "unit_use_3", "99"),
    word("PRP-A59", f"{FLAT} 1/7-1", "户型", "layout", "四"),
    word("PRP-A60", f"{FLAT} 1/7-1", "户型结构", "layout_structure", "跃"),
    wrong(
        "PRP-A61", f"{FLAT} 1/7-3", "面积单位", "area_unit", "亩", severity="warning",
        sets_off=[Finds("PRP-A68", f"{FLAT} 1/7-3", "亩", "1")],
    ),
    blank("PRP-A74", f"{FLAT} 1/7-4", "功能区", "function_zone"),
    word("PRP-A62", f"{FLAT} 1/7-2", "房屋类型", "house_type", "宅"),
    word("PRP-A63", f"{FLAT} 1/7-2", "房屋性质", "house_nature", "商"),
    wrong(
        "PRP-A67", f"{FLAT} 1/6-1", "要素代码", "feature_code", "6001030110", required="6001030140", severity="warning"
    ),
    wrong("PRP-A72", f"{FLAT} 1/6-2", "逻辑幢号", "logical_code", "LJZ-9"),
    wrong(
        "PRP-M02", f"{FLAT} 1/9-1", "检测套内面积", "checked_inner_area_m2", Decimal("109.91"), measured=107.51 - 109.91,
        required=0,
    ),
]  # fmt: skip

PARTS = [
    blank("PRP-A08", f"{PART} GY-0001-05-02", "名称", "name"),
    twice("PRP-A21", f"{PART} GY-0001-05-03", f"{PART} GY-0001-05-01", "编号", "part_no", "GY-0001-05-01"),
    wrong("PRP-A49", f"{PART} GY-0002-15-02", "服务范围", "serves", "2-别墅", required="已有的户、层、功能区或幢"),
    wrong("PRP-S19", f"{PART} GY-0002-10-02", "服务范围", "serves", "2-住宅;1-住宅", measured=2, required=1),
    wrong("PRP-S20", f"{PART} GY-0001-B2-04", "分摊层级", "level", "整幢", required="不分摊", sets_off=[not_shared]),
    blank("PRP-A43", f"{BALCONY} YT-0001-05-02", "类别", "kind"),
    wrong("PRP-A44", f"{BALCONY} YT-0001-06-01", "类别", "kind", "半封闭"),
    twice("PRP-A46", f"{BALCONY} YT-0001-04-02", f"{BALCONY} YT-0001-04-01", "编号", "balcony_no", "YT-0001-04-01"),
    wrong(
        "PRP-S14", f"{BALCONY} YT-0001-07-01", "系数", "factor", Decimal(1), required=0.5,
        sets_off=[Finds("PRP-S15", f"{BALCONY} YT-0001-07-01", 2.8, 5.6)],
    ),
]  # fmt: skip

FAULTS = [*BUILDINGS, *FLOORS, *UNITS, *PARTS]

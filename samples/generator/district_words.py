"""Names of a district: projects, streets, firms, people. All invented."""

from __future__ import annotations

import random
from dataclasses import dataclass

COUNTY = "500105"  # 江北区
DISTRICT, SUBDISTRICTS = "001", ("004", "007", "011", "015")

_FIRST = ("云", "江", "石", "桥", "松", "溪", "临", "兰", "榕", "海", "竹", "盘", "鸿", "观", "龙", "雁", "青", "柏")
_SECOND = ("澜", "汀", "塘", "屏", "岭", "栖", "湾", "溪", "畔", "园", "麓", "坪", "洲", "亭", "渡", "台")
HOME, SHOP, OFFICE, OTHER = (
    ("住宅", "11", "0701"),
    ("商业", "31", "0501"),
    ("办公", "60", "0505"),
    ("其他", "41", "0803"),
)
#: what is built, its use as planning zone, FWYT and land use
_KINDS = (("雅苑", HOME), ("新居", HOME), ("公寓", HOME), ("商厦", SHOP), ("集市", SHOP), ("办公楼", OFFICE), ("研发楼", OFFICE), ("小学教学楼", OTHER), ("幼儿园", OTHER))  # fmt: skip
_STREETS = ("石云", "江汀", "松岭", "兰溪", "观塘", "盘湾", "柏园", "鸿屏", "青渡", "雁洲", "竹栖", "龙亭")
_SURNAMES = "程罗沈唐邹谭冉晏龚简游卓廖穆秦温"
_GIVEN = (
    "远舟",
    "一鸣",
    "若兰",
    "知远",
    "书航",
    "景行",
    "乐山",
    "明川",
    "思齐",
    "云飞",
    "子衿",
    "安澜",
    "清和",
    "望舒",
)
_OWNERS = {HOME: "置业有限公司", SHOP: "商贸有限公司", OFFICE: "实业有限公司", OTHER: "教育服务中心"}


@dataclass(frozen=True)
class Firm:
    """A surveying firm. slips: how often one of its projects carries a fault."""

    name: str
    certificate: str
    grade: str
    slips: float


FIRMS = (
    Firm("重庆两江经纬测绘有限公司", "甲测资字50999999", "甲级", 0.04),
    Firm("重庆嘉陵勘测有限责任公司", "甲测资字50999998", "甲级", 0.08),
    Firm("重庆石门地理信息有限公司", "乙测资字50999801", "乙级", 0.15),
    Firm("重庆五里坪测绘工程有限公司", "乙测资字50999802", "乙级", 0.22),
    Firm("重庆寸滩图形科技有限公司", "乙测资字50999803", "乙级", 0.35),
)


def person(dice: random.Random) -> str:
    """A surname and a given name."""
    return dice.choice(_SURNAMES) + dice.choice(_GIVEN)


def street(column: int, row: int, *, along: bool) -> str:
    """The street below (along) or left of a block, the same for every block that it passes."""
    number, words = (row, _STREETS) if along else (column, _STREETS[::-1])
    turn = number // len(words)
    return f"{words[number % len(words)]}{'二三四五六七八九'[turn - 1] if turn else ''}{'路' if along else '街'}"


def project_name(dice: random.Random) -> tuple[str, str, tuple[str, str, str]]:
    """The name of a project, its owner and its use."""
    place = dice.choice(_FIRST) + dice.choice(_SECOND)
    kind, use = dice.choice(_KINDS)
    return place + kind, f"重庆{place}{_OWNERS[use]}", use

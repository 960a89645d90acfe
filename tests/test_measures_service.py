from decimal import Decimal

import numpy as np
import pandas as pd

from pipeline.measures.apportion import apportion
from pipeline.measures.service import service, words

UNITS = pd.DataFrame(
    {
        "unit_code": ["U1", "U2", "U3", "U4"],
        "house_code": [None] * 4,
        "building_code": ["F1", "F1", "F1", "F2"],
        "floor_id": ["F1-1", "F1-2", "F1-2", "F2-1"],
        "function_zone": ["商业", "住宅", "住宅", "住宅"],
        "room": ["1-1", "2-1", "2-2", "1-1"],
        "inner_area_m2": [100.0, 80.5, 90.123, 70.0],
    }
)


def parts(**serves):
    rows = list(serves.items())
    return pd.DataFrame(
        {
            "part_no": [name for name, _ in rows],
            "building_code": "F1",
            "stated_area_m2": 10.0,
            "level": "功能区",
            "serves": [text for _, text in rows],
        }
    )


def served(text):
    (common,) = service(UNITS, parts(P=text)).commons
    return set(common.serves)


def test_a_word_names_a_building_a_zone_a_floor_or_a_unit():
    assert [served(text) for text in ("F1", "住宅", "F1-2", "U1", "1-1")] == [
        {"U1", "U2", "U3"},
        {"U2", "U3"},
        {"U2", "U3"},
        {"U1"},
        {"U1"},
    ]


def test_a_part_of_one_building_serves_another_only_by_its_own_name():
    assert served("F2") == {"U4"}
    assert served("住宅；F2") == {"U2", "U3", "U4"}


def test_the_whole_building_and_nobody_have_words():
    assert (served("整幢"), served("不分摊"), served(""), served(None)) == ({"U1", "U2", "U3"}, set(), set(), set())


def test_a_word_that_names_nothing_is_told():
    found = service(UNITS, parts(P="住宅;办公;阁楼"))
    assert found.unknown == {"P": ("办公", "阁楼")}


def test_a_part_that_is_not_apportioned_serves_nobody_whatever_its_text():
    found = service(UNITS, parts(P="住宅").assign(level="不分摊"))
    assert (found.commons[0].serves, found.unknown) == (frozenset(), {})


def test_a_level_that_is_none_is_told():
    found = service(UNITS, parts(P="住宅").assign(level="半幢"))
    assert (found.commons[0].serves, found.unknown) == (frozenset(), {"P": ("半幢",)})


def test_a_record_without_area_is_told_and_left_out():
    commons = parts(A="住宅", B="住宅")
    commons.loc[0, "stated_area_m2"] = np.nan
    found = service(UNITS.assign(inner_area_m2=[100.0, np.nan, 90.0, 70.0]), commons)
    assert found.lacking == ("U2", "A")
    assert [sorted(c.serves) for c in found.commons] == [["U3"]]


def test_areas_are_the_decimals_of_the_table():
    assert [unit.inner_area_m2 for unit in service(UNITS, parts(P="F1")).units][2] == Decimal("90.123")


def test_the_records_can_be_apportioned():
    found = service(UNITS, parts(P="住宅", Q="整幢"))
    shares = apportion(found.units, found.commons)
    assert sum(shares.rounded.values()) == Decimal("20.00")


def test_words_are_separated_by_any_usual_mark():
    assert words("a；b;c， d、e\n") == ["a", "b", "c", "d", "e"]

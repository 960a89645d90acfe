import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.measures.judge import judge
from pipeline.tolerance import Absolute, AreaFormula, Stepped

FACTS = {"label": "限差", "unit": "m²", "source": "试验", "certainty": "proposal"}
ERROR = AreaFormula(kind="area", a=0.04, b=0.002, **FACTS)
NOBODY = Absolute(value=None, **FACTS | {"label": "行政允许偏差"})
STEPS = Stepped(kind="stepped", steps=((1000, 0.03), (None, 0.005)), cap=500, **FACTS)


@pytest.mark.parametrize(
    ("measured", "outcome"),
    [(9990, "passed"), (10000, "passed"), (10024, "passed"), (10024.01, "undetermined"), (11000, "undetermined")],
)
def test_beyond_survey_error_an_unknown_allowance_leaves_the_verdict_open(measured, outcome):
    assert judge(measured, 10000, "at_most", survey_error=ERROR, allowance=NOBODY).outcome == outcome


@pytest.mark.parametrize(("measured", "outcome"), [(1003, "passed"), (1030, "passed"), (1030.01, "failed")])
def test_a_known_allowance_decides(measured, outcome):
    assert judge(measured, 1000, "at_most", survey_error=ERROR, allowance=STEPS).outcome == outcome


def test_a_measure_without_allowance_fails_past_survey_error():
    assert judge(10024.01, 10000, "at_most", survey_error=ERROR).outcome == "failed"


@pytest.mark.parametrize(
    ("direction", "measured", "outcome"),
    [
        ("at_least", 29.99, "failed"),
        ("at_least", 30.0, "passed"),
        ("at_least", 31.0, "passed"),
        ("equal", 29.99, "failed"),
        ("equal", 30.0, "passed"),
        ("equal", 30.01, "failed"),
        ("at_most", 29.99, "passed"),
        ("at_most", 30.01, "failed"),
    ],
)
def test_each_direction_says_which_side_is_wrong(direction, measured, outcome):
    assert judge(measured, 30.0, direction).outcome == outcome


def test_what_prints_alike_is_alike():
    assert judge(2.50499, 2.5, "at_most", decimals=2).outcome == "passed"
    assert judge(2.505, 2.5, "at_most", decimals=2).outcome == "failed"


def test_the_limits_are_told_apart():
    judgement = judge(1040, 1000, "at_most", survey_error=ERROR, allowance=STEPS)
    assert (round(judgement.limit, 4), judgement.allowance) == (3.2649, 30.0)
    assert judgement.reason == "大于许可值 40.00，超过测量误差限差 3.26，超过行政允许偏差 30.00"


def test_what_exceeds_a_limit_by_less_than_is_printed_shows_more_decimals():
    reason = judge(1003.27, 1000, "at_most", survey_error=ERROR).reason  # 0.04 √1000 + 2 = 3.2649
    assert reason == "大于许可值 3.27，超过测量误差限差 3.26"
    half = Absolute(value=3.265, **FACTS)
    assert judge(1003.27, 1000, "at_most", survey_error=half).reason == "大于许可值 3.27，超过测量误差限差 3.265"


def test_an_undetermined_verdict_names_the_figure():
    assert "“行政允许偏差”" in judge(11000, 10000, "at_most", survey_error=ERROR, allowance=NOBODY).reason


def test_a_survey_error_that_nobody_gave_leaves_the_verdict_open():
    assert judge(101, 100, "equal", survey_error=NOBODY).outcome == "undetermined"
    assert judge(100, 100, "equal", survey_error=NOBODY).outcome == "passed"


def test_an_unknown_direction_is_refused():
    with pytest.raises(ValueError, match="direction"):
        judge(1, 1, "about")


@given(st.floats(1, 1e6), st.floats(1e-3, 0.5))
def test_growing_past_the_limit_flips_the_verdict_once(permitted, share):
    permitted = round(permitted, 2)
    limit = ERROR.at(permitted)
    assert judge(permitted + limit * (1 - share) - 0.005, permitted, "at_most", survey_error=ERROR).outcome == "passed"
    assert judge(permitted + limit * (1 + share) + 0.006, permitted, "at_most", survey_error=ERROR).outcome == "failed"

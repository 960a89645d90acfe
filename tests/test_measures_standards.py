import pytest

from pipeline.measures import AGGREGATES, COLUMNS, COMBINERS
from pipeline.standard import load_standards

STANDARDS = load_standards()
MEASURES = [(s, name, m) for s in STANDARDS.surveys.values() for name, m in s.measures.items()]
COLUMN_PARAMS = ("field", "kind", "group", "times")

each_measure = pytest.mark.parametrize(
    ("standard", "name", "measure"), MEASURES, ids=[f"{s.survey}.{name}" for s, name, _ in MEASURES]
)


def test_every_survey_with_layers_measures_something():
    assert all(s.measures for s in STANDARDS.surveys.values() if s.layers)


@each_measure
def test_the_verb_of_a_measure_is_known(standard, name, measure):
    assert measure.measure in (COMBINERS if measure.of else AGGREGATES)


@each_measure
def test_the_columns_of_a_measure_exist(standard, name, measure):
    if measure.layer is None:
        assert measure.of
        return
    layer = standard.layers[measure.layer]
    used = {*measure.where, *filter(None, [measure.by]), *(v for k, v in measure.params.items() if k in COLUMN_PARAMS)}
    assert used <= layer.fields.keys() | layer.derived.keys()


@each_measure
def test_words_that_a_measure_selects_by_are_codes_of_the_field(standard, name, measure):
    for field, wanted in measure.where.items():
        spec = standard.layers[measure.layer].fields.get(field)
        if spec is not None and spec.codes in standard.codes:
            words = wanted if isinstance(wanted, list) else [wanted]
            assert set(words) <= standard.codes[spec.codes].keys()


@each_measure
def test_a_measure_combines_only_measures_declared_before_it(standard, name, measure):
    before = list(standard.measures)[: list(standard.measures).index(name)]
    assert [other for other in measure.of if "." not in other and other not in before] == []


@each_measure
def test_a_measure_says_formula_basis_and_how_sure_it_is(standard, name, measure):
    assert measure.formula
    assert measure.clause
    assert measure.certainty != "unknown"


@each_measure
def test_a_permitted_measure_has_a_figure_and_a_direction(standard, name, measure):
    if measure.permit is None:
        assert measure.direction is None
        return
    assert measure.direction in ("at_most", "at_least", "equal")
    assert [s for s in STANDARDS.surveys.values() if measure.permit in s.permit]


@each_measure
def test_the_limits_of_a_measure_are_numbers_of_the_profile(standard, name, measure):
    for limit in (measure.survey_error, measure.allowance):
        if limit is not None:
            assert STANDARDS.profile.numbers[_key(limit)].unit == measure.unit


def test_every_permitted_figure_has_its_measure():
    figures = {figure for s in STANDARDS.surveys.values() for figure in s.permit}
    assert figures == {m.permit for _, _, m in MEASURES if m.permit}


def test_every_derived_column_has_a_known_verb():
    layers = [layer for s in STANDARDS.surveys.values() for layer in s.layers.values()]
    assert {derived.measure for layer in layers for derived in layer.derived.values()} <= COLUMNS.keys()


def _key(limit):
    return limit["profile"] if isinstance(limit, dict) else limit.profile

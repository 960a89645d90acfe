"""The HTML: one offline file; real clicks in a real browser."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
import shapely
from browser import Browser
from factories_blocks import report
from factories_drawing import project_report
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.drawings import draw
from pipeline.report.html import as_html, script_json, write_html
from pipeline.report.html_map import encoded, map_data


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    result = project_report()
    path = tmp_path_factory.mktemp("html") / "report.html"
    write_html(report(tuple(draw(result))), result, path)
    return path


@pytest.fixture
def browser(page, chromium):
    with Browser(chromium) as opened:
        opened.open(page)
        yield opened


class _Outline(HTMLParser):
    """Tags, attributes that may load something, and whether every tag is closed."""

    VOID = frozenset({"meta", "input", "br", "rect", "path", "link", "img"})

    def __init__(self) -> None:
        super().__init__()
        self.open, self.loads, self.bad = [], [], []

    def handle_starttag(self, tag, attributes):
        if tag not in self.VOID:
            self.open.append(tag)
        self.loads += [
            value for name, value in attributes if name in ("src", "href", "xlink:href") and not value.startswith("#")
        ]

    def handle_startendtag(self, tag, attributes):
        self.loads += [value for name, value in attributes if name in ("src", "href") and not value.startswith("#")]

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.bad.append(tag)


def test_the_file_loads_nothing_and_closes_every_tag(page):
    outline = _Outline()
    outline.feed(page.read_text("utf-8"))
    assert (outline.loads, outline.bad, outline.open) == ([], [], [])


def test_the_same_result_gives_the_same_page(page):
    result = project_report()
    assert as_html(report(tuple(draw(result))), result) == page.read_text("utf-8")


def test_numbers_and_rows_are_those_of_the_report(page):
    text = page.read_text("utf-8")
    assert all(f'<td class="center">{n}01</td>' in text for n in range(1, 60))
    assert "不通过" in text


def test_words_of_the_data_cannot_become_markup(page):
    text = page.read_text("utf-8")
    assert "</script><b>" not in text
    assert text.count("</script>") == 2


@given(
    st.recursive(
        st.text() | st.floats(allow_nan=False, allow_infinity=False),
        lambda part: st.lists(part) | st.dictionaries(st.text(), part),
    )
)
def test_script_data_comes_back_and_cannot_end_the_script(data):
    text = script_json(data)
    assert json.loads(text) == data
    assert not set(text) & set("<>&\u2028\u2029")


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(0, 500)), min_size=3, max_size=8))
def test_map_coordinates_are_right_to_a_millimetre(points):
    line = shapely.LineString([(x + 505_000, y + 3_275_000) for x, y in points])
    kind, (deltas,) = encoded(line, [505_000, 3_275_000])
    xs = [sum(deltas[: 2 * n + 1 : 2]) / 1000 for n in range(len(points))]
    assert kind == 1
    assert xs == pytest.approx([x for x, _ in points], abs=0.00051)


def test_holes_run_against_their_shells():
    ring = shapely.Polygon([(0, 0), (0, 9), (9, 9), (9, 0)], [[(1, 1), (1, 2), (2, 2), (2, 1)]])
    _, rings = encoded(ring, [0, 0])
    signs = [
        sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(_points(r), _points(r)[1:], strict=False)) > 0 for r in rings
    ]
    assert signs == [True, False]


def _points(deltas):
    return [(sum(deltas[: 2 * n + 1 : 2]), sum(deltas[1 : 2 * n + 2 : 2])) for n in range(len(deltas) // 2)]


def test_every_feature_is_on_the_map():
    result = project_report()
    counts = {layer["key"]: len(layer["features"]) for layer in map_data(result)["layers"]}
    assert counts == {f"{s.survey}.{name}": len(f) for s in result.surveys for name, f in s.frames.items() if len(f)}


@pytest.mark.needs_chromium
def test_nothing_is_asked_of_the_network_and_nothing_fails(browser, page):
    browser.click('tr[data-finding="0"]')
    assert browser.requests == [page.as_uri()]
    assert browser.problems == []


@pytest.mark.needs_chromium
def test_a_click_on_a_finding_moves_the_map_and_lights_both_features(browser):
    browser.click('tr[data-finding="0"]')
    state = browser.run("duoce.map.state()")
    place = browser.run(
        "(() => { const f = duoce.findings[0]; return [(f.box[0] + f.box[2]) / 2, (f.box[1] + f.box[3]) / 2]; })()"
    )
    assert state["lit"] == ["green.patch/1", "green.patch/2"]
    assert (state["x"], state["y"]) == pytest.approx(place, abs=0.5)
    assert "GRN-T01" in browser.run("document.getElementById('info').textContent")


@pytest.mark.needs_chromium
def test_a_click_on_an_indicator_shows_formula_and_features(browser):
    browser.click('tr[data-indicator="1"]')
    assert browser.run("duoce.map.state().lit") == ["planning.footprint/1", "planning.footprint/2"]
    assert "计容建筑面积 ÷ 用地面积" in browser.run("document.getElementById('info').textContent")


@pytest.mark.needs_chromium
def test_a_click_on_a_feature_shows_attributes_and_findings(browser):
    browser.click("#zoom-all")
    spot = browser.run("""(() => {
        const b = document.getElementById('map').getBoundingClientRect(), i = duoce.map.byId.get('green.patch/2');
        const [x, y] = duoce.map.toScreen((i.box[0] + i.box[2]) / 2, (i.box[1] + i.box[3]) / 2);
        return [b.x + x, b.y + y]; })()""")
    browser.click_at(*spot)
    info = browser.run("document.getElementById('info').textContent")
    assert re.search(r"G02.*屋顶绿地.*检查发现（1）.*GRN-T01", info, re.DOTALL)


@pytest.mark.needs_chromium
@pytest.mark.parametrize(("box", "value"), [("by-survey", "地籍"), ("by-severity", "warning"), ("by-rule", "CAD-G02")])
def test_filters_leave_only_what_they_name(browser, box, value):
    browser.run(
        f"(() => {{ const s = document.getElementById('{box}'); s.value = '{value}';"
        " s.dispatchEvent(new Event('change')); })()"
    )
    assert browser.run(
        "[...document.querySelectorAll('#finding-table tbody tr')].map(r => r.cells[1].textContent)"
    ) == ["CAD-G02"]
    assert "1 / 1" in browser.run("document.getElementById('shown').textContent")


@pytest.mark.needs_chromium
def test_layers_switch_off_and_on(browser):
    browser.click("#layers summary")
    browser.click('input[data-layer="planning.footprint"]')
    assert "planning.footprint" not in browser.run("duoce.map.state().on")
    browser.click('input[data-layer="planning.footprint"]')
    assert "planning.footprint" in browser.run("duoce.map.state().on")


@pytest.mark.needs_chromium
def test_findings_and_map_work_by_keyboard(browser):
    browser.run("document.querySelector('tr[data-finding=\"1\"]').focus()")
    browser.key("Enter")
    assert browser.run("duoce.map.state().lit") == ["cadastral.boundary_point/1"]
    before = browser.run("duoce.map.state()")
    browser.run("document.getElementById('map').focus()")
    browser.key("+")
    assert browser.run("duoce.map.state().scale") > before["scale"]
    browser.key("Escape")
    assert browser.run("duoce.map.state().lit") == []


@pytest.mark.needs_chromium
def test_a_row_of_a_table_leads_to_its_feature(browser):
    browser.click('tr[data-features="property.unit/1"]')
    assert browser.run("duoce.map.state().lit") == ["property.unit/1"]


@pytest.mark.needs_chromium
def test_ten_thousand_features_are_drawn_and_move(tmp_path, chromium):
    result = project_report(patches=10_000)
    write_html(report(), result, tmp_path / "big.html")
    with Browser(chromium) as opened:
        opened.open(tmp_path / "big.html")
        before = opened.run("duoce.map.state().scale")
        after = opened.run("""new Promise(done => { let n = 0;
            const step = () => { duoce.map.zoomBy(1.001); n += 1;
                n < 20 ? requestAnimationFrame(step) : done(duoce.map.state().scale); };
            step(); })""")
    assert after == pytest.approx(before * 1.001**20)

"""Charts place values where they belong and stay readable without colour or sight."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from web import charts
from web.charts.scale import axis, label_places
from web.charts.tile_map import shade

DAYS = ["1 lis", "2 lis", "3 lis", "4 lis"]


def parsed(markup: str) -> ElementTree.Element:
    """Charts are well-formed XML, so that they may also be saved as files."""
    return ElementTree.fromstring(f"<root>{markup}</root>")


@given(st.lists(st.floats(-1e9, 1e9), max_size=20))
def test_an_axis_holds_zero_and_every_value_in_equal_steps(values: list[float]) -> None:
    scale = axis(values)
    unseen = max([1.0, *map(abs, values)]) * 1e-6  # Less than a pixel of the axis.
    assert scale.low <= min([0.0, *values]) + unseen
    assert scale.high >= max([0.0, *values]) - unseen
    assert 0.0 in scale.ticks
    assert 2 <= len(scale.ticks) <= 7
    steps = {round(b - a, 6) for a, b in zip(scale.ticks, scale.ticks[1:], strict=False)}
    assert max(steps) - min(steps) <= max(abs(scale.high), abs(scale.low)) * 1e-6


def test_an_axis_has_round_steps() -> None:
    assert axis([1021, 640]).ticks == (0, 400, 800, 1200)
    assert axis([0.31, 0.5]).ticks == (0, 0.2, 0.4, 0.6)
    assert axis([]).ticks[0] == 0


@given(st.integers(1, 400), st.integers(2, 8))
def test_labels_are_few_and_include_both_ends(total: int, most: int) -> None:
    places = label_places(total, most=most)
    assert len(places) <= max(most, 1)
    assert places[0] == 0
    assert places[-1] == total - 1


def test_a_line_goes_through_its_values_and_breaks_at_gaps() -> None:
    svg = charts.line(DAYS, charts.Series("teraz", [0, 300, None, 150]), title="Sztuki")
    path = re.search(r'class="chart-line" d="([^"]+)"', svg)
    assert path is not None
    assert path[1] == "M0 100 33.333 0 M100 50"


def test_a_period_still_open_ends_where_it_ends() -> None:
    svg = charts.line(
        DAYS,
        charts.Series("teraz", [100, 200]),
        charts.Series("kiedyś", [10, 20, 30, 40]),
        title="T",
    )
    dot = re.search(r'<circle class="chart-dot" cx="([\d.]+)%"', svg)
    assert dot is not None
    assert float(dot[1]) == pytest.approx(33.333)
    assert 'class="chart-dash"' in svg


def test_a_series_longer_than_its_labels_is_refused() -> None:
    with pytest.raises(ValueError, match="more values"):
        charts.line(DAYS, charts.Series("x", [1] * 5), title="T")


def test_a_line_says_itself_in_words() -> None:
    svg = charts.line(
        DAYS, charts.Series("listopad", [710, 1806, 151, 1000]), title="Sztuki", unit="szt."
    )
    root = parsed(svg)
    plot = root.find(".//svg[@class='chart-plot']")
    assert plot is not None
    assert plot.get("role") == "img"
    assert plot[0].tag == "title"
    assert plot[0].text == "Sztuki"
    assert plot[1].text == "listopad: min. 151\u00a0szt. (3 lis), max. 1\u00a0806\u00a0szt. (2 lis)"
    assert "4 lis\nlistopad: 1\u00a0000\u00a0szt." in svg


def test_an_empty_line_still_draws_its_axes() -> None:
    svg = charts.line(DAYS, charts.Series("brak", [None] * 4), title="T")
    parsed(svg)
    assert "chart-grid" in svg
    assert "chart-dot" not in svg


def test_stacked_bars_stand_on_each_other() -> None:
    rows = [charts.Series("a", [100, 50]), charts.Series("b", [200, None])]
    svg = charts.bars(["x", "y"], rows, title="T", stacked=True)
    found = re.findall(
        r'class="fill-(\d)" x="[\d.]+%" y="([\d.]+)%" width="[\d.]+%" height="([\d.]+)%', svg
    )
    assert [n for n, _, _ in found] == ["0", "1", "0"]
    tops = [float(y) for _, y, _ in found]
    heights = [float(h) for _, _, h in found]
    assert tops == pytest.approx([66.667, 0, 83.333], abs=0.01)
    assert heights == pytest.approx([33.333, 66.667, 16.667], abs=0.01)


def test_bars_below_zero_hang_from_zero_and_cannot_be_stacked() -> None:
    rows = [charts.Series("zmiana", [10, -10])]
    svg = charts.bars(["x", "y"], rows, title="T")
    tops = [float(y) for y in re.findall(r'class="fill-0" x="[\d.]+%" y="([\d.]+)%', svg)]
    assert tops[0] < tops[1]
    with pytest.raises(ValueError, match="below zero"):
        charts.bars(["x", "y"], rows, title="T", stacked=True)


@pytest.mark.parametrize(
    ("value", "largest", "width"),
    [(50, 100, "50%"), (200, 100, "100%"), (-1, 100, "0%"), (5, 0, "0%")],
)
def test_a_share_stays_within_its_cell(value: float, largest: float, width: str) -> None:
    assert f'width="{width}"' in charts.share(value, largest)


def test_a_sparkline_spans_its_box_and_a_flat_one_lies_in_the_middle() -> None:
    assert 'points="0,90 50,10 100,50"' in charts.sparkline([0, 2, 1], title="t")
    assert 'points="0,50 100,50"' in charts.sparkline([7, 7], title="t")
    assert charts.sparkline([7], title="t") == ""


def test_a_meter_shows_value_and_limit_and_needs_a_whole() -> None:
    svg = charts.meter(0.31, 0.62, title="0,31 %", limit=0.5)
    assert 'class="fill-0" width="50%"' in svg
    assert 'class="fill-limit" x="80.65%"' in svg
    assert "fill-coin" in charts.meter(1, 2, title="t", coin=True)
    with pytest.raises(ValueError, match="above zero"):
        charts.meter(1, 0, title="t")


def test_a_funnel_reads_as_text_with_shares_of_the_first_stage() -> None:
    html = charts.funnel([charts.Stage("Wysłane", 200, "/c"), charts.Stage("Zaliczone", 151)])
    parsed(html)
    assert '<a class="b" href="/c">Wysłane</a>' in html
    assert "75,5\u00a0%" in html
    assert 'width="75.5%"' in html
    assert "75.5%" in charts.funnel([charts.Stage("a", 200), charts.Stage("b", 151)], locale="en")
    assert charts.funnel([]) == '<ol class="funnel"></ol>'


def test_the_map_has_sixteen_tiles_and_none_lies_on_another() -> None:
    assert len(charts.VOIVODESHIPS) == 16
    places = {(place.column, place.row) for place in charts.VOIVODESHIPS.values()}
    assert len(places) == 16
    assert len({place.letters for place in charts.VOIVODESHIPS.values()}) == 16
    svg = charts.tile_map({}, title="T")
    assert len(re.findall(r"<rect", svg)) == 16


def test_map_tiles_are_shaded_by_value_and_told_in_words() -> None:
    svg = charts.tile_map({"30": 1804, "14": 900, "02": 0}, title="Sztuki", unit="szt.")
    parsed(svg)
    assert 'role="img"' in svg
    assert "<desc>wielkopolskie 1\u00a0804\u00a0szt., mazowieckie 900\u00a0szt., " in svg
    assert [shade(value, 1804) for value in (None, 0, 1, 900, 1804)] == [0, 0, 1, 3, 5]
    with pytest.raises(KeyError, match="99"):
        charts.tile_map({"99": 1}, title="T")


def test_a_map_with_links_is_a_group_whose_links_begin_with_what_is_seen() -> None:
    svg = charts.tile_map({"30": 1804}, title="T", hrefs={"30": "/s?region=30"}, chosen="30")
    assert 'role="group" aria-label="T"' in svg
    assert svg.count("<a ") == 1
    assert 'aria-label="WP 1\u00a0804, wielkopolskie" aria-current="true"' in svg


def test_a_data_table_tells_every_point_and_shows_gaps_as_a_dash() -> None:
    rows = [charts.Series("listopad", [1234, None]), charts.Series("październik", [7.5, 8, 9])]
    html = charts.series_table("Sztuki", "Dzień", ["1", "2", "3"], rows)
    parsed(html)
    cells = re.findall(r'<td class="r">([^<]*)</td>', html)
    assert cells == ["1\u00a0234", "7,5", "–", "8", "–", "9"]


def test_words_from_data_cannot_become_markup() -> None:
    bad = "<script>1</script>"
    drawn = [
        charts.line([bad, "x"], charts.Series(bad, [1, 2]), title=bad, unit=bad),
        charts.bars([bad], [charts.Series(bad, [1])], title=bad),
        charts.sparkline([1, 2], title=bad),
        charts.meter(1, 2, title=bad),
        charts.funnel([charts.Stage(bad, 1, '"><script>', bad)]),
        charts.tile_map({"30": 1}, title=bad, hrefs={"30": '"><script>'}, unit=bad),
        charts.data_table(bad, [bad, bad], [[bad, bad]]),
    ]
    assert all(isinstance(markup, Markup) and "<script" not in markup for markup in drawn)


def test_no_chart_needs_an_inline_style() -> None:
    drawn = charts.line(DAYS, charts.Series("a", [1, 2, 3, 4]), title="T") + charts.tile_map(
        {"30": 1}, title="T"
    )
    assert "style=" not in drawn


def test_numbers_carry_a_true_minus_and_a_no_break_space() -> None:
    assert charts.number(-1234.5, unit="zł") == "−1\u00a0234,5\u00a0zł"
    assert charts.number(0.314) == "0,31"
    assert charts.number(1200, locale="en") == "1,200"

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from scenarios.page.axes import Event, event_rows
from scenarios.page.bar_chart import BarChart, bar_chart
from scenarios.page.charts import icon, lines
from scenarios.page.layout import LAYOUTS, NARROW, WIDE, Layout, column_names
from scenarios.page.legend import APART, spread
from scenarios.page.line_chart import LineChart, Series, line_chart
from scenarios.page.month_grid import NARROWEST, Bar, Cell, MonthGrid, Row, month_grid
from scenarios.page.scale import scale_over
from scenarios.page.svg import element

MONTHS = tuple(f"2025-{month:02d}" for month in range(1, 13))

finite = st.floats(allow_nan=False, allow_infinity=False)
maybe = st.none() | finite


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - the text was drawn here


def line(values: tuple[float | None, ...], **more: object) -> LineChart:
    series = Series(name="true", tone="one", values=values)
    fields = {"name": "c", "description": "d", "x_title": "month", "y_title": "AUC (share)", "series": (series,)}
    return LineChart(**(fields | {"columns": tuple(f"m{index}" for index in range(len(values)))} | more))


def bars(values: tuple[float | None, ...]) -> BarChart:
    columns = tuple(f"m{index}" for index in range(len(values)))
    return BarChart(name="b", description="d", columns=columns, x_title="month", y_title="$ a month", values=values)


def places(drawing: Markup) -> Iterator[tuple[float, float]]:
    """Every point named by a circle, a rectangle, a text or a path."""
    for one in parsed(drawing).iter():
        given = one.attrib
        if one.tag == "circle":
            yield float(given["cx"]), float(given["cy"])
        if one.tag in ("rect", "text"):
            x, y = float(given["x"]), float(given["y"])
            yield x, y
            yield x + float(given.get("width", 0.0)), y + float(given.get("height", 0.0))
        if one.tag == "path":
            yield from path_places(given["d"])


def path_places(steps: str) -> Iterator[tuple[float, float]]:
    for pair in steps.replace("M", "L").replace("Z", "").split("L")[1:]:
        x, y = pair.split(" ")
        yield float(x), float(y)


def assert_inside(drawing: Markup) -> None:
    _, _, width, height = map(float, parsed(drawing).attrib["viewBox"].split(" "))
    for x, y in places(drawing):
        assert -0.1 <= x <= width + 0.1
        assert -0.1 <= y <= height + 0.1


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda one: one.name)
@settings(max_examples=60, deadline=None)
@given(values=st.lists(maybe, min_size=1, max_size=36).map(tuple))
def test_every_point_of_a_line_chart_lies_inside_its_view_box(layout: Layout, values: tuple[float | None, ...]) -> None:
    assert_inside(line_chart(line(values), layout))


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda one: one.name)
@settings(max_examples=60, deadline=None)
@given(values=st.lists(maybe, min_size=1, max_size=36).map(tuple))
def test_every_bar_lies_inside_its_view_box(layout: Layout, values: tuple[float | None, ...]) -> None:
    assert_inside(bar_chart(bars(values), layout))


@settings(max_examples=60, deadline=None)
@given(pairs=st.lists(st.tuples(maybe, maybe, maybe), min_size=1, max_size=12), line_on=st.booleans())
def test_intervals_and_the_area_between_series_lie_inside_the_view_box(
    pairs: list[tuple[float | None, float | None, float | None]], line_on: bool
) -> None:
    first, low, high = (tuple(column) for column in zip(*pairs, strict=True))
    series = (
        Series(name="true", tone="one", values=first, low=low, high=high, line=line_on),
        Series(name="twin", tone="three", values=high),
    )

    assert_inside(line_chart(line(first, series=series, between=(0, 1), level=1.0), WIDE))


@settings(max_examples=200, deadline=None)
@given(values=st.lists(finite, min_size=1, max_size=20))
def test_a_scale_has_few_rising_ticks_and_keeps_the_order_of_values(values: list[float]) -> None:
    scale = scale_over(values, start=100.0, end=0.0)

    assert 2 <= len(scale.ticks) <= 13
    assert list(scale.ticks) == sorted(set(scale.ticks))
    pixels = [scale(one) for one in sorted(values)]
    assert pixels == sorted(pixels, reverse=True)


@pytest.mark.parametrize("value", [0.0, 0.75, -3.0, 1e-12, 1e300])
def test_a_constant_series_is_drawn_away_from_the_edges(value: float) -> None:
    scale = scale_over([value, value], start=100.0, end=0.0)

    assert 20.0 < scale(value) < 80.0


def test_a_scale_ends_at_round_numbers() -> None:
    assert scale_over([0.712, 0.803], start=0.0, end=1.0).ticks == pytest.approx(
        (0.70, 0.72, 0.74, 0.76, 0.78, 0.80, 0.82)
    )


def test_missing_points_cut_the_line() -> None:
    drawn = line_chart(line((0.7, 0.8, None, 0.7, 0.6)), WIDE)

    assert drawn.count('class="line one"') == 2
    assert drawn.count('class="point one"') == 4 + 1


def test_a_series_of_missing_values_says_that_nothing_is_known() -> None:
    drawn = line_chart(line((None, float("nan"), None)), WIDE)

    assert "nothing known yet" in drawn
    assert "nan" not in drawn.lower()


def test_axes_carry_their_titles() -> None:
    drawn = line_chart(line((0.7, 0.8)), NARROW)

    assert "AUC (share)" in drawn
    assert ">month<" in drawn


@pytest.mark.parametrize(("first", "second", "classes"), [
    ((1.0, 1.0), (2.0, 2.0), ["lost"]),
    ((2.0, 2.0), (1.0, 1.0), ["gained"]),
    ((1.0, 3.0), (2.0, 2.0), ["lost", "gained"]),
    ((1.0, None), (2.0, 2.0), []),
])  # fmt: skip
def test_the_area_between_two_series_tells_less_from_more(
    first: tuple[float | None, ...], second: tuple[float | None, ...], classes: list[str]
) -> None:
    series = (Series(name="a", tone="one", values=first), Series(name="b", tone="three", values=second))

    found = [
        one.attrib.get("class") for one in parsed(line_chart(line(first, series=series, between=(0, 1)), WIDE)).iter()
    ]

    assert [one for one in found if one in ("lost", "gained")] == classes


def test_bars_show_which_way_is_bad() -> None:
    drawn = bar_chart(bars((3.0, -1.0, None)), WIDE)

    assert drawn.count('class="bar bad"') == 1
    assert drawn.count('class="bar good"') == 1


@given(heights=st.lists(st.floats(0.0, 200.0), min_size=1, max_size=8).map(sorted))
def test_names_at_the_ends_of_lines_never_touch(heights: list[float]) -> None:
    placed = spread(heights, 0.0, 200.0)

    assert all(later - earlier >= APART - 1e-9 for earlier, later in pairwise(placed))
    assert placed[-1] <= 200.0


def test_events_that_would_meet_stand_on_different_lines() -> None:
    events = (Event(first=0, last=3, label="competitor launch"), Event(first=1, last=2, label="unit change"))

    assert event_rows(events, NARROW, 12) == [0, 1]
    assert event_rows((events[0], Event(first=9, last=9, label="x")), WIDE, 12) == [0, 0]


def test_names_of_months_are_thinned_out_where_they_would_not_fit() -> None:
    names = [name for name, _ in column_names(MONTHS, 14.0)]

    assert names[0] == "Jan"
    assert names[1] == ""
    assert [year for _, year in column_names(MONTHS, 60.0)] == ["2025"] + [""] * 11


def grid(columns: tuple[str, ...]) -> MonthGrid:
    cells = tuple(Cell(kind="critical", title=f"gate in {one}: alarm") for one in columns)
    bar = Bar(first=0, last=len(columns) - 1, kind="lever", texts=("a rival",), title="a rival, sudden")
    rows = (Row(name="rival", bars=(bar,)), Row(name="gate", cells=cells))
    links = tuple(f"#{one}" for one in columns)
    return MonthGrid(name="g", description="d", columns=columns, links=links, sections=(("What was said", rows),))


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda one: one.name)
@pytest.mark.parametrize("columns", [MONTHS[:1], MONTHS, MONTHS * 4])
def test_a_grid_of_months_fits_its_view_box_and_says_every_cell_in_words(
    layout: Layout, columns: tuple[str, ...]
) -> None:
    drawn = month_grid(grid(columns), layout)

    assert_inside(drawn)
    titles = [one.text for one in parsed(drawn).iter("title")]
    assert titles.count("gate in 2025-01: alarm") == columns.count("2025-01")
    width = float(parsed(drawn).attrib["viewBox"].split(" ")[2])
    assert width >= NARROWEST * len(columns)


def test_text_that_does_not_fit_a_bar_stands_beside_it_or_is_left_out() -> None:
    def text_of(first: int, last: int) -> str | None:
        bar = Bar(first=first, last=last, kind="fault", texts=("seconds where minutes are expected",), title="t")
        one = MonthGrid(
            name="g", description="d", columns=MONTHS, links=(), sections=(("s", (Row(name="r", bars=(bar,)),)),)
        )
        texts = parsed(month_grid(one, WIDE)).iter("text")
        return next((text.attrib["class"] for text in texts if (text.text or "").startswith("seconds")), None)

    assert text_of(0, 11) == "inside"
    assert text_of(10, 11) == "beside"
    assert text_of(0, 1) is None


def test_foreign_text_is_escaped_and_stays_well_formed() -> None:
    drawn = element("text", '<script>"&\x00\x1b\ud800', title='"><b>')

    read = parsed(drawn)

    assert read.text == '<script>"&   '
    assert read.attrib["title"] == '"><b>'


@pytest.mark.parametrize("kind", ["ok", "unknown", "info", "warning", "critical", "whatever"])
def test_an_icon_is_well_formed_and_hidden_from_readers(kind: str) -> None:
    assert parsed(icon(kind)).attrib["aria-hidden"] == "true"


def test_a_chart_comes_for_desk_and_phone_with_different_ids() -> None:
    ids = [one.attrib["id"] for one in parsed(f"<a>{lines(line((0.7, 0.8)))}</a>").iter("svg")]

    assert ids == ["c-wide", "c-narrow"]


def test_drawing_twice_gives_the_same_text() -> None:
    assert line_chart(line((0.1, 0.2, None)), WIDE) == line_chart(line((0.1, 0.2, None)), WIDE)

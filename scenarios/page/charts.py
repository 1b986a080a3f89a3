"""Every chart there is, and the pair of drawings (desk, phone) that goes onto a page."""

from collections.abc import Callable
from typing import TypeVar

from markupsafe import Markup

from scenarios.page.axes import Event
from scenarios.page.bar_chart import BarChart, bar_chart
from scenarios.page.dot_plot import DotPlot, dot_plot
from scenarios.page.layout import LAYOUTS, Layout, low
from scenarios.page.line_chart import LineChart, Series, line_chart
from scenarios.page.marks import KINDS, Kind, Tone, verdict
from scenarios.page.month_grid import Bar, BarKind, Cell, MonthGrid, Row, month_grid
from scenarios.page.svg import element, joined

__all__ = [
    "Bar",
    "BarChart",
    "BarKind",
    "Cell",
    "Event",
    "LineChart",
    "MonthGrid",
    "Row",
    "Series",
    "Tone",
    "bars",
    "dots",
    "grid",
    "icon",
    "lines",
]

Chart = TypeVar("Chart")

_BARS = 0.62
"""Height of the plot of a bar chart as a share of that of a line chart, under which it usually stands."""


def lines(chart: LineChart) -> Markup:
    """A line chart in both layouts."""
    return _both(line_chart, chart, LAYOUTS)


def bars(chart: BarChart) -> Markup:
    """A bar chart in both layouts."""
    return _both(bar_chart, chart, tuple(low(one, _BARS) for one in LAYOUTS))


def dots(chart: DotPlot) -> Markup:
    """Estimates with intervals in both layouts."""
    return _both(dot_plot, chart, LAYOUTS)


def grid(chart: MonthGrid) -> Markup:
    """A grid of months in both layouts."""
    return _both(month_grid, chart, LAYOUTS)


def icon(kind: str) -> Markup:
    """The mark of a verdict or severity for running text, beside a word that says the same; a dash for other words."""
    known: Kind = next((one for one in KINDS if one == kind), "none")
    return element("svg", verdict(known, 0.0, 0.0), class_="icon", viewBox="-11 -11 22 22", aria_hidden="true")


def _both(draw: Callable[[Chart, Layout], Markup], chart: Chart, layouts: tuple[Layout, ...]) -> Markup:
    return joined([element("div", draw(chart, one), class_=f"scroll only-{one.name}") for one in layouts])

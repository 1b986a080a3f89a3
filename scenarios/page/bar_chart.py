"""A bar chart over months, from zero up or down."""

from dataclasses import dataclass

from markupsafe import Markup

from scenarios.page.axes import UNDER, Axes, Event, frame, scale_of, shades, top_of
from scenarios.page.drawing import drawing
from scenarios.page.figures import month
from scenarios.page.layout import Layout
from scenarios.page.scale import is_known
from scenarios.page.svg import element, group, path

BAR = 0.62
"""Width of a bar as a share of its column."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BarChart:
    """What is drawn; None leaves a column empty. `upward_is_bad` chooses the colours."""

    name: str
    description: str
    columns: tuple[str, ...]
    x_title: str
    y_title: str
    values: tuple[float | None, ...]
    upward_is_bad: bool = True
    events: tuple[Event, ...] = ()
    prefix: str = ""


def bar_chart(chart: BarChart, layout: Layout) -> Markup:
    """The chart as an `svg` element of the given layout."""
    axes = _axes(chart, layout)
    bars = [_bar(chart, axes, index, one) for index, one in enumerate(chart.values) if is_known(one)]
    parts = [shades(axes, chart.events), frame(axes), *bars, _zero(axes)]
    return drawing(f"{chart.name}-{layout.name}", chart.description, (layout.width, axes.bottom + UNDER), parts)


def _axes(chart: BarChart, layout: Layout) -> Axes:
    top = top_of(chart.events, layout, len(chart.columns))
    return Axes(
        layout=layout,
        columns=chart.columns,
        x_title=chart.x_title,
        y_title=chart.y_title,
        scale=scale_of([0.0, *chart.values], layout, top),
        top=top,
        prefix=chart.prefix,
    )


def _bar(chart: BarChart, axes: Axes, index: int, value: float) -> Markup:
    zero, end, width = axes.scale(0.0), axes.scale(value), BAR * axes.step
    kind = "bad" if (value > 0.0) == chart.upward_is_bad else "good"
    title = element("title", f"{month(chart.columns[index])}: {axes.value_label(value)}")
    left, top = axes.x(index) - width / 2.0, min(zero, end)
    return group(title, element("rect", x=left, y=top, width=width, height=abs(zero - end)), class_=f"bar {kind}")


def _zero(axes: Axes) -> Markup:
    y = axes.scale(0.0)
    return element("path", d=path([(axes.layout.left, y), (axes.layout.right, y)]), class_="zero")

"""A line chart over months: several series with gaps, intervals, events, and the area between two series."""

from dataclasses import dataclass

from markupsafe import Markup

from scenarios.page.areas import Values, between, interval, runs
from scenarios.page.axes import UNDER, Axes, Event, frame, scale_of, shades, top_of
from scenarios.page.drawing import drawing
from scenarios.page.layout import Layout
from scenarios.page.legend import End, Key, direct_labels, legend, legend_height
from scenarios.page.marks import Tone, point
from scenarios.page.scale import is_known
from scenarios.page.svg import element, group, path


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """One value a column, None where there is none.

    `low` and `high` are drawn as a band, or as whiskers where `line` is off. `notes` are shown under the pointer.
    """

    name: str
    tone: Tone
    values: Values
    low: Values = ()
    high: Values = ()
    notes: tuple[str, ...] = ()
    line: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class LineChart:
    """What is drawn. `name` becomes the id; `between` shades the area between two series, given by index.

    `level` is a value that gets a line of its own; the title of the axis says what it means, and the unit.
    """

    name: str
    description: str
    columns: tuple[str, ...]
    x_title: str
    y_title: str
    series: tuple[Series, ...]
    events: tuple[Event, ...] = ()
    between: tuple[int, int] | None = None
    level: float | None = None
    prefix: str = ""


def line_chart(chart: LineChart, layout: Layout) -> Markup:
    """The chart as an `svg` element of the given layout."""
    axes, keys = _axes(chart, layout), [Key(one.name, one.tone, one.line) for one in chart.series]
    height = axes.bottom + UNDER + (0.0 if layout.side else legend_height(keys))
    ends = _ends(chart, axes)
    words = direct_labels(ends, axes) if layout.side else legend(keys, axes.bottom + UNDER)
    drawn = [_series(one, axes) for one in chart.series] if ends else [_nothing(axes)]
    parts = [shades(axes, chart.events), frame(axes), _between(chart, axes), _level(chart, axes), *drawn, words]
    return drawing(f"{chart.name}-{layout.name}", chart.description, (layout.width, height), parts)


def _axes(chart: LineChart, layout: Layout) -> Axes:
    top = top_of(chart.events, layout, len(chart.columns))
    values = [value for one in chart.series for value in (*one.values, *one.low, *one.high)]
    return Axes(
        layout=layout,
        columns=chart.columns,
        x_title=chart.x_title,
        y_title=chart.y_title,
        scale=scale_of([*values, chart.level], layout, top),
        top=top,
        prefix=chart.prefix,
    )


def _ends(chart: LineChart, axes: Axes) -> list[End]:
    """Where each line ends; series without any value have no end."""
    known = [(one, [value for value in one.values if is_known(value)]) for one in chart.series]
    return [End(one.name, one.tone, axes.scale(values[-1])) for one, values in known if values]


def _series(series: Series, axes: Axes) -> Markup:
    runs_drawn = runs(series.values, axes) if series.line else []
    lines = [element("path", d=path(one), class_=f"line {series.tone}") for one in runs_drawn]
    around = interval((series.low, series.high), series.tone, axes, band=series.line)
    return group(around, *lines, *_points(series, axes))


def _points(series: Series, axes: Axes) -> list[Markup]:
    notes = series.notes or tuple(f"{series.name}, {column}" for column in axes.columns)
    return [
        point(series.tone, axes.x(index), axes.scale(value), notes[index])
        for index, value in enumerate(series.values)
        if is_known(value)
    ]


def _level(chart: LineChart, axes: Axes) -> Markup:
    if chart.level is None:
        return Markup()
    y = axes.scale(chart.level)
    return element("path", d=path([(axes.layout.left, y), (axes.layout.right, y)]), class_="level")


def _between(chart: LineChart, axes: Axes) -> Markup:
    if chart.between is None:
        return Markup()
    first, second = (chart.series[index].values for index in chart.between)
    return between(first, second, axes)


def _nothing(axes: Axes) -> Markup:
    middle = (axes.layout.left + axes.layout.right) / 2.0
    return element("text", "nothing known yet", x=middle, y=axes.top + 30.0, text_anchor="middle", class_="tick")

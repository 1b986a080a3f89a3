"""The frame of a chart over months: gridlines, ticks, titles with units, and what happened when."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from scenarios.page.figures import number
from scenarios.page.layout import Layout, column_names, text_width
from scenarios.page.scale import Scale, scale_over
from scenarios.page.svg import element, group, joined, path

TITLE = 24.0
"""Height kept for the title of the value axis, which stands above it so that it reads without turning the head."""

EVENT = 17.0
"""Height of a line of event names above the plot."""

UNDER = 52.0
"""Height kept below the plot for month, year and axis title."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something dated. From column `first` to `last`, or a line at the start of `first` where `last` is None."""

    first: int
    last: int | None
    label: str
    kind: Literal["lever", "harmless", "fault", "model"] = "lever"


@dataclass(frozen=True, kw_only=True, slots=True)
class Axes:
    """Where columns and values lie. `prefix` stands before a tick's number (as "$")."""

    layout: Layout
    columns: tuple[str, ...]
    x_title: str
    y_title: str
    scale: Scale
    top: float
    prefix: str = ""

    @property
    def bottom(self) -> float:
        """The lower edge of the plot."""
        return self.top + self.layout.plot

    @property
    def step(self) -> float:
        """The width of a column."""
        return (self.layout.right - self.layout.left) / max(1, len(self.columns))

    def x(self, index: float) -> float:
        """The middle of a column."""
        return self.layout.left + (index + 0.5) * self.step

    def value_label(self, value: float) -> str:
        """A value as written at its tick."""
        written = number(value, self.scale.decimals)
        return f"-{self.prefix}{written[1:]}" if written.startswith("-") else f"{self.prefix}{written}"


def top_of(events: tuple[Event, ...], layout: Layout, columns: int) -> float:
    """Where the plot begins, below the axis title and the names of the events."""
    return TITLE + 4.0 + EVENT * (max(event_rows(events, layout, columns), default=-1) + 1)


def scale_of(values: Iterable[float | None], layout: Layout, top: float) -> Scale:
    """The value scale of a plot that begins at `top`."""
    return scale_over(values, start=top + layout.plot, end=top, wanted=max(2, round(layout.plot / _GRID)))


_GRID = 46.0
"""Distance of gridlines aimed at."""


def frame(axes: Axes) -> Markup:
    """Gridlines, tick labels and axis titles."""
    layout = axes.layout
    titles = [
        element("text", axes.y_title, x=4.0, y=13.0, class_="axis-title"),
        element("text", axes.x_title, x=layout.right, y=axes.bottom + 44.0, class_="axis-title", text_anchor="end"),
    ]
    return group(*[_gridline(axes, tick) for tick in axes.scale.ticks], *_names(axes), *titles)


def _gridline(axes: Axes, tick: float) -> Markup:
    y, left = axes.scale(tick), axes.layout.left
    line = element("path", d=path([(left, y), (axes.layout.right, y)]), class_="grid")
    text = axes.value_label(tick)
    return line + element("text", text, x=left - 6.0, y=y + 4.0, text_anchor="end", class_="tick")


def _names(axes: Axes) -> list[Markup]:
    names = column_names(axes.columns, axes.step)
    return [
        element("text", text, x=axes.x(index), y=axes.bottom + 15.0 + 14.0 * line, text_anchor="middle", class_="tick")
        for index, pair in enumerate(names)
        for line, text in enumerate(pair)
        if text
    ]


def event_rows(events: tuple[Event, ...], layout: Layout, columns: int) -> list[int]:
    """The line above the plot on which each event's name stands, so that no two names meet.

    >>> from scenarios.page.layout import NARROW
    >>> event_rows((Event(first=0, last=1, label="long name"), Event(first=1, last=2, label="b")), NARROW, 12)
    [0, 1]
    """
    ends: list[float] = []
    rows = []
    for event in events:
        start, end = _label_span(event, layout, columns)
        row = next((index for index, taken in enumerate(ends) if taken < start), len(ends))
        ends[row : row + 1] = [end]
        rows.append(row)
    return rows


def shades(axes: Axes, events: tuple[Event, ...]) -> Markup:
    """The events as shaded months or lines, each with its name above the plot."""
    rows = event_rows(events, axes.layout, len(axes.columns))
    heights = [TITLE + row * EVENT + 11.0 for row in rows]
    pairs = list(zip(events, heights, strict=True))
    return joined([*(_shade(axes, *one) for one in pairs), *(_event_name(axes, *one) for one in pairs)])


def _shade(axes: Axes, event: Event, y: float) -> Markup:
    left = axes.layout.left + event.first * axes.step
    line = element("path", d=path([(left, y - 9.0), (left, axes.bottom)]), class_="edge")
    area = [] if event.last is None else [_area(axes, left, event.last)]
    return group(*area, line, class_=f"event {event.kind}")


def _area(axes: Axes, left: float, last: int) -> Markup:
    width = axes.layout.left + (last + 1) * axes.step - left
    return element("rect", x=left, y=axes.top, width=width, height=axes.layout.plot, class_="shade")


def _event_name(axes: Axes, event: Event, y: float) -> Markup:
    line = axes.layout.left + event.first * axes.step
    start, _ = _label_span(event, axes.layout, len(axes.columns))
    x, anchor = (start, "start") if start > line else (line - _APART, "end")
    return element("text", event.label, x=x, y=y, text_anchor=anchor, class_=f"event-name {event.kind}")


def _label_span(event: Event, layout: Layout, columns: int) -> tuple[float, float]:
    """Start and end of an event's name: right of its line, or left of it where it would leave the chart."""
    width = text_width(event.label, bold=True)
    line = layout.left + event.first * (layout.right - layout.left) / max(1, columns)
    fits = line + _APART + width <= layout.width
    start = line + _APART if fits else max(0.0, line - _APART - width)
    return start, start + width


_APART = 4.0
"""Distance of a name from its line."""

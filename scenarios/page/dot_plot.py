"""Estimates with their intervals as dots on a common scale, in named groups; every dot says its figures in words."""

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from scenarios.page.drawing import drawing
from scenarios.page.figures import number
from scenarios.page.layout import Layout
from scenarios.page.marks import Tone, point
from scenarios.page.scale import Scale, is_known, scale_over
from scenarios.page.svg import element, group, path

_GROUP: Final = 30.0
"""Height of a group's name."""

_BESIDE, _BELOW = 24.0, 36.0
"""Height of an estimate whose dot stands beside its words (desk), or below them (phone)."""

_WORDS: Final = 300.0
"""Width kept for words that stand beside the dots."""

_AXIS: Final = 46.0
"""Height of ticks and the axis title."""

_TICK: Final = 90.0
"""Distance of gridlines aimed at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dot:
    """An estimate with its interval; NaN where there is none."""

    name: str
    tone: Tone
    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class DotPlot:
    """What is drawn: groups by name, each with its dots. `name` becomes the id.

    The scale spans `least` or more, so that a small difference looks small.
    """

    name: str
    description: str
    x_title: str
    groups: tuple[tuple[str, tuple[Dot, ...]], ...]
    digits: int = 3
    least: float = 0.1


def dot_plot(chart: DotPlot, layout: Layout) -> Markup:
    """The chart as an `svg` element of the given layout."""
    step = _BESIDE if layout.side else _BELOW
    bottom = sum(_GROUP + step * len(dots) for _, dots in chart.groups) + 6.0
    scale = _scale(chart, layout)
    grid = [_gridline(scale, tick, bottom) for tick in scale.ticks]
    title = element(
        "text", chart.x_title, x=layout.width - 10.0, y=bottom + 36.0, class_="axis-title", text_anchor="end"
    )
    size = (layout.width, bottom + _AXIS)
    return drawing(f"{chart.name}-{layout.name}", chart.description, size, [*grid, title, *_groups(chart, scale, step)])


def _scale(chart: DotPlot, layout: Layout) -> Scale:
    values = [one for _, dots in chart.groups for dot in dots for one in (dot.value, dot.low, dot.high)]
    high = max((one for one in values if is_known(one)), default=1.0)
    start, end = _WORDS if layout.side else 22.0, layout.width - 22.0
    return scale_over([*values, high - chart.least], start=start, end=end, wanted=max(2, round((end - start) / _TICK)))


def _gridline(scale: Scale, tick: float, bottom: float) -> Markup:
    x = scale(tick)
    line = element("path", d=path([(x, 4.0), (x, bottom)]), class_="grid")
    return line + element(
        "text", number(tick, scale.decimals), x=x, y=bottom + 15.0, text_anchor="middle", class_="tick"
    )


def _groups(chart: DotPlot, scale: Scale, step: float) -> list[Markup]:
    drawn, y = [], 0.0
    for name, dots in chart.groups:
        drawn.append(element("text", name, x=4.0, y=y + 20.0, class_="section-name event-name"))
        drawn += [
            _dot(one, scale, y + _GROUP + step * at, step=step, digits=chart.digits) for at, one in enumerate(dots)
        ]
        y += _GROUP + step * len(dots)
    return drawn


def _dot(dot: Dot, scale: Scale, top: float, *, step: float, digits: int) -> Markup:
    said = f"{dot.name}: {spoken_interval((dot.value, dot.low, dot.high), digits)}"
    words = element("text", said, x=4.0, y=top + 9.0, class_="series-name")
    if not is_known(dot.value):
        return group(words)
    y = top + (5.0 if step == _BESIDE else 22.0)
    return group(words, _whisker(dot, scale, y), point(dot.tone, scale(dot.value), y, said))


def spoken_interval(figures: tuple[float, float, float], digits: int) -> str:
    """Value, low and high end in words.

    >>> spoken_interval((0.81, 0.79, 0.83), 2), spoken_interval((float("nan"), 0.0, 0.0), 2)
    ('0.81 (0.79 to 0.83)', 'cannot be had')
    """
    value, low, high = figures
    if not is_known(value):
        return "cannot be had"
    ends = f" ({number(low, digits)} to {number(high, digits)})" if is_known(low) and is_known(high) else ""
    return f"{number(value, digits)}{ends}"


def _whisker(dot: Dot, scale: Scale, y: float) -> Markup:
    if not (is_known(dot.low) and is_known(dot.high)):
        return Markup()
    low, high = scale(dot.low), scale(dot.high)
    caps = "".join(path([(x, y - 4.0), (x, y + 4.0)]) for x in (low, high))
    return element("path", d=path([(low, y), (high, y)]) + caps, class_=f"whisker {dot.tone}")

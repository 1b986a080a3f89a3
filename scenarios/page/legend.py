"""Names of series: beside the ends of their lines where there is room, else in rows below the chart."""

from typing import NamedTuple

from markupsafe import Markup

from scenarios.page.axes import Axes
from scenarios.page.marks import Tone, swatch
from scenarios.page.svg import element, group, joined, path

ROW = 18.0
"""Height of a row of the legend."""

APART = 16.0
"""Smallest distance between two names at the ends of lines."""


class Key(NamedTuple):
    """A row of the legend; `line` says whether the series is drawn as a line."""

    name: str
    tone: Tone
    line: bool


class End(NamedTuple):
    """A series and the height (pixels) at which its line ends."""

    name: str
    tone: Tone
    height: float


def legend(keys: list[Key], top: float) -> Markup:
    """One row for each series."""
    return joined([_row(key, top + ROW * index + 8.0) for index, key in enumerate(keys)])


def legend_height(keys: list[Key]) -> float:
    """The room `legend` takes."""
    return ROW * len(keys) + 4.0


def _row(key: Key, y: float) -> Markup:
    mark = swatch(key.tone, 20.0, y, line=key.line)
    return group(mark, element("text", key.name, x=40.0, y=y + 4.0, class_="series-name"))


def direct_labels(ends: list[End], axes: Axes) -> Markup:
    """Names right of the plot, as near to the ends as they can stand without touching."""
    ordered = sorted(ends, key=lambda end: end.height)
    heights = spread([end.height for end in ordered], axes.top, axes.bottom)
    return joined([_label(end, height, axes) for end, height in zip(ordered, heights, strict=True)])


def spread(heights: list[float], top: float, bottom: float) -> list[float]:
    """The rising heights moved just so far that none is nearer than `APART` to the next.

    Downwards first; what would then end below `bottom` is moved up again.

    >>> spread([10.0, 12.0, 80.0], 0.0, 100.0)
    [10.0, 26.0, 80.0]
    """
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + APART) if placed else max(height, top))
    over = bottom
    for index in reversed(range(len(placed))):
        placed[index] = min(placed[index], over)
        over = placed[index] - APART
    return placed


def _label(end: End, height: float, axes: Axes) -> Markup:
    right = axes.layout.right
    lead = element("path", d=path([(right + 2.0, end.height), (right + 10.0, height)]), class_=f"lead {end.tone}")
    mark = swatch(end.tone, right + 18.0, height, line=False)
    return group(lead, mark, element("text", end.name, x=right + 28.0, y=height + 4.0, class_="series-name"))

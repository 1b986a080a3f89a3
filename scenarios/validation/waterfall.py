"""A waterfall: from the score claimed down to what production gives, one bar for each thing between."""

from dataclasses import dataclass
from typing import Final, Literal

from markupsafe import Markup

from scenarios.page.drawing import drawing
from scenarios.page.figures import number
from scenarios.page.layout import LAYOUTS, Layout
from scenarios.page.scale import Scale, scale_over
from scenarios.page.svg import element, group, joined, path

Kind = Literal["total", "step"]

_WORDS: Final = 330.0
"""Width kept for words that stand beside the bars (desk)."""

_BESIDE, _BELOW = 30.0, 44.0
"""Height of a row whose bar stands beside its words (desk), or below them (phone)."""

_BAR: Final = 16.0
_AXIS: Final = 46.0
_TICK: Final = 90.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A total from nothing to `end`, or a step from `start` to `end`."""

    name: str
    kind: Kind
    start: float
    end: float


def waterfall(name: str, description: str, rows: tuple[Row, ...]) -> Markup:
    """The chart in both layouts."""
    return joined(
        [element("div", _drawn(name, description, rows, one), class_=f"scroll only-{one.name}") for one in LAYOUTS]
    )


def _drawn(name: str, description: str, rows: tuple[Row, ...], layout: Layout) -> Markup:
    step = _BESIDE if layout.side else _BELOW
    bottom = step * len(rows) + 6.0
    scale = _scale(rows, layout)
    grid = [_gridline(scale, tick, bottom) for tick in scale.ticks]
    title = element("text", "AUC", x=layout.width - 10.0, y=bottom + 36.0, class_="axis-title", text_anchor="end")
    bars = [_row(row, scale, at * step, step=step) for at, row in enumerate(rows)]
    size = (layout.width, bottom + _AXIS)
    return drawing(f"{name}-{layout.name}", description, size, [*grid, title, *bars])


def _scale(rows: tuple[Row, ...], layout: Layout) -> Scale:
    start, end = _WORDS if layout.side else 22.0, layout.width - 22.0
    values = [one for row in rows for one in ((row.end,) if row.kind == "total" else (row.start, row.end))]
    room = 0.15 * (max(values) - min(values)) + 0.005
    return scale_over([*values, min(values) - room], start=start, end=end, wanted=max(2, round((end - start) / _TICK)))


def _gridline(scale: Scale, tick: float, bottom: float) -> Markup:
    x = scale(tick)
    line = element("path", d=path([(x, 4.0), (x, bottom)]), class_="grid")
    return line + element(
        "text", number(tick, scale.decimals), x=x, y=bottom + 15.0, text_anchor="middle", class_="tick"
    )


def _row(row: Row, scale: Scale, top: float, *, step: float) -> Markup:
    said = _said(row)
    left, right = sorted((scale(scale.ticks[0] if row.kind == "total" else row.start), scale(row.end)))
    lost = row.kind == "step" and row.end < row.start
    y = top + (7.0 if step == _BESIDE else 22.0)
    words = element("text", said, x=4.0, y=top + (19.0 if step == _BESIDE else 16.0), class_="series-name")
    width = max(right - left, 1.0)
    bar = element("rect", x=left, y=y, width=width, height=_BAR, class_=f"bar {'bad' if lost else 'good'}")
    return group(element("title", said), words, bar)


def _said(row: Row) -> str:
    """The words of a row.

    >>> _said(Row(name="split at random", kind="step", start=0.9, end=0.8))
    'split at random: -0.100'
    """
    if row.kind == "total":
        return f"{row.name}: {number(row.end, 3)}"
    moved = row.end - row.start
    return f"{row.name}: {'+' if moved > 0.0 else ''}{number(moved, 3)}"

"""What surrounds lines: runs without gaps, intervals, and the area between two series."""

from itertools import groupby, pairwise

from markupsafe import Markup

from scenarios.page.axes import Axes
from scenarios.page.marks import Tone
from scenarios.page.scale import is_known
from scenarios.page.svg import element, joined, path

Values = tuple[float | None, ...]
Point = tuple[float, float]


def runs(values: Values, axes: Axes) -> list[list[Point]]:
    """The points of a series, cut where values are missing."""
    places = [(axes.x(index), axes.scale(one)) if is_known(one) else None for index, one in enumerate(values)]
    return [[place for place in run if place] for known, run in groupby(places, key=bool) if known]


def interval(ends: tuple[Values, Values], tone: Tone, axes: Axes, *, band: bool) -> Markup:
    """The interval between low and high ends: a band, or one whisker a value. Nothing where there are no ends."""
    return joined(_band(ends, tone, axes) if band else _whiskers(ends, tone, axes))


def _whiskers(ends: tuple[Values, Values], tone: Tone, axes: Axes) -> list[Markup]:
    pairs = enumerate(zip(*ends, strict=True))
    return [_whisker(axes, index, pair, tone) for index, pair in pairs if all(map(is_known, pair))]


def _whisker(axes: Axes, index: int, pair: tuple[float | None, float | None], tone: Tone) -> Markup:
    x, (low, high) = axes.x(index), [axes.scale(one) for one in pair if is_known(one)]
    caps = "".join(path([(x - 3.0, y), (x + 3.0, y)]) for y in (low, high))
    return element("path", d=path([(x, low), (x, high)]) + caps, class_=f"whisker {tone}")


def _band(ends: tuple[Values, Values], tone: Tone, axes: Axes) -> list[Markup]:
    whole = [all(map(is_known, pair)) for pair in zip(*ends, strict=True)]
    low, high = ([one if both else None for one, both in zip(side, whole, strict=True)] for side in ends)
    sides = zip(runs(tuple(low), axes), runs(tuple(high), axes), strict=True)
    return [element("path", d=path([*a, *reversed(b)], closed=True), class_=f"band {tone}") for a, b in sides]


def between(first: Values, second: Values, axes: Axes) -> Markup:
    """The area between two series, marked `lost` where the first is the lower and `gained` where it is the higher."""
    both = [
        (axes.scale(a), axes.scale(b)) if is_known(a) and is_known(b) else None
        for a, b in zip(first, second, strict=True)
    ]
    pairs = [(index, left, right) for index, (left, right) in enumerate(pairwise(both)) if left and right]
    return joined(
        [piece for index, left, right in pairs for piece in _piece((axes.x(index), axes.x(index + 1)), left, right)]
    )


def _piece(across: Point, left: Point, right: Point) -> list[Markup]:
    """The area between two neighbouring months: one piece, or two where the lines cross. Heights are pixels."""
    (x, end), (a, b), (c, d) = across, left, right
    if (a - b) * (c - d) >= 0.0:
        return [_fill([(x, a), (end, c), (end, d), (x, b)], lower=a + c > b + d)]
    share = (a - b) / ((a - b) - (c - d))
    meet = (x + share * (end - x), a + share * (c - a))
    return [_fill([(x, a), meet, (x, b)], lower=a > b), _fill([meet, (end, c), (end, d)], lower=c > d)]


def _fill(corners: list[Point], *, lower: bool) -> Markup:
    return element("path", d=path(corners, closed=True), class_="lost" if lower else "gained")

"""Marks: shapes that stand for a point of a series, or for a verdict. Shape and colour both say what it is."""

import math
from typing import Literal

from markupsafe import Markup

from scenarios.page.svg import element, group, path

Tone = Literal["one", "two", "three", "four", "five"]
"""How a series is drawn. Colours come from the style sheet."""

Kind = Literal["ok", "unknown", "info", "warning", "critical", "none", "word"]
"""What a mark says: fine, cannot tell, a note, a warning, a page, nothing said; `word` is a plain box."""

KINDS: tuple[Kind, ...] = ("ok", "unknown", "info", "warning", "critical", "none")
"""All that have a mark of their own."""

_LETTERS: dict[Kind, str] = {"unknown": "?", "info": "i", "warning": "!", "none": "\N{EN DASH}"}

_DROP = {"warning": 5.5}
"""How far below the middle the foot of a letter stands; 4.2 for the others."""


def point(tone: Tone, x: float, y: float, title: str = "") -> Markup:
    """The mark of one value; `title` is shown under the pointer."""
    shape = element("path", d=_outline(tone, x, y, 3.6)) if tone != "one" else element("circle", cx=x, cy=y, r=3.5)
    return group(*([element("title", title)] if title else []), shape, class_=f"point {tone}")


def swatch(tone: Tone, x: float, y: float, *, line: bool) -> Markup:
    """A short piece of a series for a legend."""
    stroke = [element("path", d=path([(x - 11, y), (x + 11, y)]), class_=f"line {tone}")] if line else []
    return group(*stroke, point(tone, x, y))


def verdict(kind: Kind, x: float, y: float, radius: float = 9.0) -> Markup:
    """The mark of a verdict, centred on (x, y)."""
    if kind == "ok":
        tick = [(x - 0.5 * radius, y), (x - 0.1 * radius, y + 0.4 * radius), (x + 0.5 * radius, y - 0.4 * radius)]
        return element("path", d=path(tick), class_="mark ok")
    sign = _cross(x, y, 0.36 * radius) if kind == "critical" else _letter(kind, x, y)
    return group(_plate(kind, x, y, radius), sign, class_=f"mark {kind}")


def _cross(x: float, y: float, arm: float) -> Markup:
    strokes = [[(x - arm, y - arm), (x + arm, y + arm)], [(x - arm, y + arm), (x + arm, y - arm)]]
    return element("path", d="".join(path(one) for one in strokes), class_="cross")


def _letter(kind: Kind, x: float, y: float) -> Markup:
    return element("text", _LETTERS.get(kind, ""), x=x, y=y + _DROP.get(kind, 4.2), text_anchor="middle")


def _plate(kind: Kind, x: float, y: float, radius: float) -> Markup:
    if kind == "warning":
        corners = [(x, y - radius), (x + 1.1 * radius, y + 0.85 * radius), (x - 1.1 * radius, y + 0.85 * radius)]
        return element("path", d=path(corners, closed=True))
    if kind == "critical":
        return element("path", d=path(_octagon(x, y, 1.05 * radius), closed=True), class_="plate")
    if kind == "info":
        return element("circle", cx=x, cy=y, r=0.9 * radius)
    return Markup()


def _octagon(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    angles = [math.pi / 8.0 * (2 * index + 1) for index in range(8)]
    return [(x + radius * math.cos(one), y + radius * math.sin(one)) for one in angles]


_CORNERS: dict[Tone, list[tuple[float, float]]] = {
    "two": [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)],
    "three": [(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)],
    "four": [(0.0, -1.2), (1.2, 0.9), (-1.2, 0.9)],
    "five": [(0.0, 1.2), (1.2, -0.9), (-1.2, -0.9)],
}
"""Square, diamond, triangle, the same upside down; tone "one" is a circle."""


def _outline(tone: Tone, x: float, y: float, size: float) -> str:
    return path([(x + size * dx, y + size * dy) for dx, dy in _CORNERS[tone]], closed=True)

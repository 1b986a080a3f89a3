"""The study as a picture: every archetype's exact harm, world by world, coloured by what was said of it."""

from html import escape
from typing import Any, Final

from benchmarks.harm.verdicts import HARMFUL

_LEFT: Final = 190
_WIDTH: Final = 430
_ROW: Final = 17
_TOP: Final = 46
_LEAST: Final = -0.15
_MOST: Final = 0.75
_INK: Final = "#333"
_COLOURS: Final = {
    "both": "#1b6ca8",
    "labels": "#e08a1e",
    "neither": "#9a9a9a",
}
_WORDS: Final = (
    ("both", "found before labels in most worlds"),
    ("labels", "found with a fifth of the labels"),
    ("neither", "nothing said in most worlds"),
)


def svg(rows: list[dict[str, Any]]) -> str:
    """A dot plot in SVG: one line an archetype, one dot a world, harm as a share of profit on the axis."""
    height = _TOP + _ROW * len(rows) + 40
    body = [*_legend(), *_axis(height - 34)]
    for place, row in enumerate(sorted(rows, key=lambda one: sum(one["harm"]) / len(one["harm"]))):
        body += _line(row, _TOP + _ROW * place + 12)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + 30} {height}" '
        f'font-family="sans-serif" font-size="11" fill="{_INK}">\n' + "\n".join(body) + "\n</svg>\n"
    )


def _x(harm: float) -> float:
    return _LEFT + _WIDTH * (min(max(harm, _LEAST), _MOST) - _LEAST) / (_MOST - _LEAST)


def _legend() -> list[str]:
    parts = []
    for place, (name, words) in enumerate(_WORDS):
        at = 20 + place * 205
        parts.append(
            f'<circle cx="{at}" cy="16" r="4" fill="{_COLOURS[name]}"/><text x="{at + 8}" y="20">{words}</text>'
        )
    return parts


def _axis(bottom: int) -> list[str]:
    marks = []
    for harm in (0.0, HARMFUL, 0.25, 0.5, 0.75):
        dash = ' stroke-dasharray="4 3"' if harm == HARMFUL else ""
        colour = "#c33" if harm == HARMFUL else "#ddd"
        marks.append(
            f'<line x1="{_x(harm):.1f}" x2="{_x(harm):.1f}" y1="{_TOP}" y2="{bottom}" stroke="{colour}"{dash}/>'
        )
        marks.append(f'<text x="{_x(harm):.1f}" y="{bottom + 14}" text-anchor="middle">{harm:.0%}</text>')
    words = "profit lost, of what the best score would earn (beyond 75 % drawn at the edge)"
    return [*marks, f'<text x="{_LEFT + _WIDTH / 2}" y="{bottom + 29}" text-anchor="middle">{words}</text>']


def _line(row: dict[str, Any], y: int) -> list[str]:
    said = "both" if row["before_labels"] > 0.5 else "labels" if row["with_labels"] > 0.5 else "neither"  # noqa: PLR2004 - most
    name = escape(row["name"]) + ("" if row["tuned"] else " *")
    dots = [
        f'<circle cx="{_x(harm):.1f}" cy="{y - 4}" r="3" fill="{_COLOURS[said]}" opacity="0.6"/>'
        for harm in row["harm"]
    ]
    return [f'<text x="{_LEFT - 10}" y="{y}" text-anchor="end">{name}</text>', *dots]

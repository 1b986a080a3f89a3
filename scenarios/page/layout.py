"""The two sizes every chart is drawn in: one for a desk, one for a phone. The style sheet shows the one that fits."""

from dataclasses import dataclass, replace

from scenarios.page.figures import month_parts

LETTER, BOLD_LETTER = 0.58, 0.66
"""Mean width of a letter as a share of the font size, on the wide side of the usual sans-serif fonts."""

SMALL = 11.5
"""Font size in user units; charts are shown at 0.8 to 1.4 times their own size."""

LABEL_GAP = 3.0
"""Pixels kept free on either side of a month's label."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """Measures in user units (about pixels). `side` is the room right of the plot; 0 puts the legend below."""

    name: str
    width: float
    left: float
    side: float
    plot: float

    @property
    def right(self) -> float:
        """Where the plot ends."""
        return self.width - (self.side or 10.0)


WIDE = Layout(name="wide", width=960.0, left=58.0, side=178.0, plot=250.0)
NARROW = Layout(name="narrow", width=360.0, left=46.0, side=0.0, plot=190.0)
LAYOUTS = (WIDE, NARROW)


def low(layout: Layout, share: float) -> Layout:
    """The layout with a plot of `share` of its height."""
    return replace(layout, plot=layout.plot * share)


def text_width(text: str, *, bold: bool = False) -> float:
    """About how wide a small text is."""
    return len(text) * SMALL * (BOLD_LETTER if bold else LETTER)


def column_names(labels: tuple[str, ...], width: float) -> list[tuple[str, str]]:
    """What stands under each column of `width`: a short name and, where it is new, the year.

    Names are left out (empty) at even distances where not all of them fit.

    >>> column_names(("2024-12", "2025-01"), 40.0)
    [('Dec', '2024'), ('Jan', '2025')]
    """
    every = max(1, -(-_widest(labels) // max(width, 1.0)))
    names, last = [], ""
    for index, label in enumerate(labels):
        name, year = month_parts(label) or (label, "")
        shown = index % every == 0
        names.append((name if shown else "", year if shown and year != last else ""))
        last = year if shown else last
    return names


def _widest(labels: tuple[str, ...]) -> float:
    return max((text_width((month_parts(one) or (one,))[0]) for one in labels), default=0.0) + LABEL_GAP

"""Put a name to the factor by which a column has changed."""

import math
from dataclasses import dataclass

FACTORS = (
    (1000.0, "thousands written as units, or milli- for whole units"),
    (100.0, "cents for whole money, or percent for shares"),
    (60.0, "minutes for hours, or seconds for minutes"),
    (3600.0, "seconds for hours"),
    (86400.0, "seconds for days"),
    (1440.0, "minutes for days"),
    (24.0, "hours for days"),
    (30.0, "days for months"),
    (12.0, "months for years, or yearly for monthly"),
    (7.0, "days for weeks"),
    (30.0 / 7.0, "a 30-day for a 7-day window"),
    (1024.0, "kibi- for whole units"),
    (1e6, "millions written as units, or micro- for whole units"),
    (10.0, "a shifted decimal point"),
)
"""Factor and what usually stands behind it, likeliest first."""

_TOLERANCE = 0.05
"""A ratio within this share of a factor is taken for it: customers drift a little in the same month."""

_MOST_SPREAD = 1.10
"""Good months that differ by more than this factor from their middle cannot make a ratio fit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Factor:
    """A known factor and its words; `undone` where values shrank by it."""

    factor: float
    words: str
    undone: bool

    def __str__(self) -> str:
        shown = f"{self.factor:.3g}" if self.factor < 1000.0 else f"{self.factor:.0f}"  # noqa: PLR2004 - no exponents
        return f"1/{shown} ({self.words}, undone)" if self.undone else f"x{shown} ({self.words})"


def unit_of(ratio: float, spread: float = 1.0) -> Factor | None:
    """Return the known factor that a change by `ratio` (new divided by old, above 0) fits closely, or None.

    `spread` is the factor, 1 or more, by which good months differ from their middle; up to a tenth of it is allowed.

    >>> str(unit_of(98.0))
    'x100 (cents for whole money, or percent for shares)'
    >>> str(unit_of(1 / 60))
    '1/60 (minutes for hours, or seconds for minutes, undone)'
    >>> unit_of(22.6) is None, unit_of(3.3) is None
    (True, True)
    """
    size = max(ratio, 1.0 / ratio)
    distance, factor, words = min((abs(math.log(size / factor)), factor, words) for factor, words in FACTORS)
    if distance > math.log((1.0 + _TOLERANCE) * min(spread, _MOST_SPREAD)):
        return None
    return Factor(factor=factor, words=words, undone=ratio < 1.0)

"""Put a name to the factor by which a column has changed."""

import math

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

_TOLERANCE = 0.10
"""A ratio within this share of a factor is taken for it: customers drift a little in the same month."""


def is_unit(ratio: float, spread: float = 1.0) -> bool:
    """Return whether a change by `ratio` (above 0) looks like one of the known factors.

    >>> is_unit(58.0), is_unit(2.65)
    (True, False)
    """
    return _nearest(ratio)[0] <= math.log((1.0 + _TOLERANCE) * spread)


def name_factor(ratio: float, spread: float = 1.0) -> str:
    """Return what a change by `ratio` (new divided by old, above 0) looks like, in words.

    `spread` is the factor, 1 or more, by which good months differ from their middle.

    >>> name_factor(98.0)
    'x100 (cents for whole money, or percent for shares)'
    >>> name_factor(1 / 60)
    '1/60 (minutes for hours, or seconds for minutes, undone)'
    >>> name_factor(3.3)
    'x3.3'
    """
    if not is_unit(ratio, spread):
        return f"x{ratio:.3g}"
    _, factor, words = _nearest(ratio)
    shown = f"{factor:.3g}" if factor < 1000.0 else f"{factor:.0f}"  # noqa: PLR2004 - no exponents
    return f"x{shown} ({words})" if ratio > 1.0 else f"1/{shown} ({words}, undone)"


def _nearest(ratio: float) -> tuple[float, float, str]:
    """Return the distance on a log scale to the nearest factor, that factor, and its words."""
    size = max(ratio, 1.0 / ratio)
    return min((abs(math.log(size / factor)), factor, words) for factor, words in FACTORS)

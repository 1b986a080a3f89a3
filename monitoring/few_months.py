"""How little a spread says that was learnt from a few good months."""

from typing import Final

WIDTHS: Final = 3.0
"""Standard deviations around what good months show within which a month passes."""

_A_YEAR: Final = 12
_MOST: Final = 2.0


def widening(months: int) -> float:
    """Return the factor by which `WIDTHS` of a spread from a few good months are widened to pass as many sound months.

    Student's t for the normal, at most doubled: from two or three months nothing is learnt, and the full factor would
    blind the limit. From a year of months on their spread is believed as it is.

    >>> [round(widening(months), 2) for months in (2, 6, 8, 12)]
    [2.0, 1.84, 1.51, 1.0]
    """
    from scipy.stats import norm, t

    if not 2 <= months < _A_YEAR:  # noqa: PLR2004 - one month has no spread
        return 1.0
    return min(float(t.isf(norm.sf(WIDTHS), months - 1)) / WIDTHS, _MOST)

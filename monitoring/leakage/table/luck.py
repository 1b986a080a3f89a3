"""Whether a column knows the luck of the rows that share a value: the mark of an average of their own labels.

An honest column predicts the chance of the outcome; which rows of a group then turn out positive is luck that it
cannot know. A column made from those labels follows the luck too: group rates lie closer to it than dice allow.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from monitoring.columns import Counts, Floats

FEWEST_GROUPS: Final = 12
"""Groups of two rows or more."""

LEAST_COVERED: Final = 0.3
"""Share of the rows that such groups must hold."""

DEGREE: Final = 3
"""Degree of the curve from value to rate."""

SAME: Final = 1e-6
"""A value this close to the mean label of its rows is that mean."""

_EDGE: Final = 1e-3


@dataclass(frozen=True, kw_only=True, slots=True)
class Luck:
    """Group rates about a smooth curve of the value; `rows` is the mean size of a group.

    `scatter` over what chance gives (1), the probability of so little by chance, the share of the variance of group
    rates that the curve explains, and the share of rows whose value is exactly the mean label of its group.
    """

    groups: int
    rows: float
    scatter: float
    p_value: float
    fit: float
    exact: float


def luck_of(values: Floats, target: Floats, groups: Counts) -> Luck | None:
    """Scatter of group rates about a curve of the values, one value a group; None with too few groups.

    References
    ----------
    Pearson's dispersion of a binomial regression (McCullagh & Nelder 1989, 4.4) read at its lower tail, as a scaled
    chi-square with the variance of squared standardised binomials (Satterthwaite 1946).
    """
    rows: Floats = np.bincount(groups).astype(np.float64)
    several = rows > 1
    if several.sum() < FEWEST_GROUPS or rows[several].sum() < LEAST_COVERED * len(values):
        return None
    ones: Floats = np.asarray(np.bincount(groups, weights=target), dtype=np.float64)[several]
    places = (np.bincount(groups, weights=values) / np.maximum(rows, 1.0))[several]
    return _luck(places, rows[several], ones)


def _luck(places: Floats, rows: Floats, ones: Floats) -> Luck | None:
    rates = ones / rows
    overall = float(ones.sum() / rows.sum())
    curve = np.clip(_curve(places, rates, rows, overall), _EDGE, 1.0 - _EDGE)
    freedom = len(rows) - DEGREE - 2
    variance = curve * (1.0 - curve)
    squares = float(np.sum((rates - curve) ** 2 * rows / variance))
    spread = float(np.sum(2.0 + np.maximum((1.0 - 6.0 * variance) / (rows * variance), 0.0)))
    around = float(np.average((rates - overall) ** 2, weights=rows))
    left = float(np.average((rates - curve) ** 2, weights=rows))
    return Luck(
        groups=len(rows),
        rows=float(rows.mean()),
        scatter=squares / freedom,
        p_value=_lower_tail(squares, freedom, spread),
        fit=1.0 - left / around if around > 0.0 else 0.0,
        exact=_exact(places, rates, rows),
    )


def _lower_tail(squares: float, freedom: int, spread: float) -> float:
    from scipy.stats import chi2

    scale = spread / (2.0 * freedom)
    return float(chi2.cdf(squares / scale, freedom / scale))


def _exact(places: Floats, rates: Floats, rows: Floats) -> float:
    """Share of rows in groups whose value is their mean label, of those whose mean is neither 0 nor 1."""
    mixed = (rates > 0.0) & (rates < 1.0)
    if mixed.sum() < FEWEST_GROUPS or len(np.unique(places[mixed].round(6))) < FEWEST_GROUPS:
        return 0.0
    return float(np.average(np.abs(places - rates)[mixed] < SAME, weights=rows[mixed]))


def _curve(places: Floats, rates: Floats, rows: Floats, overall: float) -> Floats:
    """Weighted least squares on powers of the value, and on what shrinking by group size would take away."""
    spread = float(places.std())
    if spread == 0.0:
        return np.full(len(places), overall)
    scaled = (places - float(places.mean())) / spread
    terms = np.column_stack([scaled**power for power in range(DEGREE + 1)] + [(places - overall) / rows])
    terms[:, -1] /= max(float(np.abs(terms[:, -1]).max()), 1e-12)
    weight = np.sqrt(rows)
    solved = np.linalg.lstsq(terms * weight[:, None], rates * weight, rcond=None)[0]
    return np.asarray(terms @ solved, dtype=np.float64)


def coded(column: pd.Series) -> Counts:
    """Codes of a column's values from 0; missing cells share one."""
    codes = np.asarray(pd.factorize(column)[0], dtype=np.int64)
    return np.where(codes < 0, codes.max() + 1, codes)


def settles(levels: Counts, values: Counts) -> bool:
    """Whether every level goes with one value only."""
    first = np.zeros(int(levels.max()) + 1, dtype=np.int64)
    first[levels[::-1]] = values[::-1]
    return bool(np.array_equal(first[levels], values))


def useful(codes: Counts) -> bool:
    """Whether there are enough groups, and rows in them, to look at."""
    groups = int(codes.max()) + 1
    return FEWEST_GROUPS <= groups <= len(codes) / 2

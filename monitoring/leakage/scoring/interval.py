"""How far a mean AUC over parts may lie from what the procedure gives on average: rows, customers, months, training."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from monitoring.columns import Counts, Floats

_UPPER: Final = 0.975
"""Of a two-sided 95 % interval."""

LUCK_OF_LEARNING: Final = 0.2
LUCK_OF_FEW: Final = 150.0
"""The learner's own luck, as a share of the variance from the rows judged: .2, and 150 over the number of positives.

Parts that follow one another in time show most of it by how they differ, so that .2 is enough for them. Measured with
`benchmarks/audit_coverage.py`; folds that share most of their training rows cannot show it.
"""

LUCK_OF_MONTHS: Final = 0.3
"""What months do to the learner, as a share of what they do to the rows judged; measured the same way."""

_FEWEST_PERIODS: Final = 3

_FEWEST_CLUSTERS: Final = 2
"""Rows of one single customer say nothing of how customers differ: they are taken for rows that stand alone."""


def reach(
    parts: Sequence[tuple[Floats, float]],
    moved: Floats,
    *,
    ones: float,
    entity: Counts | None,
    period: Counts | None,
    ordered: bool,
) -> float:
    """Half the width of a 95 % interval for a mean AUC.

    Parameters
    ----------
    parts
        For each part judged the influences of its rows on its AUC, and its AUC.
    moved
        Influence of every row on the mean AUC, shape (n,).
    ones
        Positive rows judged.
    entity, period
        Rows of one customer, and rows of one month, depend on each other; codes from 0, -1 for none.

    ordered
        Whether the parts follow one another in time, so that they differ as months do.

    References
    ----------
    Cameron, Gelbach & Miller 2011 for errors clustered two ways; naive intervals from cross-validation ignore both and
    the learner's own luck, and cover 55 % where they promise 95 (Roth 2026).
    """
    from scipy.stats import norm, t

    luck = LUCK_OF_LEARNING + (0.0 if ordered else LUCK_OF_FEW / max(ones, 1.0))
    spread, customers = _clustered(moved, entity)
    rows = spread * (1.0 + luck)
    steps = _between(parts) if ordered else 0.0
    months, count = _months(moved, period)
    months *= 1.0 + LUCK_OF_MONTHS
    wide = float(t.ppf(_UPPER, count - 1)) if months > 0.0 else 0.0
    usual = float(norm.ppf(_UPPER))
    each = usual if entity is None else float(t.ppf(_UPPER, customers - 1))
    return float(np.sqrt(each**2 * rows + usual**2 * steps + wide**2 * months))


def _clustered(moved: Floats, cluster: Counts | None) -> tuple[float, int]:
    """The variance from drawing rows, or whole clusters of them; and how many were drawn."""
    judged = moved != 0.0
    if cluster is not None:
        sums = np.bincount(cluster[judged], weights=moved[judged])
        count = len(np.unique(cluster[judged]))
        if count >= _FEWEST_CLUSTERS:
            return float(np.sum(sums**2)) * count / (count - 1), count
    return float(np.sum(moved**2)), max(int(judged.sum()), _FEWEST_CLUSTERS)


def _between(parts: Sequence[tuple[Floats, float]]) -> float:
    """The variance of the parts' AUCs beyond what their rows explain."""
    if len(parts) < 2:  # noqa: PLR2004 - a variance needs two
        return 0.0
    own = float(np.mean([np.sum(influence**2) for influence, _ in parts]))
    return max(float(np.var([auc for _, auc in parts], ddof=1)) - own, 0.0)


def _months(moved: Floats, period: Counts | None) -> tuple[float, int]:
    """The variance that rows of a month share beyond their own, and the number of months."""
    if period is None:
        return 0.0, 0
    known = (period >= 0) & (moved != 0.0)
    sums = np.bincount(period[known], weights=moved[known])
    count = len(np.unique(period[known]))
    if count < _FEWEST_PERIODS:
        return 0.0, count
    own = float(np.sum(moved[known] ** 2))
    return max(float(np.sum(sums**2)) * count / (count - 1) - own, 0.0), count

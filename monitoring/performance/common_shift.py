"""The one change of log-odds that brings all scores to the number of churners there really were."""

from typing import Final

import numpy as np

from monitoring.columns import Floats

_STEPS: Final = 25
"""Newton's method doubles the digits with each step; from a score's log-odds it never needs more."""


def common_shift(scores: Floats, churned: Floats, weights: Floats | None = None) -> float:
    """Return the shift of log-odds after which scores add up to the churners; finite even where none or all left.

    Parameters
    ----------
    scores
        Probabilities strictly between 0 and 1, shape (n,).
    churned
        0 or 1, shape (n,).
    weights
        How many customers each row stands for; None: one.

    References
    ----------
    Cox 1958: the intercept of a logistic recalibration with slope 1.

    Examples
    --------
    >>> round(common_shift(np.full(4, 0.5), np.array([1.0, 0.0, 0.0, 0.0])), 3)
    -1.099
    """
    counts = np.ones(len(scores)) if weights is None else weights
    offset = np.log(scores) - np.log1p(-scores)
    shift = 0.0
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-(offset + shift)))
        slope = float(np.sum(counts * chance * (1.0 - chance)))
        shift += float(np.clip(np.sum(counts * (churned - chance)) / max(slope, np.finfo(float).tiny), -1.0, 1.0))
    return shift


def shifted(scores: Floats, shift: float) -> Floats:
    """Return probabilities with their log-odds changed by `shift`."""
    odds = scores / (1.0 - scores) * np.exp(shift)
    return np.asarray(odds / (1.0 + odds))

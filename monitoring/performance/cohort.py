"""One month's predictions with the truth that has landed: what they promised, and what came."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitoring.columns import Floats, as_numbers, first_of
from monitoring.errors import MonitorError
from monitoring.performance.metrics import (
    Auc,
    auc,
    brier,
    calibration_error,
    calibration_ratio,
    clipped,
    lift,
    log_loss,
)
from monitoring.performance.profit import Economics, Gap, gap, profit

MIN_CHURNERS = 20
"""With fewer churners (or fewer who stayed) a cohort cannot tell."""

_NO_SPREAD = 1e-12
"""Scores whose log-odds vary less than this are all the same: they rank nobody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cohort:
    """What a prediction month turned out to be.

    `level` is the standardised surplus of churners over the scores' sum. `ranking` is the standardised
    score-test statistic for the scores spreading too widely: above 0, high scores churn less and low scores
    more than they should, at the same total. Both have mean 0 and sd 1 while the scores are calibrated.
    Money is per 1000 customers.
    """

    month: str
    rows: int
    churners: int
    expected: float
    auc: Auc
    log_loss: float
    brier: float
    calibration_error: float
    calibration_ratio: float
    lift: float
    level: float
    ranking: float
    profit: float
    promised: float
    gap: Gap

    @property
    def usable(self) -> bool:
        """Whether there are churners and stayers enough to say anything."""
        return min(self.churners, self.rows - self.churners) >= MIN_CHURNERS


def read(month: str, table: pd.DataFrame, threshold: float, economics: Economics) -> Cohort:
    """Return the cohort of a month from its columns `score` (0 to 1) and `churned` (0/1 or true/false).

    Rows without a usable score or without a label yet are left out.
    """
    churned, scores = _labelled(month, table)
    level, ranking = residuals(churned, scores)
    return Cohort(
        month=month,
        rows=len(churned),
        churners=int(churned.sum()),
        expected=float(scores.sum()),
        auc=auc(churned, scores),
        log_loss=log_loss(churned, scores),
        brier=brier(churned, scores),
        calibration_error=calibration_error(churned, scores),
        calibration_ratio=calibration_ratio(churned, scores),
        lift=lift(churned, scores),
        level=level,
        ranking=ranking,
        profit=profit(churned, scores, threshold, economics),
        promised=profit(scores, scores, threshold, economics),
        gap=gap(churned, scores, threshold, economics),
    )


def _labelled(month: str, table: pd.DataFrame) -> tuple[Floats, Floats]:
    missing = [name for name in ("score", "churned") if name not in table.columns]
    if missing:
        raise MonitorError(
            f"The cohort of {month} lacks {', '.join(missing)}. It needs the columns score and churned; "
            f"given were: {', '.join(map(str, table.columns)) or 'none'}."
        )
    scores, churned = as_numbers(first_of(table, "score")).cells, as_numbers(first_of(table, "churned")).cells
    known = (scores >= 0.0) & (scores <= 1.0) & ((churned == 0.0) | (churned == 1.0))
    return churned[known], scores[known]


def residuals(churned: Floats, scores: Floats) -> tuple[float, float]:
    """Return the standardised level and ranking residuals of labels against scores; 0 without variance.

    They are the two independent parts of the score test of a logistic recalibration (intercept and slope).

    References
    ----------
    Cox 1958; Spiegelhalter 1986.
    """
    probability = clipped(scores)
    variance = probability * (1.0 - probability)
    if variance.sum() <= 0.0:
        return 0.0, 0.0
    surplus = churned - probability
    logit = np.log(probability / (1.0 - probability))
    centred = logit - np.sum(variance * logit) / variance.sum()
    spread = np.sum(variance * centred**2)
    ranking = -np.sum(surplus * centred) / np.sqrt(spread) if spread > _NO_SPREAD * variance.sum() else 0.0
    return float(surplus.sum() / np.sqrt(variance.sum())), float(ranking)

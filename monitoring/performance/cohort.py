"""One month's predictions with the truth that has landed: what they promised, and what came."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
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
    log_loss_error,
)
from monitoring.performance.profit import PER_CUSTOMERS, Economics, Gap, gap, profit, stakes

MIN_CHURNERS = 20
"""With fewer churners (or fewer who stayed) a cohort cannot tell."""

WEIGHT = "weight"
"""The optional column that says for how many customers a labelled row stands (1 / its chance of being labelled)."""

WHOLE = 0.95
"""From this share of labels on a cohort counts as landed; below, only weights make a fair sample of it."""

_NO_SPREAD = 1e-12
"""Scores whose log-odds vary less than this are all the same: they rank nobody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cohort:
    """What a prediction month turned out to be.

    `level` is the standardised surplus of churners over the scores' sum. `ranking` is the standardised
    score-test statistic for the scores spreading too widely: above 0, high scores churn less and low scores
    more than they should, at the same total. `value` and `campaign` are the two parts of `gap` over their sd.
    All four have mean 0 and sd 1 while the scores are calibrated. Money is per 1000 customers; `chance` is the
    sd of the two gaps (campaign, value) by chance alone. `size` is how many equally weighted rows would say as
    much; `landed` the share of the scored rows whose label is known.
    """

    month: str
    rows: int
    churners: int
    expected: float
    size: float
    landed: float
    weighted: bool
    auc: Auc
    log_loss: float
    log_loss_error: float
    brier: float
    calibration_error: float
    calibration_ratio: float
    lift: float
    level: float
    ranking: float
    value: float
    campaign: float
    profit: float
    promised: float
    gap: Gap
    chance: tuple[float, float]

    @property
    def usable(self) -> bool:
        """Whether there are churners and stayers enough to say anything, and no unfair choice of them."""
        return min(self.churners, self.rows - self.churners) >= MIN_CHURNERS and self.fair

    @property
    def fair(self) -> bool:
        """Whether the labels are nearly all there, or a sample with known weights."""
        return self.weighted or self.landed >= WHOLE


@dataclass(frozen=True, kw_only=True, slots=True)
class Labelled:
    """The rows of a cohort that can be judged: 0/1, score, weight; `landed` is their share of the scored rows."""

    churned: Floats
    scores: Floats
    weights: Floats
    weighted: bool
    landed: float

    def part(self, inside: npt.NDArray[np.bool_]) -> "Labelled":
        """Return some of these rows; `inside` has one answer a row."""
        return replace(self, churned=self.churned[inside], scores=self.scores[inside], weights=self.weights[inside])


def read(month: str, table: pd.DataFrame, threshold: float, economics: Economics) -> Cohort:
    """Return the cohort of a month from its columns `score` (0 to 1), `churned` (0/1 or true/false), maybe `weight`.

    Rows without a usable score or without a label yet are left out, and with a column `weight` those without a
    weight above 0.
    """
    given = labelled(month, table)
    churned, scores, weights = given.churned, given.scores, given.weights
    level, ranking = residuals(churned, scores, weights=weights if given.weighted else None)
    money, chance = money_residuals(given, threshold, economics)
    return Cohort(
        month=month,
        rows=len(churned),
        churners=int(churned.sum()),
        expected=float(np.sum(weights * scores)),
        size=float(weights.sum() ** 2 / np.sum(weights**2)) if len(weights) else 0.0,
        landed=given.landed,
        weighted=given.weighted,
        auc=auc(churned, scores, weights=weights),
        log_loss=log_loss(churned, scores, weights=weights),
        log_loss_error=log_loss_error(churned, scores, weights=weights),
        brier=brier(churned, scores, weights=weights),
        calibration_error=calibration_error(churned, scores, weights=weights),
        calibration_ratio=calibration_ratio(churned, scores, weights=weights),
        lift=lift(churned, scores, weights=weights if given.weighted else None),
        level=level,
        ranking=ranking,
        campaign=money[0],
        value=money[1],
        profit=profit(churned, scores, threshold, economics, weights=weights),
        promised=profit(scores, scores, threshold, economics, weights=weights),
        gap=gap(churned, scores, threshold, economics, weights=weights),
        chance=chance,
    )


def labelled(month: str, table: pd.DataFrame) -> Labelled:
    """Return the rows that can be judged. Raises MonitorError where a column is missing."""
    return labelled_rows(month, table)[0]


def labelled_rows(month: str, table: pd.DataFrame) -> tuple[Labelled, npt.NDArray[np.bool_]]:
    """Return the rows that can be judged, and which of the table's rows they are."""
    missing = [name for name in ("score", "churned") if name not in table.columns]
    if missing:
        raise MonitorError(
            f"The cohort of {month} lacks {', '.join(missing)}. It needs the columns score and churned; "
            f"given were: {', '.join(map(str, table.columns)) or 'none'}."
        )
    scores, churned = (as_numbers(first_of(table, name)).cells for name in ("score", "churned"))
    weighted = WEIGHT in table.columns
    weights = as_numbers(first_of(table, WEIGHT)).cells if weighted else np.ones(len(table))
    scored = (scores >= 0.0) & (scores <= 1.0)
    known = scored & ((churned == 0.0) | (churned == 1.0)) & (weights > 0.0)
    given = Labelled(
        churned=churned[known],
        scores=scores[known],
        weights=weights[known],
        weighted=weighted,
        landed=float(known.sum() / max(scored.sum(), 1)),
    )
    return given, known


def residuals(churned: Floats, scores: Floats, *, weights: Floats | None = None) -> tuple[float, float]:
    """Return the standardised level and ranking residuals of labels against scores; 0 without variance.

    They are the two independent parts of the score test of a logistic recalibration (intercept and slope).
    Weighted sums are divided by the sd estimated from the rows themselves, which holds also where churners had
    another chance of being labelled than those who stayed.

    References
    ----------
    Cox 1958; Spiegelhalter 1986; White 1980 for the sd of weighted sums.
    """
    probability = clipped(scores)
    variance = probability * (1.0 - probability)
    if variance.sum() <= 0.0:
        return 0.0, 0.0
    counts = np.ones(len(scores)) if weights is None else weights
    logit = np.log(probability / (1.0 - probability))
    centred = logit - np.sum(counts * variance * logit) / np.sum(counts * variance)
    spread = np.sum(variance * centred**2)
    flat = spread <= _NO_SPREAD * variance.sum()
    level, _ = _standardised(np.ones(len(scores)), churned, scores, weights)
    return level, 0.0 if flat else -_standardised(centred, churned, scores, weights)[0]


def money_residuals(
    given: Labelled, threshold: float, economics: Economics
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the gaps in money (campaign, value) over their sd by chance, and that sd per 1000 customers."""
    weights = given.weights if given.weighted else None
    per_row = stakes(given.scores, threshold, economics)
    found = [_standardised(per_row[:, one], given.churned, given.scores, weights) for one in (0, 1)]
    per_head = PER_CUSTOMERS / max(float(given.weights.sum()), 1.0)
    return (found[0][0], found[1][0]), (found[0][1] * per_head, found[1][1] * per_head)


def _standardised(factor: Floats, churned: Floats, scores: Floats, weights: Floats | None) -> tuple[float, float]:
    """Return the sum of factor x surplus over its sd by chance, and that sd; 0 without variance."""
    probability = clipped(scores)
    surplus = churned - probability
    if weights is None:
        variance = float(np.sum(factor**2 * probability * (1.0 - probability)))
        total = float(np.sum(factor * surplus))
    else:
        variance = float(np.sum((weights * factor * surplus) ** 2))
        total = float(np.sum(weights * factor * surplus))
    sd = float(np.sqrt(variance))
    return (total / sd if sd > 0.0 else 0.0), sd

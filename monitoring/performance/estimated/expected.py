"""What scores are expected to achieve, given a probability of churn for each: four figures and their luck."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from monitoring.columns import Floats
from monitoring.performance.metrics import clipped
from monitoring.performance.profit import PER_CUSTOMERS, Economics

FIGURES = ("auc", "log_loss", "churn_rate", "profit")
"""The figures estimated, in the order of every array that holds them: shape (4,)."""

_GROUPS = 2000
"""Neighbouring scores are gathered into about this many groups; the AUC changes in the sixth decimal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scores:
    """Scores in rising order, gathered into groups of neighbours: cheap to go over many times, at any size.

    Each array has one cell a group: the mean `score`, the mean log-odds, the mean logarithms of score and of
    1 - score, the number of `rows`, and how many of these are `flagged` (at or above the threshold).
    """

    score: Floats
    log_odds: Floats
    log_score: Floats
    log_rest: Floats
    rows: Floats
    flagged: Floats

    @property
    def total(self) -> float:
        """Rows of all groups."""
        return float(self.rows.sum())


def gather(values: npt.ArrayLike, threshold: float) -> Scores:
    """Return scores (0 to 1, at least one, in any order) gathered into groups; no group straddles the threshold."""
    return gather_labelled(values, np.zeros(np.size(values)), threshold)[0]


def gather_labelled(values: npt.ArrayLike, churned: npt.ArrayLike, threshold: float) -> tuple[Scores, Floats]:
    """Return scores gathered into groups, and the churners (0/1 a row) of each group."""
    raw = np.asarray(values, dtype=np.float64)
    order = np.argsort(raw, kind="stable")
    ordered, left = raw[order], np.asarray(churned, dtype=np.float64)[order]
    starts = _starts(ordered, threshold)
    rows = np.diff(np.append(starts, len(ordered))).astype(np.float64)
    kept = clipped(ordered)
    log_score, log_rest = (np.add.reduceat(part, starts) / rows for part in (np.log(kept), np.log1p(-kept)))
    scores = Scores(
        score=np.add.reduceat(ordered, starts) / rows,
        log_odds=log_score - log_rest,
        log_score=log_score,
        log_rest=log_rest,
        rows=rows,
        flagged=np.where(ordered[starts] >= threshold, rows, 0.0),
    )
    return scores, np.add.reduceat(left, starts)


def _starts(ordered: Floats, threshold: float) -> npt.NDArray[np.intp]:
    even = np.linspace(0, len(ordered), min(_GROUPS, len(ordered)) + 1)[:-1].astype(np.intp)
    cut = int(np.searchsorted(ordered, threshold))
    return np.unique(np.append(even, np.intp(cut))) if cut < len(ordered) else even


def estimate_auc(scores: npt.ArrayLike) -> float:
    """Return the AUC expected of calibrated probabilities, by giving every row to both classes in its share.

    >>> round(estimate_auc([0.2, 0.8]), 4)
    0.9412

    References
    ----------
    Confidence-based performance estimation, NannyML 2022; the same figure follows from Guerrero-Curieses 2004.
    """
    gathered = gather(scores, 2.0)
    return expected_auc(gathered, gathered.score)


def expected_auc(scores: Scores, probability: Floats) -> float:
    """Return the AUC of the scores when a row of a group churns with the group's probability; NaN without pairs.

    Rows of one group count as ties: half a point a pair.
    """
    p = clipped(probability)
    churners, stayers = scores.rows * p, scores.rows * (1.0 - p)
    below = np.cumsum(stayers) - stayers
    alone = scores.rows * p * (1.0 - p)
    every = churners.sum() * stayers.sum() - alone.sum()
    pairs = churners @ below + (churners @ stayers - alone.sum()) / 2.0
    return float(pairs / every) if every > 0.0 else float("nan")


def expected(scores: Scores, probability: Floats, economics: Economics) -> Floats:
    """Return the expected figures, shape (4,): AUC, log loss (nats a row), churn rate, profit (money per 1000)."""
    churners = scores.rows * probability
    flagged = scores.flagged * probability
    earned = flagged.sum() * economics.gain - (scores.flagged.sum() - flagged.sum()) * economics.loss
    loss = churners @ scores.log_score + (scores.rows - churners) @ scores.log_rest
    return np.array(
        [
            expected_auc(scores, probability),
            -loss / scores.total,
            churners.sum() / scores.total,
            earned / scores.total * PER_CUSTOMERS,
        ]
    )


def luck(scores: Scores, probability: Floats, economics: Economics) -> Floats:
    """Return the variances, shape (4,), that the figures have because each customer's churn is drawn.

    Each is the sum over rows of p(1 - p) times the squared change of the figure with that row's label; for the AUC
    this is the variance of a U statistic's first-order (Hajek) projection.
    """
    p = clipped(probability)
    churners, stayers = scores.rows * p, scores.rows * (1.0 - p)
    many, few = churners.sum(), stayers.sum()
    stayers_below = np.cumsum(stayers) - stayers / 2.0
    churners_above = many - np.cumsum(churners) + churners / 2.0
    auc = (stayers_below - churners_above - expected_auc(scores, p) * (few - many)) / (many * few)
    contacted = scores.flagged / scores.rows
    swing = (economics.gain + economics.loss) * PER_CUSTOMERS
    slopes = np.array(
        [auc, scores.log_odds / scores.total, np.full_like(p, 1.0 / scores.total), contacted * swing / scores.total]
    )
    return np.asarray(slopes**2 @ (scores.rows * p * (1.0 - p)))

"""What is really true of a month and of a deployed score, from exact churn probabilities instead of outcomes.

If customer i leaves with probability p_i, a mean over outcomes has an exact expectation: no luck, no wait for labels.
AUC and the calibration ratio are ratios of expectations, whose distance to the expected ratio is of order 1/n.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitoring.performance.profit import Economics

Floats = npt.NDArray[np.float64]

SMALLEST_SCORE = 1e-15
"""Scores are kept this far from 0 and 1 in the log loss (as scikit-learn does in double precision)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthTruth:
    """The best that any model could do in a month, and what happened.

    `bayes_auc` and `bayes_log_loss` (nats a customer) belong to the exact probabilities as score; churners are counts,
    expected ones sums of probabilities. `untreated` and `treated` are mean churn probabilities if nobody, or everybody,
    got a campaign contact. `contacted` customers were reached by this month's campaign, and `prevented` is the number
    of churners it is expected to have saved among them (negative where contact does harm).
    """

    month: int
    customers: int
    churners: int
    expected_churners: float
    expected_involuntary: float
    bayes_auc: float
    bayes_log_loss: float
    untreated: float
    treated: float
    contacted: int
    prevented: float


@dataclass(frozen=True, kw_only=True, slots=True)
class TruePerformance:
    """Exact expected performance of a score: log loss in nats; `calibration_ratio` is predicted over expected churn."""

    auc: float
    log_loss: float
    brier: float
    calibration_ratio: float


@dataclass(frozen=True, kw_only=True, slots=True)
class TrueCampaign:
    """Exact expected result of contacting everyone at or above a threshold: money, counts and recall in [0, 1]."""

    profit: float
    flagged: int
    expected_recall: float
    expected_precision: float


def month_truth(month: int, truth: pd.DataFrame) -> MonthTruth:
    """Summarise one month's truth table (columns as the recorder writes them)."""
    p = truth["bayes"].to_numpy(np.float64)
    reached = truth["contacted"].to_numpy() == 1
    spared = (truth["untreated"] - truth["treated"]).to_numpy(np.float64)
    return MonthTruth(
        month=month,
        customers=len(truth),
        churners=int((truth["reason"] >= 0).sum()),
        expected_churners=float(p.sum()),
        expected_involuntary=_left_unpaid(p, truth["involuntary"].to_numpy(np.float64)),
        bayes_auc=expected_auc(p, p),
        bayes_log_loss=expected_log_loss(p, p),
        untreated=float(truth["untreated"].mean()),
        treated=float(truth["treated"].mean()),
        contacted=int(reached.sum()),
        prevented=float(spared[reached].sum()),
    )


def _left_unpaid(p: Floats, involuntary: Floats) -> float:
    """Expected churners for nonpayment: those who would not have left of their own accord in the same month."""
    stays = np.divide(1.0 - p, 1.0 - involuntary, out=np.zeros_like(p), where=involuntary < 1.0)
    return float((involuntary * stays).sum())


def true_performance(score: Floats, p: Floats) -> TruePerformance:
    """Exact expected performance of `score` on customers who leave with probability `p`, shape (n,) each."""
    return TruePerformance(
        auc=expected_auc(score, p),
        log_loss=expected_log_loss(score, p),
        brier=expected_brier(score, p),
        calibration_ratio=float(score.sum() / p.sum()),
    )


def expected_auc(score: Floats, p: Floats) -> float:
    """Chance that a random leaver outscores a random stayer, ties half, weighted by p and 1 - p; NaN without either.

    Sorting once gives the sum over all pairs in O(n log n). A customer is never paired with itself.

    >>> expected_auc(np.array([0.9, 0.5, 0.1]), np.array([1.0, 1.0, 0.0]))
    1.0
    """
    _, group = np.unique(score, return_inverse=True)
    leave, stay = np.bincount(group, weights=p), np.bincount(group, weights=1.0 - p)
    below = np.cumsum(stay) - stay
    itself = float((p * (1.0 - p)).sum())
    pairs = float(p.sum() * (1.0 - p).sum()) - itself
    won = float((leave * (below + 0.5 * stay)).sum()) - 0.5 * itself
    return won / pairs if pairs > 0.0 else float("nan")


def expected_log_loss(score: Floats, p: Floats) -> float:
    """Expected log loss in nats a customer; with the true probabilities as score it is their mean entropy."""
    q = np.clip(score, SMALLEST_SCORE, 1.0 - SMALLEST_SCORE)
    return float(-(p * np.log(q) + (1.0 - p) * np.log1p(-q)).mean())


def expected_brier(score: Floats, p: Floats) -> float:
    """Expected squared error: distance to the truth plus the irreducible p(1 - p)."""
    return float(((score - p) ** 2 + p * (1.0 - p)).mean())


def expected_campaign(score: Floats, p: Floats, *, threshold: float, economics: Economics) -> TrueCampaign:
    """Exact expected result of contacting every customer whose score reaches `threshold`."""
    flagged = score >= threshold
    caught = float(p[flagged].sum())
    count = int(flagged.sum())
    return TrueCampaign(
        profit=caught * economics.gain - (count - caught) * economics.loss,
        flagged=count,
        expected_recall=caught / float(p.sum()) if len(p) else float("nan"),
        expected_precision=caught / count if count else float("nan"),
    )

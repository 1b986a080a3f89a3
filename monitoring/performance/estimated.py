"""Performance estimated from calibrated scores alone, while labels are still on their way.

It answers "how well would these scores do if they were still true?". It cannot see concept drift: when the
same customers start to leave for new reasons, the scores do not know, and neither does the estimate. Under
label shift it is off as well. Every figure says so, and realised performance replaces it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitoring.columns import as_numbers, first_of
from monitoring.performance.metrics import auc, clipped
from monitoring.performance.profit import Economics, profit
from monitoring.vocabulary import Layer, Measurement, Subject, Verdict

CAVEAT = "estimate from scores alone: blind to concept drift"
"""Said with every estimate."""

BAND_WIDTHS = 3.0
"""Standard deviations of the reference months within which the estimated AUC passes."""

_BAND_FLOOR = 0.005
"""Smallest standard deviation of the estimated AUC believed."""

_INTERVAL_WIDTHS = 2.0
"""Standard deviations of the estimator's own past errors that make its interval."""

_MIN_SCORES = 300
"""With fewer scores there is no estimate."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EstimateReference:
    """Level and spread of the estimated AUC in good months, and how far it was from the realised one."""

    level: float
    spread: float
    bias: float
    error: float
    threshold: float
    economics: Economics


def estimate_auc(scores: npt.ArrayLike) -> float:
    """Return the AUC expected of calibrated probabilities, by giving every row to both classes in its share.

    >>> round(estimate_auc([0.2, 0.8]), 4)
    0.9412

    References
    ----------
    Confidence-based performance estimation, NannyML 2022; the same figure follows from Guerrero-Curieses 2004.
    """
    probability = np.sort(clipped(scores))
    values, starts, counts = np.unique(probability, return_index=True, return_counts=True)
    stay_below = np.concatenate([[0.0], np.cumsum(1.0 - probability)])
    below = stay_below[starts]
    tied = stay_below[starts + counts] - below
    pairs = float(np.sum(values * counts * (below + tied / 2.0)))
    self_pairs = float(np.sum(probability * (1.0 - probability))) / 2.0
    every = probability.sum() * (1.0 - probability).sum() - 2.0 * self_pairs
    return float((pairs - self_pairs) / every)


def build_estimate(cohorts: Mapping[str, pd.DataFrame], *, threshold: float, economics: Economics) -> EstimateReference:
    """Return the estimator's track record on good cohorts: month to (score, churned)."""
    estimated, realised = [], []
    for table in cohorts.values():
        scores, churned = as_numbers(first_of(table, "score")).cells, as_numbers(first_of(table, "churned")).cells
        known = ~(np.isnan(scores) | np.isnan(churned))
        estimated.append(estimate_auc(scores[known]))
        realised.append(auc(churned[known], scores[known]).value)
    errors = np.array(estimated) - np.array(realised)
    enough = len(errors) > 1
    return EstimateReference(
        level=float(np.mean(estimated)),
        spread=max(float(np.std(estimated, ddof=1)) if enough else 0.0, _BAND_FLOOR),
        bias=float(np.nanmean(errors)),
        error=max(float(np.nanstd(errors, ddof=1)) if enough else 0.0, _BAND_FLOOR),
        threshold=threshold,
        economics=economics,
    )


def measure_estimate(reference: EstimateReference, score: pd.Series, month: str) -> list[Measurement]:
    """Return the estimated AUC with its interval, and the profit the scores promise."""
    scores = as_numbers(score).usable
    if len(scores) < _MIN_SCORES:
        return [_cannot_tell(len(scores), month)]
    promised = profit(scores, scores, reference.threshold, reference.economics)
    return [_auc(reference, estimate_auc(scores), float(scores.sum()), month), _profit(reference, promised, month)]


def _auc(reference: EstimateReference, raw: float, expected: float, month: str) -> Measurement:
    limit = reference.level - BAND_WIDTHS * reference.spread
    verdict = Verdict.ALARM if raw < limit else Verdict.OK
    middle, reach = raw - reference.bias, _INTERVAL_WIDTHS * reference.error
    return Measurement(
        month=month,
        layer=Layer.ESTIMATE,
        signal="estimated_auc",
        subject=Subject(feature="score"),
        value=middle,
        threshold=limit - reference.bias,
        method="confidence-based estimation (CBPE)",
        unit="probability",
        verdict=verdict,
        note=CAVEAT if verdict is Verdict.OK else f"estimated AUC {middle:.3f}; {CAVEAT}",
        details=(("low", middle - reach), ("high", middle + reach), ("expected_churners", expected)),
    )


def _profit(reference: EstimateReference, promised: float, month: str) -> Measurement:
    return Measurement(
        month=month,
        layer=Layer.BUSINESS,
        signal="promised_profit",
        subject=Subject(feature="score"),
        value=promised,
        threshold=None,
        method=f"campaign profit the scores promise at threshold {reference.threshold:.4g}",
        unit="money per 1000 customers",
        verdict=Verdict.OK,
        note=CAVEAT,
    )


def _cannot_tell(rows: int, month: str) -> Measurement:
    return Measurement(
        month=month,
        layer=Layer.ESTIMATE,
        signal="estimated_auc",
        subject=Subject(feature="score"),
        value=None,
        threshold=None,
        method="none: too few scores",
        unit="probability",
        verdict=Verdict.CANNOT_TELL,
        note=f"{rows} usable scores, {_MIN_SCORES} needed",
    )

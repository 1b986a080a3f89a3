"""What good cohorts look like: the yardstick of realised performance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitoring.months import index_of
from monitoring.performance import cusum, evidence
from monitoring.performance.cohort import Cohort, labelled, read
from monitoring.performance.landed import Landed
from monitoring.performance.profit import Economics
from monitoring.performance.segments import Slice, slices_of

CHARTS = ("more_churn", "less_churn", "ranking")
"""The three charts that explain: more churners than promised, fewer, and scores that no longer separate."""

_BIAS_COHORTS = 2.0
"""A lasting bias is believed after this many cohorts by half."""

_KEPT_SCORES = 400
"""Scores of good cohorts that are kept, evenly spaced in rank, to turn harm into AUC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """Mean and standard deviation of a figure over the reference cohorts."""

    centre: float
    spread: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Usual:
    """The usual cohort: its size, the sd of its two gaps by chance, and their lasting means, per 1000 customers.

    Each pair is (value, campaign).
    """

    size: float
    chance: tuple[float, float]
    gaps: tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class RealisedReference:
    """What good cohorts look like, and what a false alarm may cost in months.

    `tolerance` is the harm in money per 1000 customers and month that is not worth a call. `limit` holds for the
    evidence of harm (a natural logarithm), which alone calls a person; `chart_limit` for the charts that explain.
    """

    threshold: float
    economics: Economics
    one_false_page_in_months: float
    tolerance: float
    auc: Scale
    log_loss: Scale
    usual: Usual
    good: tuple[Landed, ...]
    scores: tuple[float, ...]
    slices: tuple[Slice, ...]
    limit: float
    chart_limit: float


def build_realised(
    cohorts: Mapping[str, pd.DataFrame],
    *,
    threshold: float,
    economics: Economics,
    one_false_page_in_months: float = 60.0,
    tolerance: float = 0.0,
) -> RealisedReference:
    """Return what good cohorts look like: month to (score, churned), from a model that was not fitted on them.

    Further columns with few distinct values become the fixed set of segments.
    """
    ordered = {month: cohorts[month] for month in sorted(cohorts, key=index_of)}
    found = [read(month, table, threshold, economics) for month, table in ordered.items()]
    good = [one for one in found if one.usable]
    return RealisedReference(
        threshold=threshold,
        economics=economics,
        one_false_page_in_months=one_false_page_in_months,
        tolerance=tolerance,
        auc=_scale([one.auc.value for one in good]),
        log_loss=_scale([one.log_loss for one in good]),
        usual=_usual(good),
        good=tuple(Landed.of(one) for one in good),
        scores=_some_scores(ordered),
        slices=slices_of({one.month: ordered[one.month] for one in good}, threshold=threshold, economics=economics),
        limit=evidence.limit_for(one_false_page_in_months),
        chart_limit=cusum.limit_for(one_false_page_in_months),
    )


def _scale(values: list[float]) -> Scale:
    if len(values) < 2:  # noqa: PLR2004 - one cohort has no spread
        return Scale(centre=values[0] if values else float("nan"), spread=float("nan"))
    return Scale(centre=float(np.mean(values)), spread=float(np.std(values, ddof=1)))


def _usual(good: Sequence[Cohort]) -> Usual:
    """Return the usual cohort; 0 throughout where there is none."""
    if not good:
        return Usual(size=0.0, chance=(0.0, 0.0), gaps=(0.0, 0.0))
    size = float(np.median([one.size for one in good]))
    campaign, value = (
        float(np.median([one.chance[place] * np.sqrt(one.size / size) for one in good])) for place in (0, 1)
    )
    believed = len(good) / (len(good) + _BIAS_COHORTS)
    return Usual(
        size=size,
        chance=(value, campaign),
        gaps=(
            believed * float(np.mean([one.gap.value for one in good])),
            believed * float(np.mean([one.gap.campaign for one in good])),
        ),
    )


def _some_scores(cohorts: Mapping[str, pd.DataFrame]) -> tuple[float, ...]:
    scores = [labelled(month, table).scores for month, table in cohorts.items()]
    pooled = np.concatenate(scores) if scores else np.empty(0)
    if not len(pooled):
        return ()
    ranks = (np.arange(_KEPT_SCORES) + 0.5) / _KEPT_SCORES
    return tuple(float(score) for score in np.quantile(pooled, ranks))

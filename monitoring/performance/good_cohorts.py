"""What good cohorts look like: the yardstick of realised performance."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitoring.performance.cohort import read
from monitoring.performance.cusum import limit_for
from monitoring.performance.profit import Economics

CHARTS = ("more_churn", "less_churn", "ranking")
"""The three one-sided charts: more churners than promised, fewer, and scores that no longer separate."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """Mean and standard deviation of a figure over the reference cohorts."""

    centre: float
    spread: float


@dataclass(frozen=True, kw_only=True, slots=True)
class RealisedReference:
    """What good cohorts look like, and what a false alarm may cost in months.

    `tolerance` is the harm in money per 1000 customers and month below which an alarm stays a warning.
    """

    threshold: float
    economics: Economics
    auc: Scale
    log_loss: Scale
    level: Scale
    ranking: Scale
    limit: float
    tolerance: float


def build_realised(
    cohorts: Mapping[str, pd.DataFrame],
    *,
    threshold: float,
    economics: Economics,
    one_false_page_in_months: float = 60.0,
    tolerance: float = 0.0,
) -> RealisedReference:
    """Return what good cohorts look like: month to (score, churned), from a model that was not fitted on them.

    The contract of one false page in N months is shared equally by the three charts.
    """
    found = [read(month, table, threshold, economics) for month, table in cohorts.items()]
    good = [one for one in found if one.usable]
    return RealisedReference(
        threshold=threshold,
        economics=economics,
        auc=_scale([one.auc.value for one in good]),
        log_loss=_scale([one.log_loss for one in good]),
        level=_residual_scale([one.level for one in good]),
        ranking=_residual_scale([one.ranking for one in good]),
        limit=limit_for(one_false_page_in_months * len(CHARTS)),
        tolerance=tolerance,
    )


def _scale(values: list[float]) -> Scale:
    if len(values) < 2:  # noqa: PLR2004 - one cohort has no spread
        return Scale(centre=values[0] if values else float("nan"), spread=float("nan"))
    return Scale(centre=float(np.mean(values)), spread=float(np.std(values, ddof=1)))


def _residual_scale(values: list[float]) -> Scale:
    """Return the scale of a standardised residual: never narrower than the theory's 1, centred with care.

    A wrong centre feeds the CUSUM month after month, so only the part of the mean beyond its standard error is
    taken off (soft thresholding, Donoho & Johnstone 1994). With 6 to 24 reference cohorts this keeps the mean
    time to a false alarm within -30 % and +25 % of the contract, for a true bias between 0 and 1 sd.
    """
    known = _scale(values)
    if not np.isfinite(known.spread):
        return Scale(centre=0.0, spread=1.0)
    spread = max(known.spread, 1.0)
    beyond = max(abs(known.centre) - spread / np.sqrt(len(values)), 0.0)
    return Scale(centre=float(np.copysign(beyond, known.centre)), spread=spread)

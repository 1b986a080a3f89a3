"""What the cohorts so far say together: the evidence of lasting harm, and the charts that explain it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from monitoring.columns import Floats
from monitoring.months import index_of
from monitoring.performance.cusum import Cusum, cusum
from monitoring.performance.evidence import capped, evidence
from monitoring.performance.good_cohorts import CHARTS, RealisedReference, Usual
from monitoring.performance.landed import Landed, series_of
from monitoring.performance.process import factors, innovations

SHARES = (0.65, 0.35)
"""The false-alarm budget of harm to value (customers lost beyond the promise) and to the campaign (offers wasted)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """The state of everything after the newest cohort.

    `evidence` is the natural logarithm of the sum; `since` the month in which harm most likely began, `harm` its
    mean since then beyond what good months had, in money per 1000 customers (0 without evidence). `residuals` are
    the charts' newest steps.
    """

    evidence: float
    since: str
    harm: float
    charts: Mapping[str, Cusum]
    residuals: Mapping[str, float]
    money: Mapping[str, float]


def review(reference: RealisedReference, cohorts: Sequence[Landed]) -> Review:
    """Return what the cohorts since the reference say together."""
    if not cohorts:
        nothing = dict.fromkeys(CHARTS, 0.0)
        return Review(
            evidence=float("-inf"),
            since="",
            harm=0.0,
            charts=dict.fromkeys(CHARTS, Cusum()),
            residuals=nothing,
            money=nothing,
        )
    known = {one.month for one in cohorts}
    every = sorted(
        (*(one for one in reference.good if one.month not in known), *cohorts), key=lambda one: index_of(one.month)
    )
    first = min(place for place, one in enumerate(every) if one.month in known)
    usual = reference.usual
    sizes = np.array([one.size / usual.size if usual.size else 1.0 for one in every])
    factor = factors(np.array([index_of(one.month) for one in every]), sizes)
    found = innovations(factor, series_of(every))
    sums = evidence(found.only((0, 1)), factor, sizes, first=first, least=least_rise(usual, reference.tolerance))
    total = np.logaddexp(*(np.log(share) + sums.log_sum[:, one] for one, share in enumerate(SHARES)))
    louder = int(np.argmax(np.log(SHARES) + sums.log_sum[-1]))
    since = every[first + int(sums.start[-1, louder])].month
    steps = _steps(found.standardised[first:])
    months = [one.month for one in every[first:]]
    charts = {
        name: cusum(dict(zip(months, step.tolist(), strict=True)), limit=reference.chart_limit)
        for name, step in steps.items()
    }
    return Review(
        evidence=float(capped(total, reference.limit)[-1]),
        since=since,
        harm=mean_harm(cohorts, usual, since),
        charts=charts,
        residuals={name: float(step[-1]) for name, step in steps.items()},
        money={name: mean_harm(cohorts, usual, chart.since) for name, chart in charts.items()},
    )


def least_rise(usual: Usual, tolerance: float) -> Floats:
    """Return the smallest rise looked for in value and campaign, in sds of chance: twice the tolerance."""
    return np.array([2.0 * tolerance / sd if sd > 0.0 else 0.0 for sd in usual.chance])


def _steps(standardised: Floats) -> dict[str, Floats]:
    """Return the charts' inputs: mean 0 and sd 1 over good cohorts, upward is worse."""
    level, ranking = standardised[:, 2], standardised[:, 3]
    return dict(zip(CHARTS, (level, -level, ranking), strict=True))


def mean_harm(cohorts: Sequence[Landed], usual: Usual, since: str | None) -> float:
    """Return the mean harm of the cohorts from `since` on, beyond good months', in money per 1000; 0 without any."""
    of_run = [one for one in cohorts if since and index_of(one.month) >= index_of(since)]
    if not of_run:
        return 0.0
    value, campaign = usual.gaps
    return max(
        float(np.mean([one.value_gap for one in of_run])) - value,
        float(np.mean([one.campaign_gap for one in of_run])) - campaign,
    )

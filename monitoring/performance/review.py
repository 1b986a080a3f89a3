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

SHARES = (0.85, 0.15)
"""The false-alarm budget of harm to value (customers lost beyond the promise) and to the campaign (offers wasted).

Few customers are contacted, so chance moves the campaign's money about ten times less than value's: the same money is
many more sds there, and is found soon on a small budget.
"""


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Trail:
    """Cohort by cohort since the reference: evidence (natural logarithm, not capped), likeliest start, chart steps."""

    months: tuple[str, ...]
    evidence: Floats
    since: tuple[str, ...]
    steps: Mapping[str, Floats]


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
    found = trail(reference, cohorts)
    charts = {
        name: cusum(dict(zip(found.months, step.tolist(), strict=True)), limit=reference.chart_limit)
        for name, step in found.steps.items()
    }
    since = found.since[-1]
    return Review(
        evidence=float(capped(found.evidence, reference.limit)[-1]),
        since=since,
        harm=mean_harm(cohorts, reference.usual, since),
        charts=charts,
        residuals={name: float(step[-1]) for name, step in found.steps.items()},
        money={name: mean_harm(cohorts, reference.usual, chart.since) for name, chart in charts.items()},
    )


def trail(reference: RealisedReference, cohorts: Sequence[Landed]) -> Trail:
    """Return what each cohort added to those before it: at every place, what was known when it landed."""
    known = {one.month for one in cohorts}
    others = (one for one in reference.good if one.month not in known)
    every = sorted((*others, *cohorts), key=lambda one: index_of(one.month))
    first = min(place for place, one in enumerate(every) if one.month in known)
    usual = reference.usual
    sizes = np.array([one.size / usual.size if usual.size else 1.0 for one in every])
    factor = factors(np.array([index_of(one.month) for one in every]), sizes)
    found = innovations(factor, series_of(every))
    least = least_rise(usual, reference.tolerance)
    sums = evidence(found.only((0, 1)), factor, sizes, first=first, least=least)
    shared = sums.log_sum + np.log(SHARES)
    louder = np.take_along_axis(sums.start, np.argmax(shared, axis=1)[:, None], axis=1)[:, 0]
    months = [one.month for one in every[first:]]
    return Trail(
        months=tuple(months),
        evidence=np.logaddexp(shared[:, 0], shared[:, 1]),
        since=tuple(months[int(place)] for place in louder),
        steps=_steps(found.standardised[first:]),
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

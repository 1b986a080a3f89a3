"""Realised performance: labels land late, cohort by cohort; a CUSUM decides, and says what it costs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
import pandas as pd

from monitoring.months import index_of
from monitoring.performance.cohort import Cohort, read
from monitoring.performance.cusum import Cusum
from monitoring.performance.good_cohorts import CHARTS, RealisedReference
from monitoring.performance.realised_figures import ChartReading, chart_figure, cohort_figures, too_small
from monitoring.vocabulary import Measurement, Plain

_KEPT = 24
"""Cohorts whose harm is remembered."""

_CAP = 2.0
"""The sums stop at this many times the limit: after a repair they are back below it within a few cohorts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RealisedState:
    """The three sums, the cohorts already judged, and their harm in money: small, and fit for JSON."""

    charts: Mapping[str, Cusum] = field(default_factory=lambda: dict.fromkeys(CHARTS, Cusum()))
    harm: tuple[tuple[str, float], ...] = ()
    seen: tuple[str, ...] = ()

    def to_plain(self) -> Plain:
        """Return a dictionary for canonical JSON."""
        return {
            "charts": {name: chart.to_plain() for name, chart in self.charts.items()},
            "harm": [list(pair) for pair in self.harm],
            "seen": list(self.seen),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Read back what `to_plain` gave."""
        return cls(
            charts={name: Cusum.from_plain(chart) for name, chart in plain["charts"].items()},
            harm=tuple((str(month), float(money)) for month, money in plain["harm"]),
            seen=tuple(plain["seen"]),
        )


def judge(
    reference: RealisedReference,
    state: RealisedState,
    cohort_month: str,
    table: pd.DataFrame,
    *,
    month: str,
    faulty: bool = False,
) -> tuple[RealisedState, list[Measurement]]:
    """Return the state and the measurements after one more cohort's labels have landed.

    Parameters
    ----------
    cohort_month, table
        The month of the predictions, and their columns `score` and `churned`.
    month
        The month in which this is said.
    faulty
        Whether the data of the cohort's month were broken. Then the figures are reported, but the sums stand
        still: the fault explains the month, and nothing may be concluded about the world.

    Notes
    -----
    A cohort that was judged before, or is older than one judged before, changes nothing.
    """
    if state.seen and index_of(cohort_month) <= max(map(index_of, state.seen)):
        return state, []
    cohort = read(cohort_month, table, reference.threshold, reference.economics)
    if not cohort.usable:
        return replace(state, seen=(*state.seen, cohort_month)[-_KEPT:]), [too_small(cohort, month)]
    after = replace(state if faulty else _advanced(reference, state, cohort), seen=(*state.seen, cohort_month)[-_KEPT:])
    readings = [_reading(reference, after, cohort, name) for name in CHARTS]
    charts = [chart_figure(reference, cohort, one, month) for one in readings]
    return after, [*cohort_figures(reference, cohort, month), *charts]


def _reading(reference: RealisedReference, state: RealisedState, cohort: Cohort, name: str) -> ChartReading:
    chart = state.charts[name]
    residual = standardised(reference, cohort)[name]
    return ChartReading(name=name, chart=chart, residual=residual, harm=mean_harm(state, chart.since))


def standardised(reference: RealisedReference, cohort: Cohort) -> dict[str, float]:
    """Return each chart's input for a cohort: mean 0 and sd 1 over good cohorts, upward is worse."""
    level = (cohort.level - reference.level.centre) / reference.level.spread
    ranking = (cohort.ranking - reference.ranking.centre) / reference.ranking.spread
    return {"more_churn": level, "less_churn": -level, "ranking": ranking}


def _advanced(reference: RealisedReference, state: RealisedState, cohort: Cohort) -> RealisedState:
    steps, cap = standardised(reference, cohort), _CAP * reference.limit
    charts = {name: state.charts[name].step(cohort.month, steps[name], cap=cap) for name in CHARTS}
    return replace(state, charts=charts, harm=(*state.harm, (cohort.month, cohort.gap.harm))[-_KEPT:])


def restarted(state: RealisedState) -> RealisedState:
    """Return the state with all sums at 0, for the month in which another model takes over."""
    return replace(state, charts=dict.fromkeys(CHARTS, Cusum()))


def mean_harm(state: RealisedState, since: str | None) -> float:
    """Return the mean harm per 1000 customers of the cohorts from `since` on, 0 where there are none."""
    of_run = [money for month, money in state.harm if since and index_of(month) >= index_of(since)]
    return float(np.mean(of_run)) if of_run else 0.0

"""Realised performance: labels land late, cohort by cohort; evidence of lasting harm calls a person, charts explain."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import pandas as pd

from monitoring.months import index_of
from monitoring.performance.cohort import Cohort, read
from monitoring.performance.good_cohorts import RealisedReference
from monitoring.performance.landed import Landed
from monitoring.performance.realised_figures import chart_figures, cohort_figures, harm_figure, says_nothing
from monitoring.performance.review import review
from monitoring.performance.segments import segment_figures
from monitoring.vocabulary import Measurement, Plain

HARM = "harm"
"""The signal that calls a person."""

KEPT = 48
"""Cohorts that are remembered: a change that began earlier is called by now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RealisedState:
    """The cohorts whose labels have landed, in order of month: small, and fit for JSON. All else follows from them.

    Cohorts up to and with `closed` were judged for an earlier model and are not looked at again.
    """

    cohorts: tuple[Landed, ...] = ()
    closed: str | None = None

    def to_plain(self) -> Plain:
        """Return a dictionary for canonical JSON."""
        return {"cohorts": [one.to_plain() for one in self.cohorts], "closed": self.closed}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Read back what `to_plain` gave."""
        return cls(cohorts=tuple(Landed.from_plain(one) for one in plain["cohorts"]), closed=plain["closed"])


def judge(
    reference: RealisedReference,
    state: RealisedState,
    cohort_month: str,
    table: pd.DataFrame,
    *,
    month: str,
    faulty: bool = False,
) -> tuple[RealisedState, list[Measurement]]:
    """Return the state and the measurements after (more of) a cohort's labels have landed.

    Parameters
    ----------
    cohort_month, table
        The month of the predictions, and all that is known of them: the columns `score` and `churned`, where the
        labels are a sample `weight` (1 / the chance of being labelled), and any columns that name segments.
    month
        The month in which this is said.
    faulty
        Whether the data of the cohort's month were broken. Then the figures are reported, but the evidence stands
        still: the fault explains the month, and nothing may be concluded about the world.

    Notes
    -----
    A cohort may come again with more labels: it then takes the place of what was known of it. Given again without
    more of them, or judged for an earlier model, it changes nothing.
    """
    if state.closed is not None and index_of(cohort_month) <= index_of(state.closed):
        return state, []
    cohort = read(cohort_month, table, reference.threshold, reference.economics)
    if not cohort.usable:
        return state, [says_nothing(cohort, month)]
    if any(one.month == cohort_month and one.rows >= cohort.rows for one in state.cohorts):
        return state, []
    after = state if faulty else _with(state, cohort)
    reading = review(reference, after.cohorts)
    return after, [
        *cohort_figures(reference, cohort, month),
        *segment_figures(
            reference.slices,
            table,
            cohort_month,
            month=month,
            threshold=reference.threshold,
            economics=reference.economics,
        ),
        *chart_figures(reference, cohort, reading, month),
        harm_figure(reference, cohort, reading, month),
    ]


def _with(state: RealisedState, cohort: Cohort) -> RealisedState:
    others = [one for one in state.cohorts if one.month != cohort.month]
    ordered = sorted((*others, Landed.of(cohort)), key=lambda one: index_of(one.month))
    return replace(state, cohorts=tuple(ordered[-KEPT:]))


def restarted(state: RealisedState) -> RealisedState:
    """Return the state for the month in which another model takes over: no evidence against it yet."""
    return RealisedState(closed=state.cohorts[-1].month if state.cohorts else state.closed)


def by_charts(measurement: Measurement) -> bool:
    """Return whether a measurement speaks of all cohorts so far, not of one."""
    return measurement.signal == HARM or measurement.signal.startswith("cusum_")

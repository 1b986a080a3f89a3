"""What each layer could see: the vendor's default tests, the lab's monitor, and the guard, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from monitoring.evidently_defaults import drifted_columns
from monitoring.monitor import MonthReport, observe
from monitoring.reference import Reference
from monitoring.screening import MonthInput
from monitoring.state import MonitorState
from pipelines.dataset import Feed
from pipelines.parameters import MonitoringParameters
from pipelines.watch import first_reference, watched_month
from pipelines.world.recorder import TABLES
from scenarios.incident.answers.strong import GUARDS
from scenarios.incident.exam.hidden import Hidden
from scenarios.incident.exam.public import jobs
from scenarios.incident.exam.replaying import FILE, asked
from scenarios.incident.system.run import Lived, Run
from scenarios.kit.sandbox.budget import Budget

VENDOR_MONTHS = 6
"""Newest months before the model went live that the vendor's tests compare with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """One month under the lab's monitor: what it was given, and what it said."""

    given: MonthInput
    report: MonthReport


def vendor(good: Sequence[pd.DataFrame], views: Sequence[pd.DataFrame]) -> tuple[tuple[str, ...], ...]:
    """Columns that the vendor's default tests call drifted, month by month."""
    reference = pd.concat(list(good), ignore_index=True)
    return tuple(drifted_columns(reference, view) for view in views)


def guard(lived: Lived) -> tuple[str, ...]:
    """What the reference guard says in each run; empty where it says nothing."""
    files = {**jobs(), FILE: (GUARDS / "strong.py").read_text(encoding="utf-8")}
    whole = Hidden("the year", lived, tuple(range(len(lived.runs))), ())
    rows = asked(tuple(sorted(files.items())), [whole], trusted=True, budget=Budget.endless())
    return tuple(str(row["said"] or row["trouble"]) for row in rows)


def reference_of(lived: Lived, settings: MonitoringParameters) -> Reference:
    """What the lab's monitor learnt from the months before the model went live."""
    past, calendar = lived.past, lived.world.company.calendar
    return first_reference(
        past.base.feed(calendar.history),
        calendar,
        past.cohorts,
        held_out=past.held_out,
        model=lived.runs[0].model,
        economics=past.economics,
        one_false_page_in_months=settings.one_false_page_in_months,
        tolerance=settings.tolerance,
    )


def monitor(lived: Lived, reference: Reference) -> tuple[Watched, ...]:
    """Every run under the lab's monitor."""
    feed = Feed({name: [tables[name] for tables in lived.arrived] for name in TABLES})
    state, watched = MonitorState(), list[Watched]()
    for place, run in enumerate(lived.runs):
        given = _given(lived, feed, place, run)
        state, report = observe(reference, state, given)
        watched.append(Watched(given=given, report=report))
    return tuple(watched)


def _given(lived: Lived, feed: Feed, place: int, run: Run) -> MonthInput:
    before = lived.runs[place - 1].snapshot if place else lived.past.cohorts[-1].features
    cutoffs = [lived.world.cutoff(month) for month in (run.month - 1, run.month)]
    return MonthInput(
        month=run.label,
        view=run.snapshot.reset_index(),
        score=run.log.set_index("customer_id")["score"].reindex(run.snapshot.index),
        tables=watched_month(feed, run.month - 1, cutoffs[1]),
        previous_tables=watched_month(feed, run.month - 2, cutoffs[0]),
        previous_view=before.reset_index(),
        cutoff=cutoffs[1],
        cohorts=_landed(lived, place, run),
    )


def _landed(lived: Lived, place: int, run: Run) -> dict[str, pd.DataFrame]:
    """The cohort whose labels landed, as it was scored, with its features."""
    if run.landed is None:
        return {}
    cohort = lived.runs[place - 2]
    scored = cohort.log.set_index("customer_id")[["score"]].join(run.landed).dropna()
    return {cohort.label: scored.join(cohort.snapshot)}

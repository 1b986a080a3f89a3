"""A recorded world with a timeline of training, serving and sealed months: what a leak is planted in and judged on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import pandas as pd

from pipelines.leaks.definition import Definition, values
from pipelines.leaks.honest import HONEST
from pipelines.leaks.warehouse import Tables, customers_at, known_at, warehouse
from pipelines.world.calendar import Calendar
from pipelines.world.recorder import TABLES
from pipelines.world.run import RecordedMonth

KEYS: Final = ("customer_id", "cutoff", "split", "churned")
"""Columns of a training table that are no features."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """Months by index: cutoffs of the training and test rows, of the sealed production, and of the deployment.

    The training table is made from the warehouse as it stands at the start of month `extract`.
    """

    train: tuple[int, ...] = (4, 5, 6, 7, 8, 9)
    test: tuple[int, ...] = (11, 12)
    deployed: int = 14
    extract: int = 18
    production: tuple[int, ...] = (18, 19)

    @property
    def offline(self) -> tuple[int, ...]:
        """Cutoffs of the rows that training sees."""
        return (*self.train, *self.test)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """Tables, truth and honest features.

    `stored` is the warehouse at the extract, `known(month)` what a job at a month's start sees, `customers(month)`
    those it scores and whose true probability exists, `honest(month)` their features from `definitions`, and `table()`
    the honest training table. `truth` has one table a month with the column `bayes`, by customer.
    """

    timeline: Timeline
    definitions: tuple[Definition, ...]
    truth: Sequence[pd.DataFrame]
    stored: Tables
    start: Callable[[int], pd.Timestamp]
    known: Callable[[int], Tables]
    customers: Callable[[int], pd.Index]
    honest: Callable[[int], pd.DataFrame]
    table: Callable[[], pd.DataFrame]

    def offline(self, definitions: Sequence[Definition]) -> pd.DataFrame:
        """Keys and features of the training table as the extract gives them, rows by cutoff and customer."""
        return _offline(self.stored, self.timeline, self.start, definitions)

    def served(self, definitions: Sequence[Definition], month: int) -> pd.DataFrame:
        """The same features as a job at the month's start computes them."""
        return values(definitions, self.known(month), self.start(month), self.customers(month))


def ground(
    months: Sequence[RecordedMonth],
    calendar: Calendar,
    timeline: Timeline | None = None,
    definitions: tuple[Definition, ...] = HONEST,
) -> Ground:
    """Lay out a recorded world, given from month 0 on and at least through the last month of production."""
    when = timeline or Timeline()

    def start(month: int) -> pd.Timestamp:
        return pd.Timestamp(calendar.start(month))

    tables = {name: pd.concat([m.tables[name].to_pandas() for m in months], ignore_index=True) for name in TABLES}
    truth = tuple(month.truth.to_pandas().set_index("customer_id").sort_index() for month in months)
    cutoffs = [start(month) for month in range(1, len(months))]
    recorded = warehouse(tables, extract=start(len(months)), cutoffs=cutoffs)
    known = cache(lambda month: known_at(recorded, start(month)))
    at_risk = cache(lambda month: _at_risk(known(month), truth[month], start(month)))
    stored = warehouse(tables, extract=start(when.extract), cutoffs=cutoffs)
    return Ground(
        timeline=when,
        definitions=definitions,
        truth=truth,
        stored=stored,
        start=start,
        known=known,
        customers=at_risk,
        honest=cache(lambda month: values(definitions, known(month), start(month), at_risk(month))),
        table=cache(lambda: _offline(stored, when, start, definitions)),
    )


def _offline(
    stored: Tables, timeline: Timeline, start: Callable[[int], pd.Timestamp], definitions: Sequence[Definition]
) -> pd.DataFrame:
    sides = {month: "test" if month in timeline.test else "train" for month in timeline.offline}
    cohorts = [_cohort(stored, start(month), side, definitions) for month, side in sides.items()]
    return pd.concat(cohorts, ignore_index=True)


def _cohort(stored: Tables, cutoff: pd.Timestamp, split: str, definitions: Sequence[Definition]) -> pd.DataFrame:
    labels = stored["outcomes"]
    churned = labels[(labels["cutoff"] == cutoff).to_numpy()].set_index("customer_id")["churned"]
    customers: pd.Index = pd.Index(churned.index, name="customer_id")
    keys = pd.DataFrame({"cutoff": cutoff, "split": split, "churned": churned}, index=customers)
    return keys.join(values(definitions, stored, cutoff, customers)).reset_index()


def _at_risk(known: Mapping[str, pd.DataFrame], truth: pd.DataFrame, cutoff: pd.Timestamp) -> pd.Index:
    """Customers scored at the cutoff who had not left already, without anybody knowing."""
    customers: pd.Index = pd.Index(np.intersect1d(customers_at(known, cutoff), truth.index), name="customer_id")
    return customers

"""A recorded company in memory: what the warehouse received, month by month, and the sealed truth of each month."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from pipelines import store
from pipelines.dataset import Feed
from pipelines.features import build
from pipelines.layout import Layout
from pipelines.world.company import Company
from pipelines.world.faults.fault import Delivery
from pipelines.world.recorder import TABLES
from pipelines.world.run import run


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """A recorded world: deliveries and truth (indexed by customer) of each month from 0 on."""

    company: Company
    deliveries: Sequence[Delivery]
    truth: Sequence[pd.DataFrame]

    def feed(self, months: int) -> Feed:
        """The deliveries of the first `months` months."""
        before = self.deliveries[:months]
        return Feed({name: [tables[name] for tables in before] for name in TABLES})

    def cutoff(self, month: int) -> pd.Timestamp:
        """The first instant of a month."""
        return pd.Timestamp(self.company.calendar.start(month))

    def features(self, month: int) -> pd.DataFrame:
        """Features of the customers known at the start of `month`, from the deliveries before it."""
        return build(self.feed(month).before(month), self.cutoff(month))


def record(company: Company) -> World:
    """Run a company and keep all its months; memory grows with customers x months."""
    months = list(recorded_months(company))
    return World(company=company, deliveries=[tables for tables, _ in months], truth=[truth for _, truth in months])


def recorded_months(company: Company, *, from_month: int = 0) -> Iterator[tuple[Delivery, pd.DataFrame]]:
    """Each month's tables and its truth by customer."""
    for month in run(company, from_month=from_month):
        tables = {name: table.to_pandas() for name, table in month.tables.items()}
        yield tables, month.truth.to_pandas().set_index("customer_id")


def read_world(layout: Layout, company: Company) -> World:
    """The world that the stage `world` has written. Raises LabError where a month is missing or damaged."""
    labels = [company.calendar.label(month) for month in range(company.calendar.months)]
    frames = store.read_months(layout.tables(), TABLES, labels)
    truth = store.read_months(layout.truth(), ["months"], labels)["months"]
    return World(
        company=company,
        deliveries=[{name: frames[name][month] for name in TABLES} for month in range(len(labels))],
        truth=[table.set_index("customer_id") for table in truth],
    )

"""A recorded company in memory: what the warehouse received, month by month, and the sealed truth of each month."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pipelines import store
from pipelines.dataset import Feed
from pipelines.errors import LabError
from pipelines.features import build
from pipelines.layout import Layout
from pipelines.world.company import Company
from pipelines.world.faults.fault import Delivery
from pipelines.world.recorder import TABLES
from pipelines.world.run import RecordedMonth, run, run_on
from pipelines.world.standing import Standing


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """A recorded world: deliveries and truth (indexed by customer) of each month from 0 on.

    `standing` is where it can branch off into other worlds, None where it was not asked for.
    """

    company: Company
    deliveries: Sequence[Delivery]
    truth: Sequence[pd.DataFrame]
    standing: Standing | None = None

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


def record(company: Company, *, branch_at: int | None = None) -> World:
    """Run a company and keep all its months; memory grows with customers x months.

    With `branch_at`, a month from 1 on, the world can branch off at that month's start.
    """
    deliveries, truth, standing = list[Delivery](), list[pd.DataFrame](), None
    for month in run(company):
        _keep(month, deliveries, truth)
        standing = month.after if month.after.month == branch_at else standing
    return World(company=company, deliveries=deliveries, truth=truth, standing=standing)


def branch(world: World, company: Company) -> World:
    """The world of `company`, which has the same past as `world` up to where that can branch off.

    Raises
    ------
    LabError
        Where `world` cannot branch off, or the company's past is another one.
    """
    if world.standing is None:
        raise LabError("This world cannot branch off: record it with `branch_at`, the month at which it should.")
    before = world.standing.month
    deliveries, truth = list(world.deliveries[:before]), list(world.truth[:before])
    for month in run_on(world.standing, company):
        _keep(month, deliveries, truth)
    return World(company=company, deliveries=deliveries, truth=truth, standing=world.standing)


def _keep(month: RecordedMonth, deliveries: list[Delivery], truth: list[pd.DataFrame]) -> None:
    deliveries.append({name: table.to_pandas() for name, table in month.tables.items()})
    truth.append(month.truth.to_pandas().set_index("customer_id"))


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

"""The world's definition: its size, its calendar, its customers' entity numbers and its mechanism in every month."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pipelines.world.calendar import Calendar
from pipelines.world.customers import Ints
from pipelines.world.levers.lever import PulledLever
from pipelines.world.mechanism import BASE, JOIN_SEASON, Mechanism
from pipelines.world.streams import Streams

JOIN_RATE = 0.0365
"""New customers a month, as a share of the steady stock: what keeps `customers` level at the calibrated churn."""

PRICE_RISE_YEARLY = 0.025
PRICE_RISE_MONTH = 8
"""List prices rise by this share every September (month of year 8)."""

EXTRA_ENTITIES = 1 << 30
"""Entity numbers from here on belong to customers that only a lever brings."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cohort:
    """Customers that sign up in one month: entity numbers first..first + size - 1."""

    month: int
    first: int
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Company:
    """One world: `customers` is the steady number of active customers, `levers` what is pulled and when."""

    seed: int
    customers: int
    calendar: Calendar
    levers: tuple[PulledLever, ...] = ()

    @property
    def streams(self) -> Streams:
        """Every random draw of this world."""
        return Streams(self.seed)

    def without_levers(self) -> "Company":
        """The counterfactual twin in which nothing happens."""
        return replace(self, levers=())

    def mechanism(self, month: int) -> Mechanism:
        """How the company behaves in `month`, all levers applied in the order given."""
        mechanism = self.base_mechanism(month)
        for pulled in self.levers:
            mechanism = pulled.applied_to(mechanism, month)
        return mechanism

    def base_mechanism(self, month: int) -> Mechanism:
        """`mechanism` without levers: only the yearly price rise moves it."""
        rises = (self.calendar.month_of_year(0) - PRICE_RISE_MONTH + month) // 12
        return replace(BASE, price_index=(1.0 + PRICE_RISE_YEARLY) ** rises)

    def cohorts(self) -> tuple[Cohort, ...]:
        """All cohorts in entity order: the first stock, each month's sign-ups, then what levers bring."""
        first = -self.calendar.burn_in
        sizes = [self.customers, *(self._joins(month) for month in range(first, self.calendar.months))]
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        months = [first, *range(first, self.calendar.months)]
        own = [Cohort(month=m, first=int(f), size=s) for m, f, s in zip(months, starts, sizes, strict=True)]
        return (*own, *self._brought())

    def _joins(self, month: int) -> int:
        season = JOIN_SEASON[self.calendar.month_of_year(month)]
        return int(self.streams.company(purpose=1, month=month).poisson(self.customers * JOIN_RATE * season))

    def _brought(self) -> tuple[Cohort, ...]:
        brought = [(p.start, round(p.newcomers() * self.customers)) for p in self.levers if p.newcomers() > 0.0]
        firsts = EXTRA_ENTITIES + np.concatenate([[0], np.cumsum([size for _, size in brought])])
        return tuple(
            Cohort(month=month, first=int(first), size=size)
            for (month, size), first in zip(brought, firsts[:-1], strict=True)
        )


def entity_range(cohort: Cohort) -> Ints:
    """The cohort's entity numbers, shape (size,)."""
    return np.arange(cohort.first, cohort.first + cohort.size, dtype=np.int64)


def customer_ids(seed: int, entity: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Public ids: a keyed permutation of the entity numbers below 2**32, so that an id tells nothing about its age.

    A four-round Feistel network (Luby and Rackoff 1988) with a multiplicative round function.
    """
    left, right = (entity >> 16) & 0xFFFF, entity & 0xFFFF
    for round_key in Streams(seed).company(purpose=2).integers(1, 1 << 31, size=4):
        mixed = ((right + 1) * (int(round_key) | 1)) & 0xFFFFFFFF
        left, right = right, left ^ ((mixed ^ (mixed >> 15)) & 0xFFFF)
    return (left << 16) | right

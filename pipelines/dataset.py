"""Cutoffs with their features and mature labels: what models are trained and judged on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.features import LOOKBACK_MONTHS, build
from pipelines.labels import labels
from pipelines.world.calendar import Calendar

FULL_HISTORY = ("customers", "attribute_history", "subscriptions")
"""Tables read from the first month on; of the others the last `LOOKBACK_MONTHS` suffice."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What the warehouse has been delivered, month by month: table name -> one frame a month, from month 0 on."""

    months: Mapping[str, Sequence[pd.DataFrame]]

    def before(self, month: int) -> dict[str, pd.DataFrame]:
        """The tables as they stand at the start of `month`: everything delivered before it that a feature can need."""
        first = max(0, month - LOOKBACK_MONTHS)
        return {
            name: pd.concat(list(frames[(0 if name in FULL_HISTORY else first) : month]), ignore_index=True)
            for name, frames in self.months.items()
        }

    def since(self, month: int) -> "Feed":
        """The feed without what was delivered before `month`, but for the tables that are needed from the start."""
        return Feed({name: frames if name in FULL_HISTORY else frames[month:] for name, frames in self.months.items()})

    def extended(self, tables: Mapping[str, pd.DataFrame]) -> "Feed":
        """The feed with one more month delivered."""
        return Feed({name: [*frames, tables[name]] for name, frames in self.months.items()})

    def all(self, table: str) -> pd.DataFrame:
        """One table, all months together."""
        return pd.concat(list(self.months[table]), ignore_index=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cohort:
    """Customers scored at one cutoff: features (n, 29) by customer_id, labels as known later on (NaN unknown)."""

    month: int
    label: str
    features: pd.DataFrame
    churned: pd.Series

    def labelled(self) -> npt.NDArray[np.bool_]:
        """Which customers have a label, shape (n,)."""
        return self.churned.notna().to_numpy()


def cohort(feed: Feed, calendar: Calendar, month: int, *, known_at: int) -> Cohort:
    """Features at the start of `month`, and the labels known at the start of month `known_at`."""
    cutoff = pd.Timestamp(calendar.start(month))
    features = build(feed.before(month), cutoff)
    return Cohort(
        month=month,
        label=calendar.label(month),
        features=features,
        churned=cohort_labels(feed, calendar, features.index, month, known_at=known_at),
    )


def cohort_labels(feed: Feed, calendar: Calendar, customers: pd.Index, month: int, *, known_at: int) -> pd.Series:
    """The labels of a cohort, known at the start of month `known_at`."""
    subscriptions = pd.concat(list(feed.months["subscriptions"][:known_at]), ignore_index=True)
    return labels(
        {"subscriptions": subscriptions},
        customers,
        pd.Timestamp(calendar.start(month)),
        as_of=pd.Timestamp(calendar.start(known_at)),
    )

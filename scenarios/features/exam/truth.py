"""What is really planted in a case, the tables of the sealed months, and what the best score would reach there."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from monitoring.columns import Floats
from scenarios.base import Level


@dataclass(frozen=True, kw_only=True, slots=True)
class Planted:
    """One planted fault. `places` are right to name for it, `since` its first month (``2025-03``, empty: always)."""

    name: str
    title: str
    kind: str
    places: tuple[str, ...]
    mechanism: str
    dose: float
    since: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sealed:
    """One sealed cutoff: who is scored, and with what probability each leaves, shape (n,)."""

    cutoff: pd.Timestamp
    customers: pd.Index
    p: Floats


@dataclass(frozen=True, kw_only=True, slots=True)
class FeaturesTruth:
    """The truth of a case.

    `labels` is what was handed out (customer_id, cutoff, churned) with `right`, the label a review would find: NaN
    where the customer had left already. `tables` reach to the last sealed cutoff, sorted by `available_at`.
    `baseline` is the AUC of the starter's features with the labels as handed out, `bayes` that of the true
    probabilities, both exact over the sealed months.
    """

    level: Level
    planted: tuple[Planted, ...]
    decoys: frozenset[str]
    known: frozenset[str]
    tables: Mapping[str, pd.DataFrame]
    extract: pd.Timestamp
    trained: tuple[pd.Timestamp, ...]
    checked: tuple[pd.Timestamp, ...]
    labels: pd.DataFrame
    sealed: tuple[Sealed, ...]
    baseline: float
    bayes: float

    @property
    def wrong(self) -> pd.Series:
        """Which label rows are wrong, aligned with `labels`."""
        return self.labels["churned"] != self.labels["right"]

    @property
    def healthy(self) -> bool:
        """Whether nothing is planted."""
        return not self.planted

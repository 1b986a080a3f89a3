"""The label rows an answer lists for review: as many as the team has time for, and how many of them are wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipelines.world.faults.test_accounts import FIRST_ID
from scenarios.features.exam.public import REVIEWS
from scenarios.features.exam.truth import FeaturesTruth

TABLE: Final = "labels_to_review.csv"
_LARGEST: Final = 1 << 53
"""Numbers up to here are whole in every format."""

_KEYS: Final = ["customer_id", "cutoff"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """Rows that are looked up, how many there are, how many of them are wrong, and how many wrong rows there are."""

    rows: pd.DataFrame
    count: int
    right: int
    wrong: int
    note: str

    @property
    def precision(self) -> float:
        """Share of the rows looked up that were wrong."""
        return self.right / self.count if self.count else 0.0

    @property
    def recall(self) -> float:
        """Share of the wrong rows that were looked up."""
        return self.right / self.wrong if self.wrong else 0.0


def listed(tables: Mapping[str, pd.DataFrame], truth: FeaturesTruth) -> Listed:
    """The first rows of the list that exist among the labels, up to `REVIEWS`; test accounts are passed over."""
    given, note = _read(tables.get(TABLE))
    known = given.merge(truth.labels[_KEYS], on=_KEYS, how="inner")
    known = known[known["customer_id"] < FIRST_ID]
    rows = known.head(REVIEWS).reset_index(drop=True)
    wrong = truth.labels.loc[truth.wrong, _KEYS]
    more = f"; only the first {REVIEWS:,} were looked up" if len(known) > REVIEWS else ""
    return Listed(
        rows=rows,
        count=len(rows),
        right=len(rows.merge(wrong, on=_KEYS, how="inner")),
        wrong=len(wrong),
        note=f"{more}{note}",
    )


def _read(table: pd.DataFrame | None) -> tuple[pd.DataFrame, str]:
    """Customers and cutoffs as numbers and times, each pair once; nothing and a note where they cannot be read."""
    nothing = pd.DataFrame({"customer_id": pd.Series(dtype="int64"), "cutoff": pd.Series(dtype="datetime64[us]")})
    if table is None:
        return nothing, ""
    if not set(_KEYS) <= set(table.columns):
        return nothing, f"; {TABLE} has no columns customer_id and cutoff"
    customers = pd.to_numeric(table["customer_id"], errors="coerce")
    times = pd.to_datetime(table["cutoff"], errors="coerce", format="mixed", utc=True)
    cutoffs = times.dt.tz_localize(None).astype("datetime64[us]")
    known = customers.where(customers.between(0, _LARGEST))
    read = pd.DataFrame({"customer_id": known, "cutoff": cutoffs}).dropna().drop_duplicates()
    lost = len(table) - len(read)
    note = f"; {lost} rows of the list are repeated or unreadable" if lost else ""
    return read.astype({"customer_id": "int64"}), note

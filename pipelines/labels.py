"""Who churned: labels with a horizon, known only once they are mature.

A customer known at a cutoff is a churner if the subscription ends within `HORIZON_DAYS` of it. Ends for nonpayment are
booked weeks later, so a label counts as known only `MATURITY_DAYS` after its cutoff.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

HORIZON_DAYS: Final = 30
DUNNING_DAYS: Final = 28
BATCH_DAYS: Final = 1
MATURITY_DAYS: Final = HORIZON_DAYS + DUNNING_DAYS + BATCH_DAYS
"""59 days: at a cutoff, the cohort of two months before is always mature."""

CHURN_REASONS: Final = ("voluntary", "nonpayment")


def labels(
    tables: Mapping[str, pd.DataFrame], customers: pd.Index, cutoff: pd.Timestamp, *, as_of: pd.Timestamp
) -> pd.Series:
    """Labels of `customers` at `cutoff` as known at `as_of`: 1.0 churned, 0.0 stayed, NaN unknown, shape (n,).

    NaN is for customers whose subscription had ended before the cutoff without anybody knowing yet, and for everybody
    while the labels are immature.
    """
    unknown = pd.Series(np.nan, index=customers, name="churned")
    if as_of < mature_at(cutoff):
        return unknown
    ended = _ends(tables["subscriptions"], as_of)
    end = ended.reindex(customers)
    within = (end >= cutoff) & (end < cutoff + pd.Timedelta(days=HORIZON_DAYS))
    churned = within.astype(np.float64).where(~(end < cutoff))
    return churned.rename("churned")


def mature_at(cutoff: pd.Timestamp) -> pd.Timestamp:
    """When the labels of a cutoff are complete."""
    return cutoff + pd.Timedelta(days=MATURITY_DAYS)


def _ends(subscriptions: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """First known end by customer."""
    known = subscriptions[
        (subscriptions["event"] == "end")
        & subscriptions["reason"].isin(CHURN_REASONS)
        & (subscriptions["available_at"] < as_of)
    ]
    return known.groupby("customer_id")["event_at"].min()

"""The company a case is played in, and what the analyst could know of it on the day of the extract."""

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from pipelines.errors import LabError
from pipelines.features import build
from pipelines.labels import CHURN_REASONS, HORIZON_DAYS
from pipelines.recorded import World
from pipelines.world.calendar import Calendar
from pipelines.world.company import Company
from scenarios.base import Draw

CUSTOMERS: Final = 6_000
HISTORY: Final = 15
"""Months before the extract: eleven cutoffs, and the months their windows and labels need."""

SEALED: Final = 6
"""Months after the extract on which a claim is judged."""

WARM_UP: Final = 12
"""Months of record a panel needs before its extract."""

BURN_IN: Final = 24

_FIRST_YEAR, _LAST_YEAR = 2019, 2024
_COMPANY = 11
"""Which random stream of the draw makes the company."""


def draws(draw: Draw, purpose: int) -> np.random.Generator:
    """The random numbers of one purpose in a case."""
    return np.random.default_rng(np.random.SeedSequence([draw.seed, purpose]))


def company_of(draw: Draw) -> Company:
    """The company of a draw. Nothing happens in it: what is wrong with the score is the analyst's doing."""
    pick = draws(draw, _COMPANY)
    first = f"{pick.integers(_FIRST_YEAR, _LAST_YEAR)}-{pick.integers(1, 13):02d}"
    calendar = Calendar(first_month=first, burn_in=BURN_IN, history=HISTORY, production=SEALED)
    return Company(seed=int(pick.integers(1 << 62)), customers=CUSTOMERS, calendar=calendar)


def extract_of(world: World) -> int:
    """The month at whose start the analyst's panel was extracted: the first one in production."""
    return world.company.calendar.history


def extracted_at(world: World, month: int) -> World:
    """The same record, with the extract at the start of another month. Raises LabError where it does not reach."""
    calendar = world.company.calendar
    if not WARM_UP <= month <= len(world.truth) - SEALED:
        raise LabError(
            f"The extract is to lie in month {month}; it needs {WARM_UP} months of record before it and {SEALED} "
            f"after it, and the record has {len(world.truth)}. Raise world.history or world.production."
        )
    moved = replace(calendar, history=month, production=calendar.months - month)
    return replace(world, company=replace(world.company, calendar=moved))


def sealed_of(world: World) -> range:
    """The months after the extract on which the claim is judged."""
    return range(extract_of(world), min(extract_of(world) + SEALED, len(world.truth)))


def cutoff_of(world: World, month: int, day: int = 0) -> pd.Timestamp:
    """The instant `day` days into a month."""
    return world.cutoff(month) + pd.Timedelta(days=day)


def features_at(world: World, month: int, day: int = 0) -> pd.DataFrame:
    """Point-in-time features of the customers known at a cutoff, with `customer_id` as a column."""
    delivered = month + 1 if day else month
    return build(world.feed(delivered).before(delivered), cutoff_of(world, month, day)).reset_index()


def known_ends(world: World) -> pd.Series:
    """First end by customer, as known at the extract: what the analyst's labels are made from."""
    extract = extract_of(world)
    events = world.feed(extract).all("subscriptions")
    known = events[(events["event"] == "end") & events["reason"].isin(CHURN_REASONS)]
    return known[known["available_at"] < world.cutoff(extract)].groupby("customer_id")["event_at"].min()


def churned(ends: pd.Series, customers: pd.Series, cutoff: pd.Timestamp) -> pd.Series:
    """1.0 for an end within the horizon, 0.0 for none known, NaN for customers who had ended before."""
    end = ends.reindex(customers).reset_index(drop=True)
    within = (end >= cutoff) & (end < cutoff + pd.Timedelta(days=HORIZON_DAYS))
    return within.astype(np.float64).where(~(end < cutoff))

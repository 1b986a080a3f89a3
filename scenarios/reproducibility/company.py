"""The company behind a draw, and the random numbers of a case."""

from functools import lru_cache
from typing import Final

import numpy as np

from pipelines.recorded import World, record
from pipelines.world.calendar import Calendar
from pipelines.world.company import Company

CUSTOMERS: Final = 1_600
HISTORY: Final = 7
"""Months of record before the extract."""

AFTER: Final = 6
"""Months after it: three for the labels, and what was overwritten half a year later."""

MONTHS_OF_USAGE: Final = 6
"""Months of usage the extract holds."""

_BURN_IN, _FIRST_YEAR, _LAST_YEAR = 24, 2021, 2025


def draws(seed: int, purpose: str) -> np.random.Generator:
    """The random numbers of one purpose in a case."""
    return np.random.default_rng(np.random.SeedSequence([seed, *purpose.encode()]))


@lru_cache(maxsize=1)
def world_of(seed: int) -> World:
    """The recorded company of a draw. Nothing happens in it: what is wrong is the repository's doing."""
    pick = draws(seed, "company")
    first = f"{pick.integers(_FIRST_YEAR, _LAST_YEAR)}-{pick.integers(1, 13):02d}"
    calendar = Calendar(first_month=first, burn_in=_BURN_IN, history=HISTORY, production=AFTER)
    return record(Company(seed=int(pick.integers(1 << 62)), customers=CUSTOMERS, calendar=calendar))

"""The company behind a draw: a world of its own, recorded once however many levels are drawn from it."""

from functools import lru_cache
from typing import Final

import numpy as np

from pipelines.recorded import World, record
from pipelines.world.calendar import Calendar
from pipelines.world.company import Company
from scenarios.features.exam.timeline import LENGTH

CUSTOMERS: Final = 5_000
BURN_IN: Final = 24
_FIRST_YEAR, _YEARS = 2019, 5


def luck(seed: int, purpose: int) -> np.random.Generator:
    """A stream of random draws that belongs to a case and a purpose."""
    return np.random.Generator(np.random.Philox(key=[seed, 4000 + purpose]))


@lru_cache(maxsize=1)
def recorded_company(seed: int) -> World:
    """The company of a draw; the level does not matter, so that levels differ in what is planted alone."""
    rng = luck(seed, 0)
    year, month = _FIRST_YEAR + int(rng.integers(_YEARS)), 1 + int(rng.integers(12))
    calendar = Calendar(first_month=f"{year}-{month:02d}", burn_in=BURN_IN, history=LENGTH - 2, production=2)
    return record(Company(seed=int(rng.integers(2**62)), customers=CUSTOMERS, calendar=calendar))

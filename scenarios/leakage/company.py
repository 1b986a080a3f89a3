"""The company behind a draw: a world of its own, large enough to tell an AUC to about a hundredth."""

from typing import Final

import numpy as np

from pipelines.world.calendar import Calendar
from pipelines.world.company import Company
from scenarios.base import Draw
from scenarios.leakage.timeline import LENGTH

CUSTOMERS: Final = 6_000
BURN_IN: Final = 24
_FIRST_YEAR, _YEARS = 2019, 5


def luck(draw: Draw, purpose: int) -> np.random.Generator:
    """A stream of random draws that belongs to the case and a purpose."""
    return np.random.Generator(np.random.Philox(key=[draw.seed, 1000 + purpose]))


def company_of(draw: Draw) -> Company:
    """The company of a draw; the level does not matter, so that levels differ in what is planted alone."""
    rng = luck(draw, 0)
    year, month = _FIRST_YEAR + int(rng.integers(_YEARS)), 1 + int(rng.integers(12))
    calendar = Calendar(first_month=f"{year}-{month:02d}", burn_in=BURN_IN, history=18, production=LENGTH - 18)
    return Company(seed=int(rng.integers(2**62)), customers=CUSTOMERS, calendar=calendar)

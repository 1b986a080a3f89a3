"""The companies behind a draw: one whose year is handed out, others whose years stay hidden."""

from functools import lru_cache
from typing import Final

import numpy as np

from monitoring.performance.profit import Economics
from pipelines.parameters import ChampionParameters, LightGBMParameters
from pipelines.replay.past import Past, past_of
from pipelines.replay.policy import Costs
from pipelines.world.calendar import Calendar
from pipelines.world.company import Company
from scenarios.drift.exam.timeline import BURN_IN, CUSTOMERS, HIDDEN_CUSTOMERS, HIDDEN_YEAR, HISTORY, YEAR

ECONOMICS: Final = Economics(clv=200.0, offer_cost=10.0, contact_cost=1.0, acceptance_rate=0.3)
"""The EMPC defaults (Verbraken et al. 2013)."""

COSTS: Final = Costs(retrain=20.0, recalibrate=3.0, repair=10.0, page=10.0)
"""What actions cost per 1,000 customers: a retrained model is validated and rolled out, a feed's owner is found."""

_FIRST_YEAR, _YEARS = 2019, 5


def luck(seed: int, purpose: int) -> np.random.Generator:
    """A stream of random draws that belongs to a case and a purpose."""
    return np.random.Generator(np.random.Philox(key=[seed, 3000 + purpose]))


@lru_cache(maxsize=1)
def shown_past(seed: int) -> Past:
    """History and first champion of the company that is handed out.

    The level does not matter, so that levels differ in what happens alone.
    """
    return past_of(_company(seed, purpose=0, customers=CUSTOMERS, year=YEAR), _champion(trees=60), ECONOMICS, COSTS)


HIDDEN_COMPANIES: Final = 2
"""Companies among which the hidden years are shared out: the luck of one would be in every year of a monitor's."""


@lru_cache(maxsize=HIDDEN_COMPANIES)
def hidden_past(seed: int, which: int) -> Past:
    """History and first champion of a company whose years are hidden; its models are small, as many are trained.

    `which` is from 0 to `HIDDEN_COMPANIES` - 1.
    """
    company = _company(seed, purpose=1 + which, customers=HIDDEN_CUSTOMERS, year=HIDDEN_YEAR)
    return past_of(company, _champion(trees=20), ECONOMICS, COSTS)


def _company(seed: int, *, purpose: int, customers: int, year: int) -> Company:
    rng = luck(seed, purpose)
    first, month = _FIRST_YEAR + int(rng.integers(_YEARS)), 1 + int(rng.integers(12))
    calendar = Calendar(first_month=f"{first}-{month:02d}", burn_in=BURN_IN, history=HISTORY, production=year)
    return Company(seed=int(rng.integers(2**62)), customers=customers, calendar=calendar)


def _champion(*, trees: int) -> ChampionParameters:
    settings = LightGBMParameters(
        trees=trees, leaves=8, learning_rate=0.12, min_child_samples=60, feature_fraction=0.7, l2=5.0
    )
    return ChampionParameters(seed=7, warm_up=4, folds=3, fold_months=2, lightgbm=settings)

"""The companies behind a case: the one that is handed out, and another on which guards are replayed unseen."""

from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np

from monitoring.performance.profit import Economics
from pipelines.parameters import ChampionParameters, LightGBMParameters
from pipelines.recorded import World
from pipelines.replay.past import Past, past_in, past_of
from pipelines.replay.policy import Costs
from pipelines.world.calendar import Calendar
from pipelines.world.company import Company
from scenarios.incident.system.timeline import BURN_IN, CUSTOMERS, HIDDEN_CUSTOMERS, HISTORY, RUNS

ECONOMICS: Final = Economics(clv=200.0, offer_cost=10.0, contact_cost=1.0, acceptance_rate=0.3)
"""The EMPC defaults (Verbraken et al. 2013)."""

REFUND: Final = 15.0
"""Dollars that an invoice charged twice costs: fees of the payment back, and half an hour of the help desk."""

_COSTS: Final = Costs(retrain=0.0, recalibrate=0.0, repair=0.0, page=0.0)
"""Nothing is done in this scenario while it runs; only what the incident itself costs counts."""

CHAMPION: Final = ChampionParameters(
    seed=7,
    warm_up=4,
    folds=3,
    fold_months=2,
    lightgbm=LightGBMParameters(
        trees=40, leaves=8, learning_rate=0.15, min_child_samples=60, feature_fraction=0.7, l2=5.0
    ),
)

_FIRST_YEAR, _YEARS = 2019, 5

SHARE: Final = 4
"""Of the company that `params.yaml` describes one customer in so many takes part in the demonstration."""


def luck(seed: int, purpose: int) -> np.random.Generator:
    """A stream of random draws that belongs to a case and a purpose."""
    return np.random.Generator(np.random.Philox(key=[seed, 5000 + purpose]))


@lru_cache(maxsize=1)
def shown_past(seed: int) -> Past:
    """History and model of the company that is handed out; the level does not matter."""
    return past_at(seed, purpose=0, customers=CUSTOMERS)


@lru_cache(maxsize=1)
def hidden_past(seed: int) -> Past:
    """History and model of the company that stays hidden."""
    return past_at(seed, purpose=1, customers=HIDDEN_CUSTOMERS)


def past_at(seed: int, *, purpose: int, customers: int) -> Past:
    """History and model of a company of any size; `purpose` tells companies of one seed apart."""
    return past_of(_company(seed, purpose=purpose, customers=customers), CHAMPION, ECONOMICS, _COSTS)


def past_of_record(world: World) -> Past:
    """The same for a company recorded elsewhere: one customer in `SHARE` of it, and no more months than a case has."""
    longer = max(world.company.calendar.history - HISTORY, 0)
    parameters = CHAMPION.model_copy(update={"warm_up": CHAMPION.warm_up + longer})
    return past_in(_sampled(world), parameters, ECONOMICS, _COSTS)


def _sampled(world: World) -> World:
    calendar = replace(world.company.calendar, production=RUNS)
    deliveries = [
        {name: table[table["customer_id"] % SHARE == 0].reset_index(drop=True) for name, table in month.items()}
        for month in world.deliveries[: calendar.months]
    ]
    truth = [month[month.index % SHARE == 0] for month in world.truth[: calendar.months]]
    return World(company=replace(world.company, calendar=calendar), deliveries=deliveries, truth=truth)


def _company(seed: int, *, purpose: int, customers: int) -> Company:
    rng = luck(seed, purpose)
    first, month = _FIRST_YEAR + int(rng.integers(_YEARS)), 1 + int(rng.integers(12))
    calendar = Calendar(first_month=f"{first}-{month:02d}", burn_in=BURN_IN, history=HISTORY, production=RUNS)
    return Company(seed=int(rng.integers(2**62)), customers=customers, calendar=calendar)

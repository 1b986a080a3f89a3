from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import pytest

from pipelines.dataset import Cohort, Feed, cohort
from pipelines.parameters import Parameters, parse_parameters
from pipelines.world.company import Company
from pipelines.world.recorder import TABLES
from pipelines.world.run import RecordedMonth, run

SMALL = {
    "world": {
        "seed": 5,
        "customers": 3000,
        "first_month": "2023-01",
        "burn_in": 12,
        "history": 16,
        "production": 3,
    },
    "economics": {"clv": 200, "offer_cost": 10, "contact_cost": 1, "acceptance_rate": 0.3},
    "costs": {"retrain": 100, "recalibrate": 20, "repair": 50, "page": 10},
    "champion": {
        "seed": 7,
        "warm_up": 4,
        "folds": 2,
        "fold_months": 2,
        "lightgbm": {
            "trees": 40,
            "leaves": 7,
            "learning_rate": 0.1,
            "min_child_samples": 100,
            "feature_fraction": 0.7,
            "l2": 5.0,
        },
    },
    "monitoring": {"one_false_page_in_months": 60, "tolerance": 50},
    "validation": {"seed": 1, "level": "junior", "control": False},
    "leakage": {"seed": 1, "level": "junior", "control": False},
    "incident": {"seed": 1, "level": "junior", "control": False},
    "features": {"seed": 1, "level": "junior", "control": False},
    "reproducibility": {"seed": 1, "level": "junior", "control": False},
    "drift": {
        "lever": "competitor_launch",
        "dose": None,
        "start": 1,
        "shape": None,
        "also": [],
        "faults": [],
        "retrain": True,
    },
}
"""A company small enough for a test, with every key that `params.yaml` has."""


@dataclass(frozen=True, slots=True)
class SmallWorld:
    """A recorded company: its parameters, its months, everything as a feed."""

    parameters: Parameters
    company: Company
    months: tuple[RecordedMonth, ...]
    feed: Feed

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        return {name: self.feed.all(name) for name in TABLES}

    def cutoff(self, month: int) -> pd.Timestamp:
        return pd.Timestamp(self.company.calendar.start(month))

    def truth(self, month: int) -> pd.DataFrame:
        return self.months[month].truth.to_pandas().set_index("customer_id")


@pytest.fixture(scope="session")
def parameters() -> Parameters:
    return parse_parameters(SMALL)


@pytest.fixture(scope="session")
def small(parameters: Parameters) -> SmallWorld:
    world = parameters.world
    company = Company(seed=world.seed, customers=world.customers, calendar=world.calendar)
    months = tuple(run(company))
    frames = {name: [month.tables[name].to_pandas() for month in months] for name in TABLES}
    return SmallWorld(parameters, company, months, Feed(frames))


@pytest.fixture(scope="session")
def cohorts(small: SmallWorld) -> list[Cohort]:
    calendar = small.company.calendar
    return [cohort(small.feed, calendar, month, known_at=16) for month in range(4, 15)]

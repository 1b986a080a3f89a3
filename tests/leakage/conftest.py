"""A churn table with honest columns, two honest controls, and six leaks that can be planted one by one."""

from collections.abc import Callable, Collection
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pytest

from monitoring.leakage.asked import checked
from monitoring.leakage.audit import TABLE_CHECKS
from monitoring.leakage.judge import judge
from monitoring.leakage.sampling import ROWS, sampled
from monitoring.leakage.table.sheet import Sheet, sheet_of
from monitoring.leakage.vocabulary import ColumnFinding, Question

CUTOFF = pd.Timestamp("2026-03-01")
HORIZON_DAYS = 30

ALL_LEAKS = ("post_outcome", "window", "stamp", "encoding", "copies", "units")
LEAKY_COLUMNS = {
    "post_outcome": "retention_calls_30d",
    "window": "sessions_30d",
    "stamp": "crm_updated_at",
    "encoding": "city_churn_rate",
}

Dose: TypeAlias = dict[str, Any]

STRENGTH: dict[str, Dose] = {
    "blatant": {"calls": (0.97, 0.01), "days": 25.0, "stamp": (0.98, 0.05), "cities": 4000, "m": 0.0, "copies": 0.1},
    "subtle": {"calls": (0.35, 0.04), "days": 16.0, "stamp": (0.6, 0.3), "cities": 600, "m": 10.0, "copies": 0.02},
}


def make_toy(
    leaks: Collection[str] = (), *, strength: str = "blatant", rows: int = 6000, seed: int = 0
) -> pd.DataFrame:
    """One row a customer; `churned` at about 12 %, `split` train and test at random by row."""
    dose = STRENGTH[strength]
    rng = np.random.default_rng([seed, 5])
    tenure = rng.gamma(2.0, 14.0, rows).round()
    contract = rng.choice(["monthly", "yearly", "two years"], rows, p=[0.5, 0.35, 0.15])
    left = np.where(contract == "monthly", 0.0, rng.integers(0, 365, rows))
    charge = rng.normal(55.0, 18.0, rows).round(2)
    sessions = rng.gamma(2.0, 6.0, rows)
    satisfied = rng.normal(size=rows)
    late = rng.poisson(0.4, rows)
    city = rng.integers(0, int(dose["cities"]), rows)
    risk = (
        -2.35
        + 1.5 * ((contract != "monthly") & (left < 45))
        - 1.6 * ((contract != "monthly") & (left >= 45))
        - 0.02 * tenure
        + 0.012 * (charge - 55.0)
        - 0.07 * (sessions - 12.0)
        + 0.35 * late
        - 0.3 * satisfied
    )
    churned = (rng.random(rows) < 1.0 / (1.0 + np.exp(-risk))).astype(int)
    silent = rng.random(rows) < 0.35 + 0.1 * (satisfied < 0)
    leaves_on = rng.uniform(0.0, HORIZON_DAYS, rows)
    table = pd.DataFrame(
        {
            "row_id": rng.permutation(rows),
            "account_id": [f"A{number:06d}" for number in rng.permutation(rows)],
            "cutoff": CUTOFF,
            "tenure_months": tenure,
            "contract": contract,
            "contract_days_left": left,
            "monthly_charge": charge,
            "sessions_30d": rng.poisson(sessions),
            "avg_session_sec": rng.gamma(3.0, 180.0, rows).round(1),
            "late_pay_12m": late,
            "nps": np.where(silent, np.nan, (satisfied * 2 + 7).round().clip(0, 10)),
            "region": rng.choice(list("NESW"), rows),
            "city": [f"city {number}" for number in city],
            "discount": rng.random(rows) < 0.2,
            "tickets_90d": rng.poisson(0.5 + 0.2 * (satisfied < -1), rows),
            "device": rng.choice(["ios", "android", "web"], rows),
            "signup_at": CUTOFF - pd.to_timedelta(tenure * 30.4 + rng.uniform(0, 30, rows), unit="D"),
            "churned": churned,
        }
    )
    for leak, plant in PLANTS.items():
        if leak in leaks:
            plant(table, dose, leaves_on, rng)
    if "copies" in leaks:
        again = table.iloc[rng.choice(rows, int(dose["copies"] * rows), replace=False)].copy()
        again["row_id"] = np.arange(rows, rows + len(again))
        table = pd.concat([table, again], ignore_index=True).sample(frac=1.0, random_state=seed, ignore_index=True)
    table["split"] = np.where(rng.random(len(table)) < 0.7, "train", "test")
    return table


def _post_outcome(table: pd.DataFrame, dose: Dose, leaves_on: np.ndarray, rng: np.random.Generator) -> None:
    often, seldom = dose["calls"]
    called = rng.random(len(table)) < np.where(table["churned"] == 1, often, seldom)
    table["retention_calls_30d"] = np.where(called, rng.poisson(1.0, len(table)) + 1, 0)


def _window(table: pd.DataFrame, dose: Dose, leaves_on: np.ndarray, rng: np.random.Generator) -> None:
    stays = np.where(table["churned"] == 1, np.minimum(leaves_on, dose["days"]), dose["days"])
    table["sessions_30d"] += rng.poisson(table["sessions_30d"].to_numpy() * stays / HORIZON_DAYS)


def _stamp(table: pd.DataFrame, dose: Dose, leaves_on: np.ndarray, rng: np.random.Generator) -> None:
    often, seldom = dose["stamp"]
    rows = len(table)
    later = rng.random(rows) < np.where(table["churned"] == 1, often, seldom)
    days = np.where(later, rng.uniform(0.5, 44.0, rows), -rng.exponential(60.0, rows))
    table["crm_updated_at"] = CUTOFF + pd.to_timedelta(days, unit="D")


def _encoding(table: pd.DataFrame, dose: Dose, leaves_on: np.ndarray, rng: np.random.Generator) -> None:
    by_city = table.groupby("city")["churned"]
    base, weight = table["churned"].mean(), dose["m"]
    table["city_churn_rate"] = (by_city.transform("sum") + weight * base) / (by_city.transform("size") + weight)


PLANTS = {"post_outcome": _post_outcome, "window": _window, "stamp": _stamp, "encoding": _encoding}


def ask(table: pd.DataFrame, *, split: bool = False) -> Question:
    """The question of a toy table: account and cutoff named, and the split if `split=True`."""
    given = table if split else table.drop(columns=["split"])
    name = "split" if split else None
    return Question(table=given, target="churned", entity="account_id", time="cutoff", split=name)


def judge_table(question: Question, *, rows: int = ROWS) -> dict[str, ColumnFinding]:
    """The findings of the table-alone checks by column, without the scores."""
    asked = checked(question)
    sample = sampled(asked, rows=rows, seed=1)
    sheet = sheet_of(sample.question, seed=1, weight=sample.negative_weight, whole=asked.table)
    clues = [clue for check in TABLE_CHECKS for clue in check(sheet)]
    return {one.name: one for one in judge(list(asked.table.columns), clues, sheet.ignored)}


@pytest.fixture(scope="session")
def toy() -> Callable[..., pd.DataFrame]:
    """`toy(["stamp"], strength="subtle", seed=3)`."""
    return make_toy


@pytest.fixture(scope="session")
def asking() -> Callable[..., Question]:
    """`asking(table, split=True)`."""
    return ask


@pytest.fixture(scope="session")
def judged() -> Callable[..., dict[str, ColumnFinding]]:
    """`judged(question)["crm_updated_at"].verdict`."""
    return judge_table


@pytest.fixture(scope="session")
def sheet() -> Callable[[Question], Sheet]:
    """`sheet(question)`: what the table-alone checks read."""

    def made(question: Question) -> Sheet:
        return sheet_of(checked(question), seed=1)

    return made

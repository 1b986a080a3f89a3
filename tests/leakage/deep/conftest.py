"""A company small enough to know by heart: events with both clocks, an honest builder, and builders that know more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest

from monitoring.leakage.vocabulary import Builder, Question, Tables

DAY = pd.Timedelta(days=1)
CUTOFFS = tuple(pd.date_range("2024-03-01", periods=6, freq="MS"))
EXTRACT = pd.Timestamp("2024-12-01")
START = pd.Timestamp("2023-11-01")
HONEST = ("usage_30d", "usage_90d", "calls_60d", "last_survey", "tenure", "days_to_end", "region", "region_rate")
LEAKS = (
    "calls_ahead",
    "usage_next_day",
    "usage_late",
    "status",
    "survey_filled_back",
    "region_rate_all",
    "touched_at",
)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Tables, a cutoff, and the entities to describe."""

    tables: Tables
    cutoff: pd.Timestamp
    ids: pd.Index

    def rows(self, table: str, back: float, ahead: float = 0.0, *, known: bool = True) -> pd.DataFrame:
        rows = self.tables[table]
        keep = (rows["event_at"] >= self.cutoff - back * DAY) & (rows["event_at"] < self.cutoff + ahead * DAY)
        return rows[keep & (rows["available_at"] < self.cutoff)] if known else rows[keep]

    def count(self, rows: pd.DataFrame) -> np.ndarray:
        place = self.ids.get_indexer(rows["id"])
        return np.bincount(place[place >= 0], minlength=len(self.ids)).astype(float)

    def value(self, rows: pd.DataFrame, column: str) -> np.ndarray:
        return rows.drop_duplicates("id", keep="last").set_index("id")[column].reindex(self.ids).to_numpy()

    def rate(self, outcomes: pd.DataFrame) -> np.ndarray:
        region = self.tables["people"].set_index("id")["region"]
        rate = outcomes.groupby(region.reindex(outcomes["id"]).to_numpy())["left"].mean()
        return rate.reindex(region.reindex(self.ids)).to_numpy(float)


def honest(desk: Desk) -> dict[str, object]:
    people = desk.tables["people"].set_index("id").reindex(desk.ids)
    outcomes = desk.tables["outcomes"]
    return {
        "usage_30d": desk.count(desk.rows("usage", 30)),
        "usage_90d": desk.count(desk.rows("usage", 90)) / 3.0,
        "calls_60d": desk.count(desk.rows("calls", 60)),
        "last_survey": desk.value(desk.rows("surveys", 900), "score"),
        "tenure": ((desk.cutoff - people["event_at"]) / DAY).to_numpy(),
        "days_to_end": ((people["ends_at"] - desk.cutoff) / DAY).to_numpy(),
        "region": people["region"].to_numpy(),
        "region_rate": desk.rate(outcomes[outcomes["available_at"] < desk.cutoff]),
    }


def knowing(desk: Desk) -> dict[str, object]:
    state = desk.tables["accounts"].set_index("id").reindex(desk.ids)
    later = desk.rows("surveys", 900, 900, known=False).sort_values("event_at", ascending=False)
    return {
        "calls_ahead": desk.count(desk.rows("calls", 60, 12, known=False)),
        "usage_next_day": desk.count(desk.rows("usage", 30, 1, known=False)),
        "usage_late": desk.count(desk.rows("usage", 30, 0, known=False)),
        "status": state["status"].to_numpy(),
        "survey_filled_back": pd.Series(desk.value(desk.rows("surveys", 900), "score"))
        .fillna(pd.Series(desk.value(later, "score")))
        .to_numpy(),
        "region_rate_all": desk.rate(desk.tables["outcomes"]),
        "touched_at": state["available_at"].to_numpy(),
    }


@dataclass(frozen=True, kw_only=True)
class Town:
    """Tables as of the extract, and what can be made from them."""

    tables: Mapping[str, pd.DataFrame]
    left_at: pd.Series = field(repr=False)

    def known_at(self, cutoff: pd.Timestamp) -> dict[str, pd.DataFrame]:
        """What a job at the cutoff sees; the accounts as they stood."""
        cut = {name: rows[rows["available_at"] < cutoff] for name, rows in self.tables.items()}
        return cut | {"accounts": accounts(self.tables["people"], self.left_at, cutoff)}

    def here(self, cutoff: pd.Timestamp) -> pd.Index:
        return pd.Index(self.left_at.index[~(self.left_at < cutoff)], name="id")

    def build(self, tables: Tables, cutoff: pd.Timestamp) -> pd.DataFrame:
        desk = Desk(tables=tables, cutoff=cutoff, ids=self.here(cutoff))
        return pd.DataFrame({**honest(desk), **knowing(desk)}, index=desk.ids)

    def table(self, *, known: bool = False) -> pd.DataFrame:
        """Features of every cutoff with labels: as trained on, or as the scoring job logged them."""
        parts = []
        for cutoff in CUTOFFS:
            made = self.build(self.known_at(cutoff) if known else self.tables, cutoff)
            left = self.left_at.reindex(made.index)
            churned = ((left >= cutoff) & (left < cutoff + 30 * DAY)).astype(float)
            parts.append(made.reset_index().assign(cutoff=cutoff, left=churned.to_numpy()))
        return pd.concat(parts, ignore_index=True)


def accounts(people: pd.DataFrame, left_at: pd.Series, as_of: pd.Timestamp) -> pd.DataFrame:
    left = left_at.where(left_at < as_of).to_numpy()
    closed = ~pd.isna(left)
    return pd.DataFrame(
        {
            "id": people["id"],
            "status": np.where(closed, "closed", "active"),
            "available_at": pd.Series(left).fillna(people["event_at"]),
        }
    )


def settle(seed: int = 3, size: int = 700) -> Town:
    rng = np.random.default_rng(seed)
    ids = np.arange(1000, 1000 + size)
    signed = START - pd.to_timedelta(rng.uniform(5, 700, size), unit="D")
    left = pd.Series(CUTOFFS[0] + pd.to_timedelta(rng.uniform(0, 183, size), unit="D"), index=ids)
    left = left.where(rng.random(size) < 0.45)
    people = pd.DataFrame(
        {
            "id": ids,
            "event_at": signed,
            "available_at": signed + pd.Timedelta(hours=1),
            "region": rng.choice([f"r{k}" for k in range(30)], size),
            "ends_at": signed + pd.to_timedelta(rng.integers(700, 1200, size), unit="D"),
        }
    )
    usage = _usage(rng, left)
    tables = {
        "people": people,
        "usage": usage,
        "calls": _calls(rng, left),
        "surveys": _surveys(rng, left),
        "accounts": accounts(people, left, EXTRACT),
        "outcomes": _outcomes(left),
    }
    return Town(tables={n: rows[rows["available_at"] < EXTRACT] for n, rows in tables.items()}, left_at=left)


def _usage(rng: np.random.Generator, left: pd.Series) -> pd.DataFrame:
    days = (EXTRACT - START).days
    at = START + pd.to_timedelta(np.tile(np.arange(days), len(left)) + rng.random(days * len(left)), unit="D")
    who = np.repeat(left.index.to_numpy(), days)
    rate = np.repeat(rng.uniform(0.2, 0.7, len(left)), days)
    end = left.reindex(who).to_numpy()
    fading = (at > end - np.timedelta64(45, "D")) & (rng.random(len(at)) < 0.3)
    used = (rng.random(len(at)) < rate) & ~fading & ~(at >= end)
    late = rng.random(len(at)) < 0.05
    lag = pd.to_timedelta(np.where(late, 6.0, 0.1), unit="D")
    return pd.DataFrame({"id": who, "event_at": at, "available_at": at + lag})[used]


def _calls(rng: np.random.Generator, left: pd.Series) -> pd.DataFrame:
    leavers = left.dropna()
    asked = leavers - pd.to_timedelta(rng.uniform(0, 40, len(leavers)), unit="D")
    other = START + pd.to_timedelta(rng.uniform(0, 390, 3 * len(left)), unit="D")
    at = pd.concat([asked, pd.Series(other, index=np.repeat(left.index, 3))])
    at = at[~(at >= left.reindex(at.index))].sort_values()
    return pd.DataFrame(
        {"id": at.index, "event_at": at.to_numpy(), "available_at": at.to_numpy() + np.timedelta64(2, "h")}
    )


def _surveys(rng: np.random.Generator, left: pd.Series) -> pd.DataFrame:
    who = rng.choice(left.index.to_numpy(), 2 * len(left))
    at = pd.Series(START + pd.to_timedelta(rng.uniform(0, 390, len(who)), unit="D"))
    soon = (left.reindex(who).reset_index(drop=True) - at) < 60 * DAY
    score = np.where(soon, rng.integers(1, 4, len(who)), rng.integers(1, 6, len(who))).astype(float)
    rows = pd.DataFrame({"id": who, "event_at": at, "available_at": at + DAY / 4, "score": score})
    return rows[~(at >= left.reindex(who).reset_index(drop=True))].sort_values("event_at")


def _outcomes(left: pd.Series) -> pd.DataFrame:
    parts = []
    for cutoff in pd.date_range(START, periods=12, freq="MS"):
        here = left[~(left < cutoff)]
        parts.append(
            pd.DataFrame(
                {
                    "id": here.index,
                    "event_at": cutoff,
                    "available_at": cutoff + 60 * DAY,
                    "left": ((here >= cutoff) & (here < cutoff + 30 * DAY)).astype(float).to_numpy(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="session")
def town() -> Town:
    return settle()


@pytest.fixture(scope="session")
def events(town: Town) -> Tables:
    """Everything the warehouse holds."""
    return town.tables


@pytest.fixture(scope="session")
def know_all(town: Town) -> Builder:
    """A builder with honest columns, and columns that read what was not known yet."""
    return town.build


@pytest.fixture(scope="session")
def table(town: Town) -> pd.DataFrame:
    """The training table: the builder on everything the warehouse holds."""
    return town.table()


@pytest.fixture(scope="session")
def log(town: Town) -> pd.DataFrame:
    """The same rows as the scoring job saw them."""
    return town.table(known=True)


@pytest.fixture(scope="session")
def ask(town: Town, table: pd.DataFrame) -> Callable[..., Question]:
    """A question about the town's table; keywords replace parts of it."""

    def asked(**parts: object) -> Question:
        usual = {"table": table, "target": "left", "time": "cutoff", "entity": "id"}
        return Question(**{**usual, **parts})

    return asked


@pytest.fixture(scope="session")
def ask_builder(town: Town, ask: Callable[..., Question]) -> Callable[..., Question]:
    """The same with the town's events and builder."""
    return lambda **parts: ask(**{"events": town.tables, "builder": town.build, **parts})

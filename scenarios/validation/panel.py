"""The analyst's panel: rows of customer x cutoff with features and labels as known at the extract, in neutral order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pipelines.features import NUMERIC
from pipelines.recorded import World
from scenarios.validation.recorded import churned, cutoff_of, extract_of, features_at, known_ends

ATTRIBUTES: Final = 300
"""Bought-in columns with nothing in them, five levels each."""

AGENTS: Final = 400
"""Account managers; a customer's never changes, and none is better than another."""

_LEVELS = 5
_SURVEYED_AT_LEAST, _SURVEYED_MORE, _SURVEY_POWER = 0.03, 0.90, 6
"""Answer rates to the yearly survey: 3 % in the middle of the mood scale, 93 % at both ends."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cadence:
    """When a panel looks: (month counted from the extract, day) pairs, oldest first."""

    name: str
    cutoffs: tuple[tuple[int, int], ...]


def _cutoffs(first: int, last: int, days: Sequence[int]) -> tuple[tuple[int, int], ...]:
    return tuple((month, day) for month in range(first, last + 1) for day in days)


MONTHLY: Final = Cadence(name="monthly", cutoffs=_cutoffs(-11, -2, (0,)))
HALF_MONTHLY: Final = Cadence(name="twice a month", cutoffs=(*_cutoffs(-8, -3, (0, 15)), (-2, 0)))
WEEKLY: Final = Cadence(name="four times a month", cutoffs=(*_cutoffs(-6, -3, (0, 8, 15, 22)), (-2, 0)))
_FRESH: Final = (0, 14, 18, 21, 25, 27)
"""Days of the month before the extract on which the newest cutoffs of an up-to-date panel lie."""

UP_TO_DATE: Final = Cadence(name="up to date", cutoffs=(*_cutoffs(-5, -2, (0, 15)), *_cutoffs(-1, -1, _FRESH)))
"""Twice a month, and more often of late: its newest labels have not had time to happen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Extras:
    """What the panel holds besides features, for every customer the company ever had: `agent`, and attributes."""

    agents: pd.Series
    attributes: pd.DataFrame

    def public_attributes(self, customers: pd.Series) -> pd.DataFrame:
        """The attributes of the customers of a panel."""
        known = self.attributes["customer_id"].isin(customers)
        return self.attributes[known].reset_index(drop=True)


def extras(world: World, random: np.random.Generator) -> Extras:
    """Draw agents and attributes of all customers."""
    ids = pd.Index(
        np.unique(world.feed(world.company.calendar.months).all("customers")["customer_id"]), name="customer_id"
    )
    values = random.integers(0, _LEVELS, size=(len(ids), ATTRIBUTES), dtype=np.int8)
    names = [f"attr_{place:03d}" for place in range(1, ATTRIBUTES + 1)]
    attributes = pd.DataFrame(values, columns=names)
    attributes.insert(0, "customer_id", ids.to_numpy())
    agents = pd.Series(random.integers(1, AGENTS + 1, size=len(ids), dtype=np.int16), index=ids)
    return Extras(agents=agents, attributes=attributes)


def panel(
    world: World,
    cadence: Cadence,
    extra: Extras,
    random: np.random.Generator,
    *,
    copied: float,
    customers: pd.Index | None = None,
) -> pd.DataFrame:
    """The panel of a cadence; a share `copied` of its rows is in it twice, under a row id of its own."""
    ends = known_ends(world)
    rows = pd.concat([_at(world, month, day, ends) for month, day in cadence.cutoffs], ignore_index=True)
    if customers is not None:
        rows = rows[rows["customer_id"].isin(customers)].reset_index(drop=True)
    rows = with_extras(rows, extra).assign(
        survey_answered=_survey(rows, random),
        still_customer=(~rows["customer_id"].isin(ends.index)).astype(np.int8),
    )
    again = random.choice(len(rows), size=round(copied * len(rows)), replace=False)
    return _neutral(pd.concat([rows, rows.iloc[again]], ignore_index=True), random)


def with_extras(rows: pd.DataFrame, extra: Extras) -> pd.DataFrame:
    """Rows with the agent of each customer."""
    return rows.assign(agent=rows["customer_id"].map(extra.agents).to_numpy())


def _at(world: World, month: int, day: int, ends: pd.Series) -> pd.DataFrame:
    month = extract_of(world) + month
    cutoff = cutoff_of(world, month, day)
    rows = _small(features_at(world, month, day))
    rows = rows.assign(cutoff=cutoff, churned=churned(ends, rows["customer_id"], cutoff))
    return rows[rows["churned"].notna()].astype({"churned": np.int8})


def _small(rows: pd.DataFrame) -> pd.DataFrame:
    """Numbers with five significant digits, as a warehouse would export them."""
    return rows.assign(**{name: rows[name].astype(np.float32).round(3) for name in NUMERIC})


def _survey(rows: pd.DataFrame, random: np.random.Generator) -> np.ndarray:
    """Who answered the survey: the very content and the very discontent."""
    rank = {name: rows[name].fillna(0.0).rank(pct=True) for name in NUMERIC}
    mood = rank["weekly_sessions_4w"] + rank["sessions_trend"] + 0.6 * rank["tenure_months"]
    mood = (mood - 0.6 * rank["tickets_90d"] - 0.5 * rank["unpaid_attempts"]).rank(pct=True)
    chance = _SURVEYED_AT_LEAST + _SURVEYED_MORE * np.abs(2.0 * mood - 1.0) ** _SURVEY_POWER
    return np.asarray(random.random(len(rows)) < chance, dtype=np.int8)


def _neutral(rows: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Rows in an order that tells nothing, with a row id that tells nothing either."""
    rows = rows.iloc[random.permutation(len(rows))].reset_index(drop=True)
    first = ["row_id", "customer_id", "cutoff", "churned"]
    rows.insert(0, "row_id", np.arange(1, len(rows) + 1))
    return rows[[*first, *(name for name in rows if name not in first)]]

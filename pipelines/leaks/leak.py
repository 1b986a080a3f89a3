"""What a leak is: a change of an honest feature definition, of the code that serves it, or of the rows of a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal, TypeAlias

import pandas as pd

from pipelines.errors import LabError
from pipelines.leaks.definition import Definition
from pipelines.leaks.luck import Luck

Tier: TypeAlias = Literal["blatant", "plain", "subtle"]
"""How loud a leak is: gives the answer away alone; lifts the score; hardly moves it, though it can be proved."""

Builder: TypeAlias = Callable[[Mapping[str, pd.DataFrame], pd.Timestamp], pd.DataFrame]
"""The scoring job's own feature builder: tables known at a cutoff, and the cutoff, to one row a customer."""


class Family(StrEnum):
    """Where the answer comes from."""

    TARGET = "target"
    FUTURE = "future"
    CONTAMINATION = "contamination"
    SKEW = "skew"


@dataclass(frozen=True, kw_only=True, slots=True)
class Described:
    """What all leaks say about themselves.

    `title` is one sentence on what went wrong. `dose` is the usual amount in `unit`, `most` the largest allowed, and 0
    is honest. `twin` names the honest feature the column stands in for. Of the neutral `names` one is drawn as the
    column's public name.
    """

    name: str
    family: Family
    title: str
    unit: str
    dose: float
    most: float
    tier: Tier
    twin: str | None = None
    names: tuple[str, ...] = ()

    def checked(self, dose: float) -> float:
        """The dose, if it is allowed. Raises LabError otherwise."""
        if not 0.0 <= dose <= self.most:
            raise LabError(
                f"The dose of leak '{self.name}' is {dose:g}; allowed is 0 to {self.most:g} ({self.unit}). "
                f"Usual is {self.dose:g}."
            )
        return dose


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnLeak(Described):
    """A column whose definition reads what was not known at the cutoff.

    `clean` is the legitimate definition; `spoil(clean, dose)` is the one that was written.
    """

    clean: Definition
    spoil: Callable[[Definition, float], Definition]

    def leaky(self, public_name: str, dose: float | None = None) -> Definition:
        """The definition as it was written; with dose 0 the honest one."""
        amount = self.checked(self.dose if dose is None else dose)
        honest = self.honest(public_name)
        return self.spoil(honest, amount) if amount > 0.0 else honest

    def honest(self, public_name: str) -> Definition:
        """The legitimate rebuild: the same question, answered with what was known at the cutoff."""
        return replace(self.clean, name=public_name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One run of the scoring job: `tables` as known at `cutoff`, and how hard the skew hits.

    `deployed` is the cutoff at which the model went live. `columns` are the frame's names of the columns the skew
    damages, in the skew's order. `build` makes the honest frame from any tables and cutoff.
    """

    cutoff: pd.Timestamp
    tables: Mapping[str, pd.DataFrame]
    deployed: pd.Timestamp
    luck: Luck
    dose: float
    columns: tuple[str, ...]
    build: Builder


@dataclass(frozen=True, kw_only=True, slots=True)
class ServingSkew(Described):
    """A scoring job that sends something else than training read, from the same knowledge.

    `columns` are the honest features it damages. `send(frame, request)` is the second code path: the honest frame, by
    customer, to what is sent. `moves` says where it hurts: the ranking, the level of the scores, or nothing much.
    """

    columns: tuple[str, ...]
    send: Callable[[pd.DataFrame, Request], pd.DataFrame]
    moves: Literal["ranking", "level", "nothing"]

    def online(self, honest_frame: pd.DataFrame, request: Request) -> pd.DataFrame:
        """What the scoring job really sends; with dose 0 the honest frame itself."""
        return self.send(honest_frame, request) if self.checked(request.dose) > 0.0 else honest_frame


@dataclass(frozen=True, kw_only=True, slots=True)
class RowLeak(Described):
    """Rows that tell about one another across the split.

    `spread(table, luck, dose)` changes which rows a training table has, and on which side; the table has the columns
    customer_id, cutoff, split (train or test), churned, and features.
    """

    spread: Callable[[pd.DataFrame, Luck, float], pd.DataFrame]

    def contaminate(self, table: pd.DataFrame, luck: Luck, dose: float | None = None) -> pd.DataFrame:
        """The table as it was handed to training; with dose 0 the table itself."""
        amount = self.checked(self.dose if dose is None else dose)
        return self.spread(table, luck, amount) if amount > 0.0 else table


Leak: TypeAlias = ColumnLeak | ServingSkew | RowLeak


@dataclass(frozen=True, kw_only=True, slots=True)
class Planted:
    """A leak at work: its dose, and the column it shows as (empty for one that changes rows)."""

    leak: Leak
    dose: float
    name: str = ""

    def __post_init__(self) -> None:
        self.leak.checked(self.dose)

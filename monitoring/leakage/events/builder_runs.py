"""Run the builder under audit: on the tables as given, and on what could be read at a cutoff."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from monitoring.columns import Counts, Floats, as_times
from monitoring.errors import MonitorError
from monitoring.leakage.compare.alike import same_keys
from monitoring.leakage.compare.pairs import REBUILD_NOISE, Pair, pair_of
from monitoring.leakage.vocabulary import Builder, Question, Tables

AVAILABLE: Final = "available_at"
"""The column that says when a row of an event table could first be read."""

HAPPENED: Final = "event_at"
"""The column that says when what a row tells happened; tables of current state have none."""

CUTOFFS: Final = 3
"""Cutoffs rebuilt: newest, oldest and the middle. Each costs two to four builds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """One cutoff of the table: its rows, who they are, and their labels (NaN where unknown)."""

    cutoff: pd.Timestamp
    rows: pd.DataFrame
    entity: pd.Series
    labels: Floats

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, kw_only=True, slots=True)
class Workshop:
    """A builder with its event tables, safe to run: it gets copies, and its mistakes are named."""

    builder: Builder
    events: Tables
    target: str

    @property
    def name(self) -> str:
        """The builder's name as `module:function`."""
        where = getattr(self.builder, "__module__", "?")
        return f"{where}:{getattr(self.builder, '__qualname__', type(self.builder).__name__)}"

    def build(self, tables: Tables, cutoff: pd.Timestamp) -> pd.DataFrame:
        """The builder's features at a cutoff, with a unique index and plain column names."""
        made = self.builder({name: rows.copy(deep=False) for name, rows in tables.items()}, self._as_given(cutoff))
        return self._checked(made, cutoff)

    def full(self, cutoff: pd.Timestamp) -> pd.DataFrame:
        """Features made from the tables as given."""
        try:
            return self.build(self.events, cutoff)
        except MonitorError:
            raise
        except Exception as error:
            raise MonitorError(
                f"the builder {self.name} failed on the event tables as given at {cutoff}: "
                f"{type(error).__name__}: {error}; give it the tables it expects, or leave the builder out"
            ) from error

    def tables_known(self, cutoff: pd.Timestamp) -> Tables:
        """Every table without the rows that could not be read yet at the cutoff."""
        return self.tables_cut(AVAILABLE, cutoff)

    def tables_cut(self, clock: str, cutoff: pd.Timestamp) -> Tables:
        """Every table that has the column `clock` without its rows at or after the cutoff."""
        return {name: rows[before(rows, clock, cutoff)] for name, rows in self.events.items()}

    def _as_given(self, cutoff: pd.Timestamp) -> pd.Timestamp:
        """The cutoff with a time zone if the event tables have one."""
        zoned = any(isinstance(rows[AVAILABLE].dtype, pd.DatetimeTZDtype) for rows in self.events.values())
        return cutoff.tz_localize("UTC") if zoned else cutoff

    def _checked(self, made: object, cutoff: pd.Timestamp) -> pd.DataFrame:
        where = f"the builder {self.name} at {cutoff}"
        if not isinstance(made, pd.DataFrame):
            raise MonitorError(
                f"{where} returned {type(made).__name__}; it must return a DataFrame with the entity as index"
            )
        if not made.index.is_unique:
            twice = made.index[made.index.duplicated()][0]
            raise MonitorError(f"{where} returned entity {twice} more than once; it must return one row an entity")
        return made.set_axis([str(name) for name in made.columns], axis=1)


def workshop(question: Question) -> Workshop | None:
    """The question's builder and events, None if it lacks them or the columns that name rows.

    Raises
    ------
    MonitorError
        If an event table does not say when its rows could first be read.
    """
    if question.events is None or question.builder is None or question.time is None or question.entity is None:
        return None
    for name, rows in question.events.items():
        if AVAILABLE not in rows.columns:
            raise MonitorError(
                f"the event table {name} has no column {AVAILABLE}; it has {', '.join(map(str, rows.columns))}. "
                f"Add the time at which each row could first be read"
            )
    return Workshop(builder=question.builder, events=question.events, target=question.target)


def before(rows: pd.DataFrame, clock: str, cutoff: pd.Timestamp) -> pd.Series:
    """Which rows stand before the cutoff by a clock; all, where the table has no such clock."""
    if clock not in rows.columns:
        return pd.Series(data=True, index=rows.index)
    return as_times(rows[clock]) < cutoff


def sites(question: Question, count: int = CUTOFFS) -> tuple[Site, ...]:
    """Up to `count` cutoffs of the table with their rows, oldest first: spread from the oldest to the newest."""
    if question.time is None or question.entity is None:
        return ()
    at = as_times(question.table[question.time])
    cutoffs = np.sort(at.dropna().unique())
    places = np.unique(np.linspace(0, len(cutoffs) - 1, min(count, len(cutoffs))).round().astype(int))
    return tuple(_site(question, at, pd.Timestamp(cutoffs[place])) for place in places)


def _site(question: Question, at: pd.Series, cutoff: pd.Timestamp) -> Site:
    rows = question.table[(at == cutoff).to_numpy()].drop_duplicates(subset=[question.entity], keep="first")
    labels = pd.to_numeric(rows[question.target], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return Site(cutoff=cutoff, rows=rows, entity=rows[question.entity], labels=labels)


def places(site: Site, made: pd.DataFrame) -> Counts:
    """For each row of the site the row of a build that holds its entity, -1 where it has none."""
    wanted, found = same_keys(site.entity, made.index.to_series())
    order = np.argsort(found, kind="stable")
    spot = np.minimum(np.searchsorted(found[order], wanted), max(len(found) - 1, 0))
    if not len(found):
        return np.full(len(wanted), -1, dtype=np.int64)
    hit = (found[order][spot] == wanted) & (wanted >= 0)
    return np.where(hit, order[spot], -1).astype(np.int64)


def pairs_between(
    left: pd.DataFrame, right: pd.DataFrame, columns: tuple[str, ...], noise: float = REBUILD_NOISE
) -> Mapping[str, Pair]:
    """Pairs of the columns that both aligned tables have."""
    both = [name for name in columns if name in left.columns and name in right.columns]
    return {name: pair_of(left[name], right[name], noise=noise) for name in both}

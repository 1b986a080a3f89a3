"""The rows that stand in both the table and the scoring log, side by side."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from monitoring.columns import Counts, Floats, as_numbers, as_times
from monitoring.leakage.compare.alike import alike, same_keys
from monitoring.leakage.compare.pairs import Bools, Pair, tolerance
from monitoring.leakage.vocabulary import Question

FEWEST: Final = 50
"""Fewer rows in common than this are no comparison."""

_GRAINS: Final = (("the same moment", None), ("the same day", "D"), ("the same month", "M"))
"""How times are held to be equal: as finely as gives rows in common."""

_ENOUGH: Final = 0.2
"""A grain is fine enough when at least this share of the smaller side finds its row."""

_STEP: Final = 1.5
"""How many times the shortest time between two cutoffs the cutoff before may lie back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column of the n matched rows: `left` of the pair is offline, `right` was logged.

    `before` holds the offline cells of one cutoff before where `dated` says that there are some; `moved` says where
    the offline cells differ from those, `lagging` where the logged ones equal them.
    """

    name: str
    pair: Pair
    entity: Counts
    period: Counts
    dated: Bools
    before: Floats
    moved: Bools
    lagging: Bools


@dataclass(frozen=True, kw_only=True, slots=True)
class Matched:
    """n rows with the same entity and time on both sides, by entity, then time.

    `places` are the rows' places in `table`, `logged` has the log's columns. `entity` and `period` are codes, the
    period's rising with time. `labels` are 1, 0 or NaN. `earlier` is the place in `table` (all rows) of the
    entity's row one cutoff before, -1 where there is none. `says` tells how rows were matched.
    """

    table: pd.DataFrame
    places: Counts
    logged: pd.DataFrame
    entity: Counts
    period: Counts
    labels: Floats
    earlier: Counts
    says: str

    def __len__(self) -> int:
        return len(self.entity)

    @property
    def offline(self) -> pd.DataFrame:
        """The table's rows, in order."""
        return self.table.iloc[self.places].reset_index(drop=True)

    @property
    def known(self) -> Bools:
        """Rows whose label is known, shape (n,)."""
        return ~np.isnan(self.labels)

    def column(self, name: str) -> Column:
        """A column of both sides, and of the cutoff before."""
        read = alike(self.table[name], self.logged[name])
        near = tolerance(read)
        left = read.left[self.places]
        before = np.where(self.earlier >= 0, read.left[self.earlier], np.nan)
        pair = Pair(
            form=read.form, left=left, right=read.right, differs=near.unequal(left, read.right), levels=read.levels
        )
        return Column(
            name=name,
            pair=pair,
            entity=self.entity,
            period=self.period,
            dated=self.earlier >= 0,
            before=before,
            moved=near.unequal(left, before) & (self.earlier >= 0),
            lagging=~near.unequal(before, read.right) & (self.earlier >= 0),
        )


def common_features(question: Question) -> tuple[str, ...]:
    """Feature columns that the log has too, in table order."""
    if question.serving is None:
        return ()
    logged = {str(name) for name in question.serving.columns}
    return tuple(name for name in question.features if name in logged)


def matched(question: Question) -> Matched | None:
    """The rows of the table with their like in the log; None where there are too few or no key."""
    log = question.serving
    if log is None or question.entity is None or question.entity not in log.columns:
        return None
    ours, theirs = same_keys(question.table[question.entity], log[question.entity])
    times = _times(question, log)
    if times is None:
        return _entities_only(question, log, ours, theirs)
    for says, grain in _GRAINS:
        left, right = _grained(times[0], grain), _grained(times[1], grain)
        rows = _join(*_keys((ours, left), (theirs, right)))
        if len(rows[0]) >= max(FEWEST, _ENOUGH * min(len(log), len(question.table))):
            return _side_by_side(question, log, ours, left, rows=rows, says=f"entity and {says}")
    return None


def _entities_only(question: Question, log: pd.DataFrame, ours: Counts, theirs: Counts) -> Matched | None:
    """Matched by entity alone, if neither side has an entity twice."""
    if len(np.unique(ours)) < len(ours) or len(np.unique(theirs)) < len(theirs):
        return None
    rows = _join(ours, theirs)
    if len(rows[0]) < FEWEST:
        return None
    return _side_by_side(question, log, ours, np.zeros(len(ours), dtype=np.int64), rows=rows, says="entity")


def _times(question: Question, log: pd.DataFrame) -> tuple[pd.Series, pd.Series] | None:
    if question.time is None or question.time not in log.columns:
        return None
    return as_times(question.table[question.time]), as_times(log[question.time])


def _grained(at: pd.Series, grain: str | None) -> Counts:
    """Times as whole numbers, equal within a grain; -1 where unknown."""
    unit = "us" if grain is None else grain
    whole = at.to_numpy(f"datetime64[{unit}]").astype(np.int64)
    return np.where(at.isna().to_numpy(), -1, whole)


def _keys(ours: tuple[Counts, Counts], theirs: tuple[Counts, Counts]) -> tuple[Counts, Counts]:
    """One number a row, equal on both sides where entity and time are; -1 where either is missing."""
    times, place = np.unique(np.concatenate([ours[1], theirs[1]]), return_inverse=True)
    entity = np.concatenate([ours[0], theirs[0]])
    keys = np.where((entity < 0) | (times[place] < 0), -1, entity * len(times) + place)
    return keys[: len(ours[0])], keys[len(ours[0]) :]


def _join(ours: Counts, theirs: Counts) -> tuple[Counts, Counts]:
    """Places of equal keys on both sides; of rows with one key the first."""
    _, left, right = np.intersect1d(ours, theirs, return_indices=True)
    usable = ours[left] >= 0
    return left[usable], right[usable]


def _side_by_side(
    question: Question, log: pd.DataFrame, entity: Counts, time: Counts, *, rows: tuple[Counts, Counts], says: str
) -> Matched:
    order = np.lexsort((time[rows[0]], entity[rows[0]]))
    left, right = rows[0][order], rows[1][order]
    logged = log.iloc[right].reset_index(drop=True)
    return Matched(
        table=question.table,
        places=left,
        logged=logged,
        entity=entity[left],
        period=np.unique(time[left], return_inverse=True)[1].astype(np.int64),
        labels=_labels(question.target, question.table.iloc[left], logged),
        earlier=_earlier(entity, time)[left],
        says=f"rows matched by {says}",
    )


def _labels(target: str, offline: pd.DataFrame, logged: pd.DataFrame) -> Floats:
    """The table's labels, where unknown the log's."""
    labels = as_numbers(offline[target]).cells
    return np.where(np.isnan(labels), as_numbers(logged[target]).cells, labels) if target in logged.columns else labels


def _earlier(entity: Counts, time: Counts) -> Counts:
    """For every row the place of the same entity's row of the cutoff before, -1 where there is none.

    A cutoff much further back than the usual step does not count.
    """
    moments = np.unique(time)
    step = int(np.diff(moments).min()) if len(moments) > 1 else 0
    order = np.lexsort((time, entity))
    here, before = order[1:], order[:-1]
    apart = time[here] - time[before]
    follows = (entity[here] == entity[before]) & (apart > 0) & (apart <= _STEP * step)
    found = np.full(len(entity), -1, dtype=np.int64)
    found[here[follows]] = before[follows]
    return found

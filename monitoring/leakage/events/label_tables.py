"""Which event tables hold the outcome."""

from typing import Final

import numpy as np
import pandas as pd
from pandas.api import types

from monitoring.columns import Counts, Floats, as_numbers, as_times
from monitoring.leakage.compare.alike import same_keys
from monitoring.leakage.compare.pairs import Bools
from monitoring.leakage.events.builder_runs import AVAILABLE
from monitoring.leakage.vocabulary import Question, Tables

_LABELS: Final = frozenset((0.0, 1.0))

_AGREES: Final = 0.98
"""Share of rows with the same entity and cutoff whose value must be the target's for a column to be the target."""

_FEWEST: Final = 30
"""Leavers among those rows."""


def label_tables(question: Question) -> dict[str, str]:
    """Event tables that hold the target, table to column.

    A column of the target's name (whatever its case), or one of 0 and 1 that is the target at the same entity and
    cutoff.
    """
    found = {}
    for name, rows in (question.events or {}).items():
        column = _named_like(rows, question.target) or _equal_to_target(rows, question)
        if column is not None and _holds_labels(rows[column]):
            found[name] = column
    return found


def target_columns(tables: Tables, target: str) -> tuple[str, ...]:
    """Names of the tables that have a column of the target's name."""
    return tuple(name for name, rows in tables.items() if _named_like(rows, target) is not None)


def _named_like(rows: pd.DataFrame, target: str) -> str | None:
    wanted = target.strip().casefold()
    return next((str(name) for name in rows.columns if str(name).strip().casefold() == wanted), None)


def _holds_labels(column: pd.Series) -> bool:
    usable = as_numbers(column).usable
    return len(usable) > 0 and set(np.unique(usable).tolist()) <= _LABELS


def _equal_to_target(rows: pd.DataFrame, question: Question) -> str | None:
    if question.entity is None or question.time is None or question.entity not in rows.columns:
        return None
    flags = [str(n) for n in rows.columns if n != question.entity and _flag_like(rows[n])]
    clocks = [str(n) for n in rows.columns if n != AVAILABLE and types.is_datetime64_any_dtype(rows[n].dtype)]
    for clock in clocks if flags else []:
        ours, theirs = _same_rows(question, rows, clock)
        labels = as_numbers(question.table[question.target].iloc[ours]).cells
        for flag in flags:
            if _agrees(labels, as_numbers(rows[flag].iloc[theirs]).cells):
                return flag
    return None


def _flag_like(column: pd.Series) -> bool:
    if not (types.is_bool_dtype(column.dtype) or types.is_numeric_dtype(column.dtype)):
        return False
    return _holds_labels(column)


def _same_rows(question: Question, rows: pd.DataFrame, clock: str) -> tuple[Counts, Counts]:
    """Places of the rows of the table and of the event table with the same entity and moment."""
    ours, theirs = same_keys(question.table[str(question.entity)], rows[str(question.entity)])
    at = as_times(question.table[str(question.time)]).to_numpy("datetime64[s]").astype(np.int64)
    then = as_times(rows[clock]).to_numpy("datetime64[s]").astype(np.int64)
    left = pd.DataFrame({"entity": ours, "at": at, "ours": np.arange(len(ours))})
    right = pd.DataFrame({"entity": theirs, "at": then, "theirs": np.arange(len(theirs))})
    both = left.merge(right, on=["entity", "at"])
    return both["ours"].to_numpy(np.int64), both["theirs"].to_numpy(np.int64)


def _agrees(labels: Floats, flags: Floats) -> bool:
    known: Bools = ~np.isnan(labels)
    if int((labels == 1.0).sum()) < _FEWEST:
        return False
    return float((labels[known] == flags[known]).mean()) >= _AGREES

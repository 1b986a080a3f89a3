"""Whether a question can be answered, said in words where it cannot; names made unique, rows numbered."""

from dataclasses import replace
from difflib import get_close_matches
from typing import Final

import numpy as np
import pandas as pd

from monitoring.columns import Floats, as_numbers
from monitoring.errors import MonitorError
from monitoring.leakage.clock import moments
from monitoring.leakage.tidy import unique_names
from monitoring.leakage.vocabulary import Question

FEWEST_ROWS: Final = 50
"""With fewer labelled rows nothing can be told apart from chance."""

_SHOWN: Final = 5
_HALF: Final = 0.5


def checked(question: Question) -> Question:
    """The question with unique text column names and rows numbered from 0.

    Raises
    ------
    MonitorError
        A named column is missing, the target is not 0 and 1, one class only, too few rows, no features,
        a time column that holds no times.
    """
    asked = replace(question, table=_numbered(question.table), serving=_served(question.serving))
    for role in ("target", "time", "entity", "split"):
        _must_have(asked.table, role, getattr(asked, role))
    if not asked.features:
        raise MonitorError(f"no feature columns: the table holds only {_listed(asked.table.columns)}")
    _must_be_labels(asked)
    _must_be_times(asked)
    return asked


def labels_of(table: pd.DataFrame, target: str) -> Floats:
    """The target as floats, NaN where unknown."""
    return as_numbers(table[target]).cells


def _numbered(table: pd.DataFrame) -> pd.DataFrame:
    return unique_names(table).reset_index(drop=True)


def _served(serving: pd.DataFrame | None) -> pd.DataFrame | None:
    return None if serving is None else _numbered(serving)


def _must_have(table: pd.DataFrame, role: str, name: str | None) -> None:
    if name is None or name in table.columns:
        return
    near = get_close_matches(name, [str(one) for one in table.columns], n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"it has {_listed(table.columns)}"
    raise MonitorError(f"the table has no column {name!r} (given as the {role}); {hint}")


def _listed(names: pd.Index) -> str:
    shown = ", ".join(str(name) for name in names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown


def _must_be_labels(question: Question) -> None:
    column = question.table[question.target]
    labels = labels_of(question.table, question.target)
    strange = column[column.notna().to_numpy() & ~np.isin(labels, (0.0, 1.0))]
    if len(strange):
        found = ", ".join(sorted({repr(str(cell)) for cell in strange})[:_SHOWN])
        raise MonitorError(
            f"the target {question.target!r} must be 1 or 0 (empty where unknown) but holds {found}; recode it first"
        )
    known = labels[~np.isnan(labels)]
    if len(known) < FEWEST_ROWS:
        raise MonitorError(f"{len(known)} rows with a known target; at least {FEWEST_ROWS} are needed")
    if len(np.unique(known)) == 1:
        raise MonitorError(f"the target {question.target!r} is always {known[0]:g}; rows of both kinds are needed")


def _must_be_times(question: Question) -> None:
    if question.time is None:
        return
    at = moments(question.table[question.time])
    if at.notna().mean() < _HALF:
        raise MonitorError(
            f"the time column {question.time!r} can be read as a time in {at.notna().sum()} of {len(at)} rows only; "
            "name the column with the cutoff of each row, or none"
        )

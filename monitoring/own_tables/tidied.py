"""Any table a person may have at hand, as the monitor reads it, or a sentence that says why it cannot be read."""

from typing import Final

import numpy as np
import pandas as pd
from pandas.api import types

from monitoring.columns import as_numbers, as_times
from monitoring.errors import MonitorError
from monitoring.own_tables.roles import Roles, refuse_unfit

_NOT_HASHABLE: Final = (list, dict, set, np.ndarray)
_SHOWN: Final = 3


def tidied(reference: pd.DataFrame, current: pd.DataFrame, roles: Roles) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both tables with text for column names, times without zone (UTC), and nested cells as text.

    Raises
    ------
    MonitorError
        For what is no table, a column twice where one is meant, or a target that is not coded as 1 and 0.
    """
    every = [name for name in (roles.time, roles.prediction, roles.target, roles.entity) if name is not None]
    good = _named("reference", reference)
    _refuse_twice("reference", good, list(good.columns))
    new = _named("current", current)
    _refuse_twice("current", new, every)
    refuse_unfit(roles, {"reference": good, "current": new})
    good, new = _plain(good, roles), _plain(new, roles)
    if roles.target is not None:
        _refuse_uncoded("reference", good[roles.target], fewest=2)
        if roles.target in new.columns:
            _refuse_uncoded("current", new[roles.target], fewest=0)
    return good, new


def _named(name: str, table: object) -> pd.DataFrame:
    if not isinstance(table, pd.DataFrame):
        raise MonitorError(f"The {name} table is a {type(table).__name__}; a pandas DataFrame is needed.")
    names = [str(one) for one in table.columns]
    return table if names == list(table.columns) else table.set_axis(names, axis="columns")


def _refuse_twice(name: str, table: pd.DataFrame, meant: list[str]) -> None:
    columns = list(table.columns)
    twice = next((one for one in meant if columns.count(one) > 1), None)
    if twice is not None:
        raise MonitorError(
            f'The {name} table has the column "{twice}" {columns.count(twice)} times; each name may stand once. '
            "Rename or drop the others."
        )


def _plain(table: pd.DataFrame, roles: Roles) -> pd.DataFrame:
    once = table.columns[~table.columns.duplicated(keep=False)]
    changed = {str(name): _as_text(table[name]) for name in once if _nested(table[name])}
    if roles.time is not None and isinstance(table[roles.time].dtype, pd.DatetimeTZDtype):
        changed[roles.time] = as_times(table[roles.time])
    return table.assign(**changed) if changed else table


def _nested(column: pd.Series) -> bool:
    if not types.is_object_dtype(column.dtype) or types.infer_dtype(column, skipna=True) == "string":
        return False
    return any(isinstance(cell, _NOT_HASHABLE) for cell in column)


def _as_text(column: pd.Series) -> pd.Series:
    return pd.Series([str(cell) if isinstance(cell, _NOT_HASHABLE) else cell for cell in column], index=column.index)


def _refuse_uncoded(table: str, target: pd.Series, *, fewest: int) -> None:
    """Raise MonitorError for outcomes other than 1, 0 and nothing, or fewer kinds of them than needed."""
    cells = as_numbers(target).cells
    strange = target[(target.notna() & ~np.isin(cells, (0.0, 1.0))).to_numpy()]
    if len(strange):
        shown = ", ".join(f'"{one}"' for one in strange.astype("str").unique()[:_SHOWN])
        raise MonitorError(
            f'The target "{target.name}" of the {table} table holds {shown}. Allowed are 1 (the outcome came), '
            '0 (it did not) and nothing (not known yet). Code words first, such as .map({"yes": 1, "no": 0}).'
        )
    found = sorted(set(cells[~np.isnan(cells)].astype(int).tolist()))
    if len(found) < fewest:
        held = f"only {found[0]}" if found else "no outcomes"
        raise MonitorError(
            f'The target "{target.name}" of the {table} table holds {held}. Rows with 1 and rows with 0 are needed '
            "to learn how good the scores are: add months whose outcomes are known, or name no target."
        )

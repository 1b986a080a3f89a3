"""Runs inside the sandbox: what `check` is given, made from files and plain values. Imports nothing of the lab."""

from types import ModuleType, SimpleNamespace
from typing import Any

import pandas as pd

Tables = dict[str, pd.DataFrame]


def begin(module: ModuleType, plain: dict[str, Any], tables: Tables) -> SimpleNamespace:
    """A hidden stretch begins: earlier months come as one table a name, with the month in the column `run`."""
    if not callable(getattr(module, "check", None)):
        raise TypeError("guard.py has no function 'check'")
    history = [
        {name: rows.drop(columns="run") for name, table in tables.items() if len(rows := table[table["run"] == month])}
        for month in plain["months"]
    ]
    return SimpleNamespace(history=history)


def call(module: ModuleType, state: SimpleNamespace, plain: dict[str, Any], tables: Tables) -> list[str]:
    """One month: the candidate's findings as text; the month joins the history afterwards."""
    given = [dict(month) for month in state.history]
    said = module.check({name: table.copy() for name, table in tables.items()}, given)
    state.history.append(tables)
    if not isinstance(said, list | tuple):
        raise TypeError(f"check returns a list of findings; it returned {type(said).__name__}")
    return [str(one)[:200] for one in list(said)[: plain["most"]]]

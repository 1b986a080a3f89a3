"""Runs inside the sandbox: rows that arrived are added to the tables, the candidate builds, numbers go out as text.

Imports nothing of the lab.
"""

import base64
import zlib
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Tables = dict[str, pd.DataFrame]

_MOST_COLUMNS = 300
_MOST_WORDS = 2_000


def begin(module: ModuleType, plain: dict[str, Any], tables: Tables) -> SimpleNamespace:  # noqa: ARG001 - one signature
    """A session begins with no tables at all."""
    if not callable(getattr(module, "build_features", None)):
        raise TypeError("features.py has no function 'build_features'")
    return SimpleNamespace(tables={})


def call(module: ModuleType, state: SimpleNamespace, plain: dict[str, Any], tables: Tables) -> dict[str, Any]:
    """One cutoff: the rows that have arrived since the last one, then the candidate's features."""
    for name, rows in tables.items():
        before = state.tables.get(name)
        state.tables[name] = rows if before is None else pd.concat([before, rows], ignore_index=True)
    given = {name: rows.copy(deep=False) for name, rows in state.tables.items()}
    table = module.build_features(given, pd.Timestamp(plain["cutoff"]))
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"build_features must return a DataFrame; it returned {type(table).__name__}")
    return _packed(table)


def _packed(table: pd.DataFrame) -> dict[str, Any]:
    if not table.index.is_unique:
        raise ValueError("build_features must return one row a customer; some customers have several")
    if not 0 < table.shape[1] <= _MOST_COLUMNS or not table.columns.is_unique:
        raise ValueError(f"build_features must return 1 to {_MOST_COLUMNS} columns, each with a name of its own")
    customers = np.asarray(table.index, dtype=np.int64)
    return {
        "customers": _text(customers),
        "columns": [{"name": str(name)[:80], **_column(table[name])} for name in table.columns],
    }


def _column(values: pd.Series) -> dict[str, Any]:
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return {"values": _text(values.to_numpy(dtype=np.float64, na_value=np.nan))}
    words = pd.Categorical(values.astype("object").where(values.notna(), None).map(str, na_action="ignore"))
    if len(words.categories) > _MOST_WORDS:
        raise ValueError(f"column {values.name!r} has {len(words.categories)} words; allowed are {_MOST_WORDS}")
    return {
        "values": _text(np.asarray(words.codes, dtype=np.float64)),
        "words": [str(w)[:80] for w in words.categories],
    }


def _text(values: npt.NDArray[Any]) -> str:
    return base64.b64encode(zlib.compress(np.ascontiguousarray(values).tobytes(), 1)).decode()

"""Turn whatever arrived into a table that Evidently can take without falling over."""

import numpy as np
import pandas as pd

from monitoring.columns import Kind, as_numbers, first_of
from monitoring.gate.contract import ColumnContract, TableContract


def cast(view: pd.DataFrame, contract: TableContract) -> pd.DataFrame:
    """Return the contract's number, category and flag columns in plain types, in the contract's order.

    Numbers become 64-bit floats (text and infinities become NaN), labels become text. Left out are columns
    that are missing or hold nothing usable, and times and identifiers: Evidently loses the whole report over
    the first, and takes the last for text. The gate has already spoken about them.
    """
    named = view.set_axis([str(name) for name in view.columns], axis="columns")
    columns = {one.name: _plain(one, named) for one in contract.columns if one.name in named.columns}
    kept = {name: column for name, column in columns.items() if column is not None}
    return pd.DataFrame(kept, index=pd.RangeIndex(len(view)))


def _plain(column: ColumnContract, view: pd.DataFrame) -> pd.Series | None:
    if column.kind in (Kind.TIME, Kind.IDENTIFIER):
        return None
    raw = first_of(view, column.name)
    plain = _as_float(raw) if column.kind is Kind.NUMBER else _as_text(raw)
    return plain if plain.notna().any() else None


def _as_float(raw: pd.Series) -> pd.Series:
    return pd.Series(as_numbers(raw).cells, name=raw.name, dtype=np.float64)


def _as_text(raw: pd.Series) -> pd.Series:
    text = raw.astype("str").to_numpy(dtype=object, copy=True)
    text[raw.isna().to_numpy()] = None
    return pd.Series(text, name=raw.name, dtype=np.dtype("object"))

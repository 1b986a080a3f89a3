"""The family of types in which a column's cells are stored."""

from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

_FAMILIES = {
    "string": "text",
    "empty": None,
    "bytes": "bytes",
    "boolean": "true or false",
    "integer": "numbers",
    "floating": "numbers",
    "mixed-integer-float": "numbers",
    "decimal": "numbers",
    "complex": "complex numbers",
    "datetime": "times",
    "datetime64": "times",
    "date": "times",
}
"""What pandas infers of cells to the family; what is not listed is a mixture."""

_LOOKED_AT = 2000
"""Cells looked at, evenly spaced, where the column's type says nothing."""


_PLAIN_FAMILIES = {"b": "true or false", "i": "numbers", "u": "numbers", "f": "numbers", "M": "times"}
"""Kinds of numpy's types that leave nothing to infer."""


def stored_as(column: "pd.Series | pd.Index[Any]") -> str | None:
    """Return "text", "numbers", "times", ...; None where all cells are empty."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return stored_as(column.dtype.categories)
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in _PLAIN_FAMILIES:
        return _PLAIN_FAMILIES[column.dtype.kind]
    if types.is_complex_dtype(column.dtype):
        return "complex numbers"
    filled = column[column.notna()]
    cells = filled[:: max(len(filled) // _LOOKED_AT, 1)]
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return "times" if len(filled) else None
    family = _FAMILIES.get(types.infer_dtype(cells, skipna=True), "a mixture of types")
    return "times in several zones" if family == "times" and _several_zones(cells) else family


def _several_zones(cells: "pd.Series | pd.Index[Any]") -> bool:
    if types.is_datetime64_any_dtype(cells.dtype):
        return False
    return len({str(getattr(cell, "tzinfo", None)) for cell in cells}) > 1

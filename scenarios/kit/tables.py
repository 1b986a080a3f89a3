"""A table of a candidate's: read from bytes within bounds, and held against the columns that the brief asks for."""

import io
import re
from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.errors import LabError
from scenarios.base import Deliverable
from scenarios.kit.csv_shape import header, refuse_uneven
from scenarios.kit.utf8 import decoded

MOST_BYTES: Final = 64 << 20
MOST_ROWS: Final = 2_000_000
MOST_COLUMNS: Final = 500
MOST_CELLS: Final = 50_000_000
"""Bounds of a table that is read at all: a few bytes of Parquet can stand for any number of equal cells."""

_ENDLESS: Final = re.compile(r"\d{300,}")

Reader = Callable[[bytes, str], pd.DataFrame]


def table_from(content: bytes, asked: Deliverable) -> pd.DataFrame:
    """The table in the bytes of a deliverable.

    Raises
    ------
    LabError
        Where it cannot be read, is too large, or lacks a column of the kind asked for; every problem is on a line.
    """
    table = (_csv if asked.file.endswith(".csv") else _parquet)(content, asked.file)
    if table.empty and asked.may_be_empty and set(asked.columns) <= set(table.columns):
        return table
    if table.empty:
        raise LabError(f"{asked.file}: line 1: the table has no rows.")
    if problems := [text for name, kind in asked.columns.items() if (text := _problem(table, name, kind))]:
        raise LabError("\n".join(f"{asked.file}: {text}" for text in problems))
    return table


def _parquet(content: bytes, name: str) -> pd.DataFrame:
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        _refuse_large(name, file.metadata.num_rows, file.metadata.num_columns)
        text = [field.name for field in file.schema_arrow if pa.types.is_string(field.type)]
        table = pq.ParquetFile(io.BytesIO(content), read_dictionary=text).read()
        _refuse_nested(name, table)
        frame: pd.DataFrame = table.replace_schema_metadata(None).to_pandas()
    except LabError:
        raise
    except (pa.ArrowException, OSError, ValueError, MemoryError, OverflowError, LookupError) as error:
        raise LabError(f"{name}: not a readable Parquet file: {str(error)[:200]}") from error
    return frame.reset_index(drop=True)


def _csv(content: bytes, name: str) -> pd.DataFrame:
    text = decoded(content, name)
    columns = header(text, name, most=MOST_COLUMNS)
    _refuse_large(name, max(text.count("\n"), text.count("\r")), len(columns))
    refuse_uneven(text, name, len(columns))
    try:
        return pd.read_csv(io.StringIO(text), index_col=False, on_bad_lines="error")
    except OverflowError as error:
        found = _ENDLESS.search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else 1
        raise LabError(f"{name}: line {line}: a number has more digits than any number can.") from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        raise LabError(f"{name}: not CSV: {str(error).strip()[:200]}") from error


def _refuse_large(name: str, rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        raise LabError(
            f"{name}: {rows:,} rows of {columns:,} columns; at most {MOST_ROWS:,} rows, {MOST_COLUMNS:,} columns and "
            f"{MOST_CELLS:,} cells are read."
        )


def _refuse_nested(name: str, table: pa.Table) -> None:
    for field in table.schema:
        if pa.types.is_nested(field.type) or isinstance(field.type, pa.BaseExtensionType):
            raise LabError(f"{name}: column '{field.name}' holds {field.type}; plain numbers, text and times are read.")


def _problem(table: pd.DataFrame, name: str, kind: str) -> str | None:
    if name not in table.columns:
        given = ", ".join(map(str, table.columns[:12]))
        return f"line 1: there is no column '{name}'; given: {given}"
    if list(table.columns).count(name) > 1:
        return f"line 1: there are several columns '{name}'"
    column = table[name]
    if kind == "text":
        return None
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        at, value = _first(_no_numbers(column), column)
        return f"line {at + 2}: column '{name}' must hold numbers; given: {str(value)[:40]!r}"
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = ~np.isfinite(values) if kind == "number" else ~((values >= 0.0) & (values <= 1.0))
    if not wrong.any():
        return None
    at, value = _first(wrong, column)
    wants = "finite numbers" if kind == "number" else "probabilities, 0 to 1"
    return f"line {at + 2}: column '{name}' must hold {wants}; given: {value!s} ({int(wrong.sum()):,} such rows)"


def _no_numbers(column: "pd.Series") -> "np.ndarray":
    """Which values of a column are no numbers; a whole number that no type holds is none either."""
    text = column.astype("str")
    large = text.str.fullmatch(r"[+-]?\d{19,}", na=False).to_numpy(dtype=bool)
    return pd.to_numeric(text.where(~large, ""), errors="coerce").isna().to_numpy() | large


def _first(wrong: "np.ndarray", column: "pd.Series") -> tuple[int, object]:
    at = int(np.argmax(wrong)) if wrong.any() else 0
    return at, column.iloc[at]

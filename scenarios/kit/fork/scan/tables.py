"""Traces in how tables are stored: rows in the order of the outcome, telling types, metadata beside the cells."""

import io
from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from scenarios.kit.fork.scan.entry import Entry
from scenarios.kit.fork.scan.trace import Trace

OUTCOMES: Final = ("churned", "outcome", "label", "target", "left")
"""Columns that hold what is to be predicted."""

ORDERED: Final = 0.4
"""Distance from a half of the chance that a leaver's row comes before a stayer's, from which rows are sorted by it."""

_LEAST: Final = 50
_WRITER: Final = "parquet-cpp-arrow"
_OWN: Final = (b"ARROW:schema", b"PARQUET:field_id")


def opened(entry: Entry) -> pd.DataFrame | None:
    """The table in a Parquet or CSV file; None for any other file, or one that cannot be read."""
    content = entry.content or b""
    try:
        if content[:4] == b"PAR1":
            plain = pq.ParquetFile(io.BytesIO(content)).read().replace_schema_metadata(None)
            table: pd.DataFrame = plain.to_pandas()
            return table
        return pd.read_csv(io.BytesIO(content)) if entry.name.endswith(".csv") else None
    except (pa.ArrowException, OSError, ValueError, pd.errors.ParserError):
        return None


def table_traces(entry: Entry, table: pd.DataFrame | None) -> Iterator[Trace]:
    """Traces in a table's order, types and metadata."""
    if table is not None:
        yield from _order(entry.name, table)
    if (entry.content or b"")[:4] == b"PAR1":
        yield from _metadata(entry)
        yield from _stored_cells(entry.name, table)


def _order(file: str, table: pd.DataFrame) -> Iterator[Trace]:
    for name in (one for one in table.columns if str(one).startswith("Unnamed:") or one == "__index_level_0__"):
        yield Trace(kind="order", file=file, what=f"'{name}', the row numbers of another table")
    for name in (one for one in OUTCOMES if one in table.columns and len(table) >= _LEAST):
        values = table[name].dropna()
        if pd.api.types.is_numeric_dtype(values) and values.nunique() == _LEFT_OR_STAYED and _sorted_by(values):
            yield Trace(kind="order", file=file, what=f"rows lie in the order of '{name}'")


_LEFT_OR_STAYED: Final = 2


def _sorted_by(values: "pd.Series[float]") -> bool:
    """Whether nearly all rows of one outcome come before those of the other."""
    high = (values == values.max()).to_numpy()
    places = np.arange(len(high))
    chance = 0.5 + (places[~high].mean() - places[high].mean()) / len(high)
    return bool(abs(chance - 0.5) > ORDERED)


def _metadata(entry: Entry) -> Iterator[Trace]:
    try:
        file = pq.ParquetFile(io.BytesIO(entry.content or b""))
        schema, said = file.schema_arrow, file.metadata.metadata or {}
    except (pa.ArrowException, OSError) as error:
        yield Trace(kind="Parquet metadata", file=entry.name, what=f"cannot be read: {error}")
        return
    for key in (one for one in [*said, *(schema.metadata or {})] if one not in _OWN):
        yield Trace(kind="Parquet metadata", file=entry.name, what=f"key '{key.decode('utf-8', 'replace')}'")
    if not file.metadata.created_by.startswith(_WRITER):
        yield Trace(kind="Parquet metadata", file=entry.name, what=f"written by {file.metadata.created_by}")
    for field in schema:
        for key in (one for one in field.metadata or {} if one not in _OWN):
            what = f"key '{key.decode('utf-8', 'replace')}' of column '{field.name}'"
            yield Trace(kind="Parquet metadata", file=entry.name, what=what)
        if not _ordinary(field.type):
            yield Trace(kind="dtype", file=entry.name, what=f"column '{field.name}' is stored as {field.type}")


def _stored_cells(file: str, table: pd.DataFrame | None) -> Iterator[Trace]:
    """Rows that nobody can look through, and levels that no row has."""
    if table is None:
        yield Trace(kind="Parquet metadata", file=file, what="describes rows that cannot be read")
        return
    for name, level in _unused_levels(table):
        yield Trace(kind="dtype", file=file, what=f"column '{name}' lists '{level}', which no row has")


def _unused_levels(table: pd.DataFrame) -> Iterator[tuple[str, object]]:
    """Levels of categories that no row has: they show what else the company's tables can hold."""
    for name in table.columns:
        if isinstance(table[name].dtype, pd.CategoricalDtype):
            yield from ((str(name), one) for one in sorted(set(table[name].cat.categories) - set(table[name].unique())))


def _ordinary(kind: pa.DataType) -> bool:
    """Numbers, text, categories, truth values and times."""
    checks = (
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_boolean,
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_dictionary,
        pa.types.is_timestamp,
        pa.types.is_date,
    )
    return any(check(kind) for check in checks)

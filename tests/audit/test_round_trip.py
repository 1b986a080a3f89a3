"""A random table written in several dialects reads back equal."""

import csv
import gzip
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.user_tables.table import read_table

DAYS = st.dates(min_value=pd.Timestamp("1990-01-01").date(), max_value=pd.Timestamp("2050-12-31").date())
WORDS = st.text(alphabet="abcdefgäöüß ,;|\"'", min_size=1, max_size=12).map(lambda one: f"x{one}x")
NUMBERS = st.floats(min_value=-9e5, max_value=9e5).map(lambda one: round(one, 2))


@dataclass(frozen=True)
class Dialect:
    """How the table is written."""

    separator: str
    decimal: str
    day: str
    missing: str
    encoding: str
    zipped: bool


DIALECTS = st.builds(
    Dialect,
    separator=st.sampled_from([",", ";", "\t", "|"]),
    decimal=st.sampled_from([".", ","]),
    day=st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d", "%d-%b-%Y"]),
    missing=st.sampled_from(["", "NULL", "N/A", "-"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    zipped=st.booleans(),
)


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    rows = draw(st.integers(min_value=2, max_value=30))
    whole = draw(st.lists(st.integers(min_value=-(10**6), max_value=10**6), min_size=rows, max_size=rows))
    numbers = draw(st.lists(st.none() | NUMBERS, min_size=rows, max_size=rows))
    words = draw(st.lists(WORDS, min_size=rows, max_size=rows))
    days = draw(st.lists(st.none() | DAYS, min_size=rows, max_size=rows))
    return pd.DataFrame(
        {
            # Without a first cell that shows it, nothing could tell a column's kind.
            "whole": [0, *whole],
            "number": np.array([0.25, *numbers], dtype=np.float64),
            "word": pd.Series(["first", *words], dtype="str"),
            "day": pd.to_datetime([pd.Timestamp("1999-12-31").date(), *days]).as_unit("us"),
        }
    )


def written(table: pd.DataFrame, dialect: Dialect) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=dialect.separator)
    writer.writerow(table.columns)
    for row in table.itertuples(index=False):
        writer.writerow([cell(one, dialect) for one in row])
    coded = text.getvalue().encode(dialect.encoding)
    return gzip.compress(coded) if dialect.zipped else coded


def cell(value: object, dialect: Dialect) -> str:
    if value is None or value is pd.NaT or value != value:  # noqa: PLR0124 - NaN alone differs from itself
        return dialect.missing
    if isinstance(value, pd.Timestamp):
        return value.strftime(dialect.day)
    return f"{value:.2f}".replace(".", dialect.decimal) if isinstance(value, float) else str(value)


@settings(max_examples=40, deadline=None)
@given(table=tables(), dialect=DIALECTS)
def test_a_table_reads_back_equal_whatever_the_dialect(table: pd.DataFrame, dialect: Dialect) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_bytes(written(table, dialect))

        read = read_table(path).frame

    pd.testing.assert_frame_equal(read, table, check_dtype=True)


@settings(max_examples=10, deadline=None)
@given(table=tables())
def test_parquet_reads_back_equal(table: pd.DataFrame) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        table.to_parquet(path)

        read = read_table(path).frame

    pd.testing.assert_frame_equal(read, table, check_dtype=True)

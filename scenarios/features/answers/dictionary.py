"""Is the dictionary right? Its lines against the first month of the tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from scenarios.base import Finding
from scenarios.features.answers.material import DAY, Material
from scenarios.features.exam import codes

_OUTSIDE: Final = 0.05
"""Share of values outside the range given from which the range is wrong."""

_AMOUNTS: Final = ("cents", "dollars", "per cent", "share", "minutes")
"""Units of amounts, whose range need not be used to its ends."""


def wrong_lines(case: Material) -> tuple[Finding, ...]:
    """Lines that contradict the tables, as findings."""
    return tuple(
        Finding(where=f"{codes.DICTIONARY_PLACE}{line.table}.{line.column}", mechanism=codes.DICTIONARY, evidence=says)
        for line in lines(case)
        for says in _contradictions(line, case.tables[line.table])
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the dictionary; a bound that is not given is NaN."""

    table: str
    column: str
    unit: str
    low: float
    high: float
    words: tuple[str, ...]


def lines(case: Material) -> list[Line]:
    """The dictionary, line by line."""
    read = case.dictionary.fillna({"unit": "", "words": ""})
    return [
        Line(table, column, unit, float(low), float(high), tuple(words.split("|")) if words else ())
        for table, column, unit, low, high, words in zip(
            *(read[name] for name in ("table", "column", "unit", "low", "high", "words")), strict=True
        )
    ]


def _contradictions(line: Line, table: pd.DataFrame) -> Iterator[str]:
    rows = table[table["month"] == table["month"].min()]
    values = rows[line.column].dropna()
    if line.words:
        yield from _other_words(line, values)
    elif line.unit.endswith(("1 day", " days")):
        yield from _other_rhythm(line, rows)
    elif line.unit in _AMOUNTS:
        yield from _outside(line, values)
    elif line.low == line.low:
        yield from _other_ends(line, values)


def _other_words(line: Line, values: pd.Series) -> Iterator[str]:
    seen = set(values.unique())
    if seen != set(line.words):
        yield f"listed: {sorted(line.words)}; in the tables: {sorted(seen)}"


def _outside(line: Line, values: pd.Series) -> Iterator[str]:
    outside = float(((values < line.low) | (values > line.high)).mean())
    if outside > _OUTSIDE:
        yield f"{outside:.0%} of the values lie outside {line.low:g} to {line.high:g}"


def _other_ends(line: Line, values: pd.Series) -> Iterator[str]:
    open_end = line.high != line.high
    if values.min() != line.low or not (open_end or values.max() == line.high):
        yield f"the values go from {values.min():g} to {values.max():g}"


def _other_rhythm(line: Line, rows: pd.DataFrame) -> Iterator[str]:
    """How far apart a customer's rows usually lie, where that is not what the unit says."""
    ordered = rows.sort_values("event_at")
    gaps = ordered.groupby("customer_id")["event_at"].diff().dt.total_seconds()
    apart = float(gaps.median()) / DAY.total_seconds()
    if apart != float(line.unit.split()[0]):
        yield f"rows of a customer lie {apart:g} days apart"

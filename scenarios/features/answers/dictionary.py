"""Is the dictionary right? Its lines against the first month of the tables."""

from collections.abc import Iterator
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
        for line in case.dictionary.itertuples(index=False)
        for says in _contradictions(line, case.tables[line.table])
    )


def _contradictions(line: "pd.Series", table: pd.DataFrame) -> Iterator[str]:
    rows = table[table["month"] == table["month"].min()]
    values = rows[line.column].dropna()
    if isinstance(line.words, str):
        listed, seen = set(line.words.split("|")), set(values.unique())
        if listed != seen:
            yield f"listed: {sorted(listed)}; in the tables: {sorted(seen)}"
    elif pd.notna(line.low) and pd.notna(line.high) and line.unit in _AMOUNTS:
        outside = float(((values < line.low) | (values > line.high)).mean())
        if outside > _OUTSIDE:
            yield f"{outside:.0%} of the values lie outside {line.low:g} to {line.high:g}"
    elif pd.notna(line.low) and line.unit not in _AMOUNTS:
        if values.min() != line.low or (pd.notna(line.high) and values.max() != line.high):
            yield f"the values go from {values.min():g} to {values.max():g}"
    elif isinstance(line.unit, str) and line.unit.endswith(("day", "days")):
        apart = rows.sort_values("event_at").groupby("customer_id")["event_at"].diff().median() / DAY
        if apart != float(line.unit.split()[0]):
            yield f"rows of a customer lie {apart:g} days apart"

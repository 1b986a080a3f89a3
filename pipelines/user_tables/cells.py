"""One column as it came, text or typed, turned into numbers, times or text, with notes on what was changed."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.user_tables import dates, numerals
from pipelines.user_tables.nearest import listed

MISSING: Final = frozenset(
    {
        *("", "-", "--", "NULL", "Null", "null", "(null)", "\\N", "<NA>", "<null>"),
        *("NA", "N/A", "n/a", "N.A.", "n.a.", "#N/A", "#NA", "NaN", "nan", "-nan", "NAN", "NaT"),
    }
)
"""Words that stand for a missing cell in any column."""

MISSING_AMONG_NUMBERS: Final = frozenset(
    {"None", "none", "NONE", "?", ".", "na", "unknown", "Unknown", "#DIV/0!", "#VALUE!"}
)
"""Words that stand for one where all other cells are numbers or times; elsewhere they are levels like any other."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Habits:
    """What the rest of the file says about how this column was written."""

    style: numerals.Style
    day_first: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column made ready, and what was done to it, without its name ("" where nothing is worth saying)."""

    cells: pd.Series
    note: str = ""


def tidy(column: Any, habits: Habits) -> Column:  # noqa: ANN401 - pyarrow carries no types
    """The column as 64-bit numbers, times without zone, flags, or text; missing cells are NaN or NaT."""
    if pa.types.is_dictionary(column.type):
        return _category(column)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return _from_text(pc.cast(column, pa.string()), habits)
    return _from_typed(column)


def _category(column: Any) -> Column:  # noqa: ANN401
    """Categories stay text where they are text: whoever stored them so did not mean them as numbers."""
    values = pc.cast(column, column.type.value_type)
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return Column(cells=_words(_without(pc.utf8_trim_whitespace(pc.cast(values, pa.string())), MISSING)))
    return _from_typed(values)


def _from_typed(column: Any) -> Column:  # noqa: ANN401
    kind = column.type
    if pa.types.is_temporal(kind) and not pa.types.is_time(kind) and not pa.types.is_duration(kind):
        return _times(pd.Series(column.to_pandas(date_as_object=False)))
    if pa.types.is_integer(kind) and not column.null_count:
        return _whole(pd.Series(column.to_pandas()))
    if pa.types.is_boolean(kind) and not column.null_count:
        return Column(cells=pd.Series(column.to_pandas()))
    if pa.types.is_null(kind) or _numeric(kind):
        return _whole(pd.Series(np.asarray(pc.cast(column, pa.float64()).to_pandas(), dtype=np.float64)))
    if pa.types.is_duration(kind):
        return Column(cells=pd.Series(column.to_pandas()).dt.total_seconds(), note="read as seconds")
    return _as_words(column)


def _numeric(kind: Any) -> bool:  # noqa: ANN401
    known = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_boolean)
    return any(one(kind) for one in known)


def _as_words(column: Any) -> Column:  # noqa: ANN401
    words = [None if one is None else str(one) for one in column.to_pylist()]
    nested = pa.types.is_nested(column.type) or pa.types.is_binary(column.type)
    note = f"{column.type}, read as text" if nested else ""
    return Column(cells=pd.Series(words, dtype="str"), note=note)


def _times(times: pd.Series) -> Column:
    cells = dates.within_reach(times)
    lost = int(times.notna().sum() - cells.notna().sum())
    note = f"{lost} times outside the years 1678 to 2261 count as missing" if lost else ""
    return Column(cells=cells, note=note)


def _whole(column: pd.Series) -> Column:
    days = dates.day_numbers(column)
    if days is None:
        return Column(cells=column)
    return Column(cells=days, note="read as dates written as yyyymmdd")


def _from_text(raw: Any, habits: Habits) -> Column:  # noqa: ANN401
    trimmed = pc.utf8_trim_whitespace(raw)
    text = _without(trimmed, MISSING)
    bare = _without(text, MISSING_AMONG_NUMBERS)
    if text.null_count == len(text):
        return Column(cells=pd.Series(np.full(len(text), np.nan)))
    if bare.null_count == len(bare) or numerals.is_code(bare):
        return Column(cells=_words(text))
    return _dates(bare, habits) or _numbers(bare, habits) or _levels(text)


def _without(text: Any, words: frozenset[str]) -> Any:  # noqa: ANN401
    gone = pc.is_in(text, value_set=pa.array(sorted(words), pa.string()))
    return pc.if_else(gone, pa.scalar(None, pa.string()), text) if pc.any(gone).as_py() else text


def _numbers(text: Any, habits: Habits) -> Column | None:  # noqa: ANN401
    found = numerals.numbers_of(text, style=habits.style)
    if found is None:
        return None
    whole = pa.types.is_integer(found.cells.type) and not found.cells.null_count
    cells = pd.Series(found.cells.to_pandas()) if whole else _floats(found.cells)
    said = [f"read as numbers {found.style}"] if found.style else []
    return Column(cells=cells, note=_note(said, found.unread, "numbers"))


def _floats(column: Any) -> pd.Series:  # noqa: ANN401
    return pd.Series(np.asarray(pc.cast(column, pa.float64()).to_pandas(), dtype=np.float64))


def _dates(text: Any, habits: Habits) -> Column | None:  # noqa: ANN401
    found = dates.dates_of(text, day_first=habits.day_first)
    if found is None:
        return None
    said = [found.note] if found.note else []
    return Column(cells=found.cells, note=_note(said, found.unread, "times"))


def _note(said: list[str], unread: tuple[str, ...], what: str) -> str:
    quoted = listed((f"'{one}'" for one in unread), most=3)
    lost = [f"cells that are no {what} ({quoted}) count as missing"] if unread else []
    return "; ".join([*said, *lost])


def _levels(text: Any) -> Column:  # noqa: ANN401
    ambiguous = numerals.style_of(text) == "either"
    note = "left as text, for its commas may mean thousands or decimals (write 1234 or 1.234)" * ambiguous
    return Column(cells=_words(text), note=note)


def _words(text: Any) -> pd.Series:  # noqa: ANN401
    return pd.Series(text.to_pandas(), dtype="str")

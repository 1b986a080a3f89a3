"""Dates in the formats people write. A column is dates where nearly all its cells parse in one format."""

from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import pandas as pd
import pyarrow.compute as pc

NEARLY_ALL: Final = 0.95
"""Share of the filled cells that must parse in one format."""

_LOOKS_LIKE: Final = (
    r"^(\d{1,4}[-/. ]([A-Za-z]{3,9}|\d{1,2})[-/. ,]+\d|[A-Za-z]{3,9}\.? \d{1,2},? \d{4}|(19|20)\d{6}($|[ T]))"
)

# A month (2024-03) is no format here: which of its days is meant depends on what the column is for.
_DAYS: Final = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y", "%d.%m.%y"),
    *("%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d/%m/%y", "%m-%d-%Y", "%d-%m-%Y"),
    *("%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y"),
)
_TIMES: Final = ("", " %H:%M:%S", " %H:%M", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", "T%H:%M:%S", "T%H:%M:%S.%f")
_FORMATS: Final = ("ISO8601", *(f"{day}{time}" for day, time in product(_DAYS, _TIMES)))

_TWINS: Final = {"%m/%d": "%d/%m", "%m-%d": "%d-%m"}

_PROBE: Final = 60
"""Distinct cells, the commonest, that a format is tried on before the whole column is read."""

_HALF: Final = 0.5
"""Share of them that must parse; among distinct cells, words for nothing may weigh more than in the column."""

_FIRST_DAY, _LAST_DAY = 19000101, 21001231


@dataclass(frozen=True, kw_only=True, slots=True)
class Dates:
    """A column of times without zone, `unread` cells that are none, and what to say about the reading ("": nothing)."""

    cells: pd.Series
    unread: tuple[str, ...]
    note: str


def dates_of(text: Any, *, day_first: bool) -> Dates | None:  # noqa: ANN401 - pyarrow carries no types
    """The column as times; None where it holds something else.

    Parameters
    ----------
    text
        A column of trimmed text, missing where nothing stood.
    day_first
        How 03/04/2024 is read where no cell of the column decides it.
    """
    likely = pc.mean(pc.match_substring_regex(pc.drop_null(text), _LOOKS_LIKE)).as_py()
    if likely is None or likely < NEARLY_ALL:
        return None
    counts = pc.value_counts(pc.drop_null(text))
    words = pd.Series(counts.field("values").to_pylist(), dtype="str")
    cells = counts.field("counts").to_numpy()
    common = words.iloc[cells.argsort(kind="stable")[::-1][:_PROBE]]
    formats = [one for one in _FORMATS if _parsed(common, one).notna().mean() >= _HALF]
    read = [(one, _parsed(words, one)) for one in _ordered(formats, day_first=day_first)]
    best = max(read, key=lambda pair: _share(pair[1].notna(), cells), default=None)
    if best is None or _share(best[1].notna(), cells) < NEARLY_ALL:
        return None
    return _dates(text, words, best, ambiguous=_undecided(best[0], read))


def day_numbers(column: pd.Series) -> pd.Series | None:
    """Whole numbers such as 20240131 as times; None where one filled cell is no such day."""
    filled = column.dropna()
    if filled.empty or not filled.between(_FIRST_DAY, _LAST_DAY).all():
        return None
    words = column.astype("Int64").astype("str").where(column.notna())
    times = pd.to_datetime(words, format="%Y%m%d", errors="coerce")
    return times.dt.as_unit("us") if times.notna().sum() == len(filled) else None


def within_reach(times: pd.Series) -> pd.Series:
    """Times without zone, in microseconds; what 64-bit nanoseconds cannot hold (9999-12-31) becomes missing."""
    zoned = isinstance(times.dtype, pd.DatetimeTZDtype)
    naive = times.dt.tz_convert("UTC").dt.tz_localize(None) if zoned else times
    held: pd.Series = naive.where(naive.between(pd.Timestamp("1678-01-01"), pd.Timestamp("2261-12-31")))
    return pd.Series(held.dt.as_unit("us"))


def _dates(text: Any, words: pd.Series, best: tuple[str, pd.Series], *, ambiguous: bool) -> Dates:  # noqa: ANN401
    form, times = best
    known = dict(zip(words, within_reach(times), strict=True))
    cells = pd.Series(text.to_pandas()).map(known)
    note = f"dates read as {form}; no cell tells day and month apart" if ambiguous else ""
    return Dates(cells=pd.to_datetime(cells).dt.as_unit("us"), unread=tuple(words[times.isna()]), note=note)


def _ordered(formats: list[str], *, day_first: bool) -> list[str]:
    """Formats that fit, the wished reading of day and month first."""
    return sorted(formats, key=lambda one: one.startswith("%m") and day_first)


def _undecided(form: str, read: list[tuple[str, pd.Series]]) -> bool:
    twins = {**_TWINS, **{two: one for one, two in _TWINS.items()}}
    twin = twins.get(form[:5], form[:5]) + form[5:]
    shares = {one: float(times.notna().mean()) for one, times in read}
    return twin != form and shares.get(twin, 0.0) >= shares[form]


def _parsed(words: pd.Series, form: str) -> pd.Series:
    times = pd.to_datetime(words, format=form, errors="coerce", utc=form == "ISO8601")
    return times.dt.tz_localize(None) if form == "ISO8601" else times


def _share(holds: pd.Series, cells: Any) -> float:  # noqa: ANN401
    """The share of cells for whose word it holds."""
    return float((holds.to_numpy(dtype=bool) * cells).sum() / cells.sum())

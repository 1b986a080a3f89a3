"""The reference, read once: a sketch of every good month, column by column, all on one scale."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

import numpy as np
import pandas as pd

from monitoring.columns import Floats, Kind, as_labels, as_numbers, first_of, kind_of
from monitoring.drift.grid import LEARNT_FROM, Grid, learn_grid
from monitoring.drift.sketch import Sketch, sketch_labels, sketch_numbers, total
from monitoring.errors import MonitorError
from monitoring.months import calendar_month, index_of

POOLED = "all reference months"
"""The baseline where the reference has no month of the same name."""

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """How a column is sketched: the grid of a number (None for a category), the known labels of a category."""

    name: str
    kind: Kind
    grid: Grid | None
    labels: tuple[str, ...]

    def sketch(self, table: pd.DataFrame) -> Sketch:
        """Return the sketch of this column of a table, or of one chunk of it: sketches add up."""
        column = first_of(table, self.name)
        return sketch_labels(column, self.labels) if self.grid is None else sketch_numbers(column, self.grid)

    def encode(self, table: pd.DataFrame) -> Floats:
        """Return this column of a table as floats, shape (n,), NaN where empty: numbers, or places of labels.

        Unseen labels share the place after the last.
        """
        column = first_of(table, self.name)
        if self.grid is not None:
            return as_numbers(column).cells
        filled = column.notna().to_numpy()
        found, levels = pd.factorize(column.astype("str"))
        place = {label: at for at, label in enumerate(self.labels)}
        at_level = np.array([place.get(str(level), len(place)) for level in levels], dtype=np.float64)
        return np.where(filled, at_level[found] if len(levels) else np.nan, np.nan)


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnReference:
    """A column's sketches by reference month and of all of them, with the scale to sketch a new month alike."""

    scale: Scale
    months: Mapping[str, Sketch]
    pooled: Sketch

    @property
    def name(self) -> str:
        """The column's name."""
        return self.scale.name

    def baseline(self, month: str) -> tuple[str, Sketch]:
        """Return what a month is compared with: the newest reference month of the same name, or all of them."""
        return baseline(month, self.months, self.pooled)


def build(view_by_month: Mapping[str, pd.DataFrame], name: str) -> ColumnReference:
    """Return the reference of one column from good months; times and identifiers are refused."""
    tables = {month: view_by_month[month] for month in sorted(view_by_month, key=index_of)}
    tables = {month: table for month, table in tables.items() if name in table.columns and len(table)}
    if not tables:
        raise MonitorError(f'No reference month has rows with a column "{name}". Columns must be in the good months.')
    scale = learn_scale(list(tables.values()), name)
    return reference_of(scale, {month: scale.sketch(table) for month, table in tables.items()})


def reference_of(scale: Scale, months: Mapping[str, Sketch]) -> ColumnReference:
    """Return the reference of a column whose good months have been sketched already, at least one."""
    return ColumnReference(scale=scale, months=months, pooled=total(months.values()))


def learn_scale(tables: list[pd.DataFrame], name: str) -> Scale:
    """Return how a column is to be sketched, learnt from tables that have it; the newest one, last, gives its kind."""
    kind = kind_of(first_of(tables[-1], name))
    if kind in (Kind.TIME, Kind.IDENTIFIER):
        raise MonitorError(f'Column "{name}" holds a {kind}, which has no distribution to compare: leave it out.')
    if kind is Kind.NUMBER:
        each = max(LEARNT_FROM // len(tables), 1)
        thinned = [as_numbers(_thinned(first_of(table, name), each)).cells for table in tables]
        return Scale(name=name, kind=kind, grid=learn_grid(np.concatenate(thinned)), labels=())
    known = {label for table in tables for label in as_labels(first_of(table, name))[0]}
    return Scale(name=name, kind=kind, grid=None, labels=tuple(sorted(known)))


def _thinned(column: pd.Series, rows: int) -> pd.Series:
    return column.iloc[:: max(len(column) // rows, 1)]


def sketch_chunks(scales: Iterable[Scale], chunks: Iterable[pd.DataFrame]) -> dict[str, Sketch]:
    """Return the sketches of a month that comes in chunks, in one pass; columns a chunk lacks count for the rest.

    The numbers do not depend on how the month is cut up, nor on the order of the chunks.
    """
    wanted, found = tuple(scales), dict[str, Sketch]()
    for chunk in chunks:
        for scale in wanted:
            if scale.name in chunk.columns:
                part = scale.sketch(chunk)
                known = found.get(scale.name)
                found[scale.name] = part if known is None else total((known, part))
    return found


def baseline(month: str, months: Mapping[str, T], pooled: T) -> tuple[str, T]:
    """Return the newest reference month of the same name with what is kept of it, or all months."""
    same = seasonal_partner(month, months)
    return (same, months[same]) if same else (POOLED, pooled)


def seasonal_partner(month: str, months: Mapping[str, object]) -> str | None:
    """Return the newest reference month, other than the month itself, that has the same calendar month."""
    same = [one for one in months if one != month and calendar_month(one) == calendar_month(month)]
    return max(same, key=index_of, default=None)


def seasonal_pairs(months: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the pairs of reference months with the same calendar month: whole years apart."""
    pairs = combinations(sorted(months, key=index_of), 2)
    return [(old, new) for old, new in pairs if calendar_month(old) == calendar_month(new)]


def largest_change(
    months: Mapping[str, T], pooled: T, change: Callable[[T, T], float]
) -> tuple[float | None, float | None]:
    """Return the largest change that good months show against a seasonal and against the pooled baseline.

    Seasonal: months whole years apart; where there are none, as pooled. Pooled: each month against all of
    them, so that the whole swing of the year counts as normal. None where there is a single good month.
    """
    against_year = [change(months[old], months[new]) for old, new in seasonal_pairs(months)]
    covered = len({calendar_month(month) for month in months}) == 12  # noqa: PLR2004 - then no month needs the pool
    needed = len(months) > 1 and not (covered and against_year)
    against_all = [change(pooled, one) for one in months.values()] if needed else []
    among_all = max(against_all, default=None)
    return max(against_year, default=among_all), among_all

"""The reference, read once: sorted numbers, quantile bins and counts of every good month, column by column."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

import numpy as np
import pandas as pd

from monitoring.columns import Counts, Floats, Kind, as_labels, as_numbers, first_of, kind_of
from monitoring.drift.statistics import (
    bin_counts,
    g_test,
    jensen_shannon,
    ks,
    ks_p_value,
    psi,
    quantile_edges,
)
from monitoring.errors import MonitorError
from monitoring.months import calendar_month, index_of

POOLED = "all reference months"
"""The baseline where the reference has no month of the same name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberSample:
    """One month of a number: sorted usable values, counts in the reference's quantile bins, empty cells, rows."""

    ordered: Floats
    binned: Counts
    empty: int
    rows: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelSample:
    """One month of a category: counts by the reference's labels (unseen ones last), empty cells, rows."""

    counts: Counts
    empty: int
    rows: int


Sample: TypeAlias = NumberSample | LabelSample


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """How two samples of a column differ: the effect (0 to 1), its p-value, and what else was computed."""

    method: str
    effect: float
    p_value: float
    details: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnReference:
    """A column's samples by reference month and pooled, with what is needed to sample a new month alike.

    `edges` are the inner quantile edges of a number, `labels` the known labels of a category.
    """

    name: str
    kind: Kind
    edges: Floats
    labels: tuple[str, ...]
    months: Mapping[str, Sample]
    pooled: Sample

    def sample(self, table: pd.DataFrame) -> Sample:
        """Return a month's sample of this column."""
        return sample(table, self.name, self.kind, edges=self.edges, labels=self.labels)

    def baseline(self, month: str) -> tuple[str, Sample]:
        """Return what a month is compared with: the newest reference month of the same name, or all of them."""
        same = seasonal_partner(month, self.months)
        return (same, self.months[same]) if same else (POOLED, self.pooled)


def build(view_by_month: Mapping[str, pd.DataFrame], name: str) -> ColumnReference:
    """Return the reference of one column from good months; times and identifiers are refused."""
    tables = {month: view_by_month[month] for month in sorted(view_by_month, key=index_of)}
    tables = {month: table for month, table in tables.items() if name in table.columns and len(table)}
    if not tables:
        raise MonitorError(f'No reference month has rows with a column "{name}". Columns must be in the good months.')
    kind = kind_of(first_of(tables[max(tables, key=index_of)], name))
    if kind in (Kind.TIME, Kind.IDENTIFIER):
        raise MonitorError(f'Column "{name}" holds a {kind}, which has no distribution to compare: leave it out.')
    edges, labels = _scale(tables, name, kind)
    months = {month: sample(table, name, kind, edges=edges, labels=labels) for month, table in tables.items()}
    pooled = pool(list(months.values()))
    return ColumnReference(name=name, kind=kind, edges=edges, labels=labels, months=months, pooled=pooled)


def _scale(tables: Mapping[str, pd.DataFrame], name: str, kind: Kind) -> tuple[Floats, tuple[str, ...]]:
    """Return the quantile edges of a number, or the known labels of a category, over all reference months."""
    if kind is Kind.NUMBER:
        values = np.concatenate([as_numbers(first_of(table, name)).usable for table in tables.values()])
        return (quantile_edges(np.sort(values)) if len(values) else np.empty(0)), ()
    known = {label for table in tables.values() for label in as_labels(first_of(table, name))[0]}
    return np.empty(0), tuple(sorted(known))


def sample(table: pd.DataFrame, name: str, kind: Kind, *, edges: Floats, labels: tuple[str, ...]) -> Sample:
    """Return the sample of one column of one month, whatever type the column arrived with."""
    column = first_of(table, name)
    if kind is Kind.NUMBER:
        ordered = np.sort(as_numbers(column).usable)
        return NumberSample(
            ordered=ordered, binned=bin_counts(ordered, edges), empty=len(column) - len(ordered), rows=len(column)
        )
    known, empty = as_labels(column)
    by_label = [known.pop(label, 0) for label in labels]
    return LabelSample(counts=np.array([*by_label, sum(known.values())]), empty=empty, rows=len(column))


def pool(samples: list[Sample]) -> Sample:
    """Return several samples of one column as one."""
    empty, rows = sum(one.empty for one in samples), sum(one.rows for one in samples)
    numbers = [one for one in samples if isinstance(one, NumberSample)]
    if numbers:
        ordered = np.sort(np.concatenate([one.ordered for one in numbers]), kind="stable")
        binned = np.sum([one.binned for one in numbers], axis=0)
        return NumberSample(ordered=ordered, binned=binned, empty=empty, rows=rows)
    counts = np.sum([one.counts for one in samples if isinstance(one, LabelSample)], axis=0)
    return LabelSample(counts=counts, empty=empty, rows=rows)


def usable(one: Sample) -> int:
    """Return the number of cells that hold a value."""
    return one.rows - one.empty


def compare(reference: Sample, current: Sample) -> Comparison:
    """Return the difference of two samples of one column, empty cells left aside; both need a usable value."""
    if isinstance(reference, NumberSample) and isinstance(current, NumberSample):
        distance = ks(reference.ordered, current.ordered)
        return Comparison(
            method="two-sample Kolmogorov-Smirnov",
            effect=distance,
            p_value=ks_p_value(distance, usable(reference), usable(current)),
            details=(
                ("psi_quantile_bins", psi(reference.binned, current.binned)),
                ("jensen_shannon_quantile_bins", jensen_shannon(reference.binned, current.binned)),
            ),
        )
    if isinstance(reference, LabelSample) and isinstance(current, LabelSample):
        return Comparison(
            method="Jensen-Shannon distance with two-sample G test",
            effect=jensen_shannon(reference.counts, current.counts),
            p_value=g_test(reference.counts, current.counts)[1],
            details=(("psi", psi(reference.counts, current.counts)),),
        )
    raise MonitorError("A number can only be compared with a number, a category with a category.")


def effect(reference: Sample, current: Sample) -> float:
    """Return the effect of `compare` alone, 0 where either side is empty."""
    if not usable(reference) or not usable(current):
        return 0.0
    if isinstance(reference, NumberSample) and isinstance(current, NumberSample):
        return ks(reference.ordered, current.ordered)
    if isinstance(reference, LabelSample) and isinstance(current, LabelSample):
        return jensen_shannon(reference.counts, current.counts)
    raise MonitorError("A number can only be compared with a number, a category with a category.")


def seasonal_partner(month: str, months: Mapping[str, object]) -> str | None:
    """Return the newest reference month, other than the month itself, that has the same calendar month."""
    same = [one for one in months if one != month and calendar_month(one) == calendar_month(month)]
    return max(same, key=index_of, default=None)


def seasonal_pairs(months: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the pairs of reference months with the same calendar month: whole years apart."""
    pairs = combinations(sorted(months, key=index_of), 2)
    return [(old, new) for old, new in pairs if calendar_month(old) == calendar_month(new)]


def largest_change(column: ColumnReference, change: Callable[[Sample, Sample], float]) -> tuple[float | None, ...]:
    """Return the largest change that good months show against a seasonal and against the pooled baseline.

    Seasonal: months whole years apart; where there are none, as pooled. Pooled: each month against all of
    them, so that the whole swing of the year counts as normal. None where there is a single good month.
    """
    months = column.months
    against_year = [change(months[old], months[new]) for old, new in seasonal_pairs(months)]
    covered = len({calendar_month(month) for month in months}) == 12  # noqa: PLR2004 - then no month needs the pool
    needed = len(months) > 1 and not (covered and against_year)
    against_all = [change(column.pooled, one) for one in months.values()] if needed else []
    pooled = max(against_all, default=None)
    return max(against_year, default=pooled), pooled

"""One pass over a table: the figures that contracts are learnt from and held against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitoring.columns import Counts, Floats, as_labels
from monitoring.gate import limits
from monitoring.gate.reading import ReadColumn, ReadTable

_ROBUST = (0.001, 0.999)
"""Quantiles that stand for the lowest and highest usual value of a number."""

SPIKES = 8
"""How many of the commonest exact values of a number are kept."""

MIN_SLICE_ROWS = 50
"""A median over fewer values than this says nothing about a change of unit."""

_SECONDS_A_DAY = 86400.0


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberProfile:
    """A column read as numbers: shares of rows, robust range, level, commonest exact values.

    `rarest_spike` is the share of the rarest value among `spikes`, 0 where all values are listed: any value that
    is not listed has at most this share.
    """

    nulls: float
    text: float
    infinite: float
    usable: int
    span: tuple[float, float] | None
    level: float | None
    spikes: Mapping[float, float]
    rarest_spike: float
    sorted: Floats
    negatives: float
    quarters: tuple[float, float] | None
    rows: int

    def share_of(self, value: float) -> float:
        """Return the share of rows that hold exactly this value."""
        first, after = np.searchsorted(self.sorted, value, "left"), np.searchsorted(self.sorted, value, "right")
        return float(after - first) / max(self.rows, 1)

    def replaced(self, before: Mapping[float, float]) -> list[float]:
        """Return the shares that values in the place of earlier ones may have, of which most is gone."""
        gone = [share for value, share in before.items() if self.share_of(value) < limits.REPLACED_PART * share]
        return [limits.REPLACED_FACTOR * share for share in gone]


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelProfile:
    """A column read as labels: share of empty cells and share of rows by label."""

    nulls: float
    usable: int
    shares: Mapping[str, float]
    rows: int


def profile_number(column: ReadColumn) -> NumberProfile:
    """Return the figures of a column read as numbers, whatever type it arrived with."""
    rows = max(len(column.cells), 1)
    ordered = column.ordered
    spikes = _spikes(ordered, rows)
    return NumberProfile(
        nulls=int(column.empty.sum()) / rows,
        text=column.numbers.text / rows,
        infinite=column.numbers.infinite / rows,
        usable=len(ordered),
        span=_robust_range(ordered),
        level=column.level,
        spikes=spikes,
        rarest_spike=min(spikes.values()) if len(spikes) == SPIKES else 0.0,
        sorted=ordered,
        negatives=float(np.searchsorted(ordered, 0.0)) / len(ordered) if len(ordered) else 0.0,
        quarters=column.quarters,
        rows=rows,
    )


def profile_labels(column: ReadColumn) -> LabelProfile:
    """Return the figures of a column read as labels."""
    counts, empty = as_labels(column.cells)
    rows = max(len(column.cells), 1)
    shares = {label: count / rows for label, count in counts.items()}
    return LabelProfile(nulls=empty / rows, usable=len(column.cells) - empty, shares=shares, rows=rows)


def _robust_range(ordered: Floats) -> tuple[float, float] | None:
    if not len(ordered):
        return None
    low, high = np.quantile(ordered, _ROBUST)
    return float(low), float(high)


def _spikes(ordered: Floats, rows: int) -> dict[float, float]:
    """Return the commonest exact values and their shares of all rows, commonest first."""
    if not len(ordered):
        return {}
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    counts = np.diff(np.append(starts, len(ordered)))
    top = np.argsort(-counts, kind="stable")[:SPIKES]
    return {float(ordered[starts[at]]): float(counts[at] / rows) for at in top}


def slice_levels(table: ReadTable, name: str, slices: Sequence[str]) -> dict[tuple[str, str], float]:
    """Return a column's level within every slice that is large enough: keys are (slice column, slice)."""
    column = table[name]
    return _slice_medians(table, slices, (column.sizes, column.by_size), MIN_SLICE_ROWS)


def slice_nulls(table: ReadTable, name: str, slices: Sequence[str]) -> dict[tuple[str, str], tuple[float, float]]:
    """Return a column's share of empty cells within every slice, and the slice's share of rows.

    Slices by the column itself are left out.
    """
    empty, found = table[name].empty, dict[tuple[str, str], tuple[float, float]]()
    for by in slices:
        if by in table and by != name:
            codes, labels = table[by].slices
            rows = np.bincount(codes, minlength=len(labels))
            holes = np.bincount(codes[empty], minlength=len(labels))
            told = zip(labels, holes, rows, strict=True)
            found |= {(by, at): (float(hole / n), float(n / len(table))) for at, hole, n in told if n}
    return found


def _slice_medians(
    table: ReadTable, slices: Sequence[str], given: tuple[Floats, Counts], least: int
) -> dict[tuple[str, str], float]:
    """Return the median within every slice of at least `least` values; given are rising values and their rows."""
    rising, rows = given
    found: dict[tuple[str, str], float] = {}
    for by in slices:
        if by in table:
            codes, labels = table[by].slices
            medians = _medians(rising, codes[rows], least)
            found |= {(by, labels[code]): median for code, median in medians.items()}
    return found


def _medians(rising: Floats, codes: Counts, least: int) -> dict[int, float]:
    """Return the median within each group of at least `least` values, from values in rising order."""
    grouped = rising[np.argsort(codes, kind="stable")]
    counts = np.bincount(codes)
    starts = np.cumsum(counts) - counts
    large = np.flatnonzero(counts >= max(least, 1))
    low, high = ((counts[large] - 1) // 2 + starts[large], counts[large] // 2 + starts[large])
    middle = np.where(low == high, grouped[low], (grouped[low] + grouped[high]) / 2.0)
    return dict(zip(large.tolist(), middle.tolist(), strict=True))


@dataclass(frozen=True, kw_only=True, slots=True)
class Waits:
    """The days from event to arrival in rising order, and the rows they belong to, of rows that have both times."""

    days: Floats
    rows: Counts

    @property
    def median(self) -> float | None:
        """The median, None without any."""
        return float(np.median(self.days)) if len(self.days) else None

    def by_slice(self, table: ReadTable, slices: Sequence[str], *, rows: int) -> dict[tuple[str, str], float]:
        """Return the median within every slice of at least `rows` rows."""
        return _slice_medians(table, slices, (self.days, self.rows), rows)


def waits(table: ReadTable, event_at: str, available_at: str) -> Waits:
    """Return how long rows took to arrive; the columns hold the times of the event and of the arrival."""
    spans = table[available_at].times - table[event_at].times
    days = np.asarray(spans.dt.total_seconds() / _SECONDS_A_DAY, dtype=np.float64)
    rows = np.argsort(days)[: len(days) - int(np.isnan(days).sum())]
    return Waits(days=days[rows], rows=rows)


def gap_days(table: ReadTable, event_at: str, cutoff: pd.Timestamp) -> float | None:
    """Return the days from the newest event to the cutoff, negative for events after it; None without events."""
    newest = table[event_at].times.max()
    return None if pd.isna(newest) else (_naive(cutoff) - newest).total_seconds() / _SECONDS_A_DAY


def future_share(table: ReadTable, event_at: str, cutoff: pd.Timestamp) -> float:
    """Return the share of rows whose event lies at or after the cutoff."""
    if not len(table):
        return 0.0
    return float((table[event_at].times >= _naive(cutoff)).mean())


def hour_shares(column: ReadColumn) -> tuple[float, ...]:
    """Return the share of each hour of the day among the readable times, 24 of them; empty without any."""
    times = column.times.to_numpy()
    hours = times[~np.isnat(times)].astype("datetime64[h]").astype(np.int64) % 24
    if not len(hours):
        return ()
    return tuple(float(share) for share in np.bincount(hours, minlength=24) / len(hours))


def _naive(moment: pd.Timestamp) -> pd.Timestamp:
    return moment.tz_convert("UTC").tz_localize(None) if moment.tzinfo is not None else moment


def duplicate_share(table: ReadTable, key: tuple[str, ...]) -> float:
    """Return the share of rows that repeat the key of an earlier row (all columns where there is no key)."""
    if not len(table):
        return 0.0
    columns = list(key) if key else None
    return float(table.frame.duplicated(subset=columns).mean())

"""One pass over a table: the figures that contracts are learnt from and held against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype

from monitoring.columns import Counts, Floats, Kind, as_labels, as_numbers, as_times, first_of, kind_of
from monitoring.gate import limits

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


def profile_number(table: pd.DataFrame, name: str) -> NumberProfile:
    """Return the figures of a column read as numbers, whatever type it arrived with."""
    read = as_numbers(first_of(table, name))
    rows = max(len(table), 1)
    ordered = np.sort(read.usable)
    spikes = _spikes(ordered, rows)
    return NumberProfile(
        nulls=int(first_of(table, name).isna().sum()) / rows,
        text=read.text / rows,
        infinite=read.infinite / rows,
        usable=len(ordered),
        span=_robust_range(ordered),
        level=level_of(ordered),
        spikes=spikes,
        rarest_spike=min(spikes.values()) if len(spikes) == SPIKES else 0.0,
        sorted=ordered,
        negatives=float((ordered < 0.0).mean()) if len(ordered) else 0.0,
        quarters=quarters_of(ordered),
        rows=rows,
    )


def profile_labels(table: pd.DataFrame, name: str) -> LabelProfile:
    """Return the figures of a column read as labels."""
    counts, empty = as_labels(first_of(table, name))
    rows = max(len(table), 1)
    shares = {label: count / rows for label, count in counts.items()}
    return LabelProfile(nulls=empty / rows, usable=len(table) - empty, shares=shares, rows=rows)


def level_of(values: Floats) -> float | None:
    """Return the median of the absolute values other than zero, None where there are none.

    A change of unit multiplies it by the same factor; a change in the share of zeros does not move it.
    """
    sizes = np.abs(values[values != 0.0])
    return float(np.median(sizes)) if len(sizes) else None


def quarters_of(values: Floats) -> tuple[float, float] | None:
    """Return the quartiles beside the level: a change of unit moves them by the same factor, a mixture does not."""
    sizes = np.abs(values[values != 0.0])
    if not len(sizes):
        return None
    low, high = np.quantile(sizes, (0.25, 0.75))
    return float(low), float(high)


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


def slices_of(table: pd.DataFrame, by: str) -> tuple[Counts, list[str]]:
    """Return the slice of every row as a code, and the slices' labels in order; empty cells are the slice ""."""
    codes, found = pd.factorize(first_of(table, by))
    names = np.array([*map(str, found), ""])
    labels, places = np.unique(names, return_inverse=True)
    return np.asarray(places[codes], dtype=np.int64), [str(label) for label in labels]


def slice_levels(
    table: pd.DataFrame, names: Sequence[str], slices: Sequence[str]
) -> dict[str, dict[tuple[str, str], float]]:
    """Return, by column, the level within every slice that is large enough: keys are (slice column, slice)."""
    sizes = pd.DataFrame({name: _sizes(table, name) for name in names}, index=pd.RangeIndex(len(table)))
    found: dict[str, dict[tuple[str, str], float]] = {name: {} for name in names}
    for by in slices:
        if by in table.columns and names:
            codes, labels = slices_of(table, by)
            groups = sizes.groupby(codes)
            medians = groups.median().where(groups.count() >= MIN_SLICE_ROWS)
            for name in names:
                of_column = medians[name].reindex(range(len(labels))).to_numpy()
                told = zip(labels, of_column, strict=True)
                found[name] |= {(by, label): float(level) for label, level in told if level == level}  # noqa: PLR0124 - not NaN
    return found


def slice_nulls(
    table: pd.DataFrame, names: Sequence[str], slices: Sequence[str]
) -> dict[str, dict[tuple[str, str], tuple[float, float]]]:
    """Return, by column, the share of empty cells within every slice, and the slice's share of rows.

    Slices by the column itself are left out.
    """
    empty = {name: first_of(table, name).isna().to_numpy(dtype=np.float64) for name in names}
    found: dict[str, dict[tuple[str, str], tuple[float, float]]] = {name: {} for name in names}
    for by in slices:
        if by in table.columns and names:
            codes, labels = slices_of(table, by)
            rows = np.bincount(codes, minlength=len(labels))
            for name in (name for name in names if name != by):
                holes = np.bincount(codes, weights=empty[name], minlength=len(labels))
                told = zip(labels, holes, rows, strict=True)
                found[name] |= {(by, at): (float(hole / n), float(n / len(table))) for at, hole, n in told if n}
    return found


def slice_lags(
    table: pd.DataFrame, times: tuple[str, str], slices: Sequence[str], *, rows: int
) -> dict[tuple[str, str], float]:
    """Return the median days from event to arrival within every slice of at least `rows` rows.

    `times` are the columns of the event and of the arrival.
    """
    lags = _lags(table, *times)
    found: dict[tuple[str, str], float] = {}
    for by in slices:
        if by in table.columns:
            codes, labels = slices_of(table, by)
            groups = lags.groupby(codes)
            medians = groups.median()[groups.count() >= rows]
            found |= {(by, labels[code]): float(lag) for code, lag in zip(medians.index, medians, strict=True)}
    return found


def _sizes(table: pd.DataFrame, name: str) -> Floats:
    values = np.abs(as_numbers(first_of(table, name)).cells)
    return np.where(values == 0.0, np.nan, values)


def gap_days(table: pd.DataFrame, event_at: str, cutoff: pd.Timestamp) -> float | None:
    """Return the days from the newest event to the cutoff, negative for events after it; None without events."""
    newest = as_times(first_of(table, event_at)).max()
    return None if pd.isna(newest) else (_naive(cutoff) - newest).total_seconds() / _SECONDS_A_DAY


def lag_days(table: pd.DataFrame, event_at: str, available_at: str) -> float | None:
    """Return the median days from event to arrival, None where no row has both times."""
    days = float(_lags(table, event_at, available_at).median())
    return None if np.isnan(days) else days


def _lags(table: pd.DataFrame, event_at: str, available_at: str) -> pd.Series:
    waits = as_times(first_of(table, available_at)) - as_times(first_of(table, event_at))
    return waits.reset_index(drop=True).dt.total_seconds() / _SECONDS_A_DAY


def future_share(table: pd.DataFrame, event_at: str, cutoff: pd.Timestamp) -> float:
    """Return the share of rows whose event lies at or after the cutoff."""
    if not len(table):
        return 0.0
    return float((as_times(first_of(table, event_at)) >= _naive(cutoff)).mean())


def hour_shares(table: pd.DataFrame, name: str) -> tuple[float, ...]:
    """Return the share of each hour of the day among the readable times, 24 of them; empty without any."""
    hours = as_times(first_of(table, name)).dt.hour.dropna().to_numpy(dtype=np.int64)
    if not len(hours):
        return ()
    return tuple(float(share) for share in np.bincount(hours, minlength=24) / len(hours))


def _naive(moment: pd.Timestamp) -> pd.Timestamp:
    return moment.tz_convert("UTC").tz_localize(None) if moment.tzinfo is not None else moment


def duplicate_share(table: pd.DataFrame, key: tuple[str, ...]) -> float:
    """Return the share of rows that repeat the key of an earlier row (all columns where there is no key)."""
    if not len(table):
        return 0.0
    columns = list(key) if key else None
    return float(table.duplicated(subset=columns).mean())


def kind_as(kind: Kind, column: pd.Series) -> bool:
    """Return whether the column's cells can be used as the kind that was promised."""
    if kind in (Kind.CATEGORY, Kind.IDENTIFIER):
        return True
    if kind is Kind.TIME:
        if is_numeric_dtype(column.dtype) or is_datetime64_any_dtype(column.dtype):
            return is_datetime64_any_dtype(column.dtype)
        filled = column.notna()
        return not filled.any() or bool(as_times(column)[filled].notna().all())
    read = as_numbers(column)
    return read.text == 0 and kind_of(column) is not Kind.TIME

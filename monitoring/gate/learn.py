"""Learn a table's contract from months that are known to be good."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd

from monitoring.columns import Kind, first_of, kind_of
from monitoring.errors import MonitorError
from monitoring.gate.contract import ColumnContract, TableContract
from monitoring.gate.profile import (
    NumberProfile,
    duplicate_share,
    gap_days,
    lag_days,
    profile_labels,
    profile_number,
    slice_levels,
    unchanged_shares,
)
from monitoring.months import end_of, index_of
from monitoring.season import Season, fit

MAX_SLICES = 12
"""A slice column with more levels than this is not used to look for a change of unit within a slice."""


def learn(
    name: str,
    months: Mapping[str, pd.DataFrame],
    *,
    key: Sequence[str] = (),
    slices: Sequence[str] | None = None,
    event_at: str | None = "event_at",
    available_at: str | None = "available_at",
    cutoffs: Mapping[str, pd.Timestamp] | None = None,
    weights: Mapping[str, float] | None = None,
) -> TableContract:
    """Return the contract that the given months of a table keep.

    Parameters
    ----------
    name
        The table's name, used in every measurement.
    months
        Month ("2025-03") to the table as it was delivered. More months give tighter and more honest limits;
        a yearly swing of the row count needs at least 13.
    key
        Columns that identify a row. Without a key, repeats are whole repeated rows and nothing is compared
        with the previous delivery.
    slices
        Category columns within which a change of unit is looked for. By default those with 2 to 12 levels.
    event_at, available_at
        Time columns, ignored where the table lacks them.
    cutoffs
        Month to the moment the table was cut at; the end of the month by default.
    weights
        Column to the share of the model's use that hangs on it. Columns not named weigh 0; without the
        mapping every column weighs 1.

    Returns
    -------
    TableContract
        It can be changed by hand with `override`.
    """
    ordered = _ordered(name, months)
    last = ordered[max(ordered, key=index_of)]
    kinds = {str(column): kind_of(first_of(last, column)) for column in last.columns}
    cuts = _slice_columns(last, kinds, slices)
    repeated, unchanged = _between_months(ordered, tuple(key), tuple(kinds))
    times = {column for column in (event_at, available_at) if column in kinds}
    event = event_at if event_at in times else None
    arrival = available_at if event and available_at in times else None
    levels = _slice_bands(ordered, [column for column, kind in kinds.items() if kind is Kind.NUMBER], cuts)
    columns = tuple(
        replace(_column(column, kind, ordered), unchanged=unchanged.get(column), slice_levels=levels.get(column, ()))
        for column, kind in kinds.items()
    )
    return TableContract(
        name=name,
        columns=tuple(_weighted(column, weights) for column in columns),
        key=tuple(key),
        slices=cuts,
        event_at=event,
        available_at=arrival,
        log_rows=_log_rows(ordered),
        gap_days=_longest_gap(ordered, event, cutoffs),
        lag_days=_longest_lag(ordered, event, arrival),
        duplicates=max(duplicate_share(table, tuple(key)) for table in ordered.values()),
        repeated=repeated,
    )


def _ordered(name: str, months: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    filled = {month: months[month] for month in sorted(months, key=index_of) if len(months[month])}
    if not filled:
        raise MonitorError(f'No reference month of table "{name}" has rows ({len(months)} given): pass good months.')
    return filled


def _slice_columns(table: pd.DataFrame, kinds: Mapping[str, Kind], slices: Sequence[str] | None) -> tuple[str, ...]:
    if slices is not None:
        return tuple(slices)
    few = [name for name, kind in kinds.items() if kind in (Kind.CATEGORY, Kind.FLAG)]
    return tuple(name for name in few if 2 <= first_of(table, name).nunique() <= MAX_SLICES)  # noqa: PLR2004 - two


def _weighted(column: ColumnContract, weights: Mapping[str, float] | None) -> ColumnContract:
    if weights is None:
        return column
    return replace(column, weight=float(weights.get(column.name, 0.0)))


def _column(name: str, kind: Kind, months: Mapping[str, pd.DataFrame]) -> ColumnContract:
    tables = [table for table in months.values() if name in table.columns]
    return _number(name, tables) if kind is Kind.NUMBER else _other(name, kind, tables)


def _number(name: str, tables: list[pd.DataFrame]) -> ColumnContract:
    found = [profile_number(table, name) for table in tables]
    nulls = [one.nulls for one in found]
    ranges = [one.span for one in found if one.span]
    levels = [one.level for one in found if one.level is not None]
    return ColumnContract(
        name=name,
        kind=Kind.NUMBER,
        nulls=(min(nulls), max(nulls)),
        infinite=max(one.infinite for one in found),
        span=(min(low for low, _ in ranges), max(high for _, high in ranges)) if ranges else None,
        level=(min(levels), max(levels)) if levels else None,
        spikes=_spike_bands(found),
        unlisted=max(one.rarest_spike for one in found),
        spike_rise=_largest_rise(found),
    )


def _slice_bands(
    months: Mapping[str, pd.DataFrame], names: list[str], slices: tuple[str, ...]
) -> dict[str, tuple[tuple[str, str, float, float], ...]]:
    """Return, by column, (slice column, slice, lowest level, highest level) over the months."""
    seen: dict[str, dict[tuple[str, str], list[float]]] = {name: {} for name in names}
    for table in months.values():
        present = [name for name in names if name in table.columns]
        for name, levels in slice_levels(table, present, slices).items():
            for at, level in levels.items():
                seen[name].setdefault(at, []).append(level)
    return {
        name: tuple((column, label, min(of), max(of)) for (column, label), of in sorted(by_slice.items()))
        for name, by_slice in seen.items()
    }


def _spike_bands(found: list[NumberProfile]) -> tuple[tuple[float, float, float], ...]:
    """Return (value, lowest, highest share) of every exact value that was among the commonest in some month."""
    values = sorted({value for one in found for value in one.spikes})
    shares = {value: [one.spikes.get(value, 0.0) for one in found] for value in values}
    return tuple((value, min(of_value), max(of_value)) for value, of_value in shares.items() if max(of_value) > 0.01)  # noqa: PLR2004 - one row in a hundred is no spike


def _largest_rise(found: list[NumberProfile]) -> float:
    """Return the most by which an exact value became commoner than in all months before it, such as a new price."""
    highest: dict[float, float] = dict(found[0].spikes)
    unlisted, rise = found[0].rarest_spike, 0.0
    for one in found[1:]:
        rise = max([rise, *(share - highest.get(value, unlisted) for value, share in one.spikes.items())])
        unlisted = max(unlisted, one.rarest_spike)
        highest |= {value: max(share, highest.get(value, 0.0)) for value, share in one.spikes.items()}
    return rise


def _other(name: str, kind: Kind, tables: list[pd.DataFrame]) -> ColumnContract:
    if kind in (Kind.CATEGORY, Kind.FLAG):
        profiles = [profile_labels(table, name) for table in tables]
        nulls = [one.nulls for one in profiles]
        labels: tuple[str, ...] | None = tuple(sorted({label for one in profiles for label in one.shares}))
    else:
        nulls = [float(first_of(table, name).isna().mean()) for table in tables]
        labels = None
    return ColumnContract(name=name, kind=kind, nulls=(min(nulls), max(nulls)), labels=labels)


def _between_months(
    months: Mapping[str, pd.DataFrame], key: tuple[str, ...], names: tuple[str, ...]
) -> tuple[float | None, dict[str, float]]:
    """Return the highest share of repeated keys, and by column of unchanged values, over neighbouring months."""
    neighbours = [(old, new) for old, new in pairwise(months) if index_of(new) - index_of(old) == 1]
    if not key or not neighbours:
        return None, {}
    found = [unchanged_shares(months[new], months[old], key, names) for old, new in neighbours]
    highest = {
        name: max(same.get(name, 0.0) for _, same in found) for name in names if any(name in same for _, same in found)
    }
    return max(share for share, _ in found), highest


def _log_rows(months: Mapping[str, pd.DataFrame]) -> Season:
    return fit({month: float(np.log(len(table))) for month, table in months.items()})


def _longest_gap(
    months: Mapping[str, pd.DataFrame], event_at: str | None, cutoffs: Mapping[str, pd.Timestamp] | None
) -> float | None:
    if event_at is None:
        return None
    cuts = cutoffs or {}
    gaps = [gap_days(table, event_at, cuts.get(month, end_of(month))) for month, table in months.items()]
    return max((gap for gap in gaps if gap is not None), default=None)


def _longest_lag(months: Mapping[str, pd.DataFrame], event_at: str | None, available_at: str | None) -> float | None:
    if event_at is None or available_at is None:
        return None
    lags = [lag_days(table, event_at, available_at) for table in months.values()]
    return max((lag for lag in lags if lag is not None), default=None)

"""Learn what the columns of a table promise, from months that are known to be good."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from monitoring.columns import Kind, first_of
from monitoring.gate.contract import ColumnContract
from monitoring.gate.profile import (
    LabelProfile,
    NumberProfile,
    hour_shares,
    profile_labels,
    profile_number,
    slice_levels,
    slice_nulls,
)
from monitoring.gate.stored import stored_as

_RARE = 0.01
"""An exact value with a smaller share of rows is no spike."""

SliceBands = tuple[tuple[str, str, float, float], ...]
"""(slice column, slice, lowest, highest) of a figure over the months."""


def learn_column(name: str, kind: Kind, months: Mapping[str, pd.DataFrame]) -> ColumnContract:
    """Return the column's promise, without what needs other columns or two months."""
    tables = [table for table in months.values() if name in table.columns]
    learner = {Kind.NUMBER: _number, Kind.CATEGORY: _labels, Kind.FLAG: _labels, Kind.TIME: _time}.get(kind, _other)
    return learner(name, kind, tables)


def _number(name: str, kind: Kind, tables: list[pd.DataFrame]) -> ColumnContract:
    found = [profile_number(table, name) for table in tables]
    ranges = [one.span for one in found if one.span]
    filled = [one.sorted for one in found if one.usable]
    quarters = [one.quarters for one in found if one.quarters is not None]
    return ColumnContract(
        name=name,
        kind=kind,
        nulls=_band([one.nulls for one in found]) or (0.0, 0.0),
        infinite=max(one.infinite for one in found),
        stored=_stored(name, tables),
        span=(min(low for low, _ in ranges), max(high for _, high in ranges)) if ranges else None,
        largest=max((float(max(-values[0], values[-1])) for values in filled), default=None),
        negatives=max(one.negatives for one in found),
        level=_band([one.level for one in found if one.level is not None]),
        quarters=_quarter_bands(quarters),
        spikes=_spike_bands(found),
        unlisted=max(one.rarest_spike for one in found),
        spike_rise=_largest_rise(found),
        latest=tuple(found[-1].spikes.items()),
    )


def _band(values: Sequence[float]) -> tuple[float, float] | None:
    return (min(values), max(values)) if values else None


def _quarter_bands(quarters: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], tuple[float, float]] | None:
    low, high = _band([one[0] for one in quarters]), _band([one[1] for one in quarters])
    return None if low is None or high is None else (low, high)


def _spike_bands(found: list[NumberProfile]) -> tuple[tuple[float, float, float], ...]:
    """Return (value, lowest, highest share) of every exact value that was among the commonest in some month."""
    values = sorted({value for one in found for value in one.spikes})
    shares = {value: [one.spikes.get(value, 0.0) for one in found] for value in values}
    return tuple((value, min(of_value), max(of_value)) for value, of_value in shares.items() if max(of_value) > _RARE)


def _largest_rise(found: list[NumberProfile]) -> float:
    """Return the most by which an exact value became commoner than in all months before it, such as a new price.

    A new value that takes the place of one that has gone has risen by what it has beyond that one.
    """
    highest: dict[float, float] = dict(found[0].spikes)
    unlisted, rise = found[0].rarest_spike, 0.0
    for before, one in pairwise(found):
        new = max([unlisted, *one.replaced(before.spikes)])
        rise = max([rise, *(share - highest.get(value, new) for value, share in one.spikes.items())])
        unlisted = max(unlisted, one.rarest_spike)
        highest |= {value: max(share, highest.get(value, 0.0)) for value, share in one.spikes.items()}
    return rise


def _labels(name: str, kind: Kind, tables: list[pd.DataFrame]) -> ColumnContract:
    profiles = [profile_labels(table, name) for table in tables]
    return ColumnContract(
        name=name,
        kind=kind,
        nulls=_band([one.nulls for one in profiles]) or (0.0, 0.0),
        stored=_stored(name, tables),
        labels=tuple(sorted({label for one in profiles for label in one.shares})),
        usual_labels=_usual_labels(profiles),
    )


def _usual_labels(profiles: list[LabelProfile]) -> tuple[tuple[str, float, float], ...]:
    """Return the labels that no month lacked, with their mean shares and mean rows."""
    common = sorted(set(profiles[0].shares).intersection(*(one.shares for one in profiles)))
    shares = {label: [one.shares[label] for one in profiles] for label in common}
    rows = [one.rows for one in profiles]
    return tuple((label, float(np.mean(of)), float(np.dot(of, rows) / len(rows))) for label, of in shares.items())


def _time(name: str, kind: Kind, tables: list[pd.DataFrame]) -> ColumnContract:
    found = [shares for shares in (hour_shares(table, name) for table in tables) if shares]
    return ColumnContract(
        name=name,
        kind=kind,
        nulls=_empty(name, tables),
        stored=_stored(name, tables),
        hours=tuple(max(of_hour) for of_hour in zip(*found, strict=True)),
    )


def _other(name: str, kind: Kind, tables: list[pd.DataFrame]) -> ColumnContract:
    return ColumnContract(name=name, kind=kind, nulls=_empty(name, tables), stored=_stored(name, tables))


def _empty(name: str, tables: list[pd.DataFrame]) -> tuple[float, float]:
    return _band([float(first_of(table, name).isna().mean()) for table in tables]) or (0.0, 0.0)


def _stored(name: str, tables: list[pd.DataFrame]) -> str | None:
    """Return the family of types in which the newest month that has cells stored them."""
    return next((family for family in (stored_as(table, name) for table in reversed(tables)) if family), None)


def slice_bands(
    months: Mapping[str, pd.DataFrame], names: Sequence[str], slices: tuple[str, ...]
) -> dict[str, SliceBands]:
    """Return, by column, the bands of its level within slices."""
    seen: dict[str, dict[tuple[str, str], list[float]]] = {name: {} for name in names}
    for table in months.values():
        present = [name for name in names if name in table.columns]
        for name, levels in slice_levels(table, present, slices).items():
            for at, level in levels.items():
                seen[name].setdefault(at, []).append(level)
    return {name: _as_bands(by_slice) for name, by_slice in seen.items()}


def null_bands(
    months: Mapping[str, pd.DataFrame], names: Sequence[str], slices: tuple[str, ...]
) -> dict[str, SliceBands]:
    """Return, by column, the bands of its empty cells within slices."""
    seen: dict[str, dict[tuple[str, str], list[float]]] = {name: {} for name in names}
    for table in months.values():
        present = [name for name in names if name in table.columns]
        for name, shares in slice_nulls(table, present, slices).items():
            for at, (share, _) in shares.items():
                seen[name].setdefault(at, []).append(share)
    return {name: _as_bands(by_slice) for name, by_slice in seen.items()}


def _as_bands(by_slice: Mapping[tuple[str, str], list[float]]) -> SliceBands:
    return tuple((column, label, min(of), max(of)) for (column, label), of in sorted(by_slice.items()))

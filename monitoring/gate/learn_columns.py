"""Learn what the columns of a table promise, from months that are known to be good."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from monitoring.columns import Kind
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
from monitoring.gate.reading import ReadColumn, ReadTable
from monitoring.gate.stored import stored_as

_RARE = 0.01
"""An exact value with a smaller share of rows is no spike."""

SliceBands = tuple[tuple[str, str, float, float], ...]
"""(slice column, slice, lowest, highest) of a figure over the months."""


def learn_column(name: str, kind: Kind, months: Sequence[ReadTable]) -> ColumnContract:
    """Return the column's promise, without what needs other columns or two months."""
    learner = {Kind.NUMBER: _number, Kind.CATEGORY: _labels, Kind.FLAG: _labels, Kind.TIME: _time}.get(kind, _other)
    return learner(name, kind, [month[name] for month in months if name in month])


def _number(name: str, kind: Kind, read: list[ReadColumn]) -> ColumnContract:
    found = [profile_number(one) for one in read]
    ranges = [one.span for one in found if one.span]
    filled = [one.sorted for one in found if one.usable]
    quarters = [one.quarters for one in found if one.quarters is not None]
    return ColumnContract(
        name=name,
        kind=kind,
        nulls=_band([one.nulls for one in found]) or (0.0, 0.0),
        infinite=max(one.infinite for one in found),
        stored=_stored(read),
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


def _labels(name: str, kind: Kind, read: list[ReadColumn]) -> ColumnContract:
    profiles = [profile_labels(one) for one in read]
    return ColumnContract(
        name=name,
        kind=kind,
        nulls=_band([one.nulls for one in profiles]) or (0.0, 0.0),
        stored=_stored(read),
        labels=tuple(sorted({label for one in profiles for label in one.shares})),
        usual_labels=_usual_labels(profiles),
    )


def _usual_labels(profiles: list[LabelProfile]) -> tuple[tuple[str, float, float], ...]:
    """Return the labels that no month lacked, with their mean shares and mean rows."""
    common = sorted(set(profiles[0].shares).intersection(*(one.shares for one in profiles)))
    shares = {label: [one.shares[label] for one in profiles] for label in common}
    rows = [one.rows for one in profiles]
    return tuple((label, float(np.mean(of)), float(np.dot(of, rows) / len(rows))) for label, of in shares.items())


def _time(name: str, kind: Kind, read: list[ReadColumn]) -> ColumnContract:
    found = [shares for shares in map(hour_shares, read) if shares]
    return ColumnContract(
        name=name,
        kind=kind,
        nulls=_empty(read),
        stored=_stored(read),
        hours=tuple(max(of_hour) for of_hour in zip(*found, strict=True)),
    )


def _other(name: str, kind: Kind, read: list[ReadColumn]) -> ColumnContract:
    return ColumnContract(name=name, kind=kind, nulls=_empty(read), stored=_stored(read))


def _empty(read: list[ReadColumn]) -> tuple[float, float]:
    return _band([one.empty_share for one in read]) or (0.0, 0.0)


def _stored(read: list[ReadColumn]) -> str | None:
    """Return the family of types in which the newest month that has cells stored them."""
    return next((family for family in (stored_as(one.cells) for one in reversed(read)) if family), None)


def slice_bands(months: Sequence[ReadTable], name: str, slices: tuple[str, ...]) -> SliceBands:
    """Return the bands of a column's level within slices."""
    return _as_bands([slice_levels(month, name, slices) for month in months if name in month])


def null_bands(months: Sequence[ReadTable], name: str, slices: tuple[str, ...]) -> SliceBands:
    """Return the bands of a column's empty cells within slices."""
    found = [slice_nulls(month, name, slices) for month in months if name in month]
    return _as_bands([{at: share for at, (share, _) in of_month.items()} for of_month in found])


def _as_bands(found: Sequence[Mapping[tuple[str, str], float]]) -> SliceBands:
    seen: dict[tuple[str, str], list[float]] = {}
    for of_month in found:
        for at, figure in of_month.items():
            seen.setdefault(at, []).append(figure)
    return tuple((column, label, min(of), max(of)) for (column, label), of in sorted(seen.items()))

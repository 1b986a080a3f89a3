"""The quality part of the gate, column by column: empty cells, odd labels, ranges, units, defaults."""

import math
from collections.abc import Mapping

import pandas as pd

from monitoring.columns import Kind, as_numbers, first_of
from monitoring.gate import limits
from monitoring.gate.contract import ColumnContract, TableContract
from monitoring.gate.profile import LabelProfile, NumberProfile, level_of, profile_labels, profile_number, slice_levels
from monitoring.gate.units import is_unit, name_factor
from monitoring.gate.voice import Voice
from monitoring.vocabulary import Measurement, Verdict

_SHARE = "share of rows against the reference months' range"
_LEVEL = "ratio of medians (values other than zero) to the reference months' range"


def check_column(column: ColumnContract, table: pd.DataFrame, voice: Voice) -> list[Measurement]:
    """Return what can be said of one column that is there."""
    rows = len(table)
    if column.kind is Kind.NUMBER:
        number = profile_number(table, column.name)
        return [
            *_nulls(column, number.nulls, rows, voice),
            _infinite(column, number, voice),
            *_range(column, number, rows, voice),
            _level(column, "", (number.level, column.level), voice),
            *_spikes(column, number, rows, voice),
        ]
    if column.kind in (Kind.CATEGORY, Kind.FLAG):
        labels = profile_labels(table, column.name)
        return [*_nulls(column, labels.nulls, rows, voice), *_unseen(column, labels, rows, voice)]
    empty = float(first_of(table, column.name).isna().mean())
    return _nulls(column, empty, rows, voice)


def check_slices(contract: TableContract, table: pd.DataFrame, voice: Voice) -> list[Measurement]:
    """Return the changes of level within slices, of columns that are quiet as a whole."""
    numbers = [one for one in contract.columns if one.slice_levels and one.name in table.columns]
    found = slice_levels(table, [one.name for one in numbers], contract.slices)
    return [
        part
        for one in numbers
        if not _whole_changed(one, table, voice)
        for part in _slices(one, found[one.name], voice)
    ]


def _whole_changed(column: ColumnContract, table: pd.DataFrame, voice: Voice) -> bool:
    """Return whether the column as a whole has already been found to have another level."""
    values = as_numbers(first_of(table, column.name)).usable
    return _level(column, "", (level_of(values), column.level), voice).verdict is Verdict.ALARM


def _slices(column: ColumnContract, found: Mapping[tuple[str, str], float], voice: Voice) -> list[Measurement]:
    """Return the changed slices of the one slice column that separates them best from slices that did not change.

    That is the column with the loudest change among those with quiet slices left; where every slice of every
    column has changed, the single loudest slice stands for all.
    """
    told: dict[str, list[Measurement]] = {}
    for name, label, low, high in column.slice_levels:
        if (name, label) in found:
            one = _level(column, f"{name}={label}", (found[name, label], (low, high)), voice)
            told.setdefault(name, []).append(one)
    loud = {name: [one for one in of_name if one.hard] for name, of_name in told.items()}
    loudest = max((one for of_name in loud.values() for one in of_name), key=_size, default=None)
    parts = {name: of_name for name, of_name in loud.items() if 0 < len(of_name) < len(told[name])}
    if loudest is None or not parts:
        return [] if loudest is None else [loudest]
    return max(parts.values(), key=lambda of_name: max(map(_size, of_name)))


def _size(one: Measurement) -> float:
    return one.value or 0.0


def _nulls(column: ColumnContract, share: float, rows: int, voice: Voice) -> list[Measurement]:
    low, high = column.nulls
    limit = limits.share_limit(high, limits.NULL_MARGIN, rows)
    more = voice.say(
        "null_share",
        share,
        limit,
        unit="share of rows",
        method=_SHARE,
        hard=share > high + limits.NULL_BREAK or share == 1.0,
        note=f"{share:.1%} of cells are empty, at most {high:.1%} in the reference",
        column=column,
    )
    floor = limits.share_floor(low, max(limits.NULL_MARGIN, limits.NULLS_GONE_SHARE * low), rows)
    if share >= floor:
        return [more]
    fewer = voice.say(
        "nulls_gone",
        share,
        floor,
        unit="share of rows",
        method=_SHARE,
        alarm=True,
        hard=share < low - max(limits.NULL_BREAK, limits.NULLS_GONE_BREAK * low),
        note=f"{share:.1%} of cells are empty, at least {low:.1%} in the reference: "
        "empty cells may have been filled with a default",
        column=column,
    )
    return [more, fewer]


def _infinite(column: ColumnContract, found: NumberProfile, voice: Voice) -> Measurement:
    return voice.say(
        "infinite_share",
        found.infinite,
        column.infinite,
        unit="share of rows",
        method=_SHARE,
        hard=True,
        note=f"{found.infinite:.2%} of cells are infinite",
        column=column,
    )


def _range(column: ColumnContract, found: NumberProfile, rows: int, voice: Voice) -> list[Measurement]:
    if column.span is None or not found.usable:
        return []
    low, high = column.span
    pad = limits.RANGE_PAD * (high - low)
    outside = float(((found.sorted < low - pad) | (found.sorted > high + pad)).mean())
    limit = limits.share_limit(0.0, limits.RANGE_MARGIN, rows)
    return [
        voice.say(
            "out_of_range",
            outside,
            limit,
            unit="share of values",
            method=_SHARE,
            hard=outside > limits.RANGE_BREAK,
            note=f"{outside:.1%} of values lie outside {low - pad:.4g} to {high + pad:.4g}",
            column=column,
        )
    ]


def _level(
    column: ColumnContract,
    segment: str,
    level_and_band: tuple[float | None, tuple[float, float] | None],
    voice: Voice,
) -> Measurement:
    ratio, spread = _ratio_to_band(*level_and_band)
    return voice.say(
        "level",
        None if ratio is None else max(ratio, 1.0 / ratio),
        limits.LEVEL_FACTOR,
        unit="ratio",
        method=_LEVEL,
        column=column,
        segment=segment,
        hard=ratio is not None and (max(ratio, 1.0 / ratio) >= limits.LEVEL_BREAK or is_unit(ratio, spread)),
        note="" if ratio is None else f"typical size changed by {name_factor(ratio, spread)}",
    )


def _ratio_to_band(level: float | None, band: tuple[float, float] | None) -> tuple[float | None, float]:
    """Return level over the middle of the band (1.0 inside the band), and the band's half width as a factor.

    The middle is geometric: half and double are equally far. The ratio is None where nothing can be compared.
    """
    if level is None or band is None or min(level, *band) <= 0.0:
        return None, 1.0
    low, high = band
    return 1.0 if low <= level <= high else level / math.sqrt(low * high), math.sqrt(high / low)


def _spikes(column: ColumnContract, found: NumberProfile, rows: int, voice: Voice) -> list[Measurement]:
    """Return the rise of the exact value that rose most: defaults, zeros, a constant."""
    known = {value: (low, high) for value, low, high in column.spikes}
    unknown = (0.0, column.unlisted)
    rises = [(share - known.get(value, unknown)[1], value, share) for value, share in found.spikes.items()]
    if not rises:
        return []
    rise, value, share = max(rises)
    low, high = known.get(value, unknown)
    margin = max(limits.SPIKE_MARGIN, high - low, limits.SPIKE_FACTOR * column.spike_rise)
    return [
        voice.say(
            "default_share",
            share,
            limits.share_limit(high, margin, rows),
            unit="share of rows",
            method=_SHARE,
            hard=rise > (limits.TAKEOVER_BREAK if value in known else limits.SPIKE_BREAK),
            note=f"{share:.1%} of rows hold exactly {value:g}, at most {high:.1%} in the reference",
            column=column,
        )
    ]


def _unseen(column: ColumnContract, found: LabelProfile, rows: int, voice: Voice) -> list[Measurement]:
    if column.labels is None:
        return []
    strange = {label: share for label, share in found.shares.items() if label not in column.labels}
    share = sum(strange.values(), 0.0)
    limit = limits.share_limit(0.0, limits.UNSEEN_MARGIN, rows)
    shown = ", ".join(f'"{label}"' for label in sorted(strange, key=lambda one: -strange[one])[:5])
    unseen = voice.say(
        "unseen_labels",
        share,
        limit,
        unit="share of rows",
        method=_SHARE,
        hard=share > limits.UNSEEN_BREAK,
        note=f"{share:.1%} of rows carry labels never seen: {shown}",
        column=column,
    )
    return [unseen]

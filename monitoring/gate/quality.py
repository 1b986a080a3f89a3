"""The quality part of the gate, column by column: what is promised of the values of each kind of column."""

from monitoring.columns import Kind
from monitoring.gate import limits
from monitoring.gate.contract import ColumnContract, TableContract
from monitoring.gate.labels import check_labels
from monitoring.gate.levels import check_level, varied
from monitoring.gate.nulls import check_nulls
from monitoring.gate.profile import NumberProfile, hour_shares, profile_labels, profile_number
from monitoring.gate.reading import ReadTable
from monitoring.gate.spikes import check_spikes
from monitoring.gate.stored import stored_as
from monitoring.gate.voice import Voice
from monitoring.vocabulary import Measurement

_SHARE = "share of rows against the reference months' range"


def check_column(contract: TableContract, column: ColumnContract, table: ReadTable, voice: Voice) -> list[Measurement]:
    """Return what can be said of one column that is there."""
    told = [*check_nulls(contract, column, table, voice), *_stored(column, table, voice)]
    if column.kind is Kind.NUMBER:
        return [*told, *_number(contract, column, table, voice)]
    if column.kind in (Kind.CATEGORY, Kind.FLAG):
        return told + check_labels(column, profile_labels(table[column.name]), len(table), voice)
    return told + (_hours(column, table, voice) if column.kind is Kind.TIME else [])


def _number(contract: TableContract, column: ColumnContract, table: ReadTable, voice: Voice) -> list[Measurement]:
    found, rows = profile_number(table[column.name]), len(table)
    return [
        _infinite(column, found, voice),
        *_range(column, found, rows, voice),
        *_signs(column, found, rows, voice),
        *_absurd(column, found, voice),
        check_level(contract, column, table, voice),
        *check_spikes(column, found, rows, voice),
    ]


def _stored(column: ColumnContract, table: ReadTable, voice: Voice) -> list[Measurement]:
    """Return whether cells came in another family of types, where no stricter check has words for it."""
    found = stored_as(table[column.name].cells)
    if column.stored is None or found is None:
        return []
    return [
        voice.say(
            "stored_otherwise",
            float(found != column.stored),
            0.0,
            unit="columns",
            method="family of types of the cells",
            note=f"cells hold {found}, {column.stored} in the reference",
            column=column,
        )
    ]


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
            hard=outside > limits.RANGE_BREAK and varied(column),
            note=f"{outside:.1%} of values lie outside {low - pad:.4g} to {high + pad:.4g}",
            column=column,
        )
    ]


def _signs(column: ColumnContract, found: NumberProfile, rows: int, voice: Voice) -> list[Measurement]:
    if not found.usable:
        return []
    limit = limits.share_limit(column.negatives, limits.NEGATIVE_MARGIN, rows, known=column.alone)
    return [
        voice.say(
            "negative_share",
            found.negatives,
            limit,
            unit="share of values",
            method=_SHARE,
            hard=found.negatives > limits.NEGATIVE_BREAK and column.negatives == 0.0,
            note=f"{found.negatives:.1%} of values are negative, at most {column.negatives:.1%} in the reference",
            column=column,
        )
    ]


def _absurd(column: ColumnContract, found: NumberProfile, voice: Voice) -> list[Measurement]:
    if not column.largest or not found.usable:
        return []
    largest = max(abs(float(found.sorted[0])), abs(float(found.sorted[-1])))
    return [
        voice.say(
            "absurd_value",
            largest,
            limits.ABSURD_FACTOR * column.largest,
            unit="absolute value",
            method=f"{limits.ABSURD_FACTOR:.0f} times the largest of the reference months",
            note=f"the largest absolute value is {largest:.4g}, {column.largest:.4g} in the reference",
            column=column,
        )
    ]


def _hours(column: ColumnContract, table: ReadTable, voice: Voice) -> list[Measurement]:
    """Return the share of rows that have moved to hours of the day that never held so many: another time zone."""
    shares = hour_shares(table[column.name])
    if not column.hours or not shares:
        return []
    over = [max(share - usual, 0.0) for share, usual in zip(shares, column.hours, strict=True)]
    hour = over.index(max(over))
    return [
        voice.say(
            "odd_hours",
            sum(over),
            limits.HOUR_MARGIN + limits.HOUR_NOISE / len(table) ** 0.5,
            unit="share of rows",
            method="share of rows by hour of the day against the highest of the reference months",
            note=f"{sum(over):.1%} of rows are stamped at unusual hours, most at {hour:02d}:00: another time zone?",
            column=column,
        )
    ]

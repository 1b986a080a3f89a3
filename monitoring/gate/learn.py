"""Learn a table's contract from months that are known to be good."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd

from monitoring.columns import Kind, first_of, kind_of
from monitoring.errors import MonitorError
from monitoring.gate.contract import ColumnContract, TableContract
from monitoring.gate.delivery import SLICE_ROWS
from monitoring.gate.learn_columns import learn_column, null_bands, slice_bands
from monitoring.gate.pairing import Pairing, pair
from monitoring.gate.profile import Waits, duplicate_share, future_share, gap_days, waits
from monitoring.gate.reading import ReadTable
from monitoring.months import end_of, index_of
from monitoring.season import Season, fit
from monitoring.vocabulary import LEAN

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
    pairs = _pairs(ordered, tuple(key), kinds)
    event, arrival = _times(kinds, event_at, available_at)
    read = {month: ReadTable(table) for month, table in ordered.items()}
    columns = _columns(list(read.values()), kinds, cuts)
    cut_at = {month: (cutoffs or {}).get(month, end_of(month)) for month in ordered}
    waited = [waits(table, event, arrival) for table in read.values()] if event and arrival else []
    learnt = TableContract(
        name=name,
        columns=tuple(_paired(column, pairs) for column in columns),
        key=tuple(key),
        slices=cuts,
        event_at=event,
        available_at=arrival,
        log_rows=_log_rows(ordered),
        gap_days=_longest_gap(read, event, cut_at),
        lag_days=max((one.median for one in waited if one.median is not None), default=None),
        slice_lags=_slice_lags(list(read.values()), waited, cuts),
        future=max(future_share(table, event, cut_at[month]) for month, table in read.items()) if event else 0.0,
        duplicates=max(duplicate_share(table, tuple(key)) for table in read.values()),
        repeated=max((one.repeated for one in pairs), default=None),
    )
    return reweighted(learnt, weights)


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


def reweighted(contract: TableContract, weights: Mapping[str, float] | None) -> TableContract:
    """Return the contract with its columns' shares of the model's use; columns not named weigh 0, all 1 without any."""
    columns = tuple(
        replace(one, weight=1.0 if weights is None else float(weights.get(one.name, 0.0))) for one in contract.columns
    )
    return replace(contract, columns=columns, weight=_table_weight(weights))


def _table_weight(weights: Mapping[str, float] | None) -> float:
    """Return the most any column carries; 0 where the model leans on none, so that the table cannot stop scoring."""
    most = 1.0 if weights is None else float(max(weights.values(), default=0.0))
    return most if most >= LEAN else 0.0


def _times(kinds: Mapping[str, Kind], event_at: str | None, available_at: str | None) -> tuple[str | None, str | None]:
    event = event_at if event_at in kinds else None
    return event, available_at if event and available_at in kinds else None


def _columns(months: Sequence[ReadTable], kinds: Mapping[str, Kind], cuts: tuple[str, ...]) -> list[ColumnContract]:
    """Return every column's promise, with what its slices promise; what was read of a column is then forgotten."""
    learnt, alone = [], len(months[0]) if len(months) == 1 else 0
    for name, kind in kinds.items():
        one = learn_column(name, kind, months)
        levels = slice_bands(months, name, cuts) if kind is Kind.NUMBER else ()
        holes = null_bands(months, name, cuts) if one.nulls[1] > 0.0 else ()
        learnt.append(replace(one, slice_levels=levels, slice_nulls=holes, alone=alone))
        for month in months:
            if name not in cuts:
                month.forget(name)
    return learnt


def _pairs(months: Mapping[str, pd.DataFrame], key: tuple[str, ...], kinds: Mapping[str, Kind]) -> list[Pairing]:
    """Return how neighbouring months pair, oldest first; none without a key."""
    neighbours = [(old, new) for old, new in pairwise(months) if key and index_of(new) - index_of(old) == 1]
    return [pair(months[new], months[old], key, kinds) for old, new in neighbours]


def _paired(column: ColumnContract, pairs: Sequence[Pairing]) -> ColumnContract:
    same = [one.same[column.name] for one in pairs if column.name in one.same]
    follows = [one.follows[column.name] for one in pairs if column.name in one.follows]
    return replace(
        column,
        unchanged=max(same, default=None),
        steady=min(same, default=None),
        follows=min(follows, default=None),
    )


def _log_rows(months: Mapping[str, pd.DataFrame]) -> Season:
    return fit({month: float(np.log(len(table))) for month, table in months.items()})


def _longest_gap(
    months: Mapping[str, ReadTable], event_at: str | None, cut_at: Mapping[str, pd.Timestamp]
) -> float | None:
    if event_at is None:
        return None
    gaps = [gap_days(table, event_at, cut_at[month]) for month, table in months.items()]
    return max((gap for gap in gaps if gap is not None), default=None)


def _slice_lags(
    months: Sequence[ReadTable], waited: Sequence[Waits], cuts: tuple[str, ...]
) -> tuple[tuple[str, str, float], ...]:
    """Return (slice column, slice, longest median wait) over the months."""
    highest: dict[tuple[str, str], float] = {}
    for table, one in zip(months, waited, strict=False):
        for at, lag in one.by_slice(table, cuts, rows=SLICE_ROWS).items():
            highest[at] = max(lag, highest.get(at, lag))
    return tuple((by, label, lag) for (by, label), lag in sorted(highest.items()))

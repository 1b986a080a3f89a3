"""The gate: hold a delivered table against its contract. It answers for any input and never raises on data."""

from collections.abc import Callable, Iterable

import pandas as pd

from monitoring.gate.contract import ColumnContract, TableContract
from monitoring.gate.delivery import MIN_ROWS, check_freshness, check_keys, check_lateness, check_rows
from monitoring.gate.levels import check_slices
from monitoring.gate.previous import check_previous
from monitoring.gate.quality import check_column
from monitoring.gate.reading import ReadTable, named
from monitoring.gate.schema import check_schema
from monitoring.gate.voice import Voice
from monitoring.months import end_of
from monitoring.vocabulary import LEAN, Layer, Measurement, Verdict

_FEWEST = 5
"""With fewer rows even what all of them share may be luck."""


def check(
    contract: TableContract,
    table: object,
    previous: object = None,
    *,
    month: str,
    cutoff: pd.Timestamp | None = None,
) -> list[Measurement]:
    """Return what the contract has to say about a table as delivered.

    Every alarm is returned, and for each signal that is quiet everywhere its figure nearest to the limit.

    Parameters
    ----------
    contract
        From `learn`, perhaps overridden by hand.
    table
        Whatever arrived. None or something that is no table is itself an alarm.
    previous
        The delivery of the month before, for finding feeds that stand still.
    month
        The month the table belongs to, such as "2025-03".
    cutoff
        The moment the table was cut at; the end of the month by default.
    """
    voice = Voice(month=month, table_name=contract.name)
    if not isinstance(table, pd.DataFrame):
        return [_not_delivered(contract, voice, table)]
    plain, read = named(table), ReadTable(table)
    before = ReadTable(previous) if isinstance(previous, pd.DataFrame) else None
    families: list[Callable[[], list[Measurement]]] = [
        lambda: check_schema(contract, plain, read, voice),
        lambda: check_rows(contract, read, voice),
        lambda: check_keys(contract, read, voice),
        lambda: check_freshness(contract, read, cutoff or end_of(month), voice),
        lambda: check_lateness(contract, read, voice),
        lambda: check_previous(contract, read, before, voice),
        lambda: check_slices(contract, read, voice) if len(read) >= MIN_ROWS else [],
        *_column_checks(contract, read, voice),
    ]
    return _condensed(one for family in families for one in guarded(family, voice))


def blocking(measurements: Iterable[Measurement]) -> tuple[Measurement, ...]:
    """Return the alarms that forbid scoring: hard breaks of the run or the gate in what the model leans on."""
    layers = (Layer.RUN, Layer.GATE)
    return tuple(one for one in measurements if one.layer in layers and one.hard and one.weight >= LEAN)


def _not_delivered(contract: TableContract, voice: Voice, table: object) -> Measurement:
    what = "nothing" if table is None else f"a {type(table).__name__}"
    return voice.say(
        "not_delivered",
        1.0,
        0.0,
        unit="tables",
        method="presence",
        hard=True,
        note=f"{what} was delivered where a table was due",
        weight=contract.weight,
    )


def _column_checks(contract: TableContract, table: ReadTable, voice: Voice) -> list[Callable[[], list[Measurement]]]:
    if len(table) < _FEWEST:
        return []
    checked = check_column if len(table) >= MIN_ROWS else _wholly_broken
    present = [column for column in contract.columns if column.name in table]
    return [lambda column=column: checked(contract, column, table, voice) for column in present]  # type: ignore[misc]


def _wholly_broken(
    contract: TableContract, column: ColumnContract, table: ReadTable, voice: Voice
) -> list[Measurement]:
    """Return the hard breaks that every single row has: of few rows, no smaller share says anything."""
    return [one for one in check_column(contract, column, table, voice) if one.hard and one.value == 1.0]


def guarded(family: Callable[[], list[Measurement]], voice: Voice) -> list[Measurement]:
    """Return the family's measurements; a check that breaks on the data has found something wrong with it."""
    try:
        return family()
    except Exception as error:  # noqa: BLE001 - any data may come; the alarm says which error it caused
        return [
            voice.say(
                "unreadable",
                1.0,
                0.0,
                unit="checks",
                method="the check itself failed",
                hard=True,
                note=f"a check could not read the table: {type(error).__name__}: {error}",
            )
        ]


def _condensed(measurements: Iterable[Measurement]) -> list[Measurement]:
    """Return all alarms, and per signal without one the quiet measurement nearest to its limit."""
    found = list(measurements)
    loud = [one for one in found if one.verdict is not Verdict.OK]
    alarmed = {one.signal for one in loud if one.verdict is Verdict.ALARM}
    nearest: dict[str, Measurement] = {}
    for one in found:
        if one.signal not in alarmed and one.verdict is Verdict.OK:
            best = nearest.get(one.signal)
            nearest[one.signal] = one if best is None or _closeness(one) > _closeness(best) else best
    return loud + list(nearest.values())


def _closeness(one: Measurement) -> float:
    """Return the value as a share of its limit, 0 where there is none."""
    return abs(one.value / one.threshold) if one.value is not None and one.threshold else 0.0

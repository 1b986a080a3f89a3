"""The quality part of the gate, table by table: size, keys, freshness, lateness, and what did not move."""

import numpy as np
import pandas as pd

from monitoring.gate import limits
from monitoring.gate.contract import TableContract
from monitoring.gate.profile import duplicate_share, future_share, gap_days, waits
from monitoring.gate.reading import ReadTable
from monitoring.gate.voice import Voice
from monitoring.vocabulary import Measurement, Verdict

MIN_ROWS = 30
"""With fewer rows, shares of rows say nothing."""

SLICE_ROWS = 10
"""A median wait over fewer rows than this says nothing."""


def check_rows(contract: TableContract, table: ReadTable, voice: Voice) -> list[Measurement]:
    """Return whether the row count lies in the band its season allows.

    Too few rows block scoring: something did not arrive. Too many may be business (a surge of tickets, a company
    bought); rows that should not be there repeat a key, and are found by that.
    """
    method = "row count against level, trend and season of the reference months"
    rows = len(table)
    if rows == 0:
        return [
            voice.say(
                "row_count",
                0.0,
                1.0,
                unit="rows",
                method=method,
                alarm=True,
                hard=True,
                note="the table has no rows",
                weight=contract.weight,
            )
        ]
    if contract.log_rows is None:
        return [_too_few(contract, rows, voice)] if rows < MIN_ROWS else []
    low, high = np.exp(contract.log_rows.band(voice.month, widths=limits.ROW_WIDTHS, floor=limits.ROW_FLOOR))
    usual = float(np.exp(contract.log_rows.expected(voice.month)))
    limit = float(low if rows < usual else high)
    return [
        voice.say(
            "row_count",
            float(rows),
            limit,
            unit="rows",
            method=method,
            alarm=not low <= rows <= high,
            hard=rows < usual * (1.0 - limits.ROW_BREAK),
            note=f"{rows} rows, {usual:.0f} expected ({low:.0f} to {high:.0f})",
            weight=contract.weight,
        )
    ]


def _too_few(contract: TableContract, rows: int, voice: Voice) -> Measurement:
    return voice.say(
        "row_count",
        float(rows),
        None,
        unit="rows",
        method="none: too few rows",
        note=f"{rows} rows: too few to judge columns; {MIN_ROWS} are needed",
        weight=contract.weight,
    )


def check_keys(contract: TableContract, table: ReadTable, voice: Voice) -> list[Measurement]:
    """Return whether rows repeat their key: duplicates, or a join that multiplied them.

    A repeated key breaks what was agreed. Without a key, rows alike in every column may be what they say they are, and
    what they do to the model shows in its view: they warn.
    """
    if not set(contract.key) <= set(table.frame.columns):
        return []
    share = duplicate_share(table, contract.key)
    limit = limits.share_limit(contract.duplicates, limits.DUPLICATE_MARGIN, len(table), known=contract.alone)
    named = " + ".join(contract.key) or "all columns"
    return [
        voice.say(
            "duplicate_rows",
            share,
            limit,
            unit="share of rows",
            method=f"repeats of {named}",
            hard=bool(contract.key) and share > contract.duplicates + limits.DUPLICATE_BREAK,
            note=f"{share:.1%} of rows repeat an earlier row's {named}",
            weight=contract.weight,
        )
    ]


def check_freshness(contract: TableContract, table: ReadTable, cutoff: pd.Timestamp, voice: Voice) -> list[Measurement]:
    """Return the age of the newest event at the cutoff, and the share of events after it."""
    if contract.event_at is None or contract.gap_days is None or contract.event_at not in table:
        return []
    if not len(table):
        return []
    gap = gap_days(table, contract.event_at, cutoff)
    limit = max(contract.gap_days, 0.0) * limits.GAP_FACTOR + limits.GAP_MARGIN_DAYS
    told = voice.say(
        "freshness",
        gap,
        limit,
        unit="days",
        method="cutoff less newest event",
        hard=True,
        alarm=gap is None or gap > limit,
        note=f"the newest event is {gap:.1f} days before the cutoff"
        if gap is not None
        else f'no readable time in "{contract.event_at}"',
        weight=contract.weight,
    )
    return [told, _future(contract, contract.event_at, future_share(table, contract.event_at, cutoff), voice)]


def _future(contract: TableContract, event_at: str, share: float, voice: Voice) -> Measurement:
    return voice.say(
        "future_events",
        share,
        contract.future + limits.FUTURE_MARGIN,
        unit="share of rows",
        method=f"{event_at} at or after the cutoff",
        hard=share > contract.future + limits.FUTURE_BREAK,
        note=f"{share:.1%} of events lie after the cutoff, at most {contract.future:.1%} in the reference",
        weight=contract.weight,
    )


def check_lateness(contract: TableContract, table: ReadTable, voice: Voice) -> list[Measurement]:
    """Return the median wait from event to arrival, of all rows and of those slices that wait longer than ever."""
    event_at, available_at = contract.event_at, contract.available_at
    if event_at is None or available_at is None or contract.lag_days is None:
        return []
    if event_at not in table or available_at not in table:
        return []
    waited = waits(table, event_at, available_at)
    whole = _late(contract, "", (waited.median, contract.lag_days), voice)
    if whole.verdict is Verdict.ALARM or not contract.slice_lags:
        return [whole]
    found = waited.by_slice(table, contract.slices, rows=SLICE_ROWS)
    parts = [
        _late(contract, f"{by}={label}", (found[by, label], usual), voice)
        for by, label, usual in contract.slice_lags
        if (by, label) in found
    ]
    return [whole, *(one for one in parts if one.verdict is Verdict.ALARM)]


def _late(contract: TableContract, segment: str, lags: tuple[float | None, float], voice: Voice) -> Measurement:
    lag, usual = lags
    return voice.say(
        "lateness",
        lag,
        max(usual, 0.0) * limits.LAG_FACTOR + limits.LAG_MARGIN_DAYS,
        unit="days",
        method="median of arrival less event",
        hard=lag is not None and lag > usual + limits.LAG_BREAK_DAYS,
        note=f"rows arrive {lag or 0.0:.1f} days after the event, {usual:.1f} before",
        segment=segment,
        weight=contract.weight,
    )

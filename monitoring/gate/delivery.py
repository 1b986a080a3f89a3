"""The quality part of the gate, table by table: size, keys, freshness, lateness, and what did not move."""

import numpy as np
import pandas as pd

from monitoring.gate import limits
from monitoring.gate.contract import TableContract
from monitoring.gate.profile import duplicate_share, gap_days, lag_days, unchanged_shares
from monitoring.gate.voice import Voice
from monitoring.vocabulary import Measurement


def check_rows(contract: TableContract, table: pd.DataFrame, voice: Voice) -> list[Measurement]:
    """Return whether the row count lies in the band its season allows.

    Too few rows block scoring: something did not arrive. Too many may be business (a surge of tickets, a company
    bought); rows that should not be there repeat a key, and are found by that.
    """
    method = "row count against level, trend and season of the reference months"
    rows = len(table)
    if rows == 0:
        return [
            voice.say(
                "row_count", 0.0, 1.0, unit="rows", method=method, alarm=True, hard=True, note="the table has no rows"
            )
        ]
    if contract.log_rows is None:
        return []
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
        )
    ]


def check_keys(contract: TableContract, table: pd.DataFrame, voice: Voice) -> list[Measurement]:
    """Return whether rows repeat their key: duplicates, or a join that multiplied them."""
    if not set(contract.key) <= set(table.columns):
        return []
    share = duplicate_share(table, contract.key)
    limit = limits.share_limit(contract.duplicates, limits.DUPLICATE_MARGIN, len(table))
    named = " + ".join(contract.key) or "all columns"
    return [
        voice.say(
            "duplicate_rows",
            share,
            limit,
            unit="share of rows",
            method=f"repeats of {named}",
            hard=share > contract.duplicates + limits.DUPLICATE_BREAK,
            note=f"{share:.1%} of rows repeat an earlier row's {named}",
        )
    ]


def check_freshness(
    contract: TableContract, table: pd.DataFrame, cutoff: pd.Timestamp, voice: Voice
) -> list[Measurement]:
    """Return the age of the newest event at the cutoff."""
    if contract.event_at is None or contract.gap_days is None or contract.event_at not in table.columns:
        return []
    if not len(table):
        return []
    gap = gap_days(table, contract.event_at, cutoff)
    limit = max(contract.gap_days, 0.0) * limits.GAP_FACTOR + limits.GAP_MARGIN_DAYS
    return [
        voice.say(
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
        )
    ]


def check_lateness(contract: TableContract, table: pd.DataFrame, voice: Voice) -> list[Measurement]:
    """Return the median wait from event to arrival."""
    event_at, available_at = contract.event_at, contract.available_at
    if event_at is None or available_at is None or contract.lag_days is None:
        return []
    if not {event_at, available_at} <= set(table.columns):
        return []
    lag = lag_days(table, event_at, available_at)
    limit = max(contract.lag_days, 0.0) * limits.LAG_FACTOR + limits.LAG_MARGIN_DAYS
    return [
        voice.say(
            "lateness",
            lag,
            limit,
            unit="days",
            method="median of arrival less event",
            hard=lag is not None and lag > contract.lag_days + limits.LAG_BREAK_DAYS,
            note=f"rows arrive {lag or 0.0:.1f} days after the event, {contract.lag_days:.1f} before",
        )
    ]


def check_change(
    contract: TableContract, table: pd.DataFrame, previous: pd.DataFrame | None, voice: Voice
) -> list[Measurement]:
    """Return whether the table, or a column of it, stands still against the previous delivery."""
    key = contract.key
    if previous is None or contract.repeated is None or not key or not len(previous):
        return []
    if not set(key) <= set(table.columns) or not set(key) <= set(previous.columns):
        return []
    repeated, unchanged = unchanged_shares(table, previous, key, contract.names)
    limit = contract.repeated + limits.REPEATED_MARGIN
    told = voice.say(
        "repeated_keys",
        repeated,
        limit,
        unit="share of keys",
        method="keys of the previous delivery",
        hard=True,
        note=f"{repeated:.1%} of keys were already in the previous delivery",
    )
    return [told, *_still(contract, unchanged, voice)]


def _still(contract: TableContract, unchanged: dict[str, float], voice: Voice) -> list[Measurement]:
    found = []
    for column in contract.columns:
        usual = column.unchanged
        if column.name in unchanged and usual is not None and usual < limits.UNCHANGED_CEILING:
            share = unchanged[column.name]
            found.append(
                voice.say(
                    "unchanged",
                    share,
                    usual + (1.0 - usual) / 2.0,
                    unit="share of keys",
                    method="values equal to the previous delivery's",
                    hard=True,
                    note=f"{share:.1%} of values did not change, {usual:.1%} usually",
                    column=column,
                )
            )
    return found

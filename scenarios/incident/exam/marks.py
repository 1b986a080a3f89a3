"""What a guard earns: variants of the incident caught in time, and silence in months in which nothing is wrong."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from scenarios.base import Check, Status, check
from scenarios.incident.exam.replaying import TABLE

CATCHES, QUIET = 14.0, 8.0
"""Points of the two checks."""

FALSE_ALARMS_ALLOWED: Final = 3
"""Quiet months with a finding at which nothing is left."""


def guard_checks(tables: Mapping[str, pd.DataFrame], *, healthy: bool) -> tuple[Check, Check]:
    """The two checks of the guard; `healthy` is a case in which nothing was wrong, so there is nothing to catch."""
    if TABLE not in tables:
        missing = "no guard.py was run"
        catches = check("guard: catches", 0.0, CATCHES, missing)
        return _skipped() if healthy else catches, check("guard: quiet", 0.0, QUIET, missing)
    replay = tables[TABLE]
    caught, calm, trouble = _caught(replay), _calm(replay), _trouble(replay)
    says = f"{caught:.0%} of the variants caught in time; {calm:.0%} calm in quiet months{trouble}"
    quiet = check("guard: quiet", calm * (caught > 0.0), QUIET, says)
    return _skipped() if healthy else check("guard: catches", caught * calm, CATCHES, says), quiet


def _skipped() -> Check:
    return Check(name="guard: catches", status=Status.SKIPPED, points=0.0, of=CATCHES, reason="nothing to catch")


def _caught(replay: pd.DataFrame) -> float:
    """Share of the variants in which the guard spoke when it was due, and not before."""
    hurt = replay[replay["wrong"].to_numpy(bool)]
    shares = [_in_time(rows) for _, rows in hurt.groupby("world")]
    return sum(shares) / len(shares) if shares else 0.0


def _in_time(rows: pd.DataFrame) -> bool:
    spoke, due = rows["findings"].to_numpy() > 0, rows["due"].to_numpy(bool)
    return bool(spoke[due].any() and not spoke[~due].any())


def _calm(replay: pd.DataFrame) -> float:
    """What is left after false alarms in quiet months; a guard that cannot run there has none to show."""
    quiet = replay[~replay["wrong"].to_numpy(bool)]
    if (quiet["trouble"] != "").any():
        return 0.0
    return max(1.0 - float((quiet["findings"] > 0).sum()) / FALSE_ALARMS_ALLOWED, 0.0)


def _trouble(replay: pd.DataFrame) -> str:
    told = replay.loc[replay["trouble"] != "", ["month", "trouble"]].drop_duplicates("trouble")
    listed = [f"{month}: {trouble}" for month, trouble in told.itertuples(index=False)]
    return f"; trouble: {'; '.join(listed)[:400]}" if listed else ""

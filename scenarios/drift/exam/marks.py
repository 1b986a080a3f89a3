"""What the monitor earns: money between doing nothing and the best there was, and alerts in time."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenarios.base import Check, check

TABLE = "replay"
"""Name of the table that the kit makes of `monitor.py`: one row a hidden year."""

MONEY, ALERTS = 20.0, 5.0
"""Points of the two checks."""

HALF_OF_THE_BEST: Final = 0.5
"""Share of the best sequence's winnings that earns every point: it knows the future, and labels land late."""

IN_TIME: Final = 4
"""Months from the start of harm within which somebody must have been called: two for labels to land, two to be sure."""

NERVES: Final = 40.0
"""Money per 1,000 customers, for calls and needless actions in a quiet year, at which nothing of it is left.

Four calls, or two retrainings.
"""


def monitor_checks(tables: Mapping[str, pd.DataFrame]) -> tuple[Check, Check]:
    """The two checks of the monitor; nothing where no monitor was run."""
    if TABLE not in tables:
        missing = "no monitor.py was run"
        return check("monitor: money", 0.0, MONEY, missing), check("monitor: alerts", 0.0, ALERTS, missing)
    years = tables[TABLE]
    quiet = years[years["quiet"].to_numpy(bool)]
    hurt = years[~years["quiet"].to_numpy(bool)]
    calm = float(np.mean([_calm(lost) for lost in quiet["cost"] - quiet["nothing"]]))
    return _money(hurt, calm, years), _alerts(hurt, quiet)


def _calm(lost: float) -> float:
    """What is left of the points after a quiet year that cost `lost` more than doing nothing."""
    return min(max(1.0 - lost / NERVES, 0.0), 1.0)


def _money(hurt: pd.DataFrame, calm: float, years: pd.DataFrame) -> Check:
    """Money won in years with harm, each year between 0 and all there was, weighted by what there was to win."""
    there = (hurt["nothing"] - hurt["best"]).clip(lower=0.0).to_numpy(np.float64)
    won = (hurt["nothing"] - hurt["cost"]).to_numpy(np.float64)
    sound = (hurt["trouble"] == "").to_numpy()
    kept = float(np.where(sound, np.clip(won, 0.0, there), 0.0).sum() / there.sum()) if there.sum() else 0.0
    named = zip(years["world"].astype(str), years["trouble"].astype(str), strict=True)
    troubles = [f"{world}: {trouble}" for world, trouble in named if trouble]
    says = f"{kept:.0%} of what the best sequence wins; {calm:.0%} calm in quiet years"
    trouble = f"; trouble: {'; '.join(troubles)[:600]}" if troubles else ""
    return check("monitor: money", kept / HALF_OF_THE_BEST * calm, MONEY, says + trouble)


def _alerts(hurt: pd.DataFrame, quiet: pd.DataFrame) -> Check:
    """Share of the years with harm called in time, and not before, less that of the quiet years called at all.

    Who always calls in the same month gets nothing, whichever month it is (Youden 1950, "Index for rating diagnostic
    tests", Cancer 3).
    """
    in_time = _share(hurt["in_time"].to_numpy(bool) & (hurt["trouble"] == "").to_numpy())
    for_nothing = _share((quiet["pages"] > 0).to_numpy())
    says = f"called in time in {in_time:.0%} of the years with harm, and in {for_nothing:.0%} of the quiet ones"
    return check("monitor: alerts", max(in_time - for_nothing, 0.0), ALERTS, says)


def _share(hits: npt.NDArray[np.bool_]) -> float:
    return float(hits.mean()) if len(hits) else 0.0

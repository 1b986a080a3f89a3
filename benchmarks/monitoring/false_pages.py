"""How often realised performance calls a person in companies in which nothing gets worse.

Every world has 12 to 24 good cohorts and up to five years after them; it ends with its first page. The rate is pages
over months watched. The explaining charts cannot page, so all that could is counted. Cohorts are remembered straight
from their scores and churn; tests/monitoring/performance/test_null_worlds.py holds that against the whole way.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from null_worlds import ECONOMICS, THRESHOLD, landed, null, outcomes
from rich.table import Table

from monitoring.columns import Floats
from monitoring.performance.evidence import limit_for
from monitoring.performance.good_cohorts import RealisedReference, build_realised
from monitoring.performance.landed import Landed
from monitoring.performance.review import trail

KINDS = ("iid", "seasonal", "autocorrelated")
CONTRACTS = (24.0, 60.0, 120.0)
WATCHED = 60
WORLDS = {"full": 600, "small": 5}
FIRST_SEED = 20_000
"""Worlds from here on were used by no tuning of priors and limits."""

TOLERATED = 0.15


def measure(profile: str, *, worlds: int | None = None) -> dict[str, Any]:
    """Pages and months watched, by kind of world and contract."""
    traces = {kind: [_world(kind, FIRST_SEED + place) for place in range(worlds or WORLDS[profile])] for kind in KINDS}
    traces["all"] = [one for found in traces.values() for one in found]
    rows = [_row(kind, contract, found) for contract in CONTRACTS for kind, found in traces.items()]
    return {"worlds": len(traces["all"]), "months_each": WATCHED, "rows": rows}


def _world(kind: str, seed: int) -> Floats:
    """The evidence after each cohort of a world."""
    rng = np.random.default_rng([KINDS.index(kind), seed, 77])
    good = int(rng.integers(12, 25))
    world = null(kind, good + WATCHED, rng)
    return trace([landed(*one) for one in outcomes(world.drift, rng)], good)


def trace(every: Sequence[Landed], good: int) -> Floats:
    """The evidence after each cohort when the first `good` ones are the reference."""
    return trail(reference_of(every[:good]), every[good:]).evidence


def reference_of(good: Sequence[Landed]) -> RealisedReference:
    """A reference with all that evidence asks of it where no harm is tolerated: good cohorts and their usual size."""
    empty = build_realised({}, threshold=THRESHOLD, economics=ECONOMICS)
    usual = replace(empty.usual, size=float(np.median([one.size for one in good])), chance=(1.0, 1.0))
    return replace(empty, good=tuple(good), usual=usual)


def _row(kind: str, contract: float, traces: Sequence[Floats]) -> dict[str, Any]:
    limit = limit_for(contract)
    first = [int(np.argmax(found > limit)) + 1 if (found > limit).any() else None for found in traces]
    pages = sum(one is not None for one in first)
    months = sum(WATCHED if one is None else one for one in first)
    between = months / pages if pages else float("inf")
    return {
        "kind": kind,
        "contract": contract,
        "worlds": len(traces),
        "pages": pages,
        "months_between_pages": round(between, 1) if pages else None,
        "rate_over_contract": round(contract / between, 3),
        "standard_error": round(contract / between / np.sqrt(max(pages, 1)), 3),
    }


def table(result: dict[str, Any]) -> Table:
    """The realised months between false pages beside the contract."""
    shown = Table(title=f"False pages: {result['worlds']} worlds of up to {result['months_each']} months")
    for name in ("worlds are", "one page in ... months", "found", "pages", "rate / contract", "within 15 %"):
        shown.add_column(name, justify="left" if name == "worlds are" else "right")
    for row in result["rows"]:
        rate = row["rate_over_contract"]
        shown.add_row(
            row["kind"],
            f"{row['contract']:.0f}",
            f"{row['months_between_pages']}",
            str(row["pages"]),
            f"{rate:.2f} +- {row['standard_error']:.2f}",
            "yes" if abs(rate - 1.0) <= TOLERATED else "no",
        )
    return shown

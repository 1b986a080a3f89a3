"""How soon a known change is called: step by step beside the best rule there is, which knows everything.

The oracle is the exact CUSUM tuned to the size of the change, with the process known and the same months between false
pages; its delay is the mean over the same change times, and beside it stands its worst case (Brook & Evans 1972). Ours
learns the process from 12, 18 or 24 cohorts and does not know the size, the kind or the month of the change. With 120
cohorts the process is as good as known: what is left is the price of not knowing the change.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from null_worlds import ECONOMICS, THRESHOLD, cohorts, null
from rich.table import Table

from monitoring.performance.cusum import limit_for as cusum_limit
from monitoring.performance.cusum import run_length
from monitoring.performance.detectable import detectable, visible
from monitoring.performance.evidence import evidence, limit_for
from monitoring.performance.good_cohorts import build_realised
from monitoring.performance.process import factors, innovations
from monitoring.performance.review import SHARES

CONTRACT = 60.0
SHIFTS = (0.5, 1.0, 2.0, 3.0)
GOOD = (12, 18, 24)
KNOWN = 120
"""Good cohorts that leave nothing to learn about the process."""

KNOWN_SHARE = 5
"""One in so many worlds is drawn with such a long past, which takes as many times longer."""

QUIET = 6
"""Cohorts without a change after the reference."""

AFTER = 54
WORLDS = {"full": 1500, "small": 60}
ORACLE_WORLDS = {"full": 20_000, "small": 2000}

Floats = npt.NDArray[np.float64]


def measure(profile: str, *, worlds: int | None = None) -> dict[str, Any]:
    """Mean delays by size of the change and cohorts of the reference."""
    rows, count = [], worlds or WORLDS[profile]
    for shift in SHIFTS:
        limit = cusum_limit(CONTRACT, allowance=shift / 2.0)
        row: dict[str, Any] = {
            "shift": shift,
            "oracle_worst_case": round(run_length(limit, allowance=shift / 2.0, shift=shift), 2),
            "oracle": round(_oracle(shift, limit, ORACLE_WORLDS[profile]), 2),
        }
        for good in GOOD:
            row[f"value_{good}"] = round(_ours(shift, good, count, series=0), 2)
            row[f"campaign_{good}"] = round(_ours(shift, good, count, series=1), 2)
        row[f"value_{KNOWN}"] = round(_ours(shift, KNOWN, max(count // KNOWN_SHARE, 1), series=0), 2)
        rows.append(row)
    return {"contract": CONTRACT, "quiet": QUIET, "worlds": count, "rows": rows, "told": _told()}


def _ours(shift: float, good: int, worlds: int, *, series: int) -> float:
    """The mean delay of the page when one of the two harms steps up by `shift` sds of a month, the other does not."""
    rng = np.random.default_rng([good, int(10 * shift), series])
    months = good + QUIET + AFTER
    residual = rng.normal(size=(2, months, worlds)) + 0.5 * rng.normal(size=(2, 1, worlds))
    residual[series, good + QUIET :] += shift
    sizes = np.ones(months)
    factor = factors(np.arange(months), sizes)
    sums = []
    for one in residual:
        found = evidence(innovations(factor, one), factor, sizes, first=good, least=np.zeros(worlds))
        sums.append(found.log_sum)
    total = np.logaddexp(sums[0] + np.log(SHARES[0]), sums[1] + np.log(SHARES[1]))
    return _mean_delay(total > limit_for(CONTRACT))


def _oracle(shift: float, limit: float, worlds: int) -> float:
    residual = np.random.default_rng(int(10 * shift)).normal(size=(QUIET + AFTER, worlds))
    residual[QUIET:] += shift
    total, above = np.zeros(worlds), np.zeros(residual.shape, dtype=bool)
    for place, month in enumerate(residual):
        total = np.maximum(0.0, total + month - shift / 2.0)
        above[place] = total > limit
    return _mean_delay(above)


def _mean_delay(above: npt.NDArray[np.bool_]) -> float:
    """Mean cohorts from the change to the first page, where none came before; to the end where none came."""
    first = np.where(above.any(axis=0), above.argmax(axis=0), QUIET + AFTER - 1)
    return float(np.mean(first[first >= QUIET] - QUIET + 1))


def _told() -> dict[str, Any]:
    """What a company of 3000 customers is told it can see."""
    rng = np.random.default_rng(5)
    tables = dict(cohorts(null("iid", 24, rng).drift, rng))
    reference = build_realised(tables, threshold=THRESHOLD, economics=ECONOMICS, tolerance=50.0)
    rows = [
        {name: round(float(getattr(one, name)), 3) for name in ("money", "more_churn", "lost_ranking", "churners")}
        for one in detectable(reference)
    ]
    return {"beside_the_threshold": {name: _finite(value) for name, value in visible(reference)}, "table": rows}


def _finite(value: float | str) -> float | None:
    return round(float(value), 3) if np.isfinite(float(value)) else None


def table(result: dict[str, Any]) -> Table:
    """Delays and their ratio to the oracle's worst case and to the oracle on the same change times."""
    contract, worlds = result["contract"], result["worlds"]
    shown = Table(title=f"Delay in cohorts of a step, one false page in {contract:.0f} months, {worlds} worlds")
    shown.add_column("step (sd)", justify="right")
    shown.add_column("exact CUSUM worst / same times", justify="right")
    for good in GOOD:
        shown.add_column(f"value, {good} good", justify="right")
        shown.add_column(f"campaign, {good}", justify="right")
    shown.add_column(f"value, {KNOWN} good", justify="right")
    for row in result["rows"]:
        cells = [_cell(row, f"{name}_{good}") for good in GOOD for name in ("value", "campaign")]
        cells.append(_cell(row, f"value_{KNOWN}"))
        shown.add_row(f"{row['shift']:g}", f"{row['oracle_worst_case']} / {row['oracle']}", *cells)
    return shown


def _cell(row: dict[str, Any], name: str) -> str:
    return f"{row[name]} (x{row[name] / row['oracle_worst_case']:.2f}, x{row[name] / row['oracle']:.2f})"

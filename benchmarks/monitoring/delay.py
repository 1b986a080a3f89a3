"""How soon a known change is called: step by step beside the best rule there is, which knows everything.

The oracle is the exact CUSUM tuned to the size of the change, with the process known and the same months between false
pages; its delay is the mean over the same change times, and beside it stands its worst case (Brook & Evans 1972). Ours
learns the process from 12, 18 or 24 cohorts and does not know the size, the kind or the month of the change. Its delay
stands there at the monitor's limit, and at the limit with which it pages as rarely on such worlds as the oracle. With
120 cohorts the process is as good as known: what is left is the price of not knowing the change. Between the two
stands an oracle that knows the change, and that months are alike and do not depend on one another, but learns their
mean and spread from the same cohorts as we do; its limit is found by drawing worlds until false pages are as rare.
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
NAMES = ("value", "campaign")
KNOWN = 120
"""Good cohorts that leave nothing to learn about the process."""

KNOWN_SHARE = 3
"""One in so many worlds is drawn with such a long past, which takes as many times longer."""

QUIET = 6
"""Cohorts without a change after the reference."""

AFTER = 54
LASTING = 0.5
"""Sd of the lasting bias of a world's scores, in sds of a month."""

_HALVINGS = 20
WORLDS = {"full": 1500, "small": 60}
ORACLE_WORLDS = {"full": 20_000, "small": 2000}

Floats = npt.NDArray[np.float64]


def measure(profile: str, *, worlds: int | None = None) -> dict[str, Any]:
    """Mean delays by size of the change and cohorts of the reference."""
    count = worlds or WORLDS[profile]
    counts = dict.fromkeys(GOOD, count) | {KNOWN: max(count // KNOWN_SHARE, 1)}
    equal = {good: _limit(_evidence(0.0, good, drawn, series=0)) for good, drawn in counts.items()}
    rows = []
    for shift in SHIFTS:
        limit = cusum_limit(CONTRACT, allowance=shift / 2.0)
        row: dict[str, Any] = {
            "shift": shift,
            "oracle_worst_case": round(run_length(limit, allowance=shift / 2.0, shift=shift), 2),
            "oracle": round(_oracle(shift, limit, ORACLE_WORLDS[profile]), 2),
        }
        for good, drawn in counts.items():
            row[f"learnt_oracle_{good}"] = round(_learnt_oracle(shift, good, ORACLE_WORLDS[profile]), 2)
            for series, name in enumerate(NAMES):
                found = _evidence(shift, good, drawn, series=series)
                row[f"{name}_{good}"] = round(_mean_delay(found > limit_for(CONTRACT)), 2)
                row[f"{name}_{good}_equal"] = round(_mean_delay(found > equal[good]), 2)
        rows.append(row)
    return {"contract": CONTRACT, "quiet": QUIET, "worlds": count, "rows": rows, "told": _told()}


def _evidence(shift: float, good: int, worlds: int, *, series: int) -> Floats:
    """The evidence after each cohort when one of the two harms steps up by `shift` sds of a month, the other not."""
    rng = np.random.default_rng([good, int(10 * shift), series])
    months = good + QUIET + AFTER
    residual = rng.normal(size=(2, months, worlds)) + LASTING * rng.normal(size=(2, 1, worlds))
    residual[series, good + QUIET :] += shift
    sizes = np.ones(months)
    factor = factors(np.arange(months), sizes)
    sums = []
    for one in residual:
        found = evidence(innovations(factor, one), factor, sizes, first=good, least=np.zeros(worlds))
        sums.append(found.log_sum)
    return np.logaddexp(sums[0] + np.log(SHARES[0]), sums[1] + np.log(SHARES[1]))


def _oracle(shift: float, limit: float, worlds: int) -> float:
    residual = np.random.default_rng(int(10 * shift)).normal(size=(QUIET + AFTER, worlds))
    residual[QUIET:] += shift
    return _mean_delay(_sums(residual - shift / 2.0) > limit)


def _learnt_oracle(shift: float, good: int, worlds: int) -> float:
    """The mean delay of the CUSUM for a step of `shift`, months standardised by what `good` cohorts say of them."""
    rng = np.random.default_rng([good, int(10 * shift), 2])
    residual = rng.normal(size=(good + QUIET + AFTER, worlds)) + LASTING * rng.normal(size=worlds)
    reference, quiet = residual[:good], residual[good:]
    believed = good / (good + 1.0 / LASTING**2)
    centre, spread = believed * reference.mean(axis=0), reference.std(axis=0, ddof=1)
    changed = quiet + shift * (np.arange(len(quiet)) >= QUIET)[:, None]
    limit = _limit(_sums((quiet - centre) / spread - shift / 2.0))
    return _mean_delay(_sums((changed - centre) / spread - shift / 2.0) > limit)


def _limit(sums: Floats) -> float:
    """The limit at which the sums of worlds without a change page once in so many months as is asked."""
    low, high = 0.0, float(sums.max())
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        above = sums > middle
        paged = above.any(axis=0)
        months = np.where(paged, above.argmax(axis=0) + 1, len(sums)).sum()
        low, high = (middle, high) if paged.sum() * CONTRACT > months else (low, middle)
    return high


def _sums(steps: Floats) -> Floats:
    """CUSUMs that start at 0, month by month."""
    total, found = np.zeros(steps.shape[1]), np.empty(steps.shape)
    for place, step in enumerate(steps):
        total = np.maximum(0.0, total + step)
        found[place] = total
    return found


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
    """Delays, and how many times those of the exact CUSUM and of the one that learns they are."""
    contract, worlds = result["contract"], result["worlds"]
    shown = Table(
        title=f"Delay in cohorts of a step, one false page in {contract:.0f} months, {worlds} worlds",
        caption="at the monitor's limit / at equal false pages (times the exact CUSUM, times the one that learns)",
    )
    for name in ("step (sd)", "exact CUSUM (worst)", "good cohorts", "CUSUM that learns", *NAMES):
        shown.add_column(name, justify="right")
    for row in result["rows"]:
        for good in (*GOOD, KNOWN):
            learnt = row[f"learnt_oracle_{good}"]
            cells = [_cell(row, f"{name}_{good}", learnt) for name in NAMES]
            oracle = f"{row['oracle']} ({row['oracle_worst_case']})"
            shown.add_row(f"{row['shift']:g}", oracle, str(good), str(learnt), *cells)
    return shown


def _cell(row: dict[str, Any], name: str, learnt: float) -> str:
    ours, equal = row[name], row[f"{name}_equal"]
    return f"{ours} / {equal} (x {equal / row['oracle']:.2f}, x {equal / learnt:.2f})"

"""How soon a known change is called: step by step beside the best rule there is, which knows everything.

The oracle is the exact CUSUM tuned to the size of the change, with the process known and the same months between false
pages; its delay is the mean over the same change times, and beside it stands its worst case (Brook & Evans 1972). Ours
learns the process from 12, 18 or 24 cohorts and does not know the size, the kind or the month of the change. Its delay
stands there at the monitor's limit, and at the limit with which it pages as rarely on such worlds as the oracle. With
120 cohorts the process is as good as known: what is left is the price of not knowing the change. Between the two
stands an oracle that knows the change, and that months are alike and do not depend on one another, but learns their
mean and spread from the same cohorts as we do; its limit is found by drawing worlds until false pages are as rare.

Two harms share the pages of a contract. Each is held against oracles that page as rarely as its own evidence does: the
campaign, where the same money is many more sds, calls falsely far more rarely than value, and that takes longer.
"""

from dataclasses import dataclass
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
    equal, own = {}, {}
    for good, drawn in counts.items():
        quiet = [_evidence(0.0, good, drawn, series=series) for series in range(len(NAMES))]
        equal[good] = _limit(np.hstack([np.logaddexp(*one) for one in quiet]))
        for series, name in enumerate(NAMES):
            own[name, good] = _months_between(np.hstack([one[series] for one in quiet]) > equal[good])
    rows = [_row(shift, counts, _Rates(equal=equal, own=own), ORACLE_WORLDS[profile]) for shift in SHIFTS]
    return {
        "contract": CONTRACT,
        "quiet": QUIET,
        "worlds": count,
        "own": {f"{name}_{good}": round(months, 1) for (name, good), months in own.items()},
        "rows": rows,
        "told": _told(),
    }


@dataclass(frozen=True, kw_only=True)
class _Rates:
    """By good cohorts: the limit of equal false pages; and by harm too, the months between its own false pages."""

    equal: dict[int, float]
    own: dict[tuple[str, int], float]


def _row(shift: float, counts: dict[int, int], rates: _Rates, oracle_worlds: int) -> dict[str, Any]:
    """Delays of one size of change: ours, and those of the oracles that page as rarely as each harm's own evidence."""
    limit = cusum_limit(CONTRACT, allowance=shift / 2.0)
    row: dict[str, Any] = {
        "shift": shift,
        "oracle_worst_case": round(run_length(limit, allowance=shift / 2.0, shift=shift), 2),
        "oracle": round(_oracle(shift, limit, oracle_worlds), 2),
    }
    for good, drawn in counts.items():
        for series, name in enumerate(NAMES):
            found = np.logaddexp(*_evidence(shift, good, drawn, series=series))
            rare = cusum_limit(rates.own[name, good], allowance=shift / 2.0)
            row |= {
                f"{name}_{good}": round(_mean_delay(found > limit_for(CONTRACT)), 2),
                f"{name}_{good}_equal": round(_mean_delay(found > rates.equal[good]), 2),
                f"oracle_{name}_{good}": round(_oracle(shift, rare, oracle_worlds), 2),
                f"learnt_{name}_{good}": round(_learnt_oracle(shift, good, oracle_worlds, rates.own[name, good]), 2),
            }
    return row


def _evidence(shift: float, good: int, worlds: int, *, series: int) -> tuple[Floats, Floats]:
    """The evidence of both harms after each cohort when one of them steps up by `shift` sds of a month."""
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
    return sums[0] + np.log(SHARES[0]), sums[1] + np.log(SHARES[1])


def _oracle(shift: float, limit: float, worlds: int) -> float:
    residual = np.random.default_rng(int(10 * shift)).normal(size=(QUIET + AFTER, worlds))
    residual[QUIET:] += shift
    return _mean_delay(_sums(residual - shift / 2.0) > limit)


def _learnt_oracle(shift: float, good: int, worlds: int, contract: float) -> float:
    """The mean delay of the CUSUM for a step of `shift`, months standardised by what `good` cohorts say of them."""
    rng = np.random.default_rng([good, int(10 * shift), 2])
    residual = rng.normal(size=(good + QUIET + AFTER, worlds)) + LASTING * rng.normal(size=worlds)
    reference, quiet = residual[:good], residual[good:]
    believed = good / (good + 1.0 / LASTING**2)
    centre, spread = believed * reference.mean(axis=0), reference.std(axis=0, ddof=1)
    changed = quiet + shift * (np.arange(len(quiet)) >= QUIET)[:, None]
    limit = _limit(_sums((quiet - centre) / spread - shift / 2.0), contract)
    return _mean_delay(_sums((changed - centre) / spread - shift / 2.0) > limit)


def _limit(sums: Floats, contract: float = CONTRACT) -> float:
    """The limit at which the sums of worlds without a change page once in so many months as is asked."""
    low, high = 0.0, float(sums.max())
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if _months_between(sums > middle) < contract else (low, middle)
    return high


def _months_between(above: npt.NDArray[np.bool_]) -> float:
    """Months between pages of worlds that are watched to their first one; infinite where there is none."""
    paged = above.any(axis=0)
    months = np.where(paged, above.argmax(axis=0) + 1, len(above)).sum()
    return float(months / paged.sum()) if paged.any() else float("inf")


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
        caption="at the monitor's limit / at equal false pages (times the exact CUSUM, times the one that learns; "
        "both page as rarely as this harm's own evidence, once in so many months)",
    )
    for name in ("step (sd)", "exact CUSUM (worst)", "good cohorts", *NAMES):
        shown.add_column(name, justify="right")
    for row in result["rows"]:
        for good in (*GOOD, KNOWN):
            cells = [_cell(row, f"{name}_{good}", result["own"][f"{name}_{good}"]) for name in NAMES]
            oracle = f"{row['oracle']} ({row['oracle_worst_case']})"
            shown.add_row(f"{row['shift']:g}", oracle, str(good), *cells)
    return shown


def _cell(row: dict[str, Any], name: str, own: float) -> str:
    ours, equal = row[name], row[f"{name}_equal"]
    times = (equal / row[f"oracle_{name}"], equal / row[f"learnt_{name}"])
    return f"{ours} / {equal} (x {times[0]:.2f}, x {times[1]:.2f}; {own:.0f})"

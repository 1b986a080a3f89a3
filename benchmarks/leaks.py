"""What every leak of the bank does to one model on a large world: claimed offline, exact in production, simulated.

Run it as `make bench-leaks`. It writes `benchmarks/results/leaks.json`; about six minutes on one core.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from pipelines import store
from pipelines.leaks.catalogue import LEAKS, planted
from pipelines.leaks.gap import Gap, Model, Reading, gap_of, honest_frames, read, train
from pipelines.leaks.ground import Ground, Timeline, ground
from pipelines.world.calendar import Calendar
from pipelines.world.company import Company
from pipelines.world.run import run

ROOT = Path(__file__).parents[1]
RESULT = ROOT / "benchmarks" / "results" / "leaks.json"
AGREEMENT = 0.01
"""The largest difference allowed between the predicted gap and the simulated one."""

SEED = 7
PRODUCTION = (18, 19, 20, 21)
"""Sealed months: four, so that the luck of simulated outcomes averages out to .004 of AUC."""


def large_ground(customers: int, seed: int) -> Ground:
    """A company with the usual timeline and more months of production."""
    calendar = Calendar(first_month="2023-01", burn_in=24, history=18, production=len(PRODUCTION))
    months = list(run(Company(seed=seed, customers=customers, calendar=calendar)))
    return ground(months, calendar, Timeline(production=PRODUCTION))


def line(gap: Gap) -> dict[str, Any]:
    """One leak's row of the table: AUCs, what the leak caused, and what moved in production besides."""
    leak, now, before = gap.planted.leak, gap.leaky.production[0], gap.honest.production[0]
    return {
        "leak": leak.name,
        "family": str(leak.family),
        "tier": leak.tier,
        "dose": gap.planted.dose,
        "unit": leak.unit,
        "touched": gap.touched,
        "offline": gap.leaky.offline.value,
        "offline_error": gap.leaky.offline.error,
        "honest_offline": gap.honest.offline.value,
        "production": gap.leaky.expected,
        "honest_production": gap.honest.expected,
        "production_by_month": [month.expected for month in gap.leaky.production],
        "production_simulated": gap.leaky.realised,
        "simulated_error": simulated_error(gap.leaky),
        "inflation": gap.inflation,
        "loss": gap.loss,
        "gap": gap.leaky.gap,
        "gap_simulated": gap.leaky.offline.value - gap.leaky.realised,
        "caused": gap.caused,
        "flagged_ratio": now.flagged / before.flagged,
        "mean_score_ratio": now.mean_score / before.mean_score,
    }


def simulated_error(reading: Reading) -> float:
    """Standard error of the AUC on simulated outcomes, mean over the months."""
    months = reading.production
    return float(sum(month.realised.error**2 for month in months) ** 0.5 / len(months))


def table(where: Ground, base: Model) -> list[dict[str, Any]]:
    """A row for every leak, printed as it is made, figures to four places."""
    rows = []
    for leak in LEAKS:
        gap = gap_of(planted(leak.name), where, seed=SEED, base=base)
        rows.append({name: _short(held) for name, held in line(gap).items()})
        print(json.dumps(rows[-1]), flush=True)
    return rows


def _short(held: Any) -> Any:  # noqa: ANN401 - any cell of the table
    if isinstance(held, list):
        return [_short(each) for each in held]
    return round(held, 4) if isinstance(held, float) else held


def main() -> None:
    """Measure every leak and say where prediction and simulation part."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--customers", type=int, default=30_000)
    options.add_argument("--seed", type=int, default=11)
    given = options.parse_args()
    where = large_ground(given.customers, given.seed)
    base = train(where.table(), seed=SEED)
    rows = table(where, base)
    honest = read(base, honest_frames(where), where)
    apart = [abs(row["gap"] - row["gap_simulated"]) for row in rows]
    summary = {
        "customers": given.customers,
        "seed": given.seed,
        "leaks": len(rows),
        "honest_offline": _short(honest.offline.value),
        "honest_production": _short(honest.expected),
        "honest_production_simulated": _short(honest.realised),
        "largest_difference": _short(max(apart)),
        "within": AGREEMENT,
        "share_within": _short(sum(each <= AGREEMENT for each in apart) / len(apart)),
        "rows": rows,
    }
    store.write_json(RESULT, summary)
    print(json.dumps({name: held for name, held in summary.items() if name != "rows"}))


if __name__ == "__main__":
    main()

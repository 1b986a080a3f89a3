"""What every trap of the validation bank buys: each alone in a sound pipeline, at every level, over several seeds.

Run it as `python benchmarks/traps.py`. Points are of the metric a trap inflates; a bite is .01 of AUC or accuracy, or a
tenth of the profit claimed.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipelines.recorded import World, record
from scenarios.base import Draw, Level
from scenarios.validation.engine import run_pipeline
from scenarios.validation.panel import Extras, extras, panel
from scenarios.validation.plan import planned
from scenarios.validation.pricing import price
from scenarios.validation.recorded import company_of
from scenarios.validation.sealed import sealed_months, sealed_rows
from scenarios.validation.traps import trap

RESULT = Path(__file__).parent / "results" / "traps.json"
PLANTED = (
    "random-split-of-panel",
    "duplicates-before-split",
    "oversampled-before-split",
    "rebalanced-holdout",
    "encoded-before-split",
    "immature-labels",
    "pooled-churners",
    "selected-before-split",
    "tuned-on-test",
    "stopped-on-test",
    "threshold-on-test",
    "best-slice-reported",
    "filtered-holdout",
    "accuracy-at-low-churn",
)
HARMLESS = (
    "scaled-before-split",
    "filled-before-split",
    "no-gap-before-test",
    "random-split-of-panel",
    "duplicates-before-split",
    "encoded-before-split",
    "immature-labels",
)


def rows(world: World, seeds: int) -> Iterator[dict[str, Any]]:
    """One row a trap and level, and one a harmless sin."""
    extra = extras(world, np.random.default_rng(1))
    for harmless, codes in ((False, PLANTED), (True, HARMLESS)):
        for code in codes:
            for level in (Level.MID,) if harmless else tuple(Level):
                yield _row(world, extra, (code, level, harmless), seeds)


def _row(world: World, extra: Extras, what: tuple[str, Level, bool], seeds: int) -> dict[str, Any]:
    code, level, harmless = what
    sealed = sealed_rows(world, extra)
    extract = str(world.cutoff(world.company.calendar.history).date())
    given, sins = ((), (code,)) if harmless else ((code,), ())
    made = planned(level, given, sins, extract=extract, random=np.random.default_rng(0))
    table = panel(world, made.cadence, extra, np.random.default_rng(2), copied=made.copied)
    tables = {"panel.parquet": table, "attributes.parquet": extra.public_attributes(table["customer_id"])}
    found = []
    for seed in range(seeds):
        spec = {"seed": seed, **made.spec}
        done = run_pipeline(spec, tables)
        one = price(trap(code), spec, done)
        future = np.mean([month.expected_auc for month in sealed_months(done, world, sealed)])
        found.append((done.claims["auc"], float(future), one.points, one.bites, one.metric))
    points, bites = np.array([one[2] for one in found]), np.array([one[3] for one in found])
    return {
        "code": code,
        "harmless": harmless,
        "level": str(level),
        "metric": found[0][4],
        "claimed_auc": round(float(np.mean([one[0] for one in found])), 4),
        "sealed_auc": round(float(np.mean([one[1] for one in found])), 4),
        "bought": round(float(points.mean()), 4),
        "bought_sd": round(float(points.std(ddof=1)), 4),
        "bites": round(float(bites.mean()), 2),
        "share_biting": round(float((bites >= 1.0).mean()), 2),
    }


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--company", type=int, default=4)
    asked = parser.parse_args()
    world = record(company_of(Draw(seed=asked.company, level=Level.MID)))
    table = list(rows(world, asked.seeds))
    RESULT.write_text(json.dumps({"seeds": asked.seeds, "company": asked.company, "traps": table}, indent=2) + "\n")
    print(pd.DataFrame(table).to_string(index=False))


if __name__ == "__main__":
    main()

"""How often the audit's 95 % intervals hold the expected AUC of the procedure, over simulated worlds.

Every world is drawn anew: a panel of customers with a lasting frailty of their own, months with a shock of their own.
The expected AUC of a way of splitting is the mean of its AUC over all worlds; an interval covers if it holds that mean.
Run it as `python benchmarks/audit_coverage.py`, or with fewer worlds: `--worlds 50`.
"""

import argparse
import json
import platform
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from monitoring.leakage.asked import checked
from monitoring.leakage.scoring.scores import scores
from monitoring.leakage.table.sheet import sheet_of
from monitoring.leakage.vocabulary import Question, ScoreBy

ROOT = Path(__file__).parents[1]
RESULT = ROOT / "benchmarks" / "results" / "audit_coverage.json"

MONTHS = 8
FEATURES = 8


def world(seed: int, *, customers: int, frailty: float, shock: float) -> pd.DataFrame:
    """A panel of customers over months; `frailty` and `shock` are sd of log-odds by customer and of slopes by month."""
    rng = np.random.default_rng([seed, 41])
    rows = customers * MONTHS
    customer, month = np.repeat(np.arange(customers), MONTHS), np.tile(np.arange(MONTHS), customers)
    steady = rng.normal(size=(customers, FEATURES))[customer]
    moving = rng.normal(size=(rows, FEATURES))
    x = np.where(np.arange(FEATURES) < FEATURES // 2, steady, moving)
    slopes = np.array([0.7, 0.4, 0.0, 0.0, 0.6, -0.4, 0.2, 0.0]) * (1.0 + shock * rng.normal(size=(MONTHS, 1)))
    risk = -2.6 + (x * slopes[month]).sum(axis=1) + frailty * rng.normal(size=customers)[customer]
    table = pd.DataFrame(x, columns=[f"x{place}" for place in range(FEATURES)])
    table["customer"] = customer
    table["cutoff"] = pd.Timestamp("2025-01-01") + pd.to_timedelta(30 * month, unit="D")
    table["left"] = (rng.random(rows) < 1.0 / (1.0 + np.exp(-risk))).astype(float)
    return table


def scored(table: pd.DataFrame) -> tuple[ScoreBy, ...]:
    """The three scores of a world."""
    question = checked(Question(table=table, target="left", time="cutoff", entity="customer"))
    return scores(sheet_of(question, seed=0), set(), seed=0)


def coverage(worlds: list[tuple[ScoreBy, ...]], place: int) -> dict[str, float]:
    """Share of intervals that hold the mean AUC, for one way of splitting."""
    found = [one[place].all_columns for one in worlds]
    expected = float(np.mean([score.auc for score in found]))
    return {
        "expected_auc": round(expected, 4),
        "coverage": round(float(np.mean([score.low <= expected <= score.high for score in found])), 3),
        "half_width": round(float(np.mean([(score.high - score.low) / 2 for score in found])), 4),
        "sd_of_auc": round(float(np.std([score.auc for score in found])), 4),
    }


def measure(count: int, *, customers: int, frailty: float, shock: float) -> dict[str, Any]:
    """Coverage of the three scores over `count` worlds."""
    worlds = [scored(world(seed, customers=customers, frailty=frailty, shock=shock)) for seed in range(count)]
    ways = {one.split: coverage(worlds, place) for place, one in enumerate(worlds[0])}
    return {"worlds": count, "customers": customers, "frailty": frailty, "shock": shock, **ways}


def main() -> None:
    """Measure a small and a larger panel, with and without shocks by month."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--worlds", type=int, default=200)
    count = options.parse_args().worlds
    results = [
        measure(count, customers=250, frailty=0.0, shock=0.0),
        measure(count, customers=250, frailty=1.0, shock=0.3),
        measure(count, customers=1000, frailty=1.0, shock=0.3),
    ]
    for one in results:
        print(json.dumps(one))
    RESULT.write_text(json.dumps({"python": platform.python_version(), "results": results}, indent=2) + "\n")


if __name__ == "__main__":
    main()

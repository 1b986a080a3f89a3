"""Seconds and memory that an audit of a wide table takes, with the table alone.

Run it as `python benchmarks/audit_speed.py`, or with more rows: `--rows 1000000`.
"""

import argparse
import json
import platform
import resource
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from monitoring.leakage.audit import audit
from monitoring.leakage.vocabulary import Question

ROOT = Path(__file__).parents[1]
RESULT = ROOT / "benchmarks" / "results" / "audit_speed.json"
TARGET_SECONDS = 60.0
MONTHS = 10
KILOBYTES = 1024.0
GAPS = 0.1
BILLED = 0.9


def wide_table(rows: int, *, seed: int) -> pd.DataFrame:
    """A panel with 60 feature columns: numbers, counts, categories, dates, gaps; two of them leak."""
    rng = np.random.default_rng([seed, 43])
    x = rng.normal(size=(rows, 10))
    left = rng.random(rows) < 1.0 / (1.0 + np.exp(2.6 - x[:, :4].sum(axis=1) * 0.5))
    month = rng.integers(0, MONTHS, rows)
    columns: dict[str, Any] = {
        "customer": rng.integers(0, max(rows // 6, 1), rows),
        "cutoff": pd.Timestamp("2025-01-01") + pd.to_timedelta(30 * month, unit="D"),
    }
    columns |= {f"amount_{place}": x[:, place] for place in range(10)}
    columns |= {
        f"other_{place}": np.where(rng.random(rows) < GAPS, np.nan, rng.gamma(2.0, 30.0, rows)) for place in range(15)
    }
    columns |= {f"count_{place}": rng.poisson(1.0 + place, rows) for place in range(15)}
    columns |= {f"kind_{place}": rng.choice([f"level {n}" for n in range(3 + 4 * place)], rows) for place in range(12)}
    columns |= {
        f"at_{place}": pd.Timestamp("2024-12-01") - pd.to_timedelta(rng.exponential(300.0, rows), unit="D")
        for place in range(4)
    }
    columns["city"] = [f"city {number}" for number in rng.integers(0, 800, rows)]
    columns["fee"] = np.where(left & (rng.random(rows) < BILLED), 40.0, 0.0)
    columns["left"] = left.astype(np.int64)
    table = pd.DataFrame(columns)
    table["city_rate"] = table.groupby("city")["left"].transform("mean")
    table["reference"] = rng.permutation(rows)
    return table


def measure(rows: int) -> dict[str, Any]:
    """One audit: wall and CPU seconds, peak memory, what was found."""
    table = wide_table(rows, seed=1)
    question = Question(table=table, target="left", time="cutoff", entity="customer")
    wall, cpu = time.perf_counter(), time.process_time()
    found = audit(question, seed=1)
    return {
        "rows": rows,
        "columns": len(question.features),
        "wall_seconds": round(time.perf_counter() - wall, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
        "target_seconds": TARGET_SECONDS,
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES),
        "sampled": found.sampled,
        "leaks": list(found.leaks),
    }


def main() -> None:
    """Measure one size, or 50,000 and 1,000,000 rows, and keep the results."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, nargs="+", default=[50_000, 1_000_000])
    results = [measure(rows) for rows in options.parse_args().rows]
    for one in results:
        print(json.dumps(one))
    RESULT.write_text(json.dumps({"python": platform.python_version(), "results": results}, indent=2) + "\n")


if __name__ == "__main__":
    main()

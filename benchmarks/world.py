"""Customer-months per CPU second of the simulator, all tables and the truth written to Parquet, and its peak memory.

Run it as `make bench-world`, or with more customers: `make bench-world ARGS="--customers 2000000 --workers 2"`.
"""

import argparse
import json
import platform
import resource
import shutil
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from pipelines import store
from pipelines.parameters import read_parameters
from pipelines.script import company_of
from pipelines.world.company import Company
from pipelines.world.run import parts, run

ROOT = Path(__file__).parents[1]
RESULT = ROOT / "benchmarks" / "results" / "world.json"
TARGET = 150_000
"""Customer-months per CPU second that the design asks for."""

MEGABYTE = 1024.0


def write_part(company: Company, folder: Path, number: int) -> int:
    """Simulate and write one part; the number of customer-months at risk in it."""
    rows = 0
    for month in run(company, entities=parts(company)[number]):
        store.write_month(folder / "tables", month.tables, month.label, number)
        store.write_month(folder / "truth", {"months": month.truth}, month.label, number)
        rows += month.truth.num_rows
    return rows


def measure(company: Company, folder: Path, *, workers: int) -> dict[str, Any]:
    """One whole world: CPU and wall seconds, rate, peak memory of the largest process, bytes written."""
    numbers = range(len(parts(company)))
    cpu, wall = cpu_seconds(), time.perf_counter()
    if workers == 1:
        rows = sum(write_part(company, folder, number) for number in numbers)
    else:
        with ProcessPoolExecutor(workers) as pool:
            rows = sum(pool.map(write_part, *zip(*((company, folder, number) for number in numbers), strict=True)))
    spent = cpu_seconds() - cpu
    return {
        "customers": company.customers,
        "months": company.calendar.months,
        "workers": workers,
        "customer_months": rows,
        "cpu_seconds": round(spent, 2),
        "wall_seconds": round(time.perf_counter() - wall, 2),
        "customer_months_per_cpu_second": round(rows / spent),
        "peak_memory_mb": round(peak_memory_mb()),
        "written_mb": round(sum(f.stat().st_size for f in folder.rglob("*.parquet")) / MEGABYTE**2),
    }


def cpu_seconds() -> float:
    """User and system seconds of this process and its finished children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def peak_memory_mb() -> float:
    """Peak resident memory of this process and its largest finished child, added up."""
    return sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / MEGABYTE


def main() -> None:
    """Measure `--repeat` times, print every run and keep the median one."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--customers", type=int)
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--folder", type=Path, help="where the tables go; a temporary folder by default")
    given = options.parse_args()
    parameters = read_parameters(ROOT / "params.yaml")
    world = parameters.world.model_copy(update={"customers": given.customers or parameters.world.customers})
    company = company_of(parameters.model_copy(update={"world": world}))
    runs = []
    for _ in range(given.repeat):
        folder = Path(tempfile.mkdtemp(prefix="bench-world-", dir=given.folder))
        runs.append(measure(company, folder, workers=given.workers))
        shutil.rmtree(folder)
        print(json.dumps(runs[-1]))
    median = sorted(runs, key=lambda r: r["customer_months_per_cpu_second"])[len(runs) // 2]
    result = {**median, "target": TARGET, "python": platform.python_version(), "machine": platform.machine()}
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    results = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else {}
    store.write_json(RESULT, {**results, str(company.customers): result})
    print(f"median: {median['customer_months_per_cpu_second']:,} customer-months per CPU second (target {TARGET:,})")


if __name__ == "__main__":
    main()

"""What two published leak checkers find of the planted leaks, on the draws that benchmarks/audit_draws.py judged.

``python benchmarks/leak_checkers.py`` takes the draws of benchmarks/results/audit_draws.json whose training tables
(train and test rows, at most 15,000 of them, without the row number) were kept, hands each to each tool in an
environment of its own, and counts. The tools get the table, the target, and the time, group and split columns where
they have an argument for one; all else is left at their defaults. They have no argument for a scoring log, so a skew
can only be met by chance. Every finding about a column counts that the tool itself puts at warning or above, whatever
reason it gives: for a planted column as found, for an honest one as accused. Writes
benchmarks/results/leak_checkers.json.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.audit_draws import MOST_ROWS, TABLES
from benchmarks.audit_draws import RESULTS as JUDGED

RESULTS = Path(__file__).parent / "results" / "leak_checkers.json"
ADAPTERS = Path(__file__).parent / "leak_checkers"
ENVIRONMENTS = Path(tempfile.gettempdir()) / "leak_checkers"
"""One folder a tool; made on the first run, used again on the next."""

TARGET, TIME, GROUP, SPLIT = "churned", "cutoff", "customer_id", "split"
STACK = ("pandas==3.1.1", "numpy==2.4.6", "scikit-learn==1.9.1")


@dataclass(frozen=True, kw_only=True, slots=True)
class Tool:
    """A published checker: what is installed for it, and the script that runs it."""

    package: str
    adapter: str

    @property
    def environment(self) -> Path:
        """Its own virtual environment."""
        return ENVIRONMENTS / self.package.replace("==", "-")


TOOLS = (
    Tool(package="leaklens-ml==0.11.0", adapter="with_leaklens.py"),
    Tool(package="targetleak==0.3.2", adapter="with_targetleak.py"),
)


def install(tool: Tool) -> None:
    """Make the tool's environment; quick when it is there already."""
    uv, python = str(Path(sys.executable).with_name("uv")), tool.environment / "bin" / "python"
    if not python.exists():
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(tool.environment)], check=True)
    command = [uv, "pip", "install", "--quiet", "--python", str(python), tool.package, *STACK]
    subprocess.run(command, check=True, cwd=ENVIRONMENTS)


def checked(tool: Tool, table: Path) -> dict[str, Any]:
    """What the tool names in a table, and the seconds of the check alone."""
    command = [str(tool.environment / "bin" / "python"), "-I", str(ADAPTERS / tool.adapter), str(table)]
    done = subprocess.run(
        [*command, TARGET, TIME, GROUP, SPLIT],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def toy_table() -> pd.DataFrame:
    """2,000 customers at two cutoffs: a copy of the target, a copy that is only filled for leavers, and noise."""
    rng = np.random.default_rng(1)
    customers = 2_000
    churned = rng.binomial(1, 0.05, size=2 * customers).astype(float)
    return pd.DataFrame(
        {
            GROUP: np.tile(np.arange(customers), 2),
            TIME: np.repeat(["2025-01-01", "2025-02-01"], customers),
            SPLIT: np.repeat(["train", "test"], customers),
            TARGET: churned,
            "copy": churned,
            "filled": np.where(churned == 1, rng.random(2 * customers), np.nan),
            "noise": rng.normal(size=2 * customers),
            "gaps": np.where(rng.binomial(1, 0.5, size=2 * customers) == 1, rng.normal(size=2 * customers), np.nan),
            "kind": rng.choice(["a", "b", "c"], size=2 * customers),
        }
    )


def try_out(tool: Tool) -> dict[str, str]:
    """What the tool names in the toy table; an error when it misses the plain copy or accuses noise."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "toy.csv"
        toy_table().to_csv(path, index=False)
        named: dict[str, str] = checked(tool, path)["named"]
    wrong = {"noise", "gaps", "kind"} & set(named)
    if "copy" not in named or wrong:
        raise RuntimeError(
            f"{tool.package} named {named} in the toy table; expected copy, and no noise. See {ADAPTERS}."
        )
    return named


def one_draw(row: Mapping[str, Any]) -> dict[str, Any]:
    """Show the table of one draw to every tool."""
    table = pd.read_parquet(TABLES / f"{row['draw']:03d}.parquet")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        table.to_csv(path, index=False)
        seen = {tool.package: checked(tool, path) for tool in TOOLS}
    leaks, skews = row["columns"]["leaks"], row["columns"]["skews"]
    faulty = {*leaks, *(name for columns in skews.values() for name in columns)}
    features = set(table) - {TARGET, TIME, GROUP, SPLIT}
    tools = {}
    for name, found in seen.items():
        accused = set(found["named"]) & features
        tools[name] = {
            "found": sorted(leaks[column] for column in leaks if column in accused),
            "skews_found": sorted(skew for skew, columns in skews.items() if accused & set(columns)),
            "honest_accused": sorted(accused - faulty),
            "seconds": found["seconds"],
        }
    return {"leaks": row["leaks"], "skews": row["skews"], "honest": row["honest"], "tools": tools}


def summary(draws: list[dict[str, Any]]) -> dict[str, Any]:
    """Shares over all draws, and leak by leak."""
    leaks = [name for d in draws for name in d["leaks"]]
    skews = [name for d in draws for name in d["skews"]]
    honest = sum(d["honest"] for d in draws)
    tools = {}
    for tool in TOOLS:
        parts = [d["tools"][tool.package] for d in draws]
        found, skewed, accused = (
            [name for p in parts for name in p[key]] for key in ("found", "skews_found", "honest_accused")
        )
        tools[tool.package] = {
            "leaks_found": round(len(found) / len(leaks), 4),
            "skews_found": round(len(skewed) / max(len(skews), 1), 4),
            "honest_accused": round(len(accused) / honest, 5),
            "found": counted(found),
            "accused": counted(accused),
            "median_seconds": round(statistics.median(p["seconds"] for p in parts), 2),
        }
    return {
        "draws": len(draws),
        "leaks": len(leaks),
        "skews": len(skews),
        "honest_columns": honest,
        "most_rows": MOST_ROWS,
        "planted": counted(leaks),
        "tools": tools,
    }


def counted(names: list[str]) -> dict[str, int]:
    """How often each name occurs."""
    return {name: names.count(name) for name in sorted(set(names))}


def run(processes: int) -> list[dict[str, Any]]:
    """Every draw that the audit has judged and whose table was kept."""
    judged = json.loads(JUDGED.read_text(encoding="utf-8"))["rows"] if JUDGED.exists() else []
    kept = [row for row in judged if (TABLES / f"{row['draw']:03d}.parquet").exists()]
    if not kept:
        raise SystemExit("No training table was kept. Run `python benchmarks/audit_draws.py` first.")
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(one_draw, kept))


def table_of(found: Mapping[str, Any]) -> str:
    """The result as text."""
    lines = [f"{'tool':<22}{'leaks found':>13}{'skews found':>13}{'honest accused':>16}{'seconds':>9}"]
    for name, tool in found["tools"].items():
        shares = f"{tool['leaks_found']:>13.1%}{tool['skews_found']:>13.1%}{tool['honest_accused']:>16.2%}"
        lines.append(f"{name:<22}{shares}{tool['median_seconds']:>9.2f}")
    counts = "{draws} draws, {leaks} planted columns, {skews} skews, {honest_columns} honest columns"
    return "\n".join([*lines, counts.format(**found)])


def main() -> None:
    """Install, try out, run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    ENVIRONMENTS.mkdir(exist_ok=True)
    for tool in TOOLS:
        install(tool)
    toys = {tool.package: try_out(tool) for tool in TOOLS}
    found = {**summary(run(given.processes)), "toy_table": toys, "stack": STACK}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(table_of(found))


if __name__ == "__main__":
    main()

"""How many planted leaks the audit finds, at each depth, over many draws of the leakage scenario.

``python benchmarks/audit_draws.py --draws 200`` plants cases of all levels, runs the column checks once each, and
judges them three times: with the table alone, with the scoring log, with events and builder. A planted column counts
as found when the verdict is leak or suspect; a skewed one when it is listed as skewed. An honest column counts as
accused for either verdict, or when it is listed as skewed. benchmarks/results/audit_draws.json is written anew after
each seed, with what each draw gave; `--resume` goes on from there. A sample of each training table is kept in
.lab/audit_draws for benchmarks/leak_checkers.py.
"""

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from monitoring.leakage.audit import look
from monitoring.leakage.vocabulary import ColumnVerdict, Depth
from pipelines.leaks.leak import ServingSkew
from pipelines.recorded import record
from scenarios.base import Draw, Level
from scenarios.kit.pack import write_public
from scenarios.leakage.answers.material import Material
from scenarios.leakage.answers.strong import SEED, question
from scenarios.leakage.company import company_of
from scenarios.leakage.plant import Made, make

RESULTS = Path(__file__).parent / "results" / "audit_draws.json"
TABLES = Path(__file__).parents[1] / ".lab" / "audit_draws"
MOST_ROWS = 15_000
"""Rows kept of a training table: with 4 % leavers enough for a standard error of .012 on a column's AUC."""

LEVELS = tuple(Level)
AGAINST = (ColumnVerdict.LEAK, ColumnVerdict.SUSPECT)
FIRST_SEED = 1000
"""Seeds from here on were used by no test and no tuning."""


def one_seed(seed: int, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Judge draws of one seed: one company, recorded once, something else planted at each level."""
    draws = {number: Draw(seed=seed, level=LEVELS[number % len(LEVELS)]) for number in numbers}
    world = record(company_of(draws[numbers[0]]))
    rows = []
    for number, draw in draws.items():
        made = make(world, draw)
        keep(made, number)
        rows.append({"draw": number, "level": str(draw.level), **judged(made)})
    return rows


def keep(made: Made, number: int) -> None:
    """Keep a seeded sample of the rows the team trained and tested on, in the order they were handed out."""
    table = made.public["features.parquet"]
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"features.parquet is {type(table).__name__}; expected a table.")
    known = table[table["split"].isin(("train", "test"))].drop(columns="row_id")
    TABLES.mkdir(parents=True, exist_ok=True)
    sample = known.sample(min(MOST_ROWS, len(known)), random_state=number).sort_index()
    sample.to_parquet(TABLES / f"{number:03d}.parquet", index=False)


def judged(made: Made) -> dict[str, Any]:
    """What the audit says of a case at every depth, held against what was planted in it."""
    with tempfile.TemporaryDirectory() as folder:
        write_public(Path(folder), made.public)
        looked = look(question(Material(Path(folder))), seed=SEED)
    served = {one.name for one in looked.serving().skewed}
    leaks = {planted.name: planted.leak.name for planted in made.bench.composition.columns}
    skews = {p.leak.name: p.leak.columns for p in made.bench.composition.skews if isinstance(p.leak, ServingSkew)}
    faulty = {*leaks, *(name for columns in skews.values() for name in columns)}
    by_depth = {}
    for depth in Depth:
        accused = {c.name for c in looked.columns(depth) if c.verdict in AGAINST}
        if depth is not Depth.TABLE:
            accused |= served
        by_depth[str(depth)] = {
            "found": sorted(leaks[name] for name in leaks if name in accused),
            "skews_found": sorted(name for name, columns in skews.items() if accused & set(columns)),
            "honest_accused": sorted(accused - faulty),
        }
    return {
        "leaks": sorted(leaks.values()),
        "skews": sorted(skews),
        "honest": len(made.bench.features) - len(faulty),
        "columns": {"leaks": leaks, "skews": {name: list(columns) for name, columns in skews.items()}},
        "depths": by_depth,
    }


def summary(draws: list[dict[str, Any]]) -> dict[str, Any]:
    """Shares over all draws, and leak by leak."""
    planted = sum(len(d["leaks"]) for d in draws)
    skews = sum(len(d["skews"]) for d in draws)
    honest = sum(d["honest"] for d in draws)
    depths = {}
    for depth in Depth:
        parts = [d["depths"][str(depth)] for d in draws]
        depths[str(depth)] = {
            "leaks_found": round(sum(len(p["found"]) for p in parts) / planted, 4),
            "skews_found": round(sum(len(p["skews_found"]) for p in parts) / max(skews, 1), 4),
            "honest_accused": round(sum(len(p["honest_accused"]) for p in parts) / honest, 5),
            "missed": _counted(
                [name for d, p in zip(draws, parts, strict=True) for name in {*d["leaks"]} - {*p["found"]}]
            ),
            "accused": _counted([name for p in parts for name in p["honest_accused"]]),
        }
    return {"draws": len(draws), "leaks": planted, "skews": skews, "honest_columns": honest, "depths": depths}


def _counted(names: list[str]) -> Mapping[str, int]:
    return {name: names.count(name) for name in sorted(set(names))}


def main() -> None:
    """Run the draws in two processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--resume", action="store_true", help="keep the draws that are in the file already")
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    RESULTS.parent.mkdir(exist_ok=True)
    held = json.loads(RESULTS.read_text(encoding="utf-8")) if given.resume and RESULTS.exists() else {}
    draws = [one for one in held.get("rows", []) if one["draw"] < given.draws]
    left = sorted(set(range(given.draws)) - {one["draw"] for one in draws})
    with ProcessPoolExecutor(given.processes) as pool:
        by_seed = [(seed, list(group)) for seed, group in groupby(left, key=lambda number: number // len(LEVELS))]
        for running in as_completed([pool.submit(one_seed, FIRST_SEED + seed, group) for seed, group in by_seed]):
            draws = sorted([*draws, *running.result()], key=lambda one: one["draw"])
            found = {**summary(draws), "rows": draws}
            RESULTS.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            print(len(draws), {depth: one["leaks_found"] for depth, one in found["depths"].items()}, flush=True)


if __name__ == "__main__":
    main()

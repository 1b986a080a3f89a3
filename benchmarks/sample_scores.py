"""Scores of a graded scenario's sample answers over draws: seeds x levels planted, and as many controls of one level.

``python benchmarks/sample_scores.py leakage --seeds 20`` writes benchmarks/results/leakage_scores.json, anew after each
draw. Every answer works from the files on disk.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from scenarios.base import Draw, Level
from scenarios.catalogue import GRADED, scenario_module
from scenarios.kit.pack import write_public

RESULTS = Path(__file__).parent / "results"
FIRST_SEED = 2000
"""Seeds from here on were used by no test and no tuning."""

Cell = tuple[str, str, int]
"""Kind (planted or control), level, seed."""


def graded(name: str, cell: Cell) -> dict[str, Any]:
    """Every sample answer's score on one draw."""
    kind, level, seed = cell
    scenario = scenario_module(name).SCENARIO
    case = (scenario.plant if kind == "planted" else scenario.control)(Draw(seed=seed, level=Level(level)))
    with tempfile.TemporaryDirectory() as folder:
        write_public(Path(folder), case.public)
        scores = {s.name: scenario.grade(s.answer(Path(folder)), case.truth).score for s in scenario.sample_answers}
    return {"kind": kind, "level": level, "seed": seed, "scores": scores}


def summary(name: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """For each kind, level and answer: lowest, mean, highest score, and how many lie outside the promised band."""
    found: dict[str, Any] = {}
    for sample in scenario_module(name).SCENARIO.sample_answers:
        for kind, level in sorted({(row["kind"], row["level"]) for row in rows}):
            scores = [r["scores"][sample.name] for r in rows if (r["kind"], r["level"]) == (kind, level)]
            band = sample.band if kind == "planted" else sample.control_band
            found.setdefault(kind, {}).setdefault(level, {})[sample.name] = {
                "lowest": min(scores),
                "mean": round(sum(scores) / len(scores), 2),
                "highest": max(scores),
                "draws": len(scores),
                "outside": None if band is None else sum(score not in band for score in scores),
            }
    return found


def main() -> None:
    """Run the draws in two processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", choices=GRADED)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--resume", action="store_true", help="keep the draws that are in the file already")
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + given.seeds)
    cells = [("planted", str(level), seed) for seed in seeds for level in Level]
    cells += [("control", str(Level.MID), seed) for seed in seeds]
    file = RESULTS / f"{given.scenario}_scores.json"
    rows = json.loads(file.read_text(encoding="utf-8"))["rows"] if given.resume and file.exists() else []
    done = {(row["kind"], row["level"], row["seed"]) for row in rows}
    cells = [cell for cell in cells if cell not in done]
    with ProcessPoolExecutor(given.processes) as pool:
        for row in pool.map(partial(graded, given.scenario), cells):
            rows.append(row)
            print(row, flush=True)
            result = {"summary": summary(given.scenario, rows), "rows": rows}
            file.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

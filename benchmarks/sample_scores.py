"""Scores of a graded scenario's sample answers over draws: seeds x levels planted, and as many controls of one level.

``python benchmarks/sample_scores.py leakage --seeds 20`` writes benchmarks/results/leakage_scores.json, anew after each
seed; `--resume` goes on from there unless the scenario has a new version, `--only middling` scores one answer anew and
keeps the scores of the others. Every answer works from the files on disk. `python benchmarks/score_tables.py` then
writes the spans into the interview page.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from scenarios.base import Draw, Level
from scenarios.catalogue import GRADED, scenario_module
from scenarios.kit.marking import marked
from scenarios.kit.pack import write_public

RESULTS = Path(__file__).parent / "results"
FIRST_SEED = 2000
"""Seeds from here on were used by no test and no tuning."""

Cell = tuple[str, str, int]
"""Kind (planted or control), level, seed."""


def graded(name: str, cell: Cell, only: str | None) -> dict[str, Any]:
    """Every sample answer's score on one draw, or that of one of them."""
    kind, level, seed = cell
    scenario = scenario_module(name).SCENARIO
    case = (scenario.plant if kind == "planted" else scenario.control)(Draw(seed=seed, level=Level(level)))
    with tempfile.TemporaryDirectory() as folder:
        write_public(Path(folder), case.public)
        scores = {
            s.name: marked(scenario, s.answer(Path(folder)), case.truth, trusted=True).score
            for s in scenario.sample_answers
            if only in (None, s.name)
        }
    return {"kind": kind, "level": level, "seed": seed, "scores": scores}


def graded_seed(name: str, cells: Sequence[Cell], only: str | None) -> list[dict[str, Any]]:
    """`graded` for all draws of one seed, in one process: what does not depend on the level is made once."""
    return [graded(name, cell, only) for cell in cells]


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


def graded_before(file: Path, version: int) -> list[dict[str, Any]]:
    """The draws in a result file; none where there is none, or one of another version of the scenario."""
    found = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    rows: list[dict[str, Any]] = found.get("rows", [])
    return rows if found.get("version") == version else []


def _cell(row: dict[str, Any]) -> Cell:
    return row["kind"], row["level"], row["seed"]


def _order(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["seed"], row["kind"], row["level"]


def main() -> None:
    """Run the draws in two processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", choices=GRADED)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--resume", action="store_true", help="keep the draws that are in the file already")
    parser.add_argument("--only", help="score this sample answer anew on the draws in the file")
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + given.seeds)
    cells = [("planted", str(level), seed) for seed in seeds for level in Level]
    cells += [("control", str(Level.MID), seed) for seed in seeds]
    file = RESULTS / f"{given.scenario}_scores.json"
    version = scenario_module(given.scenario).SCENARIO.version
    rows = {_cell(row): row for row in graded_before(file, version)} if given.resume or given.only else {}
    cells = [cell for cell in cells if (cell in rows) is bool(given.only)]
    by_seed = [[cell for cell in cells if cell[2] == seed] for seed in seeds]
    with ProcessPoolExecutor(given.processes) as pool:
        running = [pool.submit(graded_seed, given.scenario, group, given.only) for group in by_seed if group]
        for done_seed in as_completed(running):
            for row in done_seed.result():
                scores = rows.get(_cell(row), {}).get("scores", {})
                rows[_cell(row)] = {**row, "scores": {**scores, **row["scores"]}}
            ordered = sorted(rows.values(), key=_order)
            print(f"{len(ordered)} draws graded", flush=True)
            result = {"version": version, "summary": summary(given.scenario, ordered), "rows": ordered}
            file.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Is every draw equally hard? What the strong sample answer scores on many seeds, by scenario and level.

``python benchmarks/difficulty.py run validation --seeds 50`` grades the strong answer on every seed and level and
writes benchmarks/results/difficulty_<scenario>.json, anew after each seed; a second run goes on from there. Draws
that `sample_scores.py` has graded already are taken over. ``difficulty.py tell`` writes docs/difficulty.md.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.sample_scores import graded_before
from scenarios.base import STRONG, Draw, Level
from scenarios.catalogue import GRADED, exercise
from scenarios.kit.marking import marked
from scenarios.kit.pack import write_public

ROOT: Final = Path(__file__).parents[1]
RESULTS: Final = ROOT / "benchmarks" / "results"
FIRST_SEED: Final = 2000
"""Seeds from here on were used by no test and no tuning; `sample_scores.py` begins there too."""

SPREAD: Final = 5.0
"""Points that strong answers may lie apart (one standard deviation) for draws to be called equally hard."""


def scored(name: str, level: Level, seed: int) -> dict[str, Any]:
    """The strong answer's score on one planted draw."""
    begun = time.process_time()
    scenario = exercise(name).scenario
    strong = next(one for one in scenario.sample_answers if one.name == "strong")
    case = scenario.plant(Draw(seed=seed, level=level))
    with tempfile.TemporaryDirectory() as folder:
        write_public(Path(folder), case.public)
        score = marked(scenario, strong.answer(Path(folder)), case.truth, trusted=True).score
    return {"level": str(level), "seed": seed, "score": score, "seconds": round(time.process_time() - begun, 1)}


def known(name: str) -> list[dict[str, Any]]:
    """Draws of the scenario as it is now that were graded before: by an earlier run, or by `sample_scores.py`."""
    version = exercise(name).scenario.version
    return graded_before(RESULTS / f"difficulty_{name}.json", version) or [
        {"level": row["level"], "seed": row["seed"], "score": row["scores"]["strong"], "seconds": None}
        for row in graded_before(RESULTS / f"{name}_scores.json", version)
        if row["kind"] == "planted"
    ]


def summary(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """For each level: how the strong answer's scores are spread."""
    found = {}
    for level in Level:
        scores = np.array([row["score"] for row in rows if row["level"] == level], dtype=np.float64)
        if len(scores):
            found[str(level)] = {
                "draws": len(scores),
                "mean": round(float(scores.mean()), 2),
                "sd": round(float(scores.std(ddof=1)), 2) if len(scores) > 1 else 0.0,
                "lowest": float(scores.min()),
                "tenth": round(float(np.quantile(scores, 0.1)), 2),
                "highest": float(scores.max()),
                "below_band": int((scores < STRONG.low).sum()),
            }
    return found


def run(name: str, seeds: int) -> None:
    """Grade what is missing, seed by seed."""
    rows = known(name)
    done = {(row["level"], row["seed"]) for row in rows}
    version = exercise(name).scenario.version
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        missing = [level for level in Level if (str(level), seed) not in done]
        rows += [scored(name, level, seed) for level in missing]
        if missing or seed == FIRST_SEED:
            rows.sort(key=lambda row: (row["seed"], row["level"]))
            found = {"scenario": name, "version": version, "summary": summary(rows), "rows": rows}
            file = RESULTS / f"difficulty_{name}.json"
            file.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            print(f"seed {seed}: {len(rows)} draws", flush=True)


def told() -> str:
    """The page of docs, from every result there is."""
    lines = [_HEAD]
    for name in GRADED:
        file = RESULTS / f"difficulty_{name}.json"
        if not file.exists():
            lines.append(f"| {name} | | | not measured yet | | | | | |")
            continue
        found = json.loads(file.read_text(encoding="utf-8"))
        version = _version(found["version"], exercise(name).scenario.version)
        for level, one in found["summary"].items():
            kept = "yes" if one["sd"] <= SPREAD and not one["below_band"] else "**no**"
            lines.append(
                f"| {name} | {version} | {level} | {one['draws']} | {one['mean']:.1f} | {one['sd']:.1f} | "
                f"{one['lowest']:.1f} | {one['below_band']} | {kept} |"
            )
    return "\n".join(lines) + "\n"


def _version(measured: int, present: int) -> str:
    return str(measured) if measured == present else f"{measured}, now {present}"


_HEAD: Final = """\
# Are two candidates posed the same?

Every candidate gets a case of their own, so cases must be equally hard. The measure is the strong sample answer, which
works from the public files alone: the better the draws are matched, the less its score moves from draw to draw. A row
holds when the scores lie within 5 points (one standard deviation) and none falls below 85.

A level on which it does not hold is no ground to compare two candidates by a few points: read the interviewer's page.
Where a row was measured on a version before the present one, the version says so.

Made by `python benchmarks/difficulty.py tell` from `benchmarks/results/difficulty_*.json`.

| scenario | version | level | draws | mean | spread | lowest | below 85 | holds |
| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |"""


def main() -> None:
    """Run the study, or tell what it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    orders = parser.add_subparsers(dest="order", required=True)
    asked = orders.add_parser("run")
    asked.add_argument("scenario", choices=GRADED)
    asked.add_argument("--seeds", type=int, default=50)
    orders.add_parser("tell")
    given = parser.parse_args()
    if given.order == "run":
        run(given.scenario, given.seeds)
    else:
        (ROOT / "docs").mkdir(exist_ok=True)
        (ROOT / "docs" / "difficulty.md").write_text(told(), encoding="utf-8")


if __name__ == "__main__":
    main()

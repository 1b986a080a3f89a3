"""Every cause alone, on several companies: what it moves without its cure, and one hash on seven machines with it.

``python benchmarks/reproducibility.py`` writes benchmarks/results/reproducibility.json; `--cause CODE` tries one.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scenarios.base import Case, Draw, Level
from scenarios.reproducibility.causes.catalogue import CAUSES, cause
from scenarios.reproducibility.causes.cause import Cause
from scenarios.reproducibility.company import world_of
from scenarios.reproducibility.decoys import ALWAYS
from scenarios.reproducibility.machines import PROOF
from scenarios.reproducibility.plan import Plan
from scenarios.reproducibility.planting import cured, plant_plan
from scenarios.reproducibility.running import Job, run_all
from scenarios.reproducibility.truth import Truth

RESULTS = Path(__file__).parent / "results" / "reproducibility.json"
FIRST_SEED = 3000
"""Seeds from here on were used by no test and no tuning."""


def planted(one: Cause, seed: int) -> Case[Truth]:
    """A case with that cause alone."""
    return plant_plan(world_of(seed), Plan(causes=(one,), decoys=ALWAYS, gone=False), Draw(seed=seed, level=Level.MID))


def tried(causes: Sequence[Cause], seed: int) -> list[dict[str, Any]]:
    """Each cause on one company. The runs of all of them share interpreters."""
    cases = [planted(one, seed).truth for one in causes]
    jobs = [
        Job(repository=cured(truth.head, (one,), truth.cures), data=truth.data, conditions=at)
        for one, truth in zip(causes, cases, strict=True)
        for at in PROOF
    ]
    ran = run_all(jobs, trusted=True)
    rows = []
    for at, (one, truth) in enumerate(zip(causes, cases, strict=True)):
        mine = ran[at * len(PROOF) : (at + 1) * len(PROOF)]
        left = truth.without[one.code]
        rows.append(
            {
                "cause": one.code,
                "family": str(one.family),
                "seed": seed,
                "recorded": truth.figure,
                "without_its_cure": left,
                "moved": None if left is None else abs(left - truth.figure),
                "with_its_cure": sorted({run.figure for run in mine if run.figure is not None}),
                "machines": len(mine),
                "hashes": len({json.dumps(run.hashes, sort_keys=True) for run in mine}),
            }
        )
    return rows


def holds(row: dict[str, Any]) -> bool:
    """Whether a cause moved the record and its cure brought it back everywhere."""
    moved = row["moved"] is None or row["moved"] > 0.0
    return bool(moved and row["with_its_cure"] == [row["recorded"]] and row["hashes"] == 1)


def main() -> None:
    """Try the causes and say what each moves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--cause", choices=[one.code for one in CAUSES])
    given = parser.parse_args()
    causes = [cause(given.cause)] if given.cause else list(CAUSES)
    rows = []
    for seed in range(FIRST_SEED, FIRST_SEED + given.seeds):
        rows += tried(causes, seed)
        print(f"seed {seed}: {sum(holds(row) for row in rows)} of {len(rows)} hold", flush=True)
    for one in causes:
        mine = [row for row in rows if row["cause"] == one.code]
        moved = [row["moved"] for row in mine if row["moved"] is not None]
        print(
            f"{one.code:<26} moves {min(moved):.4f} to {max(moved):.4f}" if moved else f"{one.code:<26} breaks the run"
        )
    summary = {"held": sum(holds(row) for row in rows), "tried": len(rows), "machines": len(PROOF)}
    if given.cause is None:
        RESULTS.write_text(json.dumps({"summary": summary, "rows": rows}, indent=1, sort_keys=True) + "\n", "utf-8")
    raise SystemExit(0 if summary["held"] == summary["tried"] else 1)


if __name__ == "__main__":
    main()

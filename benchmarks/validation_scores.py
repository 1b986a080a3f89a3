"""Scores of the validation scenario's sample answers over draws: 20 seeds x 3 levels, planted and control.

Run it as `python benchmarks/validation_scores.py --seeds 20`. Seconds are CPU seconds of one core.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from scenarios.base import Answer, Draw, Level
from scenarios.kit.pack import write_public
from scenarios.validation.answers.review import Review, review
from scenarios.validation.answers.simple import crying_wolf_of, gaming_of, middling_of, nothing, weak_of
from scenarios.validation.answers.strong import strong_of
from scenarios.validation.scenario import SCENARIO

RESULT = Path(__file__).parent / "results" / "validation_scores.json"
ANSWERS: dict[str, Callable[[Review], Answer]] = {
    "strong": strong_of,
    "middling": middling_of,
    "weak": weak_of,
    "crying wolf": crying_wolf_of,
    "gaming": gaming_of,
    "nothing": lambda _: nothing(Path()),
}
"""The sample answers; the files are read and the pipeline is run once for all of them."""

KINDS: tuple[tuple[str, Callable[[Draw], Any]], ...] = (("planted", SCENARIO.plant), ("control", SCENARIO.control))


def rows(first: int, seeds: int) -> Iterator[dict[str, Any]]:
    """One row a draw and answer."""
    for kind, make in KINDS:
        for level in Level:
            for seed in range(first, first + seeds):
                yield from _case(kind, make, Draw(seed=seed, level=level))


def _case(kind: str, make: Callable[[Draw], Any], draw: Draw) -> Iterator[dict[str, Any]]:
    begun = time.process_time()
    case = make(draw)
    planted = time.process_time() - begun
    with tempfile.TemporaryDirectory() as folder:
        write_public(Path(folder), case.public)
        begun = time.process_time()
        seen = review(Path(folder))
        read = time.process_time() - begun
        for name, made in ANSWERS.items():
            begun = time.process_time()
            answer = made(seen)
            spent = read + time.process_time() - begun
            score = SCENARIO.grade(answer, case.truth).score
            auc = answer.sheet.estimates.get("auc")
            yield {
                "kind": kind,
                "level": str(draw.level),
                "seed": draw.seed,
                "answer": name,
                "score": score,
                "off": None if auc is None else (auc.value - case.truth.auc) / case.truth.error,
                "held": None if auc is None else auc.low <= case.truth.auc <= auc.high,
                "traps": len(case.truth.prices),
                "unbitten": sum(price.bites < 1.0 for price in case.truth.prices.values()),
                "plant_seconds": planted,
                "answer_seconds": spent,
            }


def main() -> None:
    """Measure and write bands, coverage and times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    asked = parser.parse_args()
    table = pd.DataFrame(rows(asked.first, asked.seeds))
    bands = table.groupby(["kind", "answer", "level"])["score"].agg(["min", "median", "max"]).round(1)
    strong = table[table["answer"] == "strong"]
    summary = {
        "seeds": asked.seeds,
        "first": asked.first,
        "bands": {" ".join(key): row for key, row in zip(bands.index, bands.to_dict("records"), strict=True)},
        "strong_interval_holds_truth": round(float(strong["held"].mean()), 3),
        "strong_off_mean": round(float(strong["off"].mean()), 2),
        "strong_off_sd": round(float(strong["off"].std()), 2),
        "traps_planted": int(strong["traps"].sum()),
        "traps_that_do_not_bite": int(strong["unbitten"].sum()),
        "plant_seconds_max": round(float(table["plant_seconds"].max()), 1),
        "plant_seconds_median": round(float(table["plant_seconds"].median()), 1),
        "answer_seconds_max": round(float(table["answer_seconds"].max()), 1),
    }
    RESULT.write_text(json.dumps(summary, indent=2) + "\n")
    print(bands.to_string())
    print(json.dumps({name: value for name, value in summary.items() if name != "bands"}, indent=2))


if __name__ == "__main__":
    main()

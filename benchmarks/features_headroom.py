"""What each way of going on from the stuck model is worth, over many draws of the features scenario.

``python benchmarks/features_headroom.py --seeds 20`` plants one case a seed, levels in turn. Sound practice (the sample
answer "strong") lists labels from the public files and builds its features in this process; a test holds that the
sandbox gives the same. Shares are of the headroom: from the stuck model (0) to the true probabilities (1), exact, in
the sealed months. benchmarks/results/features_headroom.json is written anew after each draw.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scenarios.base import Draw, Level
from scenarios.features.answers.strong import CODE, strong
from scenarios.features.exam.listed import listed
from scenarios.features.exam.plant import plant
from scenarios.features.exam.starting import loaded
from scenarios.features.ladder import features_here, ladder
from scenarios.kit.pack import write_public

RESULTS = Path(__file__).parent / "results" / "features_headroom.json"
FIRST_SEED = 3000
"""Seeds from here on were used by no test and no tuning."""

LEVELS = tuple(Level)


def one_draw(number: int) -> dict[str, Any]:
    """The ladder of one case."""
    draw = Draw(seed=FIRST_SEED + number, level=LEVELS[number % len(LEVELS)])
    case = plant(draw)
    with tempfile.TemporaryDirectory() as folder:
        write_public(Path(folder), case.public)
        answer = strong(Path(folder))
    features = features_here(loaded(CODE / "strong.py"), case.truth)
    steps = ladder(case.truth, listed(answer.tables, case.truth).rows, features)
    return {
        "seed": draw.seed,
        "level": str(draw.level),
        "baseline": case.truth.baseline,
        "bayes": case.truth.bayes,
        "share": {one.name: one.share for one in steps},
    }


def summary(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Lowest, mean and highest share of each step."""
    shares = {name: [row["share"][name] for row in rows] for name in rows[0]["share"]}
    return {
        name: {"lowest": min(s), "mean": round(sum(s) / len(s), 4), "highest": max(s), "draws": len(s)}
        for name, s in shares.items()
    }


def main() -> None:
    """Run the draws one after the other; `--resume` keeps those that are in the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--resume", action="store_true")
    given = parser.parse_args()
    rows = json.loads(RESULTS.read_text(encoding="utf-8"))["rows"] if given.resume and RESULTS.exists() else []
    done = {row["seed"] for row in rows}
    for number in range(given.seeds):
        if FIRST_SEED + number in done:
            continue
        rows.append(one_draw(number))
        result = {"summary": summary(rows), "rows": rows}
        RESULTS.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        print(f"{len(rows)} draws", flush=True)


if __name__ == "__main__":
    main()

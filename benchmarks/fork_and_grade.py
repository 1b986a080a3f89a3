"""The kit as people use it: ``lab fork``, a sample answer written into the pack, ``lab grade``; scores and seconds.

``python benchmarks/fork_and_grade.py`` forks every graded scenario at every level and grades the strong answer; at
level mid the others too. It writes benchmarks/results/fork_and_grade.json after every pack; `--resume` goes on from
there.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from scenarios.base import Answer, Level, SampleAnswer
from scenarios.catalogue import GRADED, scenario_module
from scenarios.kit.answers import SHEET, write_sheet

ROOT: Final = Path(__file__).parents[1]
RESULT: Final = ROOT / "benchmarks" / "results" / "fork_and_grade.json"

LONGEST: Final = 90.0
"""Seconds a grade may take."""


def lab(*words: str | Path) -> tuple[int, float]:
    """Exit code and seconds of a ``lab`` command, in a process of its own."""
    begun = time.monotonic()
    run = [sys.executable, "-m", "scenarios.cli", *map(str, words)]
    done = subprocess.run(run, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=False)
    return done.returncode, round(time.monotonic() - begun, 1)


def write_answer(folder: Path, answer: Answer) -> None:
    """Put an answer's files where a candidate would."""
    write_sheet(folder / SHEET, answer.sheet)
    for name, table in answer.tables.items():
        if name.endswith(".parquet"):
            table.to_parquet(folder / name)
        else:
            table.to_csv(folder / name, index=False)
    for name, text in answer.code.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def packs(name: str, level: Level, secret: Path) -> list[dict[str, Any]]:
    """One pack, answered by the samples and graded."""
    samples = scenario_module(name).SCENARIO.sample_answers
    with tempfile.TemporaryDirectory() as place:
        pack = Path(place) / "pack"
        who = ("--candidate", f"bench {name} {level}", "--level", str(level), "--secret", secret)
        code, seconds = lab("fork", name, *who, "--out", pack)
        if code:
            raise SystemExit(f"fork of {name} at {level} ended with exit code {code}")
        size = sum(file.stat().st_size for file in pack.rglob("*") if file.is_file()) / 2**20
        made = {"scenario": name, "level": str(level), "fork_seconds": seconds, "pack_mib": round(size, 1)}
        chosen = [sample for sample in samples if level is Level.MID or sample.name == "strong"]
        return [made | graded(sample, pack, secret) for sample in chosen]


def graded(sample: SampleAnswer, pack: Path, secret: Path) -> dict[str, Any]:
    """A copy of the pack with the answer in it, graded: score, whether it lies in its band, seconds."""
    mine = pack.parent / sample.name.replace(" ", "_")
    shutil.copytree(pack, mine)
    write_answer(mine, sample.answer(mine))
    out = mine.parent / f"{mine.name} result"
    code, seconds = lab("grade", mine, "--secret", secret, "--out", out)
    card = json.loads((out / "scorecard.json").read_text(encoding="utf-8"))
    band = sample.control_band if card["control"] else sample.band
    score = card["score"]
    return {
        "answer": sample.name,
        "control": card["control"],
        "exit_code": code,
        "score": score,
        "in_band": None if band is None else score is not None and score in band,
        "grade_seconds": seconds,
    }


def show(rows: list[dict[str, Any]]) -> None:
    """Print the rows."""
    table = Table(*rows[0])
    for row in rows:
        table.add_row(*map(str, row.values()))
    Console(width=160).print(table)
    slow = sum(row["grade_seconds"] > LONGEST for row in rows)
    outside = sum(row["in_band"] is False for row in rows)
    print(f"{len(rows)} graded, {outside} outside their band, {slow} over {LONGEST:g} s")


def main() -> None:
    """Fork, answer and grade what is missing."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", choices=GRADED, help="this scenario")
    options.add_argument("--resume", action="store_true", help="keep what is in the file already")
    given = options.parse_args()
    known = json.loads(RESULT.read_text(encoding="utf-8")) if given.resume and RESULT.exists() else []
    done = {(row["scenario"], row["level"]) for row in known}
    with tempfile.TemporaryDirectory() as place:
        for name in GRADED if given.only is None else (given.only,):
            for level in Level:
                if (name, str(level)) in done:
                    continue
                known += packs(name, level, Path(place) / "secret")
                RESULT.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
                print(f"{name} {level} graded", flush=True)
    show(known)


if __name__ == "__main__":
    main()

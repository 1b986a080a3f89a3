"""The cheat pack on the six real scenarios: what each cheat earns, whether the report names it, what it touches.

``python benchmarks/cheats.py`` forks one pack a scenario and hands it in once for each cheat, with a sheet that trusts
what is not to be trusted and the cheat in place of the code. It keeps benchmarks/results/cheats.json up to date
after every scenario; `--resume` leaves out those that are in it.
"""

import argparse
import importlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from scenarios.base import AnswerSheet, Level
from scenarios.catalogue import GRADED, exercise
from scenarios.kit.answers import SHEET, write_sheet
from scenarios.kit.exercise import Bank, Exercise
from scenarios.kit.fork.archive import write_folder
from scenarios.kit.fork.identity import Asked, Mode, is_control
from scenarios.kit.fork.parcel import parcel
from scenarios.kit.grade.grading import graded
from scenarios.kit.grade.submission import read_submission

ROOT: Final = Path(__file__).parents[1]
RESULT: Final = ROOT / "benchmarks" / "results" / "cheats.json"

# The cheats are those of the tests, which are no package.
sys.path.insert(0, str(ROOT / "tests" / "kit" / "cheats"))
CHEATS: Final[dict[str, Any]] = importlib.import_module("cheats").CHEATS
GROUND: Final = importlib.import_module("cheats").Ground
host_in: Final = importlib.import_module("host").host_in

CODE: Final = {
    "drift": ("monitor.py", "\n\ndef decide(month, reference, history):\n    return guess(1.0)\n"),
    "features": ("features.py", "\n\ndef build_features(tables, cutoff):\n    return guess(1.0)\n"),
    "incident": ("guard.py", "\n\ndef check(month_tables, history):\n    return guess(1.0)\n"),
    "reproducibility": ("repository/train.py", "\n\ndef run(*given, **named):\n    return guess(1.0)\n"),
}
"""The file of each scenario whose code is run, and what makes it call a cheat's `guess`."""

FILLED: Final = {"incident": {"affected.csv": "month,customer_id\n2000-01,1\n"}}
"""Files that an answer must have and a starter has not, with nothing in them that is worth anything."""

WRONG_KIND: Final = r"must return|returns a list|does not run"
"""How a report names code that gives something else than what it must; several cheats are no more than that here."""

SECRET: Final = bytes(range(32))
"""Not secret: the packs are the same in every run."""


def bank_with(scenario: str) -> tuple[Bank, Exercise]:
    """The scenario as it is, but for its cases being made once."""
    known = exercise(scenario)
    plant, control = lru_cache(known.scenario.plant), lru_cache(known.scenario.control)
    quick = replace(known, scenario=replace(known.scenario, plant=plant, control=control))
    return lambda _name: quick, quick


def posed(scenario: Exercise) -> Asked:
    """Who gets a pack in which something is planted."""
    given = scenario.scenario
    candidates = (
        Asked(
            scenario=given.name,
            version=given.version,
            candidate=f"cheat {n}",
            level=Level.MID,
            mode=Mode.TAKE_HOME,
        )
        for n in range(100)
    )
    return next(asked for asked in candidates if not is_control(SECRET, asked))


@contextmanager
def folder_with(files: Mapping[str, bytes]) -> Iterator[Path]:
    """A folder of its own with the pack's files; a repository that comes as a bundle is unpacked."""
    with tempfile.TemporaryDirectory(prefix="cheat-") as name:
        folder = Path(name) / "pack"
        write_folder(folder, files)
        if (bundle := folder / "repository.bundle").exists():
            subprocess.run(["git", "clone", "-q", bundle, folder / "repository"], check=True)
            shutil.rmtree(folder / "repository" / ".git")
        yield folder


def tried(name: str, scenario: str, files: Mapping[str, bytes], judge: Callable[[Path], Any]) -> dict[str, Any]:
    """One cheat on one pack: how it ended, its score, whether the report names it, and what it touched."""
    cheat = CHEATS[name]
    code, calls = CODE.get(scenario, ("", ""))
    with folder_with(files) as folder, host_in(folder.parent) as host:
        archive = folder.parent / ("back.tar.gz" if "link" in name else "back.zip")
        write_sheet(folder / SHEET, AnswerSheet(scenario=scenario, trust=True))
        for path, text in FILLED.get(scenario, {}).items():
            (folder / path).write_text(text, encoding="utf-8")
        given = {"scenario": scenario, "table": SHEET, "code": code, "calls": calls}
        cheat.does(GROUND(folder=folder, canary=host.canary, port=host.port, archive=archive, **given))
        verdict = judge(archive if cheat.archive else folder).verdict
        return {
            "scenario": scenario,
            "cheat": name,
            "ended": str(verdict.ended),
            "score": verdict.score,
            "named": re.search(f"{cheat.named}|{WRONG_KIND}", verdict.model_dump_json()) is not None,
            "touched": host.touched(),
        }


def rows_of(scenario: str, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Every cheat that the scenario gives room for."""
    bank, known = bank_with(scenario)
    files = parcel(known, SECRET, posed(known)).files
    rows = []
    for name, cheat in CHEATS.items():
        if cheat.needs == "files" or (cheat.needs == "code" and scenario in CODE):
            rows.append(tried(name, scenario, files, lambda path: graded(read_submission(path, bank), SECRET)))
            say(f"{scenario}: {name}: {rows[-1]['ended']} {rows[-1]['score']}")
    return rows


def show(rows: list[dict[str, Any]]) -> None:
    """One row a scenario, then every cheat that got anything, was not named, or touched something."""
    table = Table("scenario", "cheats", "0 or error", "named", "touched the host")
    for scenario in dict.fromkeys(row["scenario"] for row in rows):
        own = [row for row in rows if row["scenario"] == scenario]
        worth = sum(row["score"] in (0.0, None) for row in own)
        table.add_row(
            scenario, *map(str, (len(own), worth, sum(r["named"] for r in own), sum(bool(r["touched"]) for r in own)))
        )
    Console(width=120).print(table)
    for row in rows:
        if row["score"] not in (0.0, None) or not row["named"] or row["touched"]:
            print(row)


def main() -> None:
    """Try what is missing."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", choices=GRADED, help="this scenario")
    options.add_argument("--resume", action="store_true", help="leave out what is in the file already")
    given = options.parse_args()
    rows = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else []
    done = {row["scenario"] for row in rows} if given.resume else set()
    for name in GRADED if given.only is None else (given.only,):
        if name not in done:
            new = rows_of(name, lambda line: print(line, flush=True))
            rows = sorted([*(row for row in rows if row["scenario"] != name), *new], key=_place)
            RESULT.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    show(rows)


def _place(row: dict[str, Any]) -> int:
    return GRADED.index(row["scenario"])


if __name__ == "__main__":
    main()

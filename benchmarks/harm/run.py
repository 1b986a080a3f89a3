"""What the monitor says, held against exact harm, over many worlds.

Run it as `python benchmarks/harm/run.py`, with `--profile small` for a look that takes less than a minute. Worlds are
kept in a scratch folder, so that an interrupted study goes on and `--show` draws conclusions from what is there. The
full profile writes benchmarks/results/harm.json, docs/harm.md and docs/harm.svg.
"""

import argparse
import json
import platform
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.harm.archetypes import ARCHETYPES
from benchmarks.harm.figures import figures
from benchmarks.harm.page import page
from benchmarks.harm.plot import svg
from benchmarks.harm.study import Plan, made, study
from benchmarks.harm.tables import tables

ROOT = Path(__file__).parents[2]
RESULT = ROOT / "benchmarks" / "results" / "harm.json"
PAGE = ROOT / "docs" / "harm.md"
PICTURE = ROOT / "docs" / "harm.svg"

FIRST_SEED = 101
SEEDS = 20
CUSTOMERS = 16000
SMALL_CUSTOMERS = 3000
SMALL = ("null", "macro_shock", "discount_cliff", "channel_mix", "null_to_default", "fan_out")


def plan_of(profile: str, seeds: int | None, scratch: Path) -> Plan:
    """The full study, or a small one of six archetypes and one seed."""
    small = profile == "small"
    count = seeds or (1 if small else SEEDS)
    return Plan(
        archetypes=[one for one in ARCHETYPES if not small or one.name in SMALL],
        seeds=range(FIRST_SEED, FIRST_SEED + count),
        customers=SMALL_CUSTOMERS if small else CUSTOMERS,
        scratch=scratch,
    )


def write(found: dict[str, Any]) -> None:
    """The result file, the page and its picture."""
    PAGE.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(found | {"python": platform.python_version()}, indent=1, sort_keys=True) + "\n")
    PAGE.write_text(page(found, tables(found)))
    PICTURE.write_text(svg(found["by_archetype"]))


def main() -> None:
    """Run the study and print its tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--profile", choices=("full", "small"), default="full")
    options.add_argument("--seeds", type=int)
    options.add_argument("--scratch", type=Path, help="where worlds are kept; a folder that is thrown away if small")
    options.add_argument("--show", action="store_true", help="make no more worlds; use the seeds that are complete")
    given = options.parse_args()
    console = Console(width=160)
    with tempfile.TemporaryDirectory() as thrown_away:
        kept = Path(tempfile.gettempdir()) / "lab-harm" if given.profile == "full" else Path(thrown_away)
        plan = plan_of(given.profile, given.seeds, given.scratch or kept)
        lines = made(plan) if given.show else study(plan, console.print)
    found = figures(lines)
    for table in tables(found).values():
        table.show(console)
    console.print(
        f"{found['worlds']} worlds, {found['seeds']} seeds, {found['cpu_seconds']:.0f} CPU s; "
        f"cause named first in harmful worlds: {found['causes']['top1_harmful']:.0%}"
    )
    if given.profile == "full":
        write(found)


if __name__ == "__main__":
    main()

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
from benchmarks.harm.study import Maker, Plan, made, study
from benchmarks.harm.tables import tables
from pipelines.environment import quiet
from pipelines.errors import ToolError

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


def maker_of(workers: int, scheduler: str | None) -> Maker | None:
    """Who makes the worlds: a Dask cluster, some processes, or (None) this process. Dask is loaded where it is used."""
    if workers < 1:
        raise SystemExit(f"--workers was {workers}; it has to be 1 or more.")
    if scheduler is None and workers == 1:
        return None
    from benchmarks.harm.cluster import on_processes, on_scheduler

    try:
        return on_scheduler(scheduler) if scheduler else on_processes(workers)
    except ToolError as error:
        raise SystemExit(str(error)) from error


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
    options.add_argument("--workers", type=int, default=1, help="processes of this machine (default: 1)")
    options.add_argument("--scheduler", help="address of a running Dask scheduler that makes the worlds instead")
    options.add_argument("--show", action="store_true", help="make no more worlds; use the seeds that are complete")
    given = options.parse_args()
    quiet()
    console = Console(width=160)
    with tempfile.TemporaryDirectory() as thrown_away:
        kept = Path(tempfile.gettempdir()) / "lab-harm" if given.profile == "full" else Path(thrown_away)
        plan = plan_of(given.profile, given.seeds, given.scratch or kept)
        lines = made(plan) if given.show else study(plan, console.print, maker_of(given.workers, given.scheduler))
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

"""What the monitor costs, promises and keeps, section by section.

Run it as `python benchmarks/monitoring/run.py`, with `--profile small` for a look that takes less than a minute, or
with `--only delay` for one section. Every section is a file beside this one with two functions, `measure(profile)` and
`table(result)`. The full profile writes benchmarks/results/monitoring.json anew after each section.
"""

import argparse
import importlib.util
import json
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from rich.console import Console

HERE = Path(__file__).parent
RESULT = HERE.parent / "results" / "monitoring.json"
SECTIONS = ("speed", "false_pages", "delay", "coverage", "gate")
PROFILES = ("full", "small")
WIDTH = 170
BY_WORLDS = ("false_pages", "delay")
"""Sections that draw worlds, and take their number."""


def section(name: str) -> ModuleType | None:
    """The section's module, None where its file is not there."""
    path = HERE / f"{name}.py"
    if not path.exists():
        return None
    spec = importlib.util.spec_from_file_location(f"bench_{name}", path)
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def run(names: Sequence[str], profile: str, console: Console, *, worlds: int | None = None) -> dict[str, Any]:
    """Measure and show the sections; the full profile keeps what it has after each of them."""
    kept = _kept() if profile == "full" else {}
    for name in names:
        module = section(name)
        if module is None:
            console.print(f"{name}: no such section yet")
            continue
        wall, cpu = time.perf_counter(), time.process_time()
        result = module.measure(profile, **_counts(name, worlds))
        took = {"wall": round(time.perf_counter() - wall, 1), "cpu": round(time.process_time() - cpu, 1)}
        console.print(module.table(result))
        console.print(f"{name}: {took['wall']} s ({took['cpu']} s of CPU)\n")
        kept[name] = {"result": result, "seconds": took, "python": platform.python_version()}
        if profile == "full":
            RESULT.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n")
    return kept


def _counts(name: str, worlds: int | None) -> dict[str, int]:
    return {"worlds": worlds} if worlds is not None and name in BY_WORLDS else {}


def _kept() -> dict[str, Any]:
    return dict(json.loads(RESULT.read_text())) if RESULT.exists() else {}


def main() -> None:
    """Run all sections, or the one asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--profile", choices=PROFILES, default="full")
    options.add_argument("--only", choices=SECTIONS, help="one section instead of all")
    options.add_argument("--worlds", type=int, help="worlds drawn for each row of false pages and delay")
    asked = options.parse_args()
    run((asked.only,) if asked.only else SECTIONS, asked.profile, Console(width=WIDTH), worlds=asked.worlds)


if __name__ == "__main__":
    main()

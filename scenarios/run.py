"""Running scenarios: what DVC says has changed, under one Prefect server, and then each one's summary."""

import contextlib
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pipelines.errors import ToolError
from pipelines.flows.server import prefect_server
from pipelines.layout import Layout
from pipelines.parameters import read_parameters
from pipelines.versions import changed_stages, reproduce
from scenarios.catalogue import SCENARIOS, scenario_module
from scenarios.overview.page import write_overview

_RUNNING = re.compile(r"Running stage '(.+)':$")
_CACHED = re.compile(r"Stage '(.+)' is cached - skipping run, checking out outputs$")
_NOISE = re.compile(
    r"> |\s*git add |\s*dvc config |To (track|enable) |Use `dvc push`|(Updating|Generating) lock file"
    r"|Stage '.+' didn't change|Data and pipelines are up to date|\s*$"
)
"""What DVC says to people who work with it by hand."""


def run_scenarios(root: Path, names: Sequence[str], *, say: Callable[[str], None]) -> tuple[Path, ...]:
    """Bring the scenarios' reports up to date in the order given, say what happens, and return their pages.

    Raises
    ------
    LabError
        For an unknown scenario or parameters that cannot be used, before any report is touched.
    ToolError
        When a stage fails; its own words have been said by then.
    """
    scenarios = {name: scenario_module(name) for name in names}
    # Here too, since DVC takes a stage's last report away before the stage can refuse them.
    read_parameters(root / "params.yaml")
    with contextlib.ExitStack() as started:
        for name, scenario in scenarios.items():
            target = f"scenario@{name}"
            if changed_stages(root, target):
                # The first that needs it starts the server; the others find its address in the environment.
                started.enter_context(prefect_server(root / ".prefect", wait=False))
                _bring_up_to_date(root, target, say=say)
            else:
                say("Nothing has changed since the last run; this is its summary.")
            say(scenario.summarise(root / "reports" / name))
            write_overview(Layout(root, home=root), SCENARIOS)
    return tuple(root / "reports" / name / "index.html" for name in scenarios)


def readable(line: str) -> str | None:
    """A line of `dvc repro` as a reader wants it; None for what only concerns DVC."""
    if running := _RUNNING.match(line):
        return f"{running[1]}"
    if cached := _CACHED.match(line):
        return f"{cached[1]}: taken from the cache of earlier runs"
    return None if _NOISE.match(line) else line


def project_root() -> Path:
    """The folder with dvc.yaml: the working folder or the nearest one above it.

    Raises
    ------
    ToolError
        When there is none.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "dvc.yaml").is_file():
            return folder
    raise ToolError(f"There is no dvc.yaml in {here} or above it. Run this from the project's folder.")


def _bring_up_to_date(root: Path, target: str, *, say: Callable[[str], None]) -> None:
    def show(line: str) -> None:
        if (text := readable(line)) is not None:
            say(text)

    begun = time.monotonic()
    code = reproduce(root, target, environment={}, show=show)
    if code:
        raise ToolError(
            f"The run stopped before '{target}' was done; the lines above say why. Nothing half-made is kept."
        )
    say(f"Done in {time.monotonic() - begun:.0f} s.")

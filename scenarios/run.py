"""Running scenarios: what DVC says has changed, two at a time under one Prefect server, then each one's summary."""

import contextlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from pipelines.errors import ToolError
from pipelines.flows.server import prefect_server
from pipelines.layout import Layout
from pipelines.versions import changed_stages, reproduce, run_plan
from scenarios.catalogue import SCENARIOS, require_known

_AT_ONCE = 2
"""Scenarios run beside each other: each keeps one core busy, and the lab is made for two."""

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
    for name in names:
        require_known(name)
    new = {name for name in names if not _page(root, name).exists()}
    with contextlib.ExitStack() as started:
        if new:
            # It takes longest to start, so it comes before anything else is loaded.
            _start_server(started, root)
        _refuse_bad_parameters(root)
        # What has no report yet is not asked about: DVC takes seconds to say what is plain.
        changed = [name for name in names if name in new or changed_stages(root, _target(name))]
        if changed and not new:
            _start_server(started, root)
        running = started.enter_context(_under_way(root, changed, say=say))
        for name in names:
            if name in running:
                say(f"{_target(name)}: done in {running[name].result():.0f} s.")
            else:
                say(f"{_target(name)}: nothing has changed since the last run; this is its summary.")
            say(_concluded(root, name))
    return tuple(_page(root, name) for name in names)


def _concluded(root: Path, name: str) -> str:
    """What the scenario found; the front page shows it too."""
    from scenarios.overview.page import write_overview
    from scenarios.summary import summary

    layout = Layout(root, home=root)
    write_overview(layout, SCENARIOS)
    return summary(name, layout.report(name))


def _start_server(started: contextlib.ExitStack, root: Path) -> None:
    """The first stage that needs the server waits for it; all find its address in the environment."""
    started.enter_context(prefect_server(root / ".prefect", wait=False))


def _refuse_bad_parameters(root: Path) -> None:
    """Here too, since DVC takes a stage's last report away before the stage can refuse them."""
    from pipelines.parameters import read_parameters

    read_parameters(root / "params.yaml")


def _page(root: Path, name: str) -> Path:
    return Layout(root, home=root).report(name) / "index.html"


@contextlib.contextmanager
def _under_way(root: Path, names: Sequence[str], *, say: Callable[[str], None]) -> Iterator[dict[str, Future[float]]]:
    """Seconds that bringing each scenario up to date takes, two at a time; what still runs ends with the block."""
    shared, own = run_plan(root, [_target(name) for name in names])
    # What several stand on is made once, before any of them reads it.
    if shared:
        _bring_up_to_date(root, *shared, say=say)
    with ThreadPoolExecutor(_AT_ONCE) as pool, contextlib.ExitStack() as children:

        def start(name: str) -> Future[float]:
            heard = say if len(names) == 1 else lambda line: say(f"[{name}] {line}")
            return pool.submit(_bring_up_to_date, root, *own[_target(name)], say=heard, ended_with=children)

        try:
            yield {name: start(name) for name in names}
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


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


def _target(name: str) -> str:
    return f"scenario@{name}"


def _bring_up_to_date(
    root: Path, *stages: str, say: Callable[[str], None], ended_with: contextlib.ExitStack | None = None
) -> float:
    """Run what has changed of these stages, each after those it reads from, and return the seconds it took."""

    def show(line: str) -> None:
        if (text := readable(line)) is not None:
            say(text)

    begun = time.monotonic()
    code = reproduce(root, "--single-item", *stages, environment={}, show=show, ended_with=ended_with)
    if code:
        raise ToolError(
            f"The run stopped before '{stages[-1]}' was done; the lines above say why. Nothing half-made is kept."
        )
    return time.monotonic() - begun

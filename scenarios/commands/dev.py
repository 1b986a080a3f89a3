"""`lab dev`: start a scenario, and check what is left to do. Everything heavy is imported where it is used."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from scenarios.kit.dev.verdict import Ruling

app = typer.Typer(help="Build a scenario: `new` scaffolds one, `check` holds it to the rules.", no_args_is_help=True)

_SIGNALS = (
    "validation discipline",
    "data-leakage literacy",
    "feature engineering",
    "drift and monitoring",
    "reproducibility",
    "production scar tissue",
)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="3 to 20 small letters: folder, make target and DVC stage.")],
    *,
    signal: Annotated[str, typer.Option(help=f"What it shows about an engineer: {', '.join(_SIGNALS)}.")] = _SIGNALS[0],
    show: Annotated[bool, typer.Option("--show", help="Say what would be written, and write nothing.")] = False,
) -> None:
    """Scaffold a small graded scenario that works, registered everywhere, with its TODOs marked."""
    from pipelines.rim import known_errors_shown

    with known_errors_shown():
        from scenarios.kit.dev.scaffold import scaffold, signal_named, write
        from scenarios.kit.dev.telling import told
        from scenarios.run import project_root

        root = project_root()
        made = scaffold(root, name, signal_named(signal))
        if not show:
            write(root, made)
        typer.echo(told(name, made, written=not show))


@app.command()
def check(
    name: Annotated[str | None, typer.Argument(help="A scenario; left out: every graded one.")] = None,
    *,
    seeds: Annotated[int, typer.Option(min=1, max=50, help="Cases made, and as many controls.")] = 5,
    level: Annotated[str, typer.Option(help="junior, mid or senior.")] = "mid",
    paper: Annotated[bool, typer.Option("--paper", help="Only what is written: files, pages, hints, marks.")] = False,
) -> None:
    """Hold scenarios to the rules. Exit code 0: all hold; 1: one is broken or left to do; 2: cannot be tried."""
    from pipelines.rim import known_errors_shown

    with known_errors_shown():
        from scenarios.catalogue import GRADED

        codes = [_checked(one, seeds=seeds, level=level, paper=paper) for one in ([name] if name else GRADED)]
    raise typer.Exit(max(codes))


def _checked(name: str, *, seeds: int, level: str, paper: bool) -> int:
    from rich.console import Console

    from pipelines.errors import LabError
    from scenarios.base import Level
    from scenarios.catalogue import GRADED, scenario_module
    from scenarios.kit.dev.check import rulings
    from scenarios.kit.dev.verdict import exit_code, table
    from scenarios.run import project_root

    if name not in GRADED:
        raise LabError(f"There is no graded scenario '{name}'. Graded: {', '.join(GRADED)}.")
    if level not in list(Level):
        raise LabError(f"There is no level '{level}'. Levels: {', '.join(Level)}.")
    found: list[Ruling] = rulings(
        project_root(), scenario_module(name).SCENARIO, seeds=0 if paper else seeds, level=Level(level), say=_aside
    )
    Console().print(table(name, found))
    return exit_code(found)


def _aside(text: str) -> None:
    typer.echo(text, err=True)

"""`lab learn`: the scenarios as a path of small tasks. Everything heavy is imported where it is used."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from scenarios.base import Scenario
    from scenarios.kit.learn.desk import Desk, Reply

app = typer.Typer(
    help="Learn at your own pace: an ordered path of small graded tasks, checked on every save.",
    invoke_without_command=True,
)

_FOLDER = typer.Option("--dir", help="Your folder: files, cases and progress.yaml. By default learn/ in the project.")


@app.callback()
def watch(
    context: typer.Context,
    *,
    folder: Annotated[Path | None, _FOLDER] = None,
    manual: Annotated[
        bool, typer.Option("--manual-run", help="Check only when r is pressed, not on every save.")
    ] = False,
) -> None:
    """Take up the task at hand: every save is checked; h gives a hint, n goes on, q leaves."""
    context.obj = folder
    if context.invoked_subcommand is not None:
        return
    with _at_the_desk(context) as desk:
        from scenarios.kit.learn.keys import keyboard
        from scenarios.kit.learn.watch import watch as run

        with keyboard() as keys:
            done = run(desk, keys, show=_show, manual=manual)
    raise typer.Exit(0 if done else 1)


@app.command()
def check(
    context: typer.Context,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Check every task that was passed once more.")] = False,
) -> None:
    """Grade the task at hand. Exit code 0: passed; 1: not yet; 2: the file cannot be read."""
    with _at_the_desk(context) as desk:
        _end(desk.check_all() if everything else desk.check())


@app.command()
def hint(context: typer.Context) -> None:
    """The next hint: a nudge, where to look, a worked step."""
    with _at_the_desk(context) as desk:
        _end(desk.hint())


@app.command()
def task(context: typer.Context) -> None:
    """Say again what the task at hand asks."""
    with _at_the_desk(context) as desk:
        _end(desk.look())


@app.command()
def next(context: typer.Context) -> None:  # noqa: A001 - the word for it
    """Go on to the next task that is not done."""
    with _at_the_desk(context) as desk:
        _end(desk.next())


@app.command()
def go(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="TASK", help="Such as drift/what, or a scenario for its first task.")],
) -> None:
    """Take up any task, in any order."""
    with _at_the_desk(context) as desk:
        _end(desk.go(name))


@app.command("list")
def list_tasks(context: typer.Context) -> None:
    """Every task and its status."""
    with _at_the_desk(context) as desk:
        _end(desk.list())


@app.command()
def progress(context: typer.Context) -> None:
    """How far you are, by scenario."""
    with _at_the_desk(context) as desk:
        _end(desk.standing())


@app.command()
def reset(context: typer.Context) -> None:
    """Put the task's original file back; yours is kept beside it as a backup."""
    with _at_the_desk(context) as desk:
        _end(desk.reset())


@app.command()
def solution(
    context: typer.Context,
    *,
    give_up: Annotated[bool, typer.Option("--give-up", help="See it without having passed; it is noted.")] = False,
) -> None:
    """The reference's answer, what was true, and why: after a pass, or when you give up."""
    with _at_the_desk(context) as desk:
        _end(desk.solution(give_up=give_up))


@contextmanager
def _at_the_desk(context: typer.Context) -> Iterator["Desk"]:
    from pipelines.rim import known_errors_shown

    with known_errors_shown():
        yield _desk(context.obj)


def _desk(folder: Path | None) -> "Desk":
    from functools import partial

    from scenarios.catalogue import GRADED
    from scenarios.kit.learn.course import read_courses
    from scenarios.kit.learn.desk import Desk
    from scenarios.run import project_root

    root = project_root()
    courses = read_courses(Path(__file__).parents[1], GRADED)
    return Desk(
        folder=folder or root / "learn",
        kept=root / ".lab" / "learn",
        courses=courses,
        scenarios={one.scenario: partial(_loaded, one.scenario) for one in courses},
        say=_show,
    )


def _loaded(name: str) -> "Scenario[Any]":
    from scenarios.catalogue import scenario_module

    found: Scenario[Any] = scenario_module(name).SCENARIO
    return found


def _show(text: str) -> None:
    from rich.console import Console

    Console(soft_wrap=True, highlight=False).print(text)


def _end(reply: "Reply") -> None:
    _show(reply.text)
    if not reply.good:
        raise typer.Exit(1)

"""The incident story in the terminal: the verdict first, on one screen, readable without colour."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scenarios.incident.story import Month, Practice, Story
from scenarios.incident.telling import answer, first_said, marks, verdict
from scenarios.page.figures import DASH, money, month, number, printable
from scenarios.page.location import ACTIVATE, PUT_BACK, from_here

SIGNS: Final = {"ok": "quiet", "info": "note", "warning": "WARN", "critical": "ALARM", "unknown": "?"}
"""A layer's verdict in a word."""


def print_story(story: Story, console: Console, report: Path) -> None:
    """Print the story. `report` is the scenario's report folder, or the page in it."""
    console.print(_text(verdict(story), "bold green" if story.control else "bold red"))
    for one in answer(story):
        console.print(_text(f"{one.heading}: {one.sentence}"))
    console.print(Text("\nWho could see what", style="bold") + _text(f"  (level {story.level})"))
    console.print(_months(story.months))
    console.print(Text("\nFirst alarm", style="bold"))
    console.print(_first(story))
    console.print(Text("\nPractice", style="bold") + _text("  (points on the sheet, without the guard)"))
    console.print(_practices(story.practices))
    _print_next(console, report)


def _text(text: str, style: str = "") -> Text:
    """Foreign text without markup or control characters."""
    return Text(printable(text), style=style)


def _table(heads: Sequence[tuple[str, bool]]) -> Table:
    """An empty table; each head says whether its cells may wrap."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for name, wraps in heads:
        table.add_column(name, no_wrap=not wraps, overflow="fold" if wraps else "ellipsis")
    return table


def _months(months: Sequence[Month]) -> Table:
    names = ("month", "dashboard", "vendor", "monitor", "guard", "hit", "cost", "so far")
    table = _table([(name, False) for name in names])
    for one in months:
        said = [SIGNS.get(kind, kind) for kind, _ in marks(one)]
        figures = (number(one.hit), money(one.cost), money(one.so_far))
        table.add_row(*map(_text, (month(one.label), *said, *figures)))
    return table


def _first(story: Story) -> Table:
    table = _table([("when", False), ("layer", False), ("", True)])
    for name, when, said in first_said(story):
        table.add_row(_text(when), _text(name), _text(said or DASH))
    return table


def _practices(practices: Sequence[Practice]) -> Table:
    table = _table([("points", False), ("claims", False), ("", True)])
    for one in practices:
        accuses = f"{one.where}, {one.mechanism}, since {month(one.since)}" if one.where else "nothing"
        points = f"{number(one.points)} of {number(one.of)}"
        table.add_row(points, _text(money(one.cost)), _text(f"{one.name}: accuses {accuses}"))
    return table


def _print_next(console: Console, report: Path) -> None:
    folder = report.parent if report.suffix == ".html" else report
    console.print()
    for what, where in (
        ("the page", from_here(folder / "index.html")),
        ("the task, to try yourself", "data/incident/BRIEF.md"),
        ACTIVATE,
        ("another case", "dvc exp run -S incident.seed=7 scenario@incident"),
        PUT_BACK,
    ):
        # A path is of use only whole: it may run over the edge rather than be broken.
        console.print(Text(f"{what:<26}") + _text(where, "cyan"), no_wrap=True, overflow="ignore", crop=False)

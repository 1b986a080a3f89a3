"""The leakage story in the terminal: the verdict first, on one screen, readable without colour."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scenarios.kit.story import Interval
from scenarios.leakage.story import Depth, Month, Planted, Practice, Story
from scenarios.leakage.telling import answer, auc, verdict
from scenarios.page.figures import DASH, counted, month, months_in, number, printable
from scenarios.page.location import ACTIVATE, PUT_BACK, from_here

MOST_NAMES: Final = 3
"""Columns named for a planted thing; the page has all."""

SHORT: Final[Mapping[Depth, str]] = {"table": "the table", "serving": "+ the log", "events": "+ events"}
"""What the audit needs at least, in a word or two."""

TRUST: Final = {True: "trusts", False: "doubts", None: "undecided"}
"""Decisions about the score in one word."""


def print_story(story: Story, console: Console, report: Path) -> None:
    """Print the story. `report` is the scenario's report folder, or the page in it."""
    console.print(_text(verdict(story), "bold green" if story.control else "bold red"))
    for one in answer(story)[1:]:
        console.print(_text(one.sentence))
    console.print(Text("\nAUC by month", style="bold") + _text(f"  ({_about(story)})"))
    console.print(_months(story))
    if story.planted:
        console.print(Text("\nPlanted", style="bold"))
        console.print(_planted(story))
    console.print(Text("\nPractice", style="bold"))
    console.print(_practices(story.practices))
    _print_next(console, report)


def _text(text: str, style: str = "") -> Text:
    """Foreign text without markup or control characters."""
    return Text(printable(text), style=style)


def _about(story: Story) -> str:
    return f"trained on {months_in(story.trained)}; level {story.level}{', control' if story.control else ''}"


def _table(heads: Sequence[tuple[str, bool]]) -> Table:
    """An empty table; each head says whether its cells may wrap."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for name, wraps in heads:
        table.add_column(name, no_wrap=not wraps, overflow="fold" if wraps else "ellipsis")
    return table


def _months(story: Story) -> Table:
    names = ("month", "", "offline", "production", *(() if story.control else ("nothing planted",)))
    table = _table([(name, False) for name in names])
    for told in story.months:
        table.add_row(*map(_text, _month(told)[: len(names)]))
    return table


def _month(told: Month) -> tuple[str, ...]:
    production = None if told.part == "test" else told.production
    return (month(told.label), told.part, _figure(told.offline), _figure(production), _figure(told.honest))


def _figure(one: Interval | None) -> str:
    return DASH if one is None else auc(one.auc)


def _planted(story: Story) -> Table:
    table = _table([("damage", False), ("by gain", False), ("found from", False), ("what, and where", True)])
    for one in story.planted:
        found = SHORT[one.found_by] if one.found_by else "NOT FOUND"
        table.add_row(auc(one.damage), f"no. {one.rank}", found, _text(f"{one.title} [{_where(one)}]"))
    return table


def _where(one: Planted) -> str:
    more = len(one.columns) - MOST_NAMES
    named = ", ".join(one.columns[:MOST_NAMES]) or "rows"
    return f"{named} and {more} more" if more > 0 else named


def _practices(practices: Sequence[Practice]) -> Table:
    table = _table([("points", False), ("claims", False), ("gets", False), ("", True)])
    for one in practices:
        claims = DASH if one.claimed is None else auc(one.claimed)
        said = f"{one.name}: {TRUST[one.trust]}, names {counted(len(one.named), 'column')}"
        table.add_row(number(one.score), claims, auc(one.real), _text(said))
    return table


def _print_next(console: Console, report: Path) -> None:
    folder = report.parent if report.suffix == ".html" else report
    console.print()
    for what, where in (
        ("the page", from_here(folder / "index.html")),
        ("the task, to try yourself", "data/leakage/BRIEF.md"),
        ACTIVATE,
        ("another case", "dvc exp run -S leakage.seed=7 scenario@leakage"),
        PUT_BACK,
    ):
        # A path is of use only whole: it may run over the edge rather than be broken.
        console.print(Text(f"{what:<26}") + _text(where, "cyan"), no_wrap=True, overflow="ignore", crop=False)

"""The validation story in the terminal: the verdict first, on one screen, readable without colour."""

from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scenarios.page.figures import DASH, counted, month, number, printable
from scenarios.page.location import ACTIVATE, PUT_BACK, from_here
from scenarios.validation.story import Story
from scenarios.validation.telling import answer, auc, bought, spoken, verdict

TRUST: Final = {True: "trusts", False: "doubts", None: "undecided"}
"""Decisions about the score in one word."""


def print_story(story: Story, console: Console, report: Path) -> None:
    """Print the story. `report` is the scenario's report folder, or the page in it."""
    console.print(_text(verdict(story), "bold green" if story.control else "bold red"))
    for one in answer(story)[2:]:
        console.print(_text(one.sentence))
    if story.traps:
        console.print(Text("\nTraps", style="bold"))
        console.print(_traps(story))
    console.print(Text("\nThe score, made in other ways", style="bold"))
    console.print(_corrected(story))
    console.print(Text("\nAUC of the shipped model by month", style="bold"))
    console.print(_months(story))
    console.print(Text("\nPractice", style="bold"))
    console.print(_practices(story))
    _print_next(console, report)


def _text(text: str, style: str = "") -> Text:
    """Foreign text without markup or control characters."""
    return Text(printable(text), style=style)


def _table(*heads: str) -> Table:
    """An empty table whose last column may wrap."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for at, name in enumerate(heads):
        table.add_column(name, no_wrap=at < len(heads) - 1, overflow="fold")
    return table


def _traps(story: Story) -> Table:
    table = _table("bought", "step", "what")
    for one in story.traps:
        table.add_row(bought(one), one.where, _text(f"{one.title} [{one.code}]"))
    return table


def _corrected(story: Story) -> Table:
    table = _table("made as", "AUC (95 %)")
    for one in story.corrected:
        table.add_row(one.name, DASH if one.score is None else spoken(one.score))
    table.add_row("sealed months", auc(story.auc))
    return table


def _months(story: Story) -> Table:
    table = _table("month", "exact", "best possible", "from outcomes")
    for one in story.months:
        table.add_row(month(one.label), auc(one.expected), auc(one.best), spoken(one.realised))
    return table


def _practices(story: Story) -> Table:
    table = _table("points", "expects", "")
    for one in story.practices:
        said = f"{one.name}: {TRUST[one.trust]}, names {counted(len(one.named), 'mistake')}"
        table.add_row(number(one.score), DASH if one.claimed is None else auc(one.claimed), _text(said))
    return table


def _print_next(console: Console, report: Path) -> None:
    folder = report.parent if report.suffix == ".html" else report
    console.print()
    for what, where in (
        ("the page", from_here(folder / "index.html")),
        ("the task, to try yourself", "data/validation/BRIEF.md"),
        ACTIVATE,
        ("another case", "dvc exp run -S validation.seed=7 scenario@validation"),
        PUT_BACK,
    ):
        # A path is of use only whole: it may run over the edge rather than be broken.
        console.print(Text(f"{what:<26}") + _text(where, "cyan"), no_wrap=True, overflow="ignore", crop=False)

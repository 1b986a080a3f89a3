"""The features story in the terminal: the verdict first, on one screen, readable without colour."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scenarios.features.story import Practice, Story
from scenarios.features.telling import KINDS, answer, auc, reached, verdict, wrong_labels
from scenarios.page.figures import month, number, percent, printable
from scenarios.page.location import ACTIVATE, PUT_BACK, from_here


def print_story(story: Story, console: Console, report: Path) -> None:
    """Print the story. `report` is the scenario's report folder, or the page in it."""
    console.print(_text(verdict(story), "bold green"))
    for one in answer(story)[1:]:
        console.print(_text(one.sentence))
    console.print(Text("\nFrom the stuck model to the best possible", style="bold") + _text(f"  ({_about(story)})"))
    console.print(_ladder(story))
    console.print(Text("\nPlanted", style="bold"))
    console.print(_planted(story))
    console.print(Text("\nPractice", style="bold"))
    console.print(_practices(story.practices))
    _print_next(console, report)


def _text(text: str, style: str = "") -> Text:
    """Foreign text without markup or control characters."""
    return Text(printable(text), style=style)


def _about(story: Story) -> str:
    sealed = " and ".join(month(one) for one in story.sealed)
    return f"AUC in {sealed}; level {story.level}{', control' if story.control else ''}"


def _table(heads: Sequence[tuple[str, bool]]) -> Table:
    """An empty table; each head says whether its cells may wrap."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for name, wraps in heads:
        table.add_column(name, no_wrap=not wraps, overflow="fold" if wraps else "ellipsis")
    return table


def _ladder(story: Story) -> Table:
    table = _table([("AUC", False), ("headroom", False), ("", True)])
    for one in story.ladder:
        table.add_row(auc(one.auc), f"{percent(one.share, 0):>8}", _text(one.name))
    return table


def _planted(story: Story) -> Table:
    table = _table([("found", False), ("", True)])
    for kind, name in KINDS.items():
        planted = [one for one in story.faults if one.kind == kind]
        found = f"{sum(one.found for one in planted)} of {len(planted)}"
        table.add_row(found, _text(f"{name.lower()}{_missed(story, kind)}"))
    table.add_row("", _text(f"labels that are wrong: {wrong_labels(story)}"))
    return table


def _missed(story: Story, kind: str) -> str:
    missed = [one.title for one in story.faults if one.kind == kind and not one.found]
    return f"; MISSED: {', '.join(missed)}" if missed else ""


def _practices(practices: Sequence[Practice]) -> Table:
    table = _table([("points", False), ("", True)])
    for one in practices:
        table.add_row(number(one.score), _text(f"{one.name}: {reached(one)}"))
    return table


def _print_next(console: Console, report: Path) -> None:
    folder = report.parent if report.suffix == ".html" else report
    console.print()
    for what, where in (
        ("the page", from_here(folder / "index.html")),
        ("the task, to try yourself", "data/features/BRIEF.md"),
        ACTIVATE,
        ("another case", "dvc exp run -S features.seed=7 scenario@features"),
        PUT_BACK,
    ):
        # A path is of use only whole: it may run over the edge rather than be broken.
        console.print(Text(f"{what:<26}") + _text(where, "cyan"), no_wrap=True, overflow="ignore", crop=False)

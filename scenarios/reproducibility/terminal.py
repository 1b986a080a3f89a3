"""The reproducibility story in the terminal: the verdict first, on one screen, readable without colour."""

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scenarios.page.figures import counted, number, printable
from scenarios.page.location import ACTIVATE, PUT_BACK, from_here
from scenarios.reproducibility.story import Story
from scenarios.reproducibility.telling import answer, auc, effect, shown, step_name, verdict


def print_story(story: Story, console: Console, report: Path) -> None:
    """Print the story. `report` is the scenario's report folder, or the page in it."""
    console.print(_text(verdict(story), "bold green" if story.control else "bold red"))
    for one in answer(story)[2:]:
        console.print(_text(one.sentence))
    if story.causes:
        console.print(Text("\nCauses", style="bold"))
        console.print(_causes(story))
    console.print(Text(f"\nOn {len(story.machines)} machines, cause after cause cured", style="bold"))
    console.print(_steps(story))
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


def _causes(story: Story) -> Table:
    table = _table("left alone", "where", "what")
    for one in story.causes:
        table.add_row(effect(one, story), one.where, _text(f"{one.title} [{one.code}]"))
    return table


def _steps(story: Story) -> Table:
    table = _table("figures", "lowest", "highest", "hashes", "step")
    for at, one in enumerate(story.steps):
        known = [result.figure for result in one.results if result.figure is not None]
        low, high = (auc(min(known)), auc(max(known))) if known else ("", "")
        whole = all(shown(result) != "breaks" for result in one.results)
        said = step_name(at, one) if whole else f"{step_name(at, one)} (breaks on some)"
        table.add_row(str(one.figures), low, high, str(one.digests), _text(said))
    return table


def _practices(story: Story) -> Table:
    table = _table("points", "")
    for one in story.practices:
        table.add_row(number(one.score), _text(f"{one.name}: names {counted(len(one.named), 'cause')}. {one.what}"))
    return table


def _print_next(console: Console, report: Path) -> None:
    folder = report.parent if report.suffix == ".html" else report
    console.print()
    for what, where in (
        ("the page", from_here(folder / "index.html")),
        ("the task, to try yourself", "data/reproducibility/BRIEF.md"),
        ACTIVATE,
        ("another case", "dvc exp run -S reproducibility.seed=7 scenario@reproducibility"),
        PUT_BACK,
        ("does this run come back?", "lab reproduce reproducibility"),
    ):
        # A path is of use only whole: it may run over the edge rather than be broken.
        console.print(Text(f"{what:<26}") + _text(where, "cyan"), no_wrap=True, overflow="ignore", crop=False)

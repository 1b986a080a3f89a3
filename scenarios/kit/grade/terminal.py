"""Verdicts on a terminal: one in full, or a table of many."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scenarios.base import Check
from scenarios.kit.grade.grading import Graded
from scenarios.kit.grade.pages import headline
from scenarios.kit.grade.ranking import Group
from scenarios.page.figures import DASH, number, printable


def show(found: Graded, console: Console) -> None:
    """One verdict: what is wrong first, then what earned points. It holds no truth."""
    verdict = found.verdict
    about = f"{verdict.scenario}, level {verdict.level}, {verdict.mode}" if verdict.scenario else "no pack"
    console.print(
        f"\n[bold]{_safe(verdict.candidate or verdict.submission)}[/bold] ({_safe(about)}): {headline(found)}"
    )
    for problem in verdict.problems:
        for line in problem.splitlines():
            console.print(f"  {_safe(line)}", soft_wrap=True)
    if verdict.why_not:
        console.print(f"  not authoritative: {_safe(verdict.why_not)}")
    for sign in verdict.signs:
        console.print(f"  note: {_safe(sign.what)}, {_safe(sign.where)}: {_safe(sign.says)}", soft_wrap=True)
    if verdict.card is not None:
        console.print(_checks(verdict.card.checks))


def show_ranking(groups: Sequence[Group], console: Console) -> None:
    """A table for every scenario and level."""
    for group in groups:
        table = Table(title=_safe(group.title), title_justify="left", box=None, pad_edge=False)
        for name, justify in (("rank", "right"), ("submission", "left"), ("points", "right"), ("verdict", "left")):
            table.add_column(name, justify="right" if justify == "right" else "left")
        table.add_column("to know", overflow="fold")
        for one in group.places:
            rank = str(one.rank) if one.rank is not None else DASH
            who = _safe(one.verdict.candidate or one.verdict.submission)
            table.add_row(rank, who, number(one.verdict.score, 1), str(one.verdict.ended), _safe(one.reason))
        console.print()
        console.print(table)


def _checks(checks: Sequence[Check]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("check")
    table.add_column("points", justify="right")
    table.add_column("verdict")
    for one in checks:
        table.add_row(_safe(one.name), f"{one.points:.1f} of {one.of:g}", str(one.status))
    return table


def _safe(text: str) -> str:
    return escape(printable(text))

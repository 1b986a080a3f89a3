"""The monitor in the terminal: the verdict, a line for each month, what fires, and what moved."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitoring.monitor import MonthReport
from monitoring.vocabulary import Layer
from scenarios.monitor.report import Column, Report, Told, columns
from scenarios.monitor.telling import (
    WORDS,
    auc_of,
    ended,
    layers_of,
    limits_of,
    mark,
    title,
    verdict,
    worth,
)
from scenarios.page.figures import number, printable
from scenarios.page.location import from_here
from scenarios.page.marks import Kind

SIGNS: Final[dict[Kind, tuple[str, str]]] = {
    "ok": (".", "green"),
    "info": ("i", "blue"),
    "warning": ("!", "bold yellow"),
    "critical": ("X", "bold red"),
    "unknown": ("?", "dim"),
    "none": (" ", ""),
    "word": (" ", ""),
}
"""Sign and style of a verdict: ASCII, so that they survive any terminal and say enough without colour."""

MOST_COLUMNS: Final = 12
MOST_MONTHS: Final = 24
"""What is shown at most; the page has all."""

SHORT: Final = {
    Layer.RUN: "Scored",
    Layer.GATE: "Data",
    Layer.PREDICTION: "Predicted",
    Layer.ESTIMATE: "Estimated",
    Layer.INPUT: "Inputs",
    Layer.REALISED: "Realised",
    Layer.BUSINESS: "Worth",
}
"""Layers in a word; its first letter heads the layer's place in a month's signs."""


def print_report(report: Report, console: Console, page: Path) -> None:
    """Print the report; `page` is where the HTML page lies."""
    said = verdict(report)
    styles = {"ok": "bold green", "warning": "bold yellow", "critical": "bold red"}
    console.print(_text(said.found, styles.get(said.kind, "bold")))
    for one in said.sentences[1:]:
        console.print(_text(one))
    if report.months:
        _print_months(report, console)
        _print_incidents(report.incidents, report, console)
        _print_columns(columns(report.months[-1]), report, console)
    _print_list(console, "What cannot be said", limits_of(report.watched))
    _print_list(console, "Notes", (*report.watched.notes, *report.notes))
    # A path is of use only whole: it may run over the edge rather than be broken.
    console.print(Text("\nPage: ") + _text(from_here(page), "cyan"), no_wrap=True, overflow="ignore", crop=False)


def _print_months(report: Report, console: Console) -> None:
    layers = layers_of(report)
    table = _table("Month", "Rows", "".join(SHORT[one][0] for one in layers), "AUC", "Fires")
    for one in report.months[-MOST_MONTHS:]:
        signs = Text().join(Text(*SIGNS[mark(one, layer)]) for layer in layers)
        rows, found = number(report.watched.rows.get(one.month)), auc_of(one)
        auc = "" if found is None else number(found.value, 3)
        table.add_row(report.named(one.month), rows, signs, auc, _firing(one, report.incidents))
    console.print()
    console.print(table)
    console.print(_text(", ".join(f"{SHORT[one][0]} {SHORT[one]}" for one in layers), "dim"))
    console.print(_text(". fine   i a note   ! a warning   X calls a person   ? cannot tell", "dim"))


def _firing(month: MonthReport, incidents: Iterable[Told]) -> Text:
    active = {one.name for one in month.incidents if one.lead.active}
    return _text(", ".join(one.incident.name for one in incidents if one.incident.name in active))


def _print_incidents(incidents: tuple[Told, ...], report: Report, console: Console) -> None:
    if not incidents:
        return
    console.print(Text("\nIncidents", style="bold"))
    for one in incidents:
        word, style = SIGNS[one.incident.severity.value]
        cost = (
            f" At its worst about {worth(one.incident.effect_money)}." if one.incident.effect_money is not None else ""
        )
        console.print(
            Text(f" {word} ", style=style)
            + _text(f"{title(one)}, {one.incident.severity}, {one.state}, {one.incident.name}", "bold")
        )
        console.print(_text(f"   {ended(report.worded(one.incident.lead.message))}{cost}"))
        console.print(_text(f"   What to do: {report.worded(one.incident.lead.what_to_do)}", "dim"))


def _print_columns(found: tuple[Column, ...], report: Report, console: Console) -> None:
    if not found:
        return
    shown = [one for one in found if one.word != "still"][:MOST_COLUMNS] or list(found[:1])
    table = _table("Input", "Verdict", "Distance", "Limit")
    for one in shown:
        kind, word = WORDS[one.word]
        table.add_row(
            _text(one.name),
            Text(word, style=SIGNS[kind][1]),
            number(one.distance, 3),
            number(one.limit, 3),
        )
    still = len(found) - len(shown)
    named = report.named(report.months[-1].month)
    console.print(Text(f"\nInputs, {named}", style="bold") + _text(f"  ({still} more on the page)" if still else ""))
    console.print(table)


def _table(*heads: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False)
    for head in heads:
        right = head in ("Rows", "AUC", "Distance", "Limit")
        whole = right or head == "Month"
        table.add_column(head, justify="right" if right else "left", overflow="fold", no_wrap=whole)
    return table


def _print_list(console: Console, name: str, said: Iterable[str]) -> None:
    every = list(said)
    if not every:
        return
    console.print(Text(f"\n{name}", style="bold"))
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for one in every:
        table.add_row(" -", _text(one))
    console.print(table)


def _text(text: str, style: str = "") -> Text:
    """Foreign text without markup or control characters."""
    return Text(printable(text), style=style)

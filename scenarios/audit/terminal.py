"""The audit in the terminal: the verdict first, then what is not in order, in words that need no colour."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitoring.leakage.vocabulary import Audit, ColumnFinding, ColumnVerdict, ScoreBy
from scenarios.audit.report import Report
from scenarios.audit.telling import (
    DEPTHS,
    SPLITS,
    evidence,
    label_sentences,
    mechanism,
    row_sentences,
    serving_sentences,
    sure,
    verdict,
)
from scenarios.page.dot_plot import spoken_interval
from scenarios.page.figures import counted, percent, printable
from scenarios.page.location import from_here

MOST_COLUMNS: Final = 20
"""Columns shown; the page has all."""

MOST_NOTES: Final = 6

WORDS: Final = {ColumnVerdict.LEAK: ("LEAK", "bold red"), ColumnVerdict.SUSPECT: ("suspect", "yellow")}


def print_report(report: Report, console: Console, page: Path) -> None:
    """Print the report; `page` is where the HTML page lies."""
    _print_verdict(report, console)
    _print_columns(report, console)
    _print_scores(report.audit, console)
    _print_list(console, "Rows", row_sentences(report.audit))
    _print_list(console, "Labels", label_sentences(report.audit))
    _print_serving(report.audit, console)
    _print_list(console, "The split", report.audit.invalid_split)
    _print_list(console, "How the table was read", _few(report.notes))
    _print_depth(report, console)
    # A path is of use only whole: it may run over the edge rather than be broken.
    console.print(Text("\nPage: ") + _text(from_here(page), "cyan"), no_wrap=True, overflow="ignore", crop=False)


def _print_verdict(report: Report, console: Console) -> None:
    said = verdict(report)
    styles = {"ok": "bold green", "warning": "bold yellow", "critical": "bold red"}
    console.print(_text(said.found, styles.get(said.kind, "bold")))
    for one in said.sentences[1:]:
        console.print(_text(one))


def _print_columns(report: Report, console: Console) -> None:
    accused = report.having(ColumnVerdict.LEAK, ColumnVerdict.SUSPECT)
    counts = ", ".join(
        f"{len(report.having(one))} {one.value}" for one in ColumnVerdict if report.having(one) and one not in WORDS
    )
    console.print(Text("\nColumns", style="bold") + _text(f"  ({counts})" if counts else ""))
    if accused:
        console.print(_columns(accused[:MOST_COLUMNS]))
    if len(accused) > MOST_COLUMNS:
        console.print(_text(f" and {len(accused) - MOST_COLUMNS} more, which the page shows"))


def _columns(accused: Iterable[ColumnFinding]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("Verdict", no_wrap=True)
    table.add_column("Column", overflow="fold", max_width=24)
    table.add_column("Mechanism, how sure, and why", overflow="fold")
    for one in accused:
        word, style = WORDS[one.verdict]
        why = Text(f"{mechanism(one)}, {sure(one.confidence)}\n", style="bold") + _text(evidence(one))
        table.add_row(Text(word, style=style), _text(one.name), why)
    return table


def _print_scores(audit: Audit, console: Console) -> None:
    if not audit.scores:
        return
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False)
    for name in ("AUC (95 % interval)", "all columns", *(["without the leaks"] if audit.leaks else [])):
        table.add_column(name, overflow="fold")
    for one in audit.scores:
        table.add_row(*map(_text, _score_row(one, leaks=bool(audit.leaks))))
    console.print(Text("\nScores", style="bold"))
    console.print(table)
    _print_marks(console, (f"{SPLITS.get(one.split, one.split)}: {one.note}" for one in audit.scores if one.note))


def _score_row(one: ScoreBy, *, leaks: bool) -> list[str]:
    scores = [one.all_columns, *([one.without_leaks] if leaks else [])]
    return [SPLITS.get(one.split, one.split), *(spoken_interval((s.auc, s.low, s.high), 3) for s in scores)]


def _print_serving(audit: Audit, console: Console) -> None:
    if audit.serving.compared or audit.serving.skewed or audit.serving.says:
        skewed = [f"{one.name} ({percent(one.share)}): {one.says}" for one in audit.serving.skewed]
        _print_list(console, "Training against serving", (*serving_sentences(audit), *skewed))


def _print_depth(report: Report, console: Console) -> None:
    audit = report.audit
    looked = f"{counted(audit.sampled, 'row')} of {audit.rows_given:,}"
    console.print(Text(f"\nWhat {DEPTHS[audit.depth]} can prove", style="bold") + _text(f"  ({looked} looked at)"))
    _print_marks(console, audit.proves)
    _print_list(console, "What it cannot", audit.cannot_prove)
    _print_list(console, "Hints", report.hints)


def _print_list(console: Console, title: str, said: Iterable[str]) -> None:
    every = list(said)
    if every:
        console.print(Text(f"\n{title}", style="bold"))
        _print_marks(console, every)


def _print_marks(console: Console, said: Iterable[str]) -> None:
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for one in said:
        table.add_row(" -", _text(one))
    if table.row_count:
        console.print(table)


def _few(notes: tuple[str, ...]) -> tuple[str, ...]:
    more = len(notes) - MOST_NOTES
    return (*notes[:MOST_NOTES], f"and {more} more notes, which the page shows") if more > 1 else notes


def _text(text: str, style: str = "") -> Text:
    """Foreign text without markup or control characters."""
    return Text(printable(text), style=style)

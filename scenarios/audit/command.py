"""`lab audit`: read what the person gives, audit it, write page and figures, show the verdict."""

from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from monitoring.leakage.audit import audit
from monitoring.leakage.sampling import ROWS
from pipelines import store
from pipelines.errors import LabError
from scenarios.audit.asking import ask
from scenarios.audit.page import render
from scenarios.audit.report import Report, plain_report
from scenarios.audit.request import Request, command_of
from scenarios.audit.telling import verdict
from scenarios.audit.terminal import print_report

PAGE = "index.html"
FIGURES = "audit.json"


def run(request: Request, console: Console, *, say: Callable[[str], None], quiet: bool = False) -> bool:
    """Audit as requested; whether the table is clean.

    Writes ``index.html`` and ``audit.json`` into the request's folder and prints the report; with `quiet` only the
    verdict's first sentence. `say` hears of progress.

    Raises
    ------
    LabError, MonitorError
        For input that cannot be used.
    """
    _refuse_file(request.out)
    say(f"Reading {request.table.name} ...")
    report = make_report(request, say=say)
    page = write(report, request.out)
    if quiet:
        console.print(verdict(report).found, markup=False, highlight=False)
    else:
        print_report(report, console, page)
    return report.audit.clean


def make_report(request: Request, *, say: Callable[[str], None]) -> Report:
    """Read and audit."""
    asked = ask(request, Path.cwd())
    table = asked.question.table
    say(f"Auditing {len(table):,} rows x {len(table.columns)} columns ...")
    found = audit(asked.question, seed=request.seed, rows=ROWS if request.rows is None else request.rows)
    return Report(
        audit=found,
        table=request.table.name,
        target=request.target,
        command=command_of(request),
        notes=asked.notes,
        hints=asked.hints,
    )


def write(report: Report, folder: Path) -> Path:
    """Write page and figures; the page's path."""
    page = folder / PAGE
    try:
        store.write_text(page, render(report))
        store.write_json(folder / FIGURES, plain_report(report, verdict(report).sentences))
    except OSError as error:
        raise LabError(f"--out {folder}: it cannot be written to ({error.strerror}).") from error
    return page


def _refuse_file(folder: Path) -> None:
    """Refuse before the work is done, not after it."""
    if folder.exists() and not folder.is_dir():
        raise LabError(f"--out {folder}: this is a file; name a folder.")

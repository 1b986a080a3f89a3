"""`lab monitor`: read what the person gives, watch it, write page and figures, tell whoever is to be told."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from monitoring.own_tables.watch import Watched, watch
from monitoring.vocabulary import Severity, State
from pipelines import store
from pipelines.errors import LabError
from pipelines.sinks.exit_code import ALERTS, QUIET, ExitCode
from pipelines.sinks.notice import Notice
from pipelines.sinks.sink import Sink, deliver
from pipelines.sinks.webhook import Webhook
from pipelines.sinks.workspace import EvidentlyWorkspace
from scenarios.monitor.asking import Asked, ask
from scenarios.monitor.page import render
from scenarios.monitor.report import Report, plain_alerts, plain_measurements
from scenarios.monitor.request import Request, command_of
from scenarios.monitor.state_file import read_if_there, write_state
from scenarios.monitor.telling import verdict
from scenarios.monitor.terminal import print_report

PAGE = "index.html"
ALERT_FILE = "alerts.json"
MEASUREMENT_FILE = "measurements.json"


def run(request: Request, console: Console, *, say: Callable[[str], None], quiet: bool = False) -> int:
    """Watch as requested; the exit code: 0 quiet, 1 where a warning or worse fires in a month.

    Writes ``index.html``, ``alerts.json`` and ``measurements.json`` into the request's folder, and the state where one
    is kept. `say` hears of progress and of sinks that could not be reached.

    Raises
    ------
    LabError, MonitorError
        For input that cannot be used.
    """
    if request.out.exists() and not request.out.is_dir():
        raise LabError(f"--out {request.out}: this is a file; name a folder.")
    sinks = _sinks(request)  # before the work: an address that cannot be used is refused at once
    say(f"Reading {request.reference.name} and {request.current.name} ...")
    report = _told(make_report(request, say=say), sinks, say=say)
    page = write(report, request.out)
    if request.state is not None:
        write_state(request.state, report.watched.state)
    if quiet:
        console.print(verdict(report).found, markup=False, highlight=False)
    else:
        print_report(report, console, page)
    return report.code


def make_report(request: Request, *, say: Callable[[str], None]) -> Report:
    """Read and watch."""
    asked = ask(request)
    say(f"Watching {len(asked.current):,} rows x {len(asked.current.columns)} columns ...")
    return _report(request, asked)


def _report(request: Request, asked: Asked) -> Report:
    before = read_if_there(request.state)
    watched = watch(asked.reference, asked.current, asked.roles, asked.settings, state=before)
    return Report(
        watched=watched,
        reference=request.reference.name,
        current=request.current.name,
        command=command_of(request),
        code=_standing(watched),
        notes=asked.notes,
    )


def _standing(watched: Watched) -> int:
    """The exit code of the alerts that stood before: what counts where no month is new."""
    loud = (one for one in watched.state.alerts if one.severity is not Severity.INFO)
    return ALERTS if not watched.reports and any(one.state is State.FIRING for one in loud) else QUIET


def _sinks(request: Request) -> tuple[Sink, ...]:
    drawn = [EvidentlyWorkspace(folder=request.out / "evidently", project=request.current.name)]
    return (
        *([Webhook(url=request.webhook)] if request.webhook else []),
        *(drawn if request.evidently else []),
    )


def _told(report: Report, sinks: tuple[Sink, ...], *, say: Callable[[str], None]) -> Report:
    """The report with its exit code, once every month has gone to every sink."""
    code, failures, watched = ExitCode(), list[str](), report.watched
    for given, one in zip(watched.given, watched.reports, strict=True):
        notice = Notice(report=one, about=report.current, currency="", given=given, reference=watched.reference)
        failures += [str(failure) for failure in deliver(notice, (code, *sinks))]
    for failure in failures:
        say(failure)
    return replace(report, code=max(report.code, code.code), failures=tuple(failures))


def write(report: Report, folder: Path) -> Path:
    """Write page and figures; the page's path."""
    page = folder / PAGE
    try:
        store.write_text(page, render(report))
        store.write_json(folder / ALERT_FILE, plain_alerts(report, verdict(report).sentences))
        store.write_json(folder / MEASUREMENT_FILE, plain_measurements(report))
    except OSError as error:
        raise LabError(f"--out {folder}: it cannot be written to ({error.strerror}).") from error
    return page

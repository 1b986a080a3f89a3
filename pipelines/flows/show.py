"""Evidently pages and workspace of production runs, drawn in a process of their own while the story is told."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from prefect import flow

from monitoring.monitor import MonthReport
from monitoring.reference import Reference
from monitoring.screening import MonthInput
from pipelines.flows.steps import step
from pipelines.production import MonthRun

PROJECT = "Churn model in production"

Shown = tuple[Reference, MonthInput, MonthReport]
"""What one month's page is drawn from."""


@contextmanager
def drawing(runs: Sequence[MonthRun], folder: Path) -> Iterator[None]:
    """Draw the runs' Evidently pages and workspace below `folder` while the block runs; done when it ends."""
    # Spawned, not forked: Prefect and LightGBM have threads, which a fork would copy in whatever state they are.
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        drawn = pool.submit(draw, [_shown(done) for done in runs], folder)
        yield
        _wait(drawn)


def pages(runs: Sequence[MonthRun]) -> list[str]:
    """Names of the pages that `drawing` makes: one for each month with a firing alert that is more than a note."""
    return [_page(done.report) for done in runs if _alerting(done.report)]


def draw(shown: Sequence[Shown], folder: Path) -> None:
    """Write every month into the workspace, and a page for each month that alerts."""
    from monitoring import evidently_face

    snapshots = []
    for reference, given, report in shown:
        snapshots.append(evidently_face.month_report(reference, given, report))
        if _alerting(report):
            evidently_face.save_html(snapshots[-1], folder / _page(report))
    evidently_face.to_workspace(snapshots, folder / "workspace", project=PROJECT)


@flow(name="draw Evidently pages", validate_parameters=False)
def _wait(drawn: "Future[None]") -> None:
    _drawn(drawn)


@step("draw Evidently pages")
def _drawn(drawn: "Future[None]") -> None:
    drawn.result()


def _shown(done: MonthRun) -> Shown:
    """Without the raw tables: pages show the model's view, and tables are slow to send to another process."""
    return done.reference, replace(done.given, tables={}, previous_tables={}), done.report


def _alerting(report: MonthReport) -> bool:
    return any(i.lead.active and i.severity != "info" for i in report.incidents)


def _page(report: MonthReport) -> str:
    return f"{report.month}.html"

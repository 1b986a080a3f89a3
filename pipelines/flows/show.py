"""Evidently pages and workspace of production months, drawn in a process of their own while the year goes on."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring.monitor import MonthReport
from monitoring.screening import MonthInput
from pipelines.flows.beside import beside
from pipelines.production import MonthRun

if TYPE_CHECKING:
    from monitoring.evidently_face import Backdrop

PROJECT = "Churn model in production"


@contextmanager
def drawing(folder: Path) -> Iterator[Callable[[MonthRun], None]]:
    """A function that takes a finished month to be drawn below `folder`; all are drawn when the block has ended."""
    from monitoring.evidently_face import backdrop_of

    drawn: list[Future[None]] = []
    with beside() as pool:

        def draw(done: MonthRun) -> None:
            # Without the raw tables: pages show the model's view, and tables are slow to send.
            given = replace(done.given, tables={}, previous_tables={})
            drawn.append(pool.submit(draw_month, backdrop_of(done.reference), given, done.report, folder))

        yield draw
        for one in drawn:
            one.result()


def page_of(report: MonthReport) -> str | None:
    """The name of a month's page; None for a month without a firing alert that is more than a note."""
    alerting = any(i.lead.active and i.severity != "info" for i in report.incidents)
    return f"{report.month}.html" if alerting else None


def draw_month(backdrop: "Backdrop", given: MonthInput, report: MonthReport, folder: Path) -> None:
    """Write a month into the workspace and, where it alerts, as a page of its own."""
    from monitoring import evidently_face

    snapshot = evidently_face.month_report(backdrop, given, report)
    if page := page_of(report):
        evidently_face.save_html(snapshot, folder / page)
    evidently_face.to_workspace([snapshot], folder / "workspace", project=PROJECT)

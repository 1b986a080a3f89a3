"""Evidently pages and workspace of production runs."""

from collections.abc import Sequence
from pathlib import Path

from prefect import flow

from monitoring import evidently_face
from pipelines.flows.steps import step
from pipelines.production import MonthRun

PROJECT = "Churn model in production"


@flow(name="show", validate_parameters=False)
def show(runs: Sequence[MonthRun], folder: Path) -> list[str]:
    """Draw the runs' Evidently pages and workspace below `folder`; returns the pages' names."""
    pages: list[str] = _draw(runs, folder)
    return pages


@step("draw Evidently pages")
def _draw(runs: Sequence[MonthRun], folder: Path) -> list[str]:
    """Write every month into the workspace, and a page for each month with a firing alert. Returns the pages' names."""
    snapshots, pages = [], []
    for done in runs:
        alerting = any(i.lead.active and i.severity != "info" for i in done.report.incidents)
        snapshot = evidently_face.month_report(done.reference, done.given, done.report, full=alerting)
        snapshots.append(snapshot)
        if alerting:
            pages.append(evidently_face.save_html(snapshot, folder / f"{done.label}.html").name)
    evidently_face.to_workspace(snapshots, folder / "workspace", project=PROJECT)
    return pages

"""The flow that simulates the company and writes its tables and its truth."""

import os
from dataclasses import asdict
from typing import Any

from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.runtime import flow_run
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner

from pipelines import store
from pipelines.flows.steps import step
from pipelines.layout import Layout
from pipelines.lineage import Runs
from pipelines.parameters import Parameters
from pipelines.progress import say
from pipelines.script import company_of
from pipelines.world.company import Company
from pipelines.world.run import parts, run
from pipelines.world.standing import as_table
from pipelines.world.truth import month_truth

STANDING = "standing"
"""The sealed table of where every customer stands when the model goes live: scripted worlds go on from there."""


def simulate(parameters: Parameters, layout: Layout) -> Runs:
    """Simulate all months; parts of large worlds run in separate processes, with the same bytes as in one."""
    company = company_of(parameters)
    return _flow.with_options(task_runner=_runner(len(parts(company))))(company, layout)


def _runner(part_count: int) -> TaskRunner[Any]:
    workers = min(part_count, os.cpu_count() or 1)
    return ProcessPoolTaskRunner(max_workers=workers) if workers > 1 else ThreadPoolTaskRunner(max_workers=1)


@flow(name="simulate", validate_parameters=False)
def _flow(company: Company, layout: Layout) -> Runs:
    numbered = list(enumerate(parts(company)))
    written = [_simulate_part.submit(company, layout, number, entities) for number, entities in numbered]
    for part in written:
        part.result()
    summary = _summarise(company, layout)
    create_table_artifact(key="world-months", table=summary, description="Customers, churn and Bayes quality by month")
    return Runs(prefect_flow_run=flow_run.id)


@step("simulate part", retries=2)
def _simulate_part(company: Company, layout: Layout, number: int, entities: tuple[int, int]) -> None:
    live = company.calendar.history
    for month in run(company, entities=entities):
        store.write_month(layout.tables(), month.tables, month.label, number)
        store.write_month(layout.truth(), {"months": month.truth}, month.label, number)
        if month.after.month == live:
            table = as_table(month.after)
            store.write_month(layout.truth(), {STANDING: table}, company.calendar.label(live), number)
    say(f"part {number}: {company.calendar.months} months of customers {entities[0]:,} to {entities[1]:,} written")


@step("summarise truth")
def _summarise(company: Company, layout: Layout) -> list[dict[str, Any]]:
    labels = [company.calendar.label(month) for month in range(company.calendar.months)]
    truths = (store.read_month(layout.truth(), "months", label) for label in labels)
    rows = [asdict(month_truth(month, truth)) | {"month": labels[month]} for month, truth in enumerate(truths)]
    store.write_json(layout.truth() / "summary.json", rows)
    return rows

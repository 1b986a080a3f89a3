"""The flow of a lesson: plant a case into the company, hand out its public files, tell its story, record it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.runtime import flow_run

from pipelines import store, tracking
from pipelines.flows.registry import flat
from pipelines.flows.steps import step, unread
from pipelines.layout import Layout
from pipelines.lineage import Runs, dvc_hash
from pipelines.parameters import Parameters
from pipelines.recorded import World, read_world
from pipelines.script import company_of

C = TypeVar("C")


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A story ready to be written: files of the report by name, flat metrics, and metrics by month (step)."""

    files: Mapping[str, str]
    metrics: Mapping[str, float]
    series: Mapping[str, Mapping[int, float]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson(Generic[C]):
    """A scenario as the flow sees it. `plant` makes a case, `hand_out` writes its files, `tell` tells its story."""

    name: str
    plant: Callable[[World], C]
    hand_out: Callable[[C, Layout], None]
    tell: Callable[[C], Told]


def run_lesson(lesson: Lesson[C], parameters: Parameters, layout: Layout) -> Runs:
    """Run a lesson in the company's own recorded world; returns the runs that recorded it."""
    # Behind a function, since Prefect records a flow's parameters by copying them: the pipes of a helper process that a
    # step holds would be copied with them, and closed with the copy.
    return _flow.with_options(name=f"lesson {lesson.name}")(lambda: lesson, parameters, layout)


@flow(name="lesson", validate_parameters=False)
def _flow(given: Callable[[], Lesson[C]], parameters: Parameters, layout: Layout) -> Runs:
    lesson = given()
    case = _plant(unread(lesson), parameters, layout)
    _hand_out(unread(lesson), unread(case), layout)
    opened = tracking.open_store(layout.home)  # before the long work, which would be lost without it
    told = _tell(unread(lesson), unread(case))
    report = layout.report(lesson.name)
    for name, text in told.files.items():
        store.write_text(report / name, text)
    store.write_json(report / "metrics.json", dict(told.metrics))
    _show(told, lesson.name)
    run = _record(told, report, lesson.name, opened=opened, parameters=parameters, layout=layout)
    return Runs(prefect_flow_run=flow_run.id, mlflow_run=run)


@step("plant")
def _plant(lesson: Lesson[C], parameters: Parameters, layout: Layout) -> C:
    return lesson.plant(read_world(layout, company_of(parameters)))


@step("hand out")
def _hand_out(lesson: Lesson[C], case: C, layout: Layout) -> None:
    lesson.hand_out(case, layout)


@step("tell")
def _tell(lesson: Lesson[C], case: C) -> Told:
    return lesson.tell(case)


@step("show metrics", retries=1)
def _show(told: Told, name: str) -> None:
    rows = [f"| {key} | {value:.4f} |" for key, value in sorted(told.metrics.items())]
    create_markdown_artifact(key=f"{name}-metrics", markdown="\n".join(["| metric | value |", "|---|---|", *rows]))


@step("record lesson in MLflow", retries=1)
def _record(
    told: Told, report: Path, name: str, *, opened: tracking.Store, parameters: Parameters, layout: Layout
) -> str:
    tracking.close_stale_runs(opened)
    with tracking.run(opened, name, tags={"stage": f"scenario@{name}"}) as run:
        run.log_params(flat(parameters.model_dump()))
        run.log_dataset("case", layout.tables(name), digest=dvc_hash(layout.tables(name)))
        run.log_metrics(told.metrics)
        run.log_series(told.series)
        for file in told.files:
            run.log_artifact(report / file)
    return run.id

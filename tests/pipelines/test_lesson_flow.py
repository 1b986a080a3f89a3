"""The flow of a lesson, under a real Prefect server."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from pipelines import store
from pipelines.flows import lesson as flow
from pipelines.flows.beside import beside
from pipelines.flows.lesson import Lesson, Told, run_lesson
from pipelines.flows.server import prefect_server
from pipelines.layout import Layout
from pipelines.parameters import read_parameters

PATIENCE_SECONDS = 60.0


@pytest.fixture
def helper() -> Iterator[ProcessPoolExecutor]:
    with beside() as process:
        yield process


def another_process(_world: object, *, helper: ProcessPoolExecutor) -> int:
    return helper.submit(os.getpid).result(PATIENCE_SECONDS)


def told(case: int) -> Told:
    return Told(files={"pid.txt": str(case)}, metrics={"pid": float(case)})


def test_a_helper_process_that_was_started_before_the_flow_answers_inside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, helper: ProcessPoolExecutor
) -> None:
    # Prefect copies a flow's parameters to record them; pipes that were copied with them were closed with the copy.
    for name, instead in {"read_world": None, "company_of": None, "_record": "a run"}.items():
        monkeypatch.setattr(flow, name, lambda *_, instead=instead, **__: instead)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    pid = another_process(None, helper=helper)
    lesson = Lesson(
        name="pid", plant=partial(another_process, helper=helper), hand_out=lambda _case, _layout: None, tell=told
    )
    layout = Layout(tmp_path, home=tmp_path)

    with prefect_server(tmp_path / "prefect"):
        runs = run_lesson(lesson, read_parameters(Path("params.yaml")), layout)

    assert runs.mlflow_run == "a run"
    assert (layout.report("pid") / "pid.txt").read_text(encoding="utf-8") == str(pid) != str(os.getpid())
    assert store.read_json(layout.report("pid") / "metrics.json") == {"pid": float(pid)}

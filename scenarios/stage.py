"""The work behind each stage of dvc.yaml, done under a Prefect server and tied to its origins by a lineage file."""

import os
import tempfile
from pathlib import Path

from pipelines.errors import LabError
from pipelines.layout import Layout
from pipelines.lineage import Runs, gather, write_lineage
from pipelines.parameters import Parameters, read_parameters
from scenarios.catalogue import SCENARIOS, scenario_module

STAGES = ("world", "champion", *SCENARIOS)


def run_stage(root: Path, name: str) -> None:
    """Run one stage. Raises LabError for an unknown stage, a bad parameter or a damaged input."""
    if name not in STAGES:
        raise LabError(f"There is no stage '{name}'. Stages: {', '.join(STAGES)}.")
    parameters = read_parameters(root / "params.yaml")
    # A queued DVC experiment works in a copy; runs belong to the checkout it was queued from.
    layout = Layout(root, home=Path(os.environ.get("DVC_ROOT", root)))
    from threadpoolctl import threadpool_limits

    from pipelines.flows.server import prefect_server

    # The order in which a sum is added up depends on the number of BLAS threads, and the last digits with it.
    with prefect_server(layout.prefect), threadpool_limits(1):
        runs = _work(name, parameters, layout)
    _note_lineage(name, parameters, layout, runs)


def _work(name: str, parameters: Parameters, layout: Layout) -> Runs:
    if name == "world":
        from pipelines.flows.simulate import simulate

        return simulate(parameters, layout)
    if name == "champion":
        from pipelines.flows.champion import train

        return train(parameters, layout)
    runs: Runs = scenario_module(name).stage(parameters, layout)
    return runs


def _note_lineage(name: str, parameters: Parameters, layout: Layout, runs: Runs) -> None:
    from pipelines.versions import stage_data

    stage = f"scenario@{name}" if name in SCENARIOS else name
    inputs, outputs = stage_data(layout.root, stage)
    lineage = gather(
        layout.root,
        stage=stage,
        inputs=inputs,
        outputs=outputs,
        params=parameters.model_dump(mode="json"),
        seed=parameters.world.seed,
        prefect_flow_run=runs.prefect_flow_run,
        mlflow_run=runs.mlflow_run,
    )
    write_lineage(layout.lineage(name), lineage)
    if runs.mlflow_run is not None:
        _keep_with_the_run(layout, name, runs.mlflow_run)


def _keep_with_the_run(layout: Layout, name: str, run_id: str) -> None:
    """A copy beside the run's figures: the file itself is written anew by the stage's next run."""
    from pipelines import tracking

    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "lineage.json"
        copy.write_bytes(layout.lineage(name).read_bytes())
        tracking.keep_lineage(tracking.open_store(layout.home), run_id, copy)

"""The work behind each stage of dvc.yaml, done under a Prefect server and tied to its origins by a lineage file."""

import os
from pathlib import Path

from pipelines.errors import LabError
from pipelines.layout import Layout
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
    from pipelines.flows.server import prefect_server

    with prefect_server(layout.prefect):
        _work(name, parameters, layout)


def _work(name: str, parameters: Parameters, layout: Layout) -> None:
    if name == "world":
        from pipelines.flows.simulate import simulate

        simulate(parameters, layout)
    elif name == "champion":
        from pipelines.flows.champion import train

        train(parameters, layout)
    else:
        scenario_module(name).stage(parameters, layout)

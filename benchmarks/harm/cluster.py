"""The study on several processes or machines: a Prefect flow in which each seed is a task on Dask."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from distributed import Client
from prefect import flow
from prefect.futures import as_completed
from prefect_dask import DaskTaskRunner

from benchmarks.harm.measure import Line
from benchmarks.harm.study import Keep, Maker, Missing, worlds
from pipelines.errors import ToolError
from pipelines.flows.server import prefect_server
from pipelines.flows.steps import step

CONNECT_SECONDS = 10.0
"""Longest wait for a scheduler."""


def on_processes(count: int) -> Maker:
    """Makes worlds in so many processes of this machine."""
    return _on(DaskTaskRunner(cluster_kwargs={"n_workers": count, "threads_per_worker": 1, "dashboard_address": None}))


def on_scheduler(address: str) -> Maker:
    """Makes worlds on the workers of a running Dask scheduler, such as ``tcp://10.0.0.5:8786``.

    Its workers need the lab's environment, and have to reach the Prefect server that PREFECT_API_URL names.

    Raises
    ------
    ToolError
        Where no scheduler answers there.
    """
    try:
        Client(address, timeout=CONNECT_SECONDS).close()
    except (OSError, ValueError) as error:
        raise ToolError(
            f"No Dask scheduler answers at '{address}' ({error}). Start one with 'dask scheduler' and its workers with "
            "'dask worker ADDRESS', both from the lab's .venv, and give the address that the scheduler prints."
        ) from error
    return _on(DaskTaskRunner(address=address))


def _on(runner: DaskTaskRunner) -> Maker:
    def make(missing: Missing, customers: int, keep: Keep) -> None:
        with tempfile.TemporaryDirectory() as home, prefect_server(Path(home)):
            for seed, lines in _flow.with_options(task_runner=runner)(missing, customers):
                keep(seed, lines)

    return make


@flow(name="harm study", validate_parameters=False)
def _flow(missing: Missing, customers: int) -> Iterator[tuple[int, list[Line]]]:
    made = {_seed.submit(seed, names, customers): seed for seed, names in missing.items()}
    for done in as_completed(list(made)):
        yield made[done], done.result()


@step("worlds of a seed", retries=1)
def _seed(seed: int, names: tuple[str, ...], customers: int) -> list[Line]:
    return list(worlds(seed, names, customers))

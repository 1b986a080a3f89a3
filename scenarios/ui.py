"""The web pages of MLflow, Prefect and Evidently, side by side on free loopback ports."""

import contextlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pipelines.environment import TELEMETRY_OFF
from pipelines.errors import ToolError
from pipelines.flows.server import prefect_server
from pipelines.loopback import HOST, free_port, wait_for
from pipelines.tethered import tethered

START_SECONDS = 90.0
"""Longest wait for one of the servers; Evidently needs about 10 s, MLflow 5 s."""

_GLANCE_SECONDS = 0.5


def serve_pages(root: Path, *, say: Callable[[str], None]) -> None:
    """Start the three, say their links, and serve until interrupted or until one of them ends.

    Raises
    ------
    ToolError
        When one does not start, or ends by itself.
    """
    with contextlib.ExitStack() as stack:
        logs = root / ".lab" / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        say("Starting the MLflow, Prefect and Evidently pages ...")
        mlflow = stack.enter_context(_mlflow(root, logs / "mlflow.log"))
        evidently = stack.enter_context(_evidently(root, logs / "evidently.log"))
        prefect = stack.enter_context(prefect_server(root / ".prefect", pages=True))
        for server in (mlflow, evidently):
            server.wait()
        say(f"MLflow     {mlflow.url}   runs, metrics by month, model versions")
        say(f"Prefect    {prefect.removesuffix('/api')}   flows, tasks, artifacts")
        say(f"Evidently  {evidently.url}   reports by month")
        say("Ctrl-C stops all three.")
        _serve(mlflow, evidently)


class _Server:
    """A started page server: its name, address, process and log."""

    def __init__(self, name: str, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
        self.name = name
        self.url = f"http://{HOST}:{port}"
        self._process = process
        self._log = log

    def alive(self) -> bool:
        """Whether its process runs."""
        return self._process.poll() is None

    def wait(self) -> None:
        """Return once it answers; raise ToolError where it does not."""
        if not wait_for(self.url, seconds=START_SECONDS, alive=self.alive):
            raise ToolError(f"The {self.name} pages did not start. The end of {self._log}:\n{self._tail()}")

    def ended(self) -> ToolError:
        """The error to raise when it has ended by itself."""
        return ToolError(f"The {self.name} pages ended by themselves. The end of {self._log}:\n{self._tail()}")

    def _tail(self) -> str:
        return "\n".join(self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])


@contextlib.contextmanager
def _mlflow(root: Path, log: Path) -> Iterator[_Server]:
    runs = root / "mlruns"
    runs.mkdir(exist_ok=True)
    port = free_port()
    store = (
        "--backend-store-uri",
        f"sqlite:///{runs / 'mlflow.db'}",
        "--default-artifact-root",
        str(runs / "artifacts"),
    )
    place = ("--host", HOST, "--port", str(port), "--workers", "1")
    with (
        log.open("wb") as output,
        tethered("mlflow", "server", *store, *place, environment=TELEMETRY_OFF, output=output) as process,
    ):
        yield _Server("MLflow", port, process, log)


@contextlib.contextmanager
def _evidently(root: Path, log: Path) -> Iterator[_Server]:
    """Serve a copy of the reports' workspaces: the page server writes into what it serves, and DVC owns the reports."""
    port = free_port()
    with tempfile.TemporaryDirectory(dir=root / ".lab", prefix="evidently-") as copy, log.open("wb") as output:
        for workspace in sorted(root.glob("reports/*/evidently/workspace")):
            shutil.copytree(workspace, copy, dirs_exist_ok=True)
        place = ("--host", HOST, "--port", str(port), "--workspace", copy)
        with tethered("evidently.cli", "ui", *place, environment=TELEMETRY_OFF, output=output) as process:
            yield _Server("Evidently", port, process, log)


def _serve(*servers: _Server) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            for server in servers:
                if not server.alive():
                    raise server.ended()
            time.sleep(_GLANCE_SECONDS)
    sys.stdout.write("\n")

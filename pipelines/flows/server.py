"""One local Prefect server for a whole run of the pipeline, started and stopped for the user."""

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipelines.environment import TELEMETRY_OFF, prefect_client
from pipelines.errors import ToolError
from pipelines.laid_out import lay_out
from pipelines.loopback import HOST, answers, free_port, wait_for
from pipelines.tethered import tethered

START_SECONDS = 60.0
"""Longest wait for a server; warm it takes about 3 s, 9 s where it must lay out a new database."""

_STARTING = "LAB_PREFECT_STARTING"
"""Names the server this run of the lab has started, in the environment of the stages that are to use it."""

_ATTEMPTS = 3
_LOG_LINES = 15
_DATABASE = "prefect.db"


@contextlib.contextmanager
def prefect_server(home: Path, *, pages: bool = False, wait: bool = True) -> Iterator[str]:
    """The API address of a running Prefect server; PREFECT_API_URL holds it inside the block.

    A server that PREFECT_API_URL already names is used when it answers, and left running. Otherwise one is started on a
    free loopback port with its database in `home` and ended with the block, or with this process.

    Parameters
    ----------
    home : folder for the database, the log and the client's files; made when missing.
    pages : serve Prefect's web pages too.
    wait : enter the block only when the server answers. Without it, whoever in the block needs the server waits.

    Raises
    ------
    ToolError
        When no server answers; the message holds the last lines of its log.
    """
    given = os.environ.get("PREFECT_API_URL", "")
    if given and not pages and _serves(given):
        with _client(home, given):
            yield given
        return
    home.mkdir(parents=True, exist_ok=True)
    with _started(home, pages=pages, wait=wait) as url, _client(home, url), _environment({_STARTING: url}):
        yield url


def _serves(url: str) -> bool:
    """Whether a server answers at `url`; one that a parent process has only just started is given its time."""
    if os.environ.get(_STARTING) == url:
        return wait_for(f"{url}/health", seconds=START_SECONDS, alive=lambda: True)
    return answers(f"{url}/health")


@contextlib.contextmanager
def _started(home: Path, *, pages: bool, wait: bool) -> Iterator[str]:
    log = home / "server.log"
    for _ in range(_ATTEMPTS):
        lay_out(home / _DATABASE)
        with contextlib.ExitStack() as stack:
            url = _start(stack, home, log, pages=pages, wait=wait)
            if url:
                yield url
                return
        _make_way(home, log)
    raise ToolError(
        f"The local Prefect server did not start in {_ATTEMPTS} attempts of up to {START_SECONDS:.0f} s. "
        f"Remove {home} and run the command again. The end of {log}:\n{_tail(log)}"
    )


def _start(stack: contextlib.ExitStack, home: Path, log: Path, *, pages: bool, wait: bool) -> str:
    """The address of a server that answers (or soon will), or an empty string where it ended or stayed silent."""
    port = free_port()
    process = stack.enter_context(
        tethered(
            "uvicorn",
            *("--factory", "prefect.server.api.server:create_app", "--host", HOST, "--port", str(port)),
            *("--log-level", "warning", "--timeout-graceful-shutdown", "1"),
            environment=_settings(home, port, pages=pages),
            output=stack.enter_context(log.open("wb")),
        )
    )
    url = f"http://{HOST}:{port}/api"
    if not wait:
        return url
    answered = wait_for(f"{url}/health", seconds=START_SECONDS, alive=lambda: process.poll() is None)
    return url if answered else ""


def _settings(home: Path, port: int, *, pages: bool) -> dict[str, str]:
    return {
        **TELEMETRY_OFF,
        "PREFECT_HOME": str(home.resolve()),
        "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{(home / _DATABASE).resolve()}",
        "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_UI_ENABLED": "true" if pages else "false",
        "PREFECT_UI_API_URL": f"http://{HOST}:{port}/api",
    }


@contextlib.contextmanager
def _client(home: Path, url: str) -> Iterator[None]:
    """Point Prefect in this process and its children at the server; put everything back afterwards."""
    with _environment(prefect_client(home, url)), contextlib.ExitStack() as stack:
        if "prefect" in sys.modules:  # it has read the environment already
            from prefect.settings import PREFECT_API_URL, temporary_settings

            stack.enter_context(temporary_settings({PREFECT_API_URL: url}))
        yield


@contextlib.contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _make_way(home: Path, log: Path) -> None:
    """Set aside a database the server could not use (another Prefect's, or damaged); a taken port needs nothing."""
    if "address already in use" in _tail(log).lower():
        return
    for file in home.glob(f"{_DATABASE}*"):
        if not file.name.endswith(".unusable"):
            file.replace(file.with_name(f"{file.name}.unusable"))


def _tail(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return "\n".join(lines[-_LOG_LINES:])

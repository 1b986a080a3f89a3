"""The environment variables every part of the lab runs under: quiet tools, no telemetry, loopback without a proxy."""

import os
from collections.abc import Mapping
from pathlib import Path

TELEMETRY_OFF: Mapping[str, str] = {
    "DO_NOT_TRACK": "1",
    "DVC_NO_ANALYTICS": "1",
    "EVIDENTLY_DISABLE_TELEMETRY": "1",
    "ITERATIVE_DO_NOT_TRACK": "1",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
}
"""Each tool's own switch; names as read in the pinned versions."""

QUIET_TOOLS: Mapping[str, str] = {
    # Prefect would print the traceback of every failed task; the rim of the program says what a reader needs.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    # Log lines sent to a server that has just stopped would be retried for more than a minute.
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    # MLflow would otherwise ask git and pip about the surroundings of every logged model.
    "GIT_PYTHON_REFRESH": "quiet",
}

LOOPBACK_HOSTS = "127.0.0.1,localhost"


def quiet() -> None:
    """Set telemetry off and the tools quiet in this process and its children; a value already set wins."""
    for name, value in {**TELEMETRY_OFF, **QUIET_TOOLS}.items():
        os.environ.setdefault(name, value)
    os.environ.update(without_proxy(os.environ))


def without_proxy(environment: Mapping[str, str]) -> dict[str, str]:
    """The NO_PROXY entries that keep calls to this machine off a proxy, those already there first."""
    names = [name for name in ("NO_PROXY", "no_proxy") if name in environment] or ["NO_PROXY"]
    return {name: _with_loopback(environment.get(name, "")) for name in names}


def prefect_client(home: Path, url: str) -> dict[str, str]:
    """What a Prefect client needs to use the server at `url` and keep its files under `home`."""
    return {"PREFECT_HOME": str(home.resolve()), "PREFECT_API_URL": url}


def _with_loopback(hosts: str) -> str:
    if LOOPBACK_HOSTS in hosts:
        return hosts
    return f"{hosts},{LOOPBACK_HOSTS}" if hosts else LOOPBACK_HOSTS

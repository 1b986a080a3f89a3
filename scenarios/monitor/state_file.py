"""The file in which the monitor's state and people's words outlive a run."""

from pathlib import Path

from monitoring.state import MonitorState
from pipelines import store
from pipelines.errors import LabError

_VERSION = 1


def read_state(path: Path) -> MonitorState:
    """The state in the file; LabError where there is none or it holds something else."""
    if not path.is_file():
        raise LabError(f"{path}: there is no state file. `lab monitor ... --state {path}` writes one.")
    plain = store.read_json(path)
    try:
        if plain["version"] != _VERSION:
            raise LabError(f"{path}: its version is {plain['version']}; this lab reads {_VERSION}.")
        return MonitorState.from_plain(plain["monitor"])
    except (KeyError, TypeError, ValueError) as error:
        raise LabError(f"{path}: it is no state of the monitor ({error}). Name another file, or delete it.") from error


def read_if_there(path: Path | None) -> MonitorState | None:
    """The state in the file; None where none was asked for, or the file is still to be made."""
    return read_state(path) if path is not None and path.exists() else None


def write_state(path: Path, state: MonitorState) -> None:
    """Write the state; LabError where the place cannot be written to."""
    try:
        store.write_json(path, {"version": _VERSION, "monitor": state.to_plain()})
    except OSError as error:
        raise LabError(f"--state {path}: it cannot be written to ({error.strerror}).") from error

"""The repository's history: how it was before the recorded run, and what has been committed since."""

from collections.abc import Sequence
from functools import reduce
from typing import Final

import pandas as pd

from scenarios.kit.git_bundle import Snapshot
from scenarios.reproducibility.causes.carried_state import STATE
from scenarios.reproducibility.causes.cause import Cause
from scenarios.reproducibility.files import Files
from scenarios.reproducibility.record import dvc_lock
from scenarios.reproducibility.recording import REGISTERED, Project, Recorded

AUTHOR: Final = "M. Okafor <okafor@company.example>"
COLLEAGUE: Final = "J. Brandt <brandt@company.example>"

RUN_FROM, TAGGED_WRONGLY = 1, 3
"""Which commit the recorded run came from, and which it is tagged with where that is wrong."""

_LINE: Final = b"\nAsk M. Okafor about `registry/`.\n"
_WRONG: Final = "wrong-commit"


def history(project: Project, made: Recorded, causes: Sequence[Cause]) -> tuple[Snapshot, ...]:
    """Five commits, the recorded run between the second and the third."""
    first = {**made.files, "README.md": b"# churn-pipeline\n"}
    locked = {**made.files, "dvc.lock": dvc_lock(made.files, made.data, made.ran), **_kept(made)}
    edited = _edited(locked, causes)
    head = _head(project, made, causes)
    return (
        _commit("First version", project.begun - pd.Timedelta(days=40), first, AUTHOR),
        _commit("Say what the steps do", project.begun - pd.Timedelta(days=1), made.files, AUTHOR),
        _commit("Keep the hashes of the run for the board", project.begun + pd.Timedelta(hours=2), locked, AUTHOR),
        _commit("Tidy up", project.begun + pd.Timedelta(days=2), edited, AUTHOR),
        _commit("Take over; scorelib 1.3; the model of spring", project.begun + pd.Timedelta(days=75), head, COLLEAGUE),
    )


def _kept(made: Recorded) -> dict[str, bytes]:
    """What was committed after the run: its model in the registry, and state where it left any."""
    state = {STATE: made.ran.texts[STATE].encode("utf-8")} if STATE in made.ran.texts else {}
    return {REGISTERED: made.ran.texts["out/model.txt"].encode("utf-8"), **state}


def _edited(files: dict[str, bytes], causes: Sequence[Cause]) -> dict[str, bytes]:
    """The commit after the run: a feature in another way where that was planted, a line of prose otherwise."""
    changed = [cause.now(files) for cause in causes if cause.code == _WRONG]
    return changed[0] if changed else {**files, "README.md": files["README.md"] + _LINE}


def _head(project: Project, made: Recorded, causes: Sequence[Cause]) -> dict[str, bytes]:
    """The repository as it is handed over."""
    now = reduce(lambda files, cause: cause.now(files), causes, dict(project.sound))
    lock = dvc_lock(made.files, made.data, made.ran)
    return {**now, "dvc.lock": lock, **_kept(made), REGISTERED: made.retrained.encode("utf-8")}


def _commit(message: str, at: pd.Timestamp, files: Files, author: str) -> Snapshot:
    return Snapshot(message=message, at=int(at.timestamp()), author=author, files=files)

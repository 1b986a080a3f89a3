"""From what a user calls a run to where it came from: a stage, a file, an MLflow run, or a commit and a stage."""

import hashlib
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from pipelines.errors import LabError, ToolError
from pipelines.layout import Layout
from pipelines.lineage import Lineage, read_lineage
from scenarios.catalogue import SCENARIOS

_HEX: Final = re.compile(r"[0-9a-fA-F]{6,32}")
_STAGES: Final = ("world", "champion", *SCENARIOS)

NOT_RECORDED: Final = "not recorded"
"""Stands where a commit's dvc.lock does not say."""

WAYS: Final = (
    "a stage or scenario (drift), a lineage file (lineage/drift.json), an MLflow run's id or its first six digits, "
    "or a commit and a stage (HEAD~3:drift)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A recorded run: where it came from, what told so, and the figures that MLflow has of it (empty: not asked)."""

    lineage: Lineage
    told_by: str
    metrics: Mapping[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The stage's short name."""
        return self.lineage.stage.rpartition("@")[2]


def find(root: Path, run: str) -> Found:
    """The run that a user means by `run`.

    Raises
    ------
    LabError
        For a name that means nothing, a run that was never made, a commit that is not there.
    """
    if run.endswith(".json"):
        return Found(lineage=read_lineage(Path(run)), told_by=run)
    revision, colon, stage = run.rpartition(":")
    if colon:
        return _at_commit(root, revision, stage)
    name = run.removeprefix("scenario@")
    if name in _STAGES:
        return _latest(root, name)
    if _HEX.fullmatch(run):
        return _tracked(root, run)
    raise LabError(f"'{run}' is no run. Give {WAYS}. Stages: {', '.join(_STAGES)}.")


def git(root: Path, *arguments: str) -> bytes:
    """What git says. Raises ToolError with its own words where it fails."""
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode("utf-8", errors="replace").strip()
        raise ToolError(f"git {' '.join(arguments[:2])} failed in {root}: {said}")
    return done.stdout


def _latest(root: Path, name: str) -> Found:
    """The newest run of a stage in this checkout."""
    file = Layout(root, home=root).lineage(name)
    if not file.is_file():
        raise LabError(
            f"The stage '{name}' has not been run in this checkout: there is no {file}. Run it, or name what a commit "
            f"recorded: HEAD:{name}."
        )
    return Found(lineage=read_lineage(file), told_by=str(file.relative_to(root)))


def _tracked(root: Path, run: str) -> Found:
    """A run in MLflow, by the lineage that was kept with it."""
    from pipelines import tracking

    if not (root / "mlruns" / "mlflow.db").is_file():
        raise LabError(f"'{run}' looks like an MLflow run, and nothing was tracked in this checkout. Or give {WAYS}.")
    try:
        found = tracking.recorded_run(tracking.open_store(root), run)
    except LabError as error:
        raise LabError(f"{error} Or give {WAYS}.") from error
    if found.lineage is None:
        raise LabError(
            f"The MLflow run {found.id} ({found.name}) has no lineage.json among its artifacts: it failed, or was "
            f"recorded before lineages were kept there. Try a commit and a stage, such as HEAD:{found.name}."
        )
    return Found(lineage=read_lineage(found.lineage), told_by=f"MLflow run {found.id}", metrics=found.metrics)


def _at_commit(root: Path, revision: str, stage: str) -> Found:
    """What dvc.lock of a commit says about a stage."""
    commit = resolve(root, revision)
    name = stage.removeprefix("scenario@")
    full = f"scenario@{name}" if name in SCENARIOS else name
    stages: Mapping[str, Any] = (yaml.safe_load(_at(root, commit, "dvc.lock")) or {}).get("stages", {})
    if full not in stages:
        raise LabError(f"dvc.lock of {commit[:12]} has no stage '{full}'. It has: {', '.join(stages) or 'none'}.")
    made = {out["path"] for one in stages.values() for out in one.get("outs", ())}
    params = yaml.safe_load(_at(root, commit, "params.yaml"))
    lineage = Lineage(
        stage=full,
        commit=commit,
        dirty=False,
        inputs={one["path"]: one["md5"] for one in stages[full].get("deps", ()) if one["path"] in made},
        outputs={one["path"]: one["md5"] for one in stages[full].get("outs", ())},
        params=params,
        seed=int(params.get("world", {}).get("seed", 0)),
        lock_sha256=hashlib.sha256(_at(root, commit, "requirements.lock")).hexdigest(),
        python=NOT_RECORDED,
        platform=NOT_RECORDED,
    )
    return Found(lineage=lineage, told_by=f"dvc.lock of {commit[:12]}")


def resolve(root: Path, revision: str) -> str:
    """The full id of a commit. Raises LabError where this clone does not have it."""
    try:
        return git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").decode().strip()
    except ToolError as error:
        raise LabError(
            f"This clone has no commit '{revision}'. Fetch it (git fetch --all --tags), or see git log for what it has."
        ) from error


def _at(root: Path, commit: str, name: str) -> bytes:
    try:
        return git(root, "show", f"{commit}:{name}")
    except ToolError as error:
        raise LabError(f"The commit {commit[:12]} has no {name}, so it recorded no run.") from error

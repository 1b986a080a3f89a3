"""What a result came from, in one file: code, data, parameters, packages, and the runs that recorded it."""

import hashlib
import json
import platform
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.errors import LabError
from pipelines.store import read_json, write_json

_BLOCK_BYTES = 1 << 20
_NOT_SOURCE = ":(exclude)dvc.lock"
"""DVC rewrites dvc.lock while it runs; that alone does not make a result irreproducible."""


class Runs(BaseModel):
    """The runs that recorded a stage: ids in Prefect and MLflow, None where it has none there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prefect_flow_run: str | None = None
    mlflow_run: str | None = None


class Lineage(BaseModel):
    """Where a stage's outputs came from.

    `commit` is None outside a git checkout; `dirty` says that tracked files differed from it. `inputs` and `outputs`
    map paths, relative to the project's root, to the hashes DVC gives them. `lock_sha256` is that of requirements.lock.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    stage: str
    commit: str | None
    dirty: bool
    inputs: dict[str, str]
    outputs: dict[str, str]
    params: dict[str, Any]
    seed: int
    lock_sha256: str
    python: str
    platform: str
    prefect_flow_run: str | None = None
    mlflow_run: str | None = None


def gather(
    root: Path,
    *,
    stage: str,
    inputs: Sequence[str],
    outputs: Sequence[str],
    params: Mapping[str, Any],
    seed: int,
    prefect_flow_run: str | None = None,
    mlflow_run: str | None = None,
) -> Lineage:
    """The lineage of outputs that have just been written; `inputs` and `outputs` are paths relative to `root`."""
    commit, dirty = _commit(root)
    return Lineage(
        stage=stage,
        commit=commit,
        dirty=dirty,
        inputs={path: dvc_hash(root / path) for path in inputs},
        outputs={path: dvc_hash(root / path) for path in outputs},
        params=dict(params),
        seed=seed,
        lock_sha256=hashlib.sha256((root / "requirements.lock").read_bytes()).hexdigest(),
        python=platform.python_version(),
        platform=f"{platform.system()} {platform.machine()}",
        prefect_flow_run=prefect_flow_run,
        mlflow_run=mlflow_run,
    )


def write_lineage(path: Path, lineage: Lineage) -> None:
    """Write a lineage as canonical JSON; a reader sees the old file or the new one, never a half."""
    write_json(path, lineage.model_dump(mode="json"))


def read_lineage(path: Path) -> Lineage:
    """The lineage in a file. Raises LabError where it is missing, no JSON, or not a lineage."""
    try:
        return Lineage.model_validate(read_json(path))
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors())
        raise LabError(
            f"{path} is not a lineage of this version: {wrong}. Make it again by running its stage."
        ) from error


def dvc_hash(path: Path) -> str:
    """The hash DVC records for a file (md5) or a folder (md5 of its listing, with ``.dir`` at the end).

    Raises
    ------
    LabError
        When nothing lies at `path`.
    """
    if path.is_dir():
        files = sorted((file for file in path.rglob("*") if file.is_file()), key=lambda f: f.relative_to(path).parts)
        listing = [{"md5": _md5(file), "relpath": file.relative_to(path).as_posix()} for file in files]
        return hashlib.md5(json.dumps(listing, sort_keys=True).encode(), usedforsecurity=False).hexdigest() + ".dir"
    if not path.is_file():
        raise LabError(f"There is no {path}, so its hash cannot be recorded. It is made by a DVC stage; run: dvc repro")
    return _md5(path)


def _md5(file: Path) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _commit(root: Path) -> tuple[str | None, bool]:
    head = _git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    changes = _git(root, "status", "--porcelain", "--untracked-files=no", "--", ".", _NOT_SOURCE)
    return (head or None), bool(changes)


def _git(root: Path, *arguments: str) -> str:
    """What git says, stripped; empty where it fails or is not installed."""
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""

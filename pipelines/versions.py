"""The versioned pipeline: what DVC would run, running it, the hashes it recorded. The only module that knows DVC."""

import contextlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from pipelines.errors import ToolError
from pipelines.tethered import tethered


def changed_stages(root: Path, target: str) -> tuple[str, ...]:
    """Names of the stages that `dvc repro target` would run: `target` and what it stands on, if not up to date.

    Raises
    ------
    ToolError
        When there is no such stage, no pipeline below `root`, or another DVC command is at work.
    """
    from dvc.exceptions import DvcException
    from dvc.lock import LockError
    from dvc.repo import Repo

    try:
        with Repo(str(root)) as repo:
            # The file is named because DVC would look for it in the working folder.
            changed = repo.status(targets=[f"{root.resolve() / 'dvc.yaml'}:{target}"], with_deps=True)
            return tuple(name.rsplit(":", 1)[-1] for name in changed)
    except LockError as error:
        raise ToolError(
            f"Another DVC command is at work in {root}. Wait for it to end, then run again.\n{error}"
        ) from error
    except DvcException as error:
        raise ToolError(f"DVC cannot tell whether '{target}' is up to date: {error}") from error


def reproduce(
    root: Path,
    *targets: str,
    environment: Mapping[str, str],
    show: Callable[[str], None],
    umask: int = -1,
    ended_with: contextlib.ExitStack | None = None,
) -> int:
    """Run ``dvc repro`` below `root`, all stages when no target is named, and return its exit code.

    Parameters
    ----------
    targets : stages, and options of ``dvc repro``.
    environment : added to this process's own; `python` in the stages is this process's interpreter.
    show : called with every line the stages and DVC write, without its line end.
    umask : file mode mask of the stages; this process's own when -1.
    ended_with : closing it ends the run, for one that another thread waits for.
    """
    with contextlib.ExitStack() as own:
        process = (ended_with or own).enter_context(
            tethered(
                "dvc",
                "--wait-for-lock",  # another run beside this one holds it for a moment
                "repro",
                *targets,
                environment={**_stage_environment(), **environment},
                output=subprocess.PIPE,
                folder=root,
                umask=umask,
            )
        )
        for line in process.stdout or ():
            show(line.decode("utf-8", errors="replace").rstrip("\n"))
        return process.wait()


def run_plan(root: Path, targets: Sequence[str]) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """How to run several stages beside each other: what they share, and by target what it alone stands on, itself last.

    Within both, every stage comes after those it reads from.
    """
    every = _resolved(yaml.safe_load((root / "dvc.yaml").read_text(encoding="utf-8"))["stages"])
    maker = {path: name for name, stage in every.items() for path in stage["outs"]}

    def needed(name: str) -> tuple[str, ...]:
        made = (maker[path] for path in every[name]["deps"] if path in maker)
        return tuple(dict.fromkeys([stage for other in made for stage in needed(other)] + [name]))

    chains = {target: needed(target) for target in targets}
    users = Counter(stage for chain in chains.values() for stage in chain)
    shared = tuple(stage for stage in users if users[stage] > 1)
    return shared, {target: tuple(one for one in chain if one not in shared) for target, chain in chains.items()}


def recorded_hashes(root: Path) -> dict[str, str]:
    """Path and hash of every output in dvc.lock, by path; empty when nothing was run yet."""
    file = root / "dvc.lock"
    if not file.exists():
        return {}
    stages: Mapping[str, Any] = (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("stages", {})
    outputs = (out for stage in stages.values() for out in stage.get("outs", ()))
    return {out["path"]: out["md5"] for out in sorted(outputs, key=lambda out: str(out["path"]))}


def _stage_environment() -> dict[str, str]:
    interpreters = str(Path(sys.executable).parent)
    return {"PATH": os.pathsep.join((interpreters, os.environ.get("PATH", ""))), "PYTHONUNBUFFERED": "1"}


def stage_data(root: Path, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Paths of the data a stage reads and of what it writes, as dvc.yaml names them; the commit ties down the code.

    Raises
    ------
    ToolError
        When dvc.yaml has no such stage.
    """
    stages: Mapping[str, Any] = yaml.safe_load((root / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    every = _resolved(stages)
    if name not in every:
        raise ToolError(f"dvc.yaml has no stage '{name}'. Stages: {', '.join(every)}.")
    made = {out for stage in every.values() for out in stage["outs"]}
    return tuple(path for path in every[name]["deps"] if path in made), tuple(every[name]["outs"])


def _resolved(stages: Mapping[str, Any]) -> dict[str, Any]:
    """Every stage by the name DVC gives it, those of a `foreach` one by one with their items filled in."""
    every: dict[str, Any] = {}
    for name, stage in stages.items():
        if "foreach" not in stage:
            every[name] = stage
            continue
        for key, item in stage["foreach"].items():
            every[f"{name}@{key}"] = {part: [_filled(path, item) for path in stage["do"][part]] for part in _PATHS}
    return every


_PATHS = ("deps", "outs")


def _filled(path: str, item: Mapping[str, str]) -> str:
    for key, value in item.items():
        path = path.replace(f"${{item.{key}}}", value)
    return path

"""The files handed over, read from a folder: the bundle through git, the record and the data as they lie there."""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import yaml

from pipelines.errors import LabError
from scenarios.reproducibility.evidence import Commit, Evidence

BUNDLE: Final = "repository.bundle"
_SEPARATOR: Final = "\x1f"


def read_case(folder: Path) -> Evidence:
    """Everything public below `folder`.

    Raises
    ------
    LabError
        Where the bundle or the record cannot be read.
    """
    commits = _commits(folder / BUNDLE)
    lock = yaml.safe_load(commits[-1].files["dvc.lock"])["stages"]
    entries = [entry for stage in lock.values() for kind in ("deps", "outs") for entry in stage[kind]]
    artifacts, data = folder / "record" / "artifacts", folder / "data"
    return Evidence(
        commits=commits,
        run=json.loads((folder / "record" / "run.json").read_text(encoding="utf-8")),
        log=(artifacts / "log.txt").read_text(encoding="utf-8"),
        model=(artifacts / "model.txt").read_text(encoding="utf-8"),
        locked={entry["path"]: entry["md5"] for entry in entries},
        data={path.relative_to(data).as_posix(): path.read_bytes() for path in sorted(data.rglob("*.csv"))},
    )


def _commits(bundle: Path) -> tuple[Commit, ...]:
    """The commits of a bundle, first to last, each with its files."""
    with tempfile.TemporaryDirectory() as scratch:
        clone = Path(scratch) / "repository"
        _git(Path(scratch), "clone", "--quiet", str(bundle.resolve()), str(clone))
        listed = _git(clone, "log", "--reverse", f"--format=%H{_SEPARATOR}%ct{_SEPARATOR}%s").decode("utf-8")
        lines = [line.split(_SEPARATOR) for line in listed.splitlines()]
        return tuple(Commit(id=i, at=int(at), message=said, files=_files(clone, i)) for i, at, said in lines)


def _files(clone: Path, commit: str) -> dict[str, bytes]:
    """Every file of a commit, checked out for the purpose."""
    _git(clone, "checkout", "--quiet", "--force", commit)
    paths = [path for path in clone.rglob("*") if path.is_file() and ".git" not in path.relative_to(clone).parts]
    return {path.relative_to(clone).as_posix(): path.read_bytes() for path in sorted(paths)}


def _git(folder: Path, *arguments: str) -> bytes:
    """What git says. Settings of whoever runs it do not count."""
    plain = ("-c", "core.autocrlf=false", "-c", "advice.detachedHead=false")
    done = subprocess.run(["git", *plain, *arguments], cwd=folder, capture_output=True, check=False)
    if done.returncode:
        raise LabError(f"git {arguments[0]} failed: {done.stderr.decode('utf-8', errors='replace').strip()}")
    return done.stdout

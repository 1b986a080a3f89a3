"""What DVC keeps of earlier runs: contents by hash, a folder as a listing of its files."""

import json
import shutil
from pathlib import Path
from typing import Final

from pipelines.errors import LabError

_FOLDER: Final = ".dir"


def cached(root: Path, digest: str) -> Path:
    """Where the content of that hash lies in the cache below `root`, or would lie."""
    return root / ".dvc" / "cache" / "files" / "md5" / digest[:2] / digest[2:]


def listing(root: Path, digest: str) -> dict[str, str] | None:
    """Path and hash of every file of a folder output; None for a single file, or where the cache has no listing."""
    if not digest.endswith(_FOLDER) or not cached(root, digest).is_file():
        return None
    entries: list[dict[str, str]] = json.loads(cached(root, digest).read_text(encoding="utf-8"))
    return {entry["relpath"]: entry["md5"] for entry in entries}


def is_cached(root: Path, digest: str) -> bool:
    """Whether the cache holds the content of that hash, a folder's with all its files."""
    if not digest.endswith(_FOLDER):
        return cached(root, digest).is_file()
    files = listing(root, digest)
    return files is not None and all(cached(root, one).is_file() for one in files.values())


def check_out(root: Path, digest: str, target: Path) -> None:
    """Copy the content of that hash from the cache below `root` to `target`.

    Raises
    ------
    LabError
        Where the cache does not hold it.
    """
    if not is_cached(root, digest):
        raise LabError(f"The DVC cache below {root} does not hold {digest}, which {target.name} was recorded with.")
    if not digest.endswith(_FOLDER):
        _copy(cached(root, digest), target)
        return
    for name, one in (listing(root, digest) or {}).items():
        _copy(cached(root, one), target / name)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)

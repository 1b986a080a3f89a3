"""A repository as an answer: the text files of a folder, by relative path, and nothing that was made by running it."""

from pathlib import Path
from typing import Final

from pipelines.errors import LabError

LEFT_OUT: Final = (".git", ".dvc", "__pycache__", ".venv", "venv", ".pytest_cache", ".mypy_cache", ".ruff_cache", "out")
"""Folders that are not read: history, caches, environments, and what a run writes."""

MOST_FILES: Final = 200
MOST_BYTES: Final = 4 << 20
"""Bounds of a repository that is handed in, all files together."""


def read_repository(folder: Path) -> dict[str, str]:
    """Every text file below `folder`, as ``<folder's name>/<relative path>`` -> text; other files are left out.

    Raises
    ------
    LabError
        Where there is no such folder, or more in it than a repository of this size holds.
    """
    if not folder.is_dir():
        raise LabError(f"There is no folder {folder}. Hand in the whole repository, as the brief says.")
    found: dict[str, str] = {}
    size = 0
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if any(part in LEFT_OUT for part in inside.parts) or path.is_symlink() or not path.is_file():
            continue
        size += path.stat().st_size
        if size > MOST_BYTES or len(found) >= MOST_FILES:
            raise LabError(
                f"{folder} holds more than {MOST_FILES} files or {MOST_BYTES:,} bytes. Leave out what a run makes; "
                f"these folders are left out anyway: {', '.join(LEFT_OUT)}."
            )
        if (text := _text(path)) is not None:
            found[f"{folder.name}/{inside.as_posix()}"] = text
    return found


def _text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None

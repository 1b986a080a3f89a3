"""A repository as an answer: the text files of a folder, by relative path, and nothing that was made by running it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NoReturn

from pipelines.errors import LabError
from scenarios.kit.utf8 import readable

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
        Where there is no such folder, more in it than a repository of this size holds, something in it that may not be
        opened, or a name that is no text.
    """
    if not folder.is_dir():
        raise LabError(f"There is no folder {folder}. Hand in the whole repository, as the brief says.")
    try:
        return _texts(folder)
    except OSError as error:
        name = os.path.relpath(error.filename, folder.parent) if error.filename else folder.name
        raise LabError(f"{name}: cannot be read: {error.strerror}.") from error


def _texts(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    size = 0
    for path in sorted(_files(folder)):
        size += path.stat().st_size
        if size > MOST_BYTES or len(found) >= MOST_FILES:
            raise LabError(
                f"{folder.name}: more than {MOST_FILES} files or {MOST_BYTES:,} bytes. Leave out what a run makes; "
                f"these folders are left out anyway: {', '.join(LEFT_OUT)}."
            )
        if (text := _text(path)) is not None:
            found[_named(folder, path)] = text
    return found


def _files(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder, onerror=_stop):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        for path in (Path(here) / name for name in names if name not in LEFT_OUT):
            if not path.is_symlink() and path.is_file():
                yield path


def _stop(error: OSError) -> NoReturn:
    raise error


def _named(folder: Path, path: Path) -> str:
    name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
    try:
        name.encode("utf-8")
    except UnicodeEncodeError as error:
        raise LabError(f"{readable(name)}: this name is no UTF-8 text; give the file another one.") from error
    return name


def _text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None

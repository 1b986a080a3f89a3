"""The organisation's secret: every draw comes from it, so it lies in one private file outside any repository."""

import os
import re
import secrets
import stat
from pathlib import Path
from typing import Final

import typer

from pipelines.errors import LabError

VARIABLE: Final = "LAB_SECRET_FILE"
"""Environment variable that names another file."""

BYTES: Final = 32
"""256 bits: nobody tries them out."""

_REPOSITORIES: Final = (".git", ".hg", ".svn", ".jj", ".dvc")
_WRITTEN: Final = re.compile(r"[0-9a-f]{64}\n?")
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def secret_file(given: Path | None = None) -> Path:
    """Where the secret lies: as given, else where `LAB_SECRET_FILE` says, else in the user's settings folder."""
    if given is not None:
        return given.expanduser()
    named = os.environ.get(VARIABLE, "").strip()
    return Path(named).expanduser() if named else Path(typer.get_app_dir("drift-leakage-lab")) / "secret"


def own_secret(file: Path) -> tuple[bytes, bool]:
    """The secret in the file, made there (mode 0600) when there is none, and whether it was made now.

    Raises
    ------
    LabError
        Where the file lies in a repository, can be read by others, or holds no secret.
    """
    if made := not file.is_symlink() and not file.exists():
        _make(file)
    return read_secret(file), made


def read_secret(file: Path) -> bytes:
    """The secret in the file.

    Raises
    ------
    LabError
        Where there is none, or it cannot be trusted: see `own_secret`.
    """
    _refuse_repository(file)
    if file.is_dir():
        raise LabError(f"The secret {file} is a folder; it must be a plain file. Name the file in it.")
    try:
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError as error:
        raise LabError(
            f"There is no secret in {file}. Packs can be graded only with the secret they were forked with: copy that "
            f"file here, or name it with --secret or {VARIABLE}."
        ) from error
    except OSError as error:
        raise LabError(f"The secret {file} cannot be opened: {error.strerror}. It must be a plain file.") from error
    with os.fdopen(handle, "rb") as opened:
        _refuse_open(file, os.fstat(handle))
        text = opened.read(2 * BYTES + 2)
    if not _WRITTEN.fullmatch(text.decode("ascii", "replace")):
        raise LabError(
            f"{file} holds no secret: it must be {2 * BYTES} hexadecimal digits. Name another file, or move this one "
            "away and fork once to have a new one made."
        )
    return bytes.fromhex(text.decode("ascii").strip())


def _make(file: Path) -> None:
    _refuse_repository(file)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise LabError(
            f"No secret can be made in {file}: {error.strerror}. Name another file with --secret."
        ) from error
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(secrets.token_hex(BYTES) + "\n")


def _refuse_repository(file: Path) -> None:
    for folder in file.resolve().parents:
        if any((folder / kind).exists() for kind in _REPOSITORIES):
            raise LabError(
                f"The secret may not lie in a repository, where it would be shared: {file} is inside {folder}. "
                f"Name a file elsewhere with --secret or {VARIABLE}; without either it is {secret_file()}."
            )


def _refuse_open(file: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise LabError(f"The secret {file} must be a plain file.")
    if os.name == "posix" and stat.S_IMODE(found.st_mode) & _OTHERS:
        raise LabError(
            f"The secret {file} can be read by others (mode {stat.S_IMODE(found.st_mode):04o}; 0600 is allowed). "
            f"If nobody has read it: chmod 600 '{file}'"
        )
    if os.name == "posix" and found.st_uid != os.geteuid():
        raise LabError(f"The secret {file} belongs to another user. Fork and grade as the user who made it.")

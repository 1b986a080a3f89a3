"""An archive that came back, unpacked within bounds: no path leaves the folder, no link is made, no bomb goes off."""

import errno
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Final

from pipelines.errors import LabError

MOST_FILES: Final = 5_000
MOST_BYTES: Final = 256 << 20
"""What an archive may hold, unpacked."""

_CHUNK: Final = 1 << 20
ENDINGS: Final = (".zip", ".tar.gz", ".tgz", ".tar")
_SKIPPED: Final = (".venv", ".git", "__pycache__", "__MACOSX")
"""Folders that no answer lies in; people send them along."""

_DAMAGE: Final = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, ValueError, ArithmeticError, LookupError, MemoryError),
)
"""What the readers of archives raise on bytes that nobody packed."""

_OURS: Final = (errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EACCES, errno.EPERM, errno.EROFS)
"""What this machine did not let us do: no fault of the archive."""


def is_archive(path: Path) -> bool:
    """Whether a submission is one archive, by its ending."""
    return path.is_file() and path.name.casefold().endswith(ENDINGS)


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack into an empty folder and return the one that holds ``pack.json``.

    Raises
    ------
    LabError
        Where the archive is damaged, too large, or holds a path or a link that leads out of it.
    OSError
        Where this machine is at fault, such as a full disk.
    """
    try:
        members = _zip(archive) if archive.name.casefold().endswith(".zip") else _tar(archive)
        _write(archive.name, members, folder)
    except LabError:
        raise
    except OSError as error:
        if error.errno in _OURS:
            raise
        raise LabError(f"{archive.name}: the archive is damaged: {error.strerror or error}") from error
    except _DAMAGE as error:
        raise LabError(f"{archive.name}: the archive is damaged: {str(error)[:200]}") from error
    except (RuntimeError, NotImplementedError) as error:  # zipfile's words for a password and an unknown compression
        raise LabError(f"{archive.name}: the archive cannot be opened: {error}") from error
    return _root(folder)


def _write(archive: str, members: Iterator[tuple[str, IO[bytes]]], folder: Path) -> None:
    left, files = MOST_BYTES, 0
    for name, opened in members:
        path = _inside(archive, name, folder)
        if path is None:
            continue
        if (files := files + 1) > MOST_FILES:
            raise LabError(f"{archive}: more than {MOST_FILES:,} files; send the pack without what was made.")
        with _made(archive, name, path) as made:
            while chunk := opened.read(_CHUNK):
                if (left := left - len(chunk)) < 0:
                    raise LabError(f"{archive}: more than {MOST_BYTES:,} bytes when unpacked, at '{name[:80]}'.")
                made.write(chunk)


def _made(archive: str, name: str, path: Path) -> IO[bytes]:
    """A new file for a member, or LabError where it stands in the archive twice, or as a file and as a folder."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("xb")
    except OSError as error:
        if error.errno in _OURS:
            raise
        raise LabError(f"{archive}: '{name[:80]}' cannot be unpacked: {error.strerror}.") from error


def _inside(archive: str, name: str, folder: Path) -> Path | None:
    """Where a member goes; None for what is not read anyway."""
    inner = PurePosixPath(name.replace("\\", "/"))
    if inner.is_absolute() or ".." in inner.parts or ":" in name or "\0" in name:
        raise LabError(f"{archive}: '{name[:80]}' would leave the folder it is unpacked to; nothing of it is read.")
    return None if any(part in _SKIPPED for part in inner.parts) else folder / inner


def _zip(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(archive) as opened:
        for member in opened.infolist():
            if (member.external_attr >> 16) & 0o170000 == 0o120000:  # noqa: PLR2004 - a symbolic link
                raise LabError(f"{archive.name}: '{member.filename[:80]}' is a symbolic link; send the file itself.")
            if not member.is_dir():
                with opened.open(member) as content:
                    yield member.filename, content


def _tar(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with tarfile.open(archive, "r:*") as opened:
        for member in opened:
            _refuse_special(archive.name, member)
            content = opened.extractfile(member) if member.isfile() else None
            if content is not None:
                yield member.name, content


def _refuse_special(archive: str, member: tarfile.TarInfo) -> None:
    skipped = any(part in _SKIPPED for part in PurePosixPath(member.name).parts)
    if not (member.isfile() or member.isdir() or skipped):
        raise LabError(f"{archive}: '{member.name[:80]}' is a link or special file; send the file itself.")


def _root(folder: Path) -> Path:
    """The folder with the pack: the top, or the one folder in it."""
    inner = [path for path in folder.iterdir() if path.is_dir()]
    if not (folder / "pack.json").exists() and len(inner) == 1:
        return inner[0]
    return folder

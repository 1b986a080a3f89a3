"""A pack on disk or in one archive: the same bytes, times, modes and order every time and everywhere."""

import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pipelines.errors import LabError

TIME: Final = 1_577_836_800
"""Every file is of 2020-01-01 00:00 UTC: when it was made is nobody's business."""

_ZIP_TIME: Final = (2020, 1, 1, 0, 0, 0)
FILE_MODE, FOLDER_MODE = 0o644, 0o755


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a pack into a folder that is empty or not there yet.

    Raises
    ------
    LabError
        Where the folder holds something, or cannot be written.
    """
    refuse_taken(folder)
    try:
        for name, content in sorted(files.items()):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(FILE_MODE)
    except OSError as error:
        raise LabError(f"The pack cannot be written to {folder}: {error.strerror} ({error.filename}).") from error
    stamp(folder)


def refuse_taken(folder: Path) -> None:
    """Raise LabError where a folder to be written already holds something."""
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise LabError(f"{folder} is not empty, and nothing is overwritten. Name a new folder with --out.")


def stamp(folder: Path) -> None:
    """Give everything below a folder, and the folder, the same time and mode; what is deepest comes first."""
    for path in sorted(folder.rglob("*"), key=lambda one: -len(one.parts)):
        path.chmod(FOLDER_MODE if path.is_dir() else FILE_MODE)
        os.utime(path, (TIME, TIME))
    folder.chmod(FOLDER_MODE)
    os.utime(folder, (TIME, TIME))


def archive_bytes(files: Mapping[str, bytes], *, root: str, kind: str) -> bytes:
    """The pack as a ``.zip`` or ``.tar.gz`` whose files lie in a folder `root`."""
    return (_zip if kind == ".zip" else _tar)(files, root)


def _zip(files: Mapping[str, bytes], root: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as made:
        for name, content in sorted(files.items()):
            member = zipfile.ZipInfo(f"{root}/{name}", date_time=_ZIP_TIME)
            member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 3
            member.external_attr = (0o100000 | FILE_MODE) << 16
            made.writestr(member, content)
    return buffer.getvalue()


def _tar(files: Mapping[str, bytes], root: str) -> bytes:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as made:
        for name, content in sorted(files.items()):
            member = tarfile.TarInfo(f"{root}/{name}")
            member.size, member.mtime, member.mode = len(content), TIME, FILE_MODE
            made.addfile(member, io.BytesIO(content))
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=TIME, compresslevel=6) as made:
        made.write(plain.getvalue())
    return packed.getvalue()

"""What is looked through: every file of a folder or an archive, those in archives within it too."""

import gzip
import io
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_DEEPEST: Final = 3
"""Archives within archives that are opened."""

_LARGEST: Final = 256 << 20
"""Bytes unpacked of one file at most."""

_ZLIB: Final = (b"\x78\x01", b"\x78\x9c", b"\x78\xda")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A file: its name with forward slashes, content, time in seconds since 1970, mode, owner, and remarks.

    `content` is None for what is no regular file. Remarks are what an archive says beside the file itself.
    """

    name: str
    content: bytes | None
    time: float | None = None
    mode: int | None = None
    owner: str = ""
    remarks: tuple[str, ...] = ()

    def among(self, names: Collection[str]) -> bool:
        """Whether the file, wherever its archive was rooted, is one of these."""
        inner = self.name.rpartition("!")[2]
        return inner in names or inner.partition("/")[2] in names


def folder_entries(folder: Path) -> Iterator[Entry]:
    """Every file below a folder, those in archives too."""
    for path in sorted(folder.rglob("*")):
        found = path.lstat()
        name = path.relative_to(folder).as_posix()
        if stat.S_ISDIR(found.st_mode):
            yield Entry(name=f"{name}/", content=b"", time=found.st_mtime, mode=stat.S_IMODE(found.st_mode))
            continue
        content = path.read_bytes() if stat.S_ISREG(found.st_mode) else None
        yield Entry(name=name, content=content, time=found.st_mtime, mode=stat.S_IMODE(found.st_mode))
        yield from _within(name, content or b"", 0)


def archive_entries(name: str, content: bytes) -> Iterator[Entry]:
    """Every file in an archive."""
    yield from _within(name, content, 0)


def _within(name: str, content: bytes, depth: int) -> Iterator[Entry]:
    if depth >= _DEEPEST:
        return
    for entry in _members(name, content):
        if not _packed_tar(entry):
            yield entry
        yield from _within(entry.name, entry.content or b"", depth + 1)


def _packed_tar(entry: Entry) -> bool:
    """Whether an entry is nothing but the other half of a ``.tar.gz``."""
    return entry.name.endswith("!unpacked") and (entry.content or b"")[257:262] == b"ustar" and not entry.remarks


def _members(name: str, content: bytes) -> Iterator[Entry]:
    if content[:4] == b"PK\x03\x04":
        yield from _zip_members(name, content)
    elif content[:2] == b"\x1f\x8b":
        yield from _gzip_member(name, content)
    elif content[257:262] == b"ustar":
        yield from _tar_members(name, content)
    elif content[:2] in _ZLIB:
        with _damaged_ignored() as opened:
            plain = zlib.decompressobj().decompress(content, _LARGEST)
            opened.append(Entry(name=f"{name}!inflated", content=plain))
        yield from opened


def _zip_members(name: str, content: bytes) -> Iterator[Entry]:
    with _damaged_ignored() as opened, zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            remarks = tuple(
                text for text in (archive.comment.decode("latin1"), member.comment.decode("latin1")) if text
            )
            plain = archive.read(member) if member.file_size <= _LARGEST else b""
            opened.append(
                Entry(
                    name=f"{name}!{member.filename}",
                    content=plain,
                    time=_zip_time(member.date_time),
                    remarks=(*remarks, *(("extra fields",) if member.extra else ())),
                )
            )
    yield from opened


def _zip_time(when: tuple[int, int, int, int, int, int]) -> float:
    from calendar import timegm

    return float(timegm((*when, 0, 0, 0)))


def _gzip_member(name: str, content: bytes) -> Iterator[Entry]:
    with _damaged_ignored() as opened, gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
        plain = packed.read(_LARGEST)
        named = ("an inner file name",) if content[3] & 0x08 else ()
        opened.append(Entry(name=f"{name}!unpacked", content=plain, time=float(packed.mtime or 0), remarks=named))
    yield from opened


def _tar_members(name: str, content: bytes) -> Iterator[Entry]:
    with _damaged_ignored() as opened, tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive.getmembers():
            read = archive.extractfile(member) if member.isfile() and member.size <= _LARGEST else None
            owner = member.uname or member.gname or ("" if not (member.uid or member.gid) else f"user {member.uid}")
            opened.append(
                Entry(
                    name=f"{name}!{member.name}{'/' if member.isdir() else ''}",
                    content=read.read() if read is not None else (b"" if member.isdir() else None),
                    time=float(member.mtime),
                    mode=member.mode,
                    owner=owner,
                    remarks=tuple(f"header {key}" for key in member.pax_headers if key not in ("path", "size")),
                )
            )
    yield from opened


class _damaged_ignored:  # noqa: N801 - a context manager that reads like a function
    """Collects entries; what is damaged holds nothing more that could be read."""

    def __enter__(self) -> list[Entry]:
        return []

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return kind is not None and issubclass(
            kind, zipfile.BadZipFile | tarfile.TarError | zlib.error | OSError | EOFError | ValueError | RuntimeError
        )

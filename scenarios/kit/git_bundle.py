"""A git history as one file, `git clone`-able: the same commits give the same bytes with every git and every zlib."""

import hashlib
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_KINDS: Final = {"commit": 1, "tree": 2, "blob": 3}
_FILE_MODE, _FOLDER_MODE = "100644", "40000"


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """One commit: its message, when it was made (seconds since 1970), by whom (``Name <address>``), all its files."""

    message: str
    at: int
    author: str
    files: Mapping[str, bytes]


def bundle(history: Sequence[Snapshot], *, branch: str = "main") -> tuple[bytes, tuple[str, ...]]:
    """A bundle of a straight history, and the commits' ids, both from the first to the last.

    Contents are stored, not deflated: what deflating gives depends on the zlib it is done with.
    """
    objects: dict[str, bytes] = {}
    ids: list[str] = []
    for snapshot in history:
        tree = _tree(snapshot.files, objects)
        parent = f"parent {ids[-1]}\n" if ids else ""
        signed = f"{snapshot.author} {snapshot.at} +0000"
        text = f"tree {tree}\n{parent}author {signed}\ncommitter {signed}\n\n{snapshot.message}\n"
        ids.append(_kept("commit", text.encode("utf-8"), objects))
    head = f"# v2 git bundle\n{ids[-1]} refs/heads/{branch}\n{ids[-1]} HEAD\n\n"
    return head.encode("utf-8") + _pack(objects), tuple(ids)


def _tree(files: Mapping[str, bytes], objects: dict[str, bytes]) -> str:
    """The id of a folder's tree, its objects kept."""
    below: dict[str, dict[str, bytes]] = {}
    entries: list[tuple[str, str, str]] = []
    for path, content in files.items():
        name, _, rest = path.partition("/")
        if rest:
            below.setdefault(name, {})[rest] = content
        else:
            entries.append((name, _FILE_MODE, _kept("blob", content, objects)))
    entries += [(name, _FOLDER_MODE, _tree(inner, objects)) for name, inner in below.items()]
    # Git sorts a folder as if its name ended in a slash.
    entries.sort(key=lambda one: (f"{one[0]}/" if one[1] == _FOLDER_MODE else one[0]).encode("utf-8"))
    listing = b"".join(f"{mode} {name}".encode() + b"\0" + bytes.fromhex(digest) for name, mode, digest in entries)
    return _kept("tree", listing, objects)


def _kept(kind: str, content: bytes, objects: dict[str, bytes]) -> str:
    """Keep an object as a pack has it, and say its id."""
    whole = f"{kind} {len(content)}".encode() + b"\0" + content
    digest = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
    objects.setdefault(digest, bytes(_size(_KINDS[kind], len(content))) + zlib.compress(content, 0))
    return digest


def _size(kind: int, size: int) -> Iterator[int]:
    """The head of a pack entry: kind and size, seven bits a byte after the first four."""
    byte, size = (kind << 4) | (size & 15), size >> 4
    while size:
        yield byte | 128
        byte, size = size & 127, size >> 7
    yield byte


def _pack(objects: Mapping[str, bytes]) -> bytes:
    body = b"PACK" + struct.pack(">II", 2, len(objects)) + b"".join(objects.values())
    return body + hashlib.sha1(body, usedforsecurity=False).digest()

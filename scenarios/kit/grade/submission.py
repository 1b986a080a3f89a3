"""What came back from a candidate: which pack it is, and what could be read of the answer."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from pipelines.errors import LabError
from scenarios.base import Answer
from scenarios.kit.exercise import Bank, Exercise
from scenarios.kit.fork.identity import Identity, digest
from scenarios.kit.fork.parcel import PACK, identity_from
from scenarios.kit.format import NotYetError, Parts, bytes_of, read_parts
from scenarios.kit.grade.fault import in_full, said
from scenarios.kit.grade.signs import signs
from scenarios.kit.grade.unpack import ENDINGS, is_archive, unpack
from scenarios.kit.grade.words import Sign
from scenarios.kit.utf8 import readable

_MOST_PACK_BYTES: Final = 4 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """A submission. `exercise` and `identity` are None where it is no pack of ours; `problems` say what is wrong.

    `fault` is what stopped the reading on the graders' side, in full; it is empty where nothing did.
    """

    name: str
    identity: Identity | None = None
    exercise: Exercise | None = None
    parts: Parts
    signs: tuple[Sign, ...] = ()
    problems: tuple[str, ...] = ()
    fault: str = ""

    @property
    def answer(self) -> Answer | None:
        """The answer; None where any part of it cannot be used."""
        if self.problems or self.parts.sheet is None:
            return None
        return Answer(sheet=self.parts.sheet, tables=self.parts.tables, code=self.parts.code)

    @property
    def digest(self) -> str:
        """A digest of everything that was read."""
        parts = [*self.parts.raw.items(), *((name, text.encode()) for name, text in self.parts.code.items())]
        return digest(b"".join(f"{name} {digest(content)}\n".encode() for name, content in sorted(parts)))


def name_of(path: Path) -> str:
    """A submission's name: its folder's, or the archive's without its ending."""
    name = readable(path.resolve().name)
    return next((name[: -len(end)] for end in ENDINGS if name.casefold().endswith(end)), name)


def read_submission(path: Path, bank: Bank) -> Submission:
    """Read a folder or an archive. What is wrong with it is in the result; nothing is raised for it.

    Raises
    ------
    LabError
        Where there is nothing at `path`.
    """
    if not path.exists():
        raise LabError(f"There is no {path}. Name a folder or an archive (.zip, .tar.gz) that came back.")
    try:
        with _opened(path) as folder:
            return _read(name_of(path), folder, bank)
    except LabError as error:
        return Submission(name=name_of(path), parts=Parts(), problems=(str(error),), signs=_seen(str(error)))
    except Exception as error:  # noqa: BLE001 - whatever it was, it is no verdict on the answer
        return Submission(name=name_of(path), parts=Parts(), problems=(said(error),), fault=in_full(error))


def _seen(error: str) -> tuple[Sign, ...]:
    """An archive that tries to get out is a sign as well as a problem."""
    if "would leave the folder" in error or "is a link" in error or "symbolic link" in error:
        return (Sign(what="archive escape", where=error.partition(":")[0], says="nothing of it was unpacked or read"),)
    if "when unpacked" in error:
        return (Sign(what="archive bomb", where=error.partition(":")[0], says="unpacking was stopped"),)
    return ()


@contextmanager
def _opened(path: Path) -> Iterator[Path]:
    if not is_archive(path):
        if not path.is_dir():
            raise LabError(f"{path.name}: neither a folder nor an archive (.zip, .tar.gz).")
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="lab-returned-") as folder:
        yield unpack(path, Path(folder))


def _read(name: str, folder: Path, bank: Bank) -> Submission:
    identity = _identity(folder)
    exercise = bank(identity.scenario)
    parts = read_parts(folder, identity.scenario, exercise.scenario.brief.deliverables)
    return Submission(
        name=name,
        identity=identity,
        exercise=exercise,
        parts=parts,
        signs=signs(folder, identity, parts.code, handed_in=parts.raw),
        problems=(*parts.problems, *parts.to_do),
    )


def _identity(folder: Path) -> Identity:
    try:
        content = bytes_of(folder, PACK, most=_MOST_PACK_BYTES)
    except NotYetError as error:
        raise LabError(f"{PACK}: this file is missing: the pack is incomplete. Hand in the whole folder.") from error
    try:
        return identity_from(content)
    except (ValueError, RecursionError) as error:
        why = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise LabError(f"{PACK}: line 1: this is no pack's identity: {why[:200]}") from error

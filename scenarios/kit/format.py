"""Is an answer complete and readable? Every problem names its file and line; nothing is said about right or wrong.

The same file goes into every pack, so what ``make check`` says there is what ``lab grade`` says here. It reads regular
files of a bounded size and nothing else, and neither runs nor loads anything of a candidate's.
"""

import ast
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pandas as pd

from pipelines.errors import LabError
from scenarios.base import AnswerSheet, Deliverable
from scenarios.kit.answers import sheet_from
from scenarios.kit.repository import read_repository
from scenarios.kit.tables import MOST_BYTES as MOST_TABLE_BYTES
from scenarios.kit.tables import table_from
from scenarios.kit.utf8 import decoded

MOST_SHEET_BYTES: Final = 1 << 20
MOST_CODE_BYTES: Final = 1 << 20
"""An answer sheet is a page or two, code a file or two; anything longer is not read."""

_MOST: Final = {"sheet": MOST_SHEET_BYTES, "code": MOST_CODE_BYTES, "table": MOST_TABLE_BYTES}


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """What could be read of an answer, what is wrong with it and what is still to do; each text begins with a file."""

    sheet: AnswerSheet | None = None
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    code: dict[str, str] = field(default_factory=dict)
    raw: dict[str, bytes] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    to_do: tuple[str, ...] = ()


class NotYetError(LabError):
    """A part of the answer is not there yet, or holds nothing."""


def read_parts(folder: Path, scenario: str, asked: Iterable[Deliverable]) -> Parts:
    """Every deliverable in a folder."""
    sheets: list[AnswerSheet] = []
    tables: dict[str, pd.DataFrame] = {}
    code: dict[str, str] = {}
    raw: dict[str, bytes] = {}
    problems: list[str] = []
    to_do: list[str] = []
    for one in asked:
        try:
            if one.kind == "repository":
                code |= _repository(folder, one.file)
                continue
            raw[one.file] = content = bytes_of(folder, one.file, most=_MOST[one.kind])
            if one.kind == "sheet":
                sheets.append(_sheet(content, one.file, scenario))
            elif one.kind == "code":
                code[one.file] = _code(content, one.file)
            else:
                tables[one.file] = table_from(content, one)
        except NotYetError as error:
            to_do.append(str(error))
        except LabError as error:
            problems.append(str(error))
    found = sheets[0] if sheets else None
    return Parts(sheet=found, tables=tables, code=code, raw=raw, problems=tuple(problems), to_do=tuple(to_do))


def bytes_of(folder: Path, name: str, *, most: int) -> bytes:
    """The bytes of a regular file below a folder, or LabError: no links are followed and nothing large is read."""
    path = folder
    for part in Path(name).parts:
        path = path / part
        if _is_link(path, name):
            raise LabError(f"{name}: {path.name} is a symbolic link; hand in the file itself.")
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError as error:
        raise NotYetError(f"{name}: this file is missing. BRIEF.md says what it holds.") from error
    except OSError as error:
        raise LabError(f"{name}: cannot be opened: {error.strerror}.") from error
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        os.close(handle)
        raise LabError(f"{name}: this is no file but a {_kind(found.st_mode)}.")
    with os.fdopen(handle, "rb") as opened:
        if found.st_size > most:
            raise LabError(f"{name}: {found.st_size:,} bytes; at most {most:,} are read.")
        return opened.read(most + 1)[:most]


def _is_link(path: Path, name: str) -> bool:
    try:
        return path.is_symlink()
    except OSError as error:
        raise LabError(f"{name}: cannot be opened: {error.strerror}.") from error


def _sheet(content: bytes, name: str, scenario: str) -> AnswerSheet:
    sheet = sheet_from(content, name)
    if sheet.scenario != scenario:
        raise LabError(f"{name}: line {_line(content, 'scenario')}: scenario is '{sheet.scenario}', not '{scenario}'.")
    if is_empty(sheet):
        raise NotYetError(
            f"{name}: line {_line(content, 'trust')}: nothing is filled in yet: neither trust, findings nor estimates."
        )
    return sheet


def is_empty(sheet: AnswerSheet) -> bool:
    """Whether a sheet answers nothing."""
    return sheet.trust is None and not sheet.findings and not sheet.estimates


def _line(content: bytes, key: str) -> int:
    """The line of a top-level key, 1 where it stands nowhere."""
    starts = (at for at, line in enumerate(content.split(b"\n"), 1) if line.startswith(key.encode()))
    return next(starts, 1)


def _repository(folder: Path, name: str) -> dict[str, str]:
    if (folder / name).is_symlink():
        raise LabError(f"{name}: a symbolic link; hand in the folder itself.")
    if not (folder / name).is_dir():
        raise NotYetError(f"{name}/: this folder is missing. BRIEF.md says what it holds.")
    found = read_repository(folder / name)
    for file, text in found.items():
        if file.endswith(".py"):
            _code(text.encode(), file)
    return found


def _code(content: bytes, name: str) -> str:
    text = decoded(content, name)
    try:
        ast.parse(text, filename=name)
    except SyntaxError as error:
        raise LabError(f"{name}: line {error.lineno or 1}: {error.msg}.") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise LabError(f"{name}: line 1: cannot be read as Python: {error}.") from error
    if not text.strip():
        raise NotYetError(f"{name}: line 1: the file is empty.")
    return text


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "folder"
    return "pipe" if stat.S_ISFIFO(mode) else "special file"

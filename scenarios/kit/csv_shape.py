"""The shape of a CSV file, looked at before it is read as a table: names once each, and as many fields in every row."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from pipelines.errors import LabError

MOST_IN_A_LINE: Final = 1 << 20
"""Characters of a line; a longer one is no row that a person or a program writes."""


def header(text: str, name: str, *, most: int) -> list[str]:
    """The names of the columns in the first line of a file called `name`, at most `most` of them.

    Raises
    ------
    LabError
        Where the line is blank or no CSV, or names two columns alike.
    """
    line = _first_line(text)
    if not text.strip():
        raise LabError(f"{name}: not CSV: the file is empty.")
    if not line.strip():
        raise LabError(f"{name}: line 1: is blank; the names of the columns belong there.")
    if line.count(",") >= most:
        raise LabError(f"{name}: line 1: more than {most:,} columns; at most that many are read.")
    try:
        names = next(csv.reader([line], strict=True))
    except csv.Error as error:
        raise LabError(f"{name}: line 1: not CSV: {error}.") from error
    if twice := sorted({one for one in names if names.count(one) > 1}):
        raise LabError(f"{name}: line 1: there are several columns '{twice[0][:80]}'")
    return names


def refuse_uneven(text: str, name: str, columns: int) -> None:
    """Raise LabError at the first row that has more fields, or fewer, than there are columns."""
    rows = csv.reader(_lines(text, name), strict=True)
    try:
        for row in rows:
            if row and len(row) != columns:
                raise LabError(f"{name}: line {rows.line_num}: {_fields(len(row))}, and line 1 names {columns:,}.")
    except csv.Error as error:
        raise LabError(f"{name}: line {rows.line_num}: not CSV: {error}.") from error


def _fields(count: int) -> str:
    return f"{count:,} field{'' if count == 1 else 's'}"


def _first_line(text: str) -> str:
    return text[:MOST_IN_A_LINE].replace("\r", "\n").partition("\n")[0]


def _lines(text: str, name: str) -> Iterator[str]:
    for at, line in enumerate(io.StringIO(text, newline=None), 1):
        if len(line) > MOST_IN_A_LINE:
            raise LabError(f"{name}: line {at}: {len(line):,} characters; at most {MOST_IN_A_LINE:,} are read.")
        yield line

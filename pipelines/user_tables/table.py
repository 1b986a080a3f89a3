"""A table from a path: CSV and its kin, Parquet, or a folder of either's parts."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.errors import LabError
from pipelines.user_tables.cells import Column, Habits, tidy
from pipelines.user_tables.delimited import Raw, read_delimited
from pipelines.user_tables.headers import tidy_names, without_row_numbers
from pipelines.user_tables.nearest import hint, listed

TEXT: Final = (".csv", ".tsv", ".txt", ".tab", ".csv.gz", ".tsv.gz", ".txt.gz")
PARQUET: Final = (".parquet", ".pq", ".parq")
"""Endings of the files that are read in a folder; a single file is judged by its first bytes."""

_MAGIC: Final = b"PAR1"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadTable:
    """A table with tidy names and types, and sentences on what was changed on the way."""

    frame: pd.DataFrame
    notes: tuple[str, ...]


def read_table(path: Path) -> ReadTable:
    """The table at `path`: a CSV, TSV or Parquet file, or a folder of parts.

    Numbers written as text become numbers; words for nothing (NULL, N/A, -) become missing; columns whose cells are
    nearly all dates of one format become times without zone.

    Raises
    ------
    LabError
        Where there is no such file, or no table in it; the message names the file and the reason.
    """
    with naming(path):
        return _read(path)


def parts_of(folder: Path) -> list[Path]:
    """The table files in a folder and below it, by path; hidden ones and those that begin with "_" are left out."""
    files = (one for one in folder.rglob("*") if one.is_file() and one.name.lower().endswith((*TEXT, *PARQUET)))
    return sorted(one for one in files if not _hidden(one.relative_to(folder)))


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Put the file's name before the reason of an error met in the block."""
    try:
        yield
    except PermissionError as error:
        raise LabError(f"{path}: it may not be read ({error.strerror}).") from error
    except LabError as error:
        said = str(error)
        ended = said if said.endswith((".", "?")) else f"{said}."
        raise LabError(said if said.startswith(str(path)) else f"{path}: {ended}") from error


def _hidden(path: Path) -> bool:
    return any(one.startswith((".", "_")) for one in path.parts)


def _read(path: Path) -> ReadTable:
    _refuse_missing(path)
    if path.is_dir():
        return _read_folder(path)
    if not path.stat().st_size:
        raise LabError("it is empty (0 bytes)")
    return _ready(_read_parquet([path]) if _is_parquet(path) else read_delimited(path))


def _refuse_missing(path: Path) -> None:
    if path.exists():
        return
    folder = path.parent
    if not folder.is_dir():
        raise LabError(f"there is no such file, and no folder {folder}")
    beside = [one.name for one in sorted(folder.iterdir()) if not one.name.startswith(".")]
    raise LabError(f"there is no such file. {hint(path.name, beside, what='files in its folder')}")


def _read_folder(folder: Path) -> ReadTable:
    files = parts_of(folder)
    parquet = [one for one in files if one.name.lower().endswith(PARQUET)]
    if not files:
        raise LabError(f"the folder holds no table. Allowed are files ending in {', '.join((*PARQUET, *TEXT))}")
    if parquet and len(parquet) < len(files):
        raise LabError(f"the folder holds Parquet and text files; name one of them, such as {files[0].name}")
    return _ready(_read_parquet(parquet, root=folder)) if parquet else _stacked(files)


def _stacked(files: Sequence[Path]) -> ReadTable:
    parts = [read_table(one) for one in files]
    notes = dict.fromkeys(note for part in parts for note in part.notes)
    return ReadTable(frame=pd.concat([part.frame for part in parts], ignore_index=True), notes=tuple(notes))


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC or path.name.lower().endswith(PARQUET)


def _read_parquet(files: Sequence[Path], *, root: Path | None = None) -> Raw:
    tables = [_parquet(one, root) for one in files]
    try:
        whole = pa.concat_tables(tables, promote_options="permissive") if len(tables) > 1 else tables[0]
    except pa.ArrowException as error:
        raise LabError(f"its parts do not fit together: {error}") from error
    if not whole.num_rows:
        raise LabError(f"it holds no rows ({whole.num_columns} columns)")
    names, notes = tidy_names(whole.column_names)
    columns = dict(zip(names, whole.columns, strict=True))
    return Raw(columns=columns, habits=Habits(style="point", day_first=False), notes=tuple(notes))


def _parquet(file: Path, root: Path | None) -> Any:  # noqa: ANN401 - pyarrow carries no types
    try:
        table = pq.ParquetFile(file).read()
    except (pa.ArrowException, OSError) as error:
        said = str(error).split("\n", maxsplit=1)[0].rstrip(".")
        part = f"its part {file.name}" if root else "it"
        raise LabError(
            f"{part} is no readable Parquet file ({file.stat().st_size:,} bytes): {said}. Was it cut short?"
        ) from error
    return _with_partitions(table, file.relative_to(root).parts[:-1] if root else ())


def _with_partitions(table: Any, folders: Sequence[str]) -> Any:  # noqa: ANN401
    """The table with the columns that its folders' names hold, as in month=2025-03."""
    pairs = [one.partition("=") for one in folders if "=" in one]
    for name, _, value in pairs:
        if name not in table.column_names:
            table = table.append_column(name, pa.array([value] * table.num_rows, pa.string()))
    return table


def _ready(raw: Raw) -> ReadTable:
    # Each column is let go once it is read: the whole table twice would be too much of a large file.
    columns: dict[str, Column] = {name: tidy(raw.columns.pop(name), raw.habits) for name in list(raw.columns)}
    frame = pd.DataFrame({name: one.cells for name, one in columns.items()}, copy=False)
    frame, dropped = without_row_numbers(frame)
    return ReadTable(frame=frame, notes=(*raw.notes, *dropped, *_said(columns)))


def _said(columns: Mapping[str, Column]) -> list[str]:
    """One sentence for all columns to which the same was done."""
    alike: dict[str, list[str]] = {}
    for name, one in columns.items():
        alike.setdefault(one.note, []).append(f"'{name}'")
    return [f"{listed(names)}: {note}." for note, names in alike.items() if note]

"""Public files of a case on disk: nothing but names, tables of plain types and texts, the same bytes every time."""

import tempfile
from pathlib import Path

import pandas as pd

from pipelines import store
from pipelines.errors import LabError
from scenarios.base import Public


def write_public(folder: Path, public: Public) -> None:
    """Write every public file below `folder`; a table's path ends in .parquet or .csv.

    Raises
    ------
    LabError
        For a path that leaves the folder, or a table with another ending.
    """
    for name in sorted(public):
        path = _inside(folder, name)
        content = public[name]
        if isinstance(content, str):
            store.write_text(path, content)
        elif isinstance(content, bytes):
            store.write_bytes(path, content)
        elif path.suffix == ".parquet":
            store.write_frame(path, content)
        elif path.suffix == ".csv":
            store.write_text(path, content.to_csv(index=False, lineterminator="\n"))
        else:
            raise LabError(f"Public table '{name}' must end in .parquet or .csv.")


def public_bytes(public: Public) -> dict[str, bytes]:
    """Every public file as the bytes that `write_public` writes, by path with forward slashes."""
    with tempfile.TemporaryDirectory() as folder:
        write_public(Path(folder), public)
        return {name: (Path(folder) / name).read_bytes() for name in sorted(public)}


def read_public_table(folder: Path, name: str) -> pd.DataFrame:
    """One public table from disk. Raises LabError where it is missing or damaged."""
    path = _inside(folder, name)
    if path.suffix == ".csv":
        try:
            return pd.read_csv(path)
        except (FileNotFoundError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
            raise LabError(f"{path} cannot be read as CSV: {error}") from error
    return store.read_frame(path)


def plain_types(table: pd.DataFrame) -> pd.DataFrame:
    """The table with all text, categories too, as one type, missing where unknown.

    A list of levels would show what else the company's tables can hold, and a type which step made the column.
    """
    text = [name for name in table.columns if _is_text(table[name])]
    return table.assign(**{name: table[name].astype("str") for name in text})


def _is_text(column: pd.Series) -> bool:
    of_category = isinstance(column.dtype, pd.CategoricalDtype)
    return of_category or (column.dtype == object and pd.api.types.infer_dtype(column, skipna=True) == "string")


def _inside(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise LabError(f"Public file '{name}' lies outside the folder it is to be written to.")
    return path

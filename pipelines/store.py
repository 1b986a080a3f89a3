"""The only place that touches the project's data files: hive-partitioned Parquet, canonical JSON, atomic writes."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.errors import LabError

_CHUNK_ROWS = 1 << 20


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that replaces it when the block ends well: a killed writer leaves no half file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_table(path: Path, table: pa.Table) -> None:
    """Write one Parquet file; the same table gives the same bytes."""
    with atomic(path) as temporary:
        pq.write_table(
            table,
            temporary,
            compression="snappy",
            row_group_size=_CHUNK_ROWS,
            write_statistics=False,
            use_dictionary=[field.name for field in table.schema if pa.types.is_dictionary(field.type)],
        )


def write_frame(path: Path, frame: pd.DataFrame) -> None:
    """Write a data frame (its index is dropped) as one Parquet file."""
    write_table(path, as_table(frame))


def as_table(frame: pd.DataFrame) -> pa.Table:
    """A frame as an Arrow table without pandas' own metadata, whose bytes change with the version."""
    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)


def month_file(root: Path, table: str, label: str, part: int = 0) -> Path:
    """Where a table's month lies: ``root/usage/month=2025-03/part-00000.parquet``."""
    return root / table / f"month={label}" / f"part-{part:05d}.parquet"


def write_month(root: Path, tables: Mapping[str, pa.Table], label: str, part: int = 0) -> None:
    """Write one month of several tables."""
    for name, table in tables.items():
        write_table(month_file(root, name, label, part), table)


def read_month(root: Path, table: str, label: str) -> pd.DataFrame:
    """One month of one table, all parts in order. Raises LabError where the month is missing or damaged."""
    folder = root / table / f"month={label}"
    files = sorted(folder.glob("part-*.parquet"))
    if not files:
        raise LabError(
            f"Table '{table}' has no file for month {label} (looked in {folder}). "
            f"Months present: {_span(months_present(root, table))}. Make it again with: dvc repro --force world"
        )
    return (
        pd.concat([read_frame(file) for file in files], ignore_index=True) if len(files) > 1 else read_frame(files[0])
    )


def read_frame(path: Path) -> pd.DataFrame:
    """One Parquet file as a frame; LabError where it is missing or cannot be read."""
    try:
        frame: pd.DataFrame = pq.ParquetFile(path).read().to_pandas()
    except FileNotFoundError as error:
        raise LabError(f"There is no file {path}. It is made by a DVC stage; run: dvc repro") from error
    except (pa.ArrowException, OSError) as error:
        raise LabError(
            f"{path} is not a readable Parquet file ({_size(path)} bytes): {error}. "
            "It was cut short or overwritten; delete it and run the command again."
        ) from error
    return frame


def months_present(root: Path, table: str) -> list[str]:
    """Labels of the months a table has a folder for, in order."""
    return sorted(folder.name.removeprefix("month=") for folder in (root / table).glob("month=*"))


def read_months(root: Path, tables: Iterable[str], labels: Iterable[str]) -> dict[str, list[pd.DataFrame]]:
    """Several tables' months, table name -> one frame a month in the order of `labels`."""
    wanted = list(labels)
    return {table: [read_month(root, table, label) for label in wanted] for table in tables}


def write_json(path: Path, value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Canonical JSON: sorted keys, two spaces, a newline at the end, no NaN."""
    with atomic(path) as temporary:
        temporary.write_text(json.dumps(value, indent=2, sort_keys=True, allow_nan=False) + "\n", encoding="utf-8")


def read_json(path: Path) -> Any:  # noqa: ANN401 - any JSON value
    """What `write_json` wrote; LabError where the file is missing or no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise LabError(f"There is no file {path}. It is made by a DVC stage; run: dvc repro") from error
    except json.JSONDecodeError as error:
        raise LabError(
            f"{path} is not JSON (line {error.lineno}: {error.msg}). Delete it and run the command again."
        ) from error


def write_text(path: Path, text: str) -> None:
    """Write a text file as UTF-8."""
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file as it is."""
    with atomic(path) as temporary:
        temporary.write_bytes(content)


def _span(labels: list[str]) -> str:
    return f"{labels[0]} to {labels[-1]} ({len(labels)})" if labels else "none"


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0

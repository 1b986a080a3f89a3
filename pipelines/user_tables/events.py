"""A folder of event tables, as the feature builder under audit reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
from pandas.api import types

from pipelines.errors import LabError
from pipelines.user_tables.nearest import listed
from pipelines.user_tables.table import PARQUET, TEXT, naming, parts_of, read_table

AVAILABLE: Final = "available_at"
"""The time at which a row could first be read. Without it nothing can be said about what was known when."""

HAPPENED: Final = "event_at"


@dataclass(frozen=True, kw_only=True, slots=True)
class Events:
    """Event tables by name, and sentences on what was changed in reading them."""

    tables: Mapping[str, pd.DataFrame]
    notes: tuple[str, ...]


def read_events(folder: Path) -> Events:
    """Every table in a folder: one for each file, and one for each sub-folder of parts (as month=2025-03).

    Raises
    ------
    LabError
        Where the folder holds no table, or a table has no time `available_at`.
    """
    if not folder.is_dir():
        raise LabError(f"{folder}: there is no such folder of event tables.")
    paths = _paths(folder)
    if not paths:
        raise LabError(f"{folder}: it holds no event table. {_LAYOUT}")
    read = {name: read_table(path) for name, path in paths.items()}
    tables = {}
    for name, path in paths.items():
        with naming(path):
            tables[name] = _checked(read[name].frame)
    notes = [f"{name}: {note}" for name, one in read.items() for note in one.notes]
    return Events(tables=tables, notes=(*notes, *_without_event_time(tables)))


_LAYOUT: Final = (
    "Each table is a file (usage.csv, usage.parquet) or a folder of parts (usage/month=2025-03/part.parquet) "
    f"with a column '{AVAILABLE}'."
)


def _paths(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for one in sorted(folder.iterdir()):
        if one.name.startswith((".", "_")) or not (_is_table(one) or (one.is_dir() and parts_of(one))):
            continue
        name = one.name if one.is_dir() else _stem(one.name)
        if name in found:
            raise LabError(f"{folder}: the table '{name}' is there twice ({found[name].name}, {one.name}). Remove one.")
        found[name] = one
    if any("=" in name for name in found):
        raise LabError(
            f"{folder}: this is one table ({listed(found)}), not a folder of tables. Name the folder above it."
        )
    return found


def _is_table(path: Path) -> bool:
    return path.is_file() and path.name.lower().endswith((*TEXT, *PARQUET))


def _stem(name: str) -> str:
    ending = next(one for one in sorted((*TEXT, *PARQUET), key=len, reverse=True) if name.lower().endswith(one))
    return name[: -len(ending)]


def _checked(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its rows' availability as times."""
    if AVAILABLE not in table.columns:
        raise LabError(
            f"it has no column '{AVAILABLE}', the time at which a row could first be read (its columns: "
            f"{listed(map(str, table.columns))}). Add it; where rows arrive at once it equals the time of the event"
        )
    if not types.is_datetime64_any_dtype(table[AVAILABLE].dtype):
        raise LabError(
            f"its column '{AVAILABLE}' holds no times (its first cell: {table[AVAILABLE].iloc[0]!r}). "
            "Write times as 2025-03-31 18:05:00"
        )
    return table


def _without_event_time(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    bare = [name for name, table in tables.items() if HAPPENED not in table.columns]
    note = (
        f"Without a column '{HAPPENED}' (when it happened) in {listed(bare)}, rows that arrived late cannot be told "
        "from rows of the future."
    )
    return [note] if bare else []

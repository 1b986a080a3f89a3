"""The look itself: every file against everything the lab knows and the pack must not."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pipelines.errors import LabError
from scenarios.kit.fork.scan.content import content_traces
from scenarios.kit.fork.scan.entry import Entry, archive_entries, folder_entries
from scenarios.kit.fork.scan.known import Known
from scenarios.kit.fork.scan.leftovers import leftover_traces
from scenarios.kit.fork.scan.tables import opened, table_traces
from scenarios.kit.fork.scan.trace import Trace

MOST_BYTES: Final = 30 << 20
"""A pack that is larger is no pack to send."""

_SHOWN: Final = 8


def scan_folder(folder: Path, known: Known) -> tuple[Trace, ...]:
    """Every trace in a folder."""
    return _scanned(list(folder_entries(folder)), known)


def scan_archive(name: str, content: bytes, known: Known) -> tuple[Trace, ...]:
    """Every trace in an archive."""
    entries = list(archive_entries(name, content))
    unread = () if entries else (Trace(kind="archive metadata", file=name, what="cannot be read"),)
    return (*unread, *_scanned(entries, known))


def refuse_traces(traces: Iterable[Trace]) -> None:
    """Raise LabError where there is any trace: the pack stays here."""
    found = list(traces)
    if not found:
        return
    lines = [f"  {trace}" for trace in found[:_SHOWN]]
    more = [f"  and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
    raise LabError("The pack would give something away and was not written:\n" + "\n".join([*lines, *more]))


def _scanned(entries: list[Entry], known: Known) -> tuple[Trace, ...]:
    found = [trace for entry in entries for trace in _traces(entry, known)]
    size = sum(len(entry.content or b"") for entry in entries if "!" not in entry.name)
    if size > MOST_BYTES:
        found.append(Trace(kind="size", file=".", what=f"{size:,} bytes; at most {MOST_BYTES:,}"))
    return tuple(dict.fromkeys(found))


def _traces(entry: Entry, known: Known) -> Iterator[Trace]:
    table = opened(entry)
    yield from content_traces(entry, table, known)
    yield from table_traces(entry, table)
    yield from leftover_traces(entry, known)

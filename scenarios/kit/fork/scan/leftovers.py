"""Traces around files: history, caches and stores left behind, links, pickles, and times, modes and owners."""

import re
from collections.abc import Iterator
from typing import Final

from scenarios.kit.fork.archive import FILE_MODE, FOLDER_MODE, TIME
from scenarios.kit.fork.scan.entry import Entry
from scenarios.kit.fork.scan.known import Known
from scenarios.kit.fork.scan.trace import Kind, Trace

_STORES: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    ("git history", re.compile(r"(^|/)\.(git|hg|svn|jj)(/|$)|\.(pack|bundle|patch|orig|rej)$")),
    ("DVC store", re.compile(r"(^|/)\.dvc/(cache|tmp|config\.local)|(^|/)dvc\.lock$|\.dvc$")),
    ("MLflow store", re.compile(r"(^|/)(mlruns|mlartifacts)(/|$)|(^|/)mlflow\.db|(^|/)\.prefect(/|$)")),
    (
        "cache",
        re.compile(
            r"(^|/)(__pycache__|\.ipynb_checkpoints|\.(pytest|mypy|ruff)_cache|\.hypothesis|\.venv|\.idea|\.vscode)(/|$)"
            r"|(^|/)(\.DS_Store|Thumbs\.db|\.python_history)$|\.py[co]$|~$|\.sw[op]$|\.tmp$"
        ),
    ),
)
"""What tools leave behind, by the look of its path."""

_PICKLES: Final = re.compile(r"\.(pkl|pickle|joblib|dill|npy)$")
_PICKLED: Final = tuple(bytes([0x80, protocol]) for protocol in range(2, 6))
_ARCHIVED: Final = "!"
"""Stands between an archive's name and that of a file in it."""


def leftover_traces(entry: Entry, known: Known) -> Iterator[Trace]:
    """Traces in what a file is and where it lies. A folder's name ends in a slash."""
    yield from _stray(entry, known)
    if entry.content is None:
        yield Trace(kind="link or special file", file=entry.name, what="only plain files belong into a pack")
    elif _PICKLES.search(entry.name) or entry.content[:2] in _PICKLED:
        yield Trace(kind="pickle", file=entry.name, what="runs code when it is opened")
    yield from _surroundings(entry)


def _stray(entry: Entry, known: Known) -> Iterator[Trace]:
    if entry.among(known.expected) or _holds_expected(entry, known):
        return
    kind: Kind | None = next((kind for kind, look in _STORES if look.search(entry.name)), None)
    if kind is not None:
        yield Trace(kind=kind, file=entry.name, what="left behind by a tool")
    elif known.expected and _ARCHIVED not in entry.name:
        yield Trace(kind="stray file", file=entry.name, what="no part of the pack")


def _holds_expected(entry: Entry, known: Known) -> bool:
    """Whether an entry is a folder on the way to a file of the pack."""
    return entry.name.endswith("/") and any(name.startswith(entry.name) for name in known.expected)


def _surroundings(entry: Entry) -> Iterator[Trace]:
    if entry.time is not None and entry.time != TIME:
        yield Trace(kind="file time", file=entry.name, what=f"{entry.time:.0f} s after 1970, not {TIME}")
    usual = FOLDER_MODE if entry.name.endswith("/") else FILE_MODE
    if entry.mode is not None and entry.mode & 0o7777 != usual:
        yield Trace(kind="file mode", file=entry.name, what=f"{entry.mode & 0o7777:04o}, not {usual:04o}")
    if entry.owner:
        yield Trace(kind="archive metadata", file=entry.name, what=f"belongs to {entry.owner}")
    for remark in entry.remarks:
        yield Trace(kind="archive metadata", file=entry.name, what=remark[:80])

"""Traces in what files say: seeds, telling names, figures of the truth, paths and people of this machine."""

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from scenarios.kit.fork.scan.entry import Entry
from scenarios.kit.fork.scan.known import Known
from scenarios.kit.fork.scan.trace import Trace
from scenarios.kit.telltale import TELLTALE

_LEGIBLE: Final = re.compile(rb"[\x09\x0a\x20-\x7e]{8,}")
"""Runs of letters, figures and signs in packed bytes; in shorter ones any short word turns up by chance."""


def content_traces(entry: Entry, table: pd.DataFrame | None, known: Known) -> Iterator[Trace]:
    """Every trace in a file's name and content; a table's text cells and column names are read too."""
    content = (entry.content or b"") + _text_of(table)
    legible = _legible(entry.content or b"") + _text_of(table)
    if any(needle in content for needle in known.seeds) or _holds(table, known.numbers):
        yield Trace(kind="seed", file=entry.name, what="the draw's seed or the secret")
    if not entry.among(known.constant):
        yield from _words(entry.name, legible, known)
    for path in known.paths:
        if path.encode() in content or path in entry.name:
            yield Trace(kind="path of this machine", file=entry.name, what=path)
    for name in known.people:
        if name.casefold().encode() in legible.lower() or name.casefold() in entry.name.casefold():
            yield Trace(kind="user or machine name", file=entry.name, what=name)


def _legible(content: bytes) -> bytes:
    """A text as it is; of packed bytes the runs that can be read."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return b"\n".join(_LEGIBLE.findall(content))
    return content


def _words(file: str, content: bytes, known: Known) -> Iterator[Trace]:
    text = f"{file}\n{content.decode('utf-8', 'replace')}"
    if found := TELLTALE.search(text):
        yield Trace(kind="name", file=file, what=f"the word '{found[0]}'")
    for name in sorted(known.names):
        if name in text:
            yield Trace(kind="name", file=file, what=f"the name '{name}' of the lab's catalogue")
    for figure in sorted(known.figures):
        if figure in text:
            yield Trace(kind="figure", file=file, what=f"the figure {figure} of the truth")


def _text_of(table: pd.DataFrame | None) -> bytes:
    """Column names and the distinct texts of a table."""
    if table is None:
        return b""
    texts = [str(name) for name in table.columns]
    for name in table.columns:
        if not pd.api.types.is_numeric_dtype(table[name]) and not pd.api.types.is_datetime64_any_dtype(table[name]):
            texts += [str(one) for one in table[name].dropna().unique()]
    return ("\n" + "\n".join(texts)).encode()


def _holds(table: pd.DataFrame | None, numbers: frozenset[int]) -> bool:
    if table is None or not numbers:
        return False
    wanted = np.array(sorted(numbers), dtype=np.uint64)
    whole = [table[name] for name in table.columns if pd.api.types.is_integer_dtype(table[name])]
    return any(bool(np.isin(one.dropna().to_numpy().astype(np.uint64), wanted).any()) for one in whole)

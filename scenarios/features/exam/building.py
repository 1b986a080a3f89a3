"""A candidate's features, built in the sandbox: once with the tables as extracted, once as production would have them.

The second session gets the rows of each cutoff as they had arrived by then, and lives through the sealed months. Each
session has a box of its own and cannot leave anything to the other, so a feature that peeks differs.
"""

import base64
import time
import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.errors import LabError
from scenarios.features.exam import inside
from scenarios.features.exam.truth import FeaturesTruth
from scenarios.kit.sandbox.box import Box, open_box
from scenarios.kit.sandbox.budget import Budget
from scenarios.kit.sandbox.errors import SessionError
from scenarios.kit.sandbox.limits import Limits

FILE: Final = "features.py"
BUILT, RUN = "features", "run"
"""Names of the tables that `run_code` returns."""

LIMITS: Final = Limits(cpu_seconds=240, seconds_a_call=60.0, line_bytes=64 << 20)
"""Answers are whole tables here, so a line may be long; a cutoff may take a minute."""

SECONDS, CPU_SECONDS = 900.0, 300.0
"""Time for all cutoffs together: waiting, and processor time. Points for the run time end at a minute a cutoff."""

_MOST_CUSTOMERS: Final = 2_000_000
_MOST_BYTES: Final = 16 * _MOST_CUSTOMERS
"""An unpacked column is at most this long."""


class _Column(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: Annotated[str, Field(max_length=80)]
    values: str
    words: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=2_000)] | None = None


class _Said(BaseModel):
    """What comes out of the sandbox for one cutoff: customers, and columns of numbers or of words."""

    model_config = ConfigDict(extra="forbid", strict=True)

    customers: str
    columns: Annotated[list[_Column], Field(min_length=1, max_length=300)]


@dataclass(frozen=True, slots=True)
class _Step:
    """One call: which session, which cutoff, and the rows that have arrived since the session's last one."""

    session: str
    cutoff: pd.Timestamp
    arrived: Mapping[str, pd.DataFrame]


def run_code(code: Mapping[str, str], truth: FeaturesTruth, *, trusted: bool) -> dict[str, pd.DataFrame]:
    """Tables `features` (rows: session, cutoff, customer_id, then the columns) and `run` (one row a call).

    Columns of `run`: session (extract or live), cutoff, seconds, trouble. Nothing is run on after the first trouble.
    """
    if FILE not in code:
        return {BUILT: pd.DataFrame(), RUN: pd.DataFrame(columns=["session", "cutoff", "seconds", "trouble"])}
    text, budget = {FILE: code[FILE]}, Budget(seconds=SECONDS, cpu_seconds=CPU_SECONDS)
    with ThreadPoolExecutor(2) as beside:
        session = partial(_session, text, budget=budget, trusted=trusted)
        both = [beside.submit(session, steps) for steps in (_extract(truth), _live(truth))]
        sessions = [one.result() for one in both]
    built = [table for session in sessions for table in session.built]
    calls = [call for session in sessions for call in session.calls]
    features = pd.concat(built, ignore_index=True) if built else pd.DataFrame()
    return {BUILT: features, RUN: pd.DataFrame(calls)}


class _BadTableError(LabError):
    """What came out of the sandbox is no table of features."""


@dataclass(frozen=True, slots=True)
class _Session:
    """What a session gave: a table a cutoff, and a row a call."""

    built: list[pd.DataFrame] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)


def _session(code: Mapping[str, str], steps: Sequence[_Step], *, budget: Budget, trusted: bool) -> _Session:
    """All steps of a session, in a box of its own: not even a file is left to another."""
    session = _Session()
    try:
        with open_box(code, Path(inside.__file__), limits=LIMITS, trusted=trusted, budget=budget) as box:
            box.begin(FILE, {}, {})
            for step in steps:
                _one(box, step, session)
    except (SessionError, ValidationError, _BadTableError) as error:
        session.calls.append({"session": steps[0].session, "cutoff": pd.NaT, "seconds": 0.0, "trouble": _short(error)})
    return session


def _one(box: Box, step: _Step, session: _Session) -> None:
    started = time.monotonic()
    said = box.call({"cutoff": step.cutoff.isoformat()}, step.arrived)
    seconds = time.monotonic() - started
    table = _unpacked(_Said.model_validate(said))
    session.built.append(table.assign(session=step.session, cutoff=step.cutoff))
    session.calls.append({"session": step.session, "cutoff": step.cutoff, "seconds": seconds, "trouble": ""})


def _extract(truth: FeaturesTruth) -> list[_Step]:
    """The labelled cutoffs, all from the tables as they were handed out."""
    handed = {name: rows[rows["available_at"] < truth.extract] for name, rows in truth.tables.items()}
    first, *others = truth.trained
    return [_Step("extract", first, handed), *(_Step("extract", cutoff, {}) for cutoff in others)]


def _live(truth: FeaturesTruth) -> list[_Step]:
    """Some labelled cutoffs and the sealed ones, each from what had arrived by then."""
    cutoffs: Sequence[pd.Timestamp] = [*truth.checked, *(one.cutoff for one in truth.sealed)]
    steps, since = [], pd.Timestamp.min
    for cutoff in cutoffs:
        arrived = {
            name: rows[(rows["available_at"] >= since) & (rows["available_at"] < cutoff)]
            for name, rows in truth.tables.items()
        }
        steps.append(_Step("live", cutoff, arrived))
        since = cutoff
    return steps


def _unpacked(said: _Said) -> pd.DataFrame:
    customers = _numbers(said.customers, np.int64)
    columns = {column.name: _values(column, len(customers)) for column in said.columns}
    if {"customer_id", "session", "cutoff"} & set(columns):
        raise _BadTableError("a feature may not be called customer_id, session or cutoff")
    return pd.DataFrame({"customer_id": customers, **columns})


def _values(column: _Column, rows: int) -> Any:  # noqa: ANN401 - numbers or words
    numbers = _numbers(column.values, np.float64)
    if len(numbers) != rows:
        raise _BadTableError(f"column {column.name!r} has {len(numbers)} values for {rows} customers")
    if column.words is None:
        return numbers
    codes = np.where(np.isnan(numbers), -1, numbers).astype(np.int64)
    if len(codes) and (codes.min() < -1 or codes.max() >= len(column.words)):
        raise _BadTableError(f"column {column.name!r} has words that are not listed")
    return np.array([*column.words, None], dtype=object)[codes]


def _numbers(text: str, kind: Any) -> Any:  # noqa: ANN401 - a numpy type and its array
    try:
        packed = base64.b64decode(text, validate=True)
        unpack = zlib.decompressobj()
        raw = unpack.decompress(packed, _MOST_BYTES)
        if unpack.unconsumed_tail:
            raise _BadTableError("a column is too long")
        return np.frombuffer(raw, dtype=kind)
    except (ValueError, zlib.error) as error:
        raise _BadTableError(f"a column cannot be read: {error}") from error


def _short(error: Exception) -> str:
    if isinstance(error, ValidationError):
        problem = error.errors()[0]
        return f"no table of features: {'.'.join(map(str, problem['loc']))} {problem['msg']}"
    return str(error)[:400]

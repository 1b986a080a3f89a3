"""From a request to the question the audit answers: files read, columns found, targets coded."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pandas as pd

from monitoring.leakage.vocabulary import Question
from pipelines.errors import LabError
from pipelines.user_tables.builder import load_builder
from pipelines.user_tables.events import read_events
from pipelines.user_tables.nearest import hint, listed
from pipelines.user_tables.table import read_table
from pipelines.user_tables.target import Target, read_again, read_target
from scenarios.audit.hints import hints_of
from scenarios.audit.parts import training_first
from scenarios.audit.request import Request

_NUMBER: Final = re.compile(r"[-+]?[\d.,]+( \(\d+\))?$")

FEWEST_COLUMNS: Final = 2
"""The target and something to predict it from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The question, what was changed in reading its files, and what the person may have forgotten to say."""

    question: Question
    notes: tuple[str, ...]
    hints: tuple[str, ...]


def ask(request: Request, folder: Path) -> Asked:
    """Read everything the request names; a builder is looked for in `folder` first.

    Raises
    ------
    LabError
        For a file, column or combination of options that cannot be used.
    """
    _refuse_halves(request)
    read = read_table(request.table)
    _refuse_columns(request, read.frame)
    target = _target(request.target, read.frame)
    question = Question(
        table=read.frame.assign(**{request.target: target.cells}),
        target=request.target,
        time=request.time,
        entity=request.entity,
        split=request.split,
    )
    question, split = _with_split(question)
    question, serving = _with_serving(question, request, target)
    question, events = _with_builder(question, request, folder)
    notes = (*read.notes, *([target.note] if target.note else []), *split, *serving, *events)
    return Asked(question=question, notes=notes, hints=hints_of(question))


def _target(name: str, table: pd.DataFrame) -> Target:
    """The target as 1 and 0; where it cannot be read, named with the columns that the header calls the same."""
    try:
        return read_target(table[name])
    except LabError as error:
        twins = [str(one) for one in table.columns if re.fullmatch(rf"{re.escape(name)} \(\d+\)", str(one))]
        if not twins:
            raise
        also = listed(f"--target '{one}'" for one in twins)
        raise LabError(f"{error} The header names '{name}' more than once; for another of them say {also}.") from error


def _refuse_halves(request: Request) -> None:
    """Refuse options that need each other."""
    if (request.builder is None) != (request.events is None):
        raise LabError("--builder and --events belong together: the builder remakes the table from the events.")
    lacking = [name for name, value in (("--time", request.time), ("--id", request.entity)) if value is None]
    if request.builder is not None and lacking:
        raise LabError(f"--builder needs {' and '.join(lacking)}: rows are remade by entity and cutoff.")


def _refuse_columns(request: Request, table: pd.DataFrame) -> None:
    if len(table.columns) < FEWEST_COLUMNS:
        raise LabError(
            f"{request.table}: read as one column only ({listed(map(str, table.columns))}). "
            "Its cells may be split by something else than a comma, semicolon, tab or bar."
        )
    named = [
        ("--target", request.target),
        ("--time", request.time),
        ("--id", request.entity),
        ("--split", request.split),
    ]
    for option, name in named:
        if name is not None:
            _refuse_column(option, name, table, request.table)
    given = [name for _, name in named if name is not None]
    if len(set(given)) < len(given):
        twice = next(name for name in given if given.count(name) > 1)
        raise LabError(f"'{twice}' is named by more than one option; each column has one role.")


def _refuse_column(option: str, name: str, table: pd.DataFrame, path: Path) -> None:
    if name not in table.columns:
        names = [str(one) for one in table.columns]
        numbers = sum(_NUMBER.match(one) is not None for one in names)
        data = " Its first line seems to hold data, not names." if numbers > len(names) / 2 else ""
        near = hint(name, names, what="columns")
        raise LabError(f"{path}: there is no column '{name}' ({option}). {near}{data}")


def _with_split(question: Question) -> tuple[Question, list[str]]:
    if question.split is None:
        return question, []
    table, note = training_first(question.table, question.split)
    return replace(question, table=table), [note]


def _with_serving(question: Question, request: Request, target: Target) -> tuple[Question, list[str]]:
    if request.serving is None:
        return question, []
    read = read_table(request.serving)
    served = read.frame
    for option, name in (("--id", request.entity), ("--time", request.time)):
        if name is not None:
            _refuse_column(option, name, served, request.serving)
    shared = [name for name in question.features if name in served.columns]
    if not shared:
        columns = listed(map(str, served.columns))
        raise LabError(f"{request.serving}: it shares no feature column with the table (its columns: {columns}).")
    if request.target in served.columns:
        served = served.assign(**{request.target: read_again(served[request.target], target.levels)})
    table, served = _same_types(question.table, served)
    lacking = [name for name in question.features if name not in served.columns]
    are = "is" if len(lacking) == 1 else "are"
    said = [f"serving: it lacks {listed(lacking)}, which {are} judged by the table alone."] if lacking else []
    notes = [*(f"serving: {note}" for note in read.notes), *said]
    return replace(question, table=table, serving=served), notes


def _same_types(table: pd.DataFrame, served: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both tables with text where one holds text and the other numbers, so that the same value stays the same."""
    apart = [name for name in served.columns if name in table.columns and _apart(table[name], served[name])]
    return _as_text(table, apart), _as_text(served, apart)


def _apart(one: pd.Series, other: pd.Series) -> bool:
    filled = one.notna().any() and other.notna().any()
    return bool(filled and pd.api.types.is_string_dtype(one.dtype) != pd.api.types.is_string_dtype(other.dtype))


def _as_text(table: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    return table.assign(**{name: table[name].astype("str").where(table[name].notna()) for name in names})


def _with_builder(question: Question, request: Request, folder: Path) -> tuple[Question, list[str]]:
    if request.builder is None or request.events is None:
        return question, []
    builder = load_builder(request.builder, folder)
    events = read_events(request.events)
    return replace(question, events=events.tables, builder=builder), [f"events: {note}" for note in events.notes]

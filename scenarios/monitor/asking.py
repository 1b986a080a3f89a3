"""From a request to tables and roles: files read, columns found, outcomes coded, weights read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from monitoring.own_tables.roles import Roles
from monitoring.own_tables.settings import Settings
from pipelines.errors import LabError
from pipelines.user_tables.nearest import hint, listed
from pipelines.user_tables.table import naming, read_table
from pipelines.user_tables.target import read_again, read_target
from scenarios.monitor.request import NO_WEIGHTS, Request

_NAME_AND_WEIGHT = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The tables with outcomes as 1 and 0, what their columns are for, and what was changed in reading them."""

    reference: pd.DataFrame
    current: pd.DataFrame
    roles: Roles
    settings: Settings
    notes: tuple[str, ...]


def ask(request: Request) -> Asked:
    """Read everything the request names.

    Raises
    ------
    LabError
        For a file, column or combination of options that cannot be used.
    """
    _refuse_halves(request)
    reference, current = read_table(request.reference), read_table(request.current)
    roles = Roles(time=request.time, prediction=request.prediction, target=request.target, entity=request.entity)
    _refuse_columns(request, reference.frame, current.frame)
    good, new, coded = _with_outcomes(roles, reference.frame, current.frame)
    settings = Settings(one_false_page_in_months=request.one_false_page_in_months, weights=_weights(request.weights))
    notes = [*(f"{request.reference.name}: {one}" for one in reference.notes), *coded]
    notes += [f"{request.current.name}: {one}" for one in current.notes]
    return Asked(reference=good, current=new, roles=roles, settings=settings, notes=tuple(notes))


def _refuse_halves(request: Request) -> None:
    if request.target is not None and request.prediction is None:
        raise LabError("--target needs --prediction: outcomes say how good scores are, and without scores nothing.")
    named = [one for one in (request.time, request.prediction, request.target, request.entity) if one is not None]
    twice = next((one for one in named if named.count(one) > 1), None)
    if twice is not None:
        raise LabError(f"'{twice}' is named by more than one option; each column has one role.")


def _refuse_columns(request: Request, reference: pd.DataFrame, current: pd.DataFrame) -> None:
    options = (
        ("--time", request.time),
        ("--prediction", request.prediction),
        ("--target", request.target),
        ("--id", request.entity),
    )
    for option, name in options:
        for path, table in ((request.reference, reference), (request.current, current)):
            optional = option == "--target" and table is current
            if name is not None and name not in table.columns and not optional:
                near = hint(name, map(str, table.columns), what="columns")
                raise LabError(f"{path}: there is no column '{name}' ({option}). {near}")
    if not set(reference.columns) & set(current.columns):
        raise LabError(
            f"{request.current}: it shares no column with {request.reference.name} "
            f"(its columns: {listed(map(str, current.columns))}). Are these the same kind of table?"
        )


def _with_outcomes(
    roles: Roles, reference: pd.DataFrame, current: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Both tables with outcomes as 1, 0 and nothing, and a note on which word became which."""
    if roles.target is None:
        return reference, current, []
    found = read_target(reference[roles.target])
    good = reference.assign(**{roles.target: found.cells})
    note = [found.note] if found.note else []
    if roles.target not in current.columns:
        return good, current, [*note, f"The current table has no '{roles.target}': no outcome is known yet."]
    cells = read_again(current[roles.target], found.levels)
    strange = int(current[roles.target].notna().sum()) - int(pd.Series(cells).notna().sum())
    said = [f"'{roles.target}': {strange:,} cells of the current table hold other words; they count as unknown."]
    return good, current.assign(**{roles.target: cells}), [*note, *(said if strange else [])]


def _weights(given: str) -> Mapping[str, float] | None:
    """The weights by column from a JSON object or a table of names and weights; None for "none"."""
    if given == NO_WEIGHTS:
        return None
    path = Path(given)
    with naming(path):
        if path.suffix == ".json":
            return _checked(_json(path))
        frame = read_table(path).frame
        if len(frame.columns) != _NAME_AND_WEIGHT:
            raise LabError("weights are a table of two columns, name and weight, or a JSON object")
        names, weights = frame.iloc[:, 0].astype("str"), pd.to_numeric(frame.iloc[:, 1], errors="coerce")
        return _checked(dict(zip(names, weights, strict=True)))


def _json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise LabError("there is no such file") from error
    except ValueError as error:
        raise LabError(f"it is not JSON: {error}") from error


def _checked(found: object) -> Mapping[str, float]:
    cells = found.items() if isinstance(found, dict) else []
    weights = {str(name): float(one) for name, one in cells if isinstance(one, int | float) and one >= 0.0}
    if not weights or len(weights) < len(cells):
        raise LabError("weights are numbers of 0 or more by column name, such as importances of the model")
    return weights

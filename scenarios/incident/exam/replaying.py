"""A candidate's guard through hidden months: it speaks in a sandbox, and is judged out here."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final

import pandas as pd
from pydantic import Field, TypeAdapter, ValidationError

from scenarios.incident.exam import inside
from scenarios.incident.exam.hidden import Hidden, quiet_worlds, variants
from scenarios.incident.exam.package import packages
from scenarios.incident.exam.public import jobs
from scenarios.incident.exam.truth import IncidentTruth
from scenarios.kit.sandbox.box import Box, open_box
from scenarios.kit.sandbox.budget import Budget
from scenarios.kit.sandbox.errors import SessionError

FILE: Final = "guard.py"

TABLE: Final = "replay"
"""Name of the table that the kit makes of `guard.py`: one row a hidden month."""

MOST: Final = 50
"""Findings read of one month."""

_QUIET_SHARE: Final = 0.5
"""Part of a grade's time for the quiet months: about so much of what the guard is asked is about them."""

_Code = tuple[tuple[str, str], ...]
_SAID: Final = TypeAdapter(Annotated[list[str], Field(max_length=MOST)])


def run_code(code: Mapping[str, str], truth: IncidentTruth, *, trusted: bool) -> dict[str, pd.DataFrame]:
    """The table `replay`, one row a hidden month; empty where no guard was handed in.

    Columns: world, month, wrong (whether something was), due (whether a finding counts), findings, said, trouble.
    """
    if FILE not in code:
        return {}
    name = None if truth.incident is None else truth.incident.name
    files = tuple(sorted({**jobs(), FILE: code[FILE]}.items()))
    rows = [*_quiet(files, truth.seed, trusted), *_variants(files, truth.seed, trusted, name)]
    return {TABLE: pd.DataFrame(rows)}


@lru_cache(maxsize=16)
def _quiet(code: _Code, seed: int, trusted: bool) -> tuple[dict[str, Any], ...]:  # noqa: FBT001 - for the cache
    """Quiet months do not depend on the case, so the same guard is asked about them once."""
    return asked(code, quiet_worlds(seed), trusted=trusted, budget=Budget.share(_QUIET_SHARE))


@lru_cache(maxsize=32)
def _variants(code: _Code, seed: int, trusted: bool, name: str | None) -> tuple[dict[str, Any], ...]:  # noqa: FBT001
    return asked(code, variants(seed, name), trusted=trusted, budget=Budget.share(1.0 - _QUIET_SHARE))


def asked(code: _Code, worlds: Sequence[Hidden], *, trusted: bool, budget: Budget) -> tuple[dict[str, Any], ...]:
    """What a guard says in every month it is asked about; one box for all worlds."""
    with open_box(dict(code), Path(inside.__file__), trusted=trusted, budget=budget) as box:
        return tuple(row for world in worlds for row in _world(box, world))


def _world(box: Box, world: Hidden) -> list[dict[str, Any]]:
    months = list(packages(world.lived).items())
    first = len(months) - len(world.lived.runs) + world.asked[0]
    trouble = _begun(box, dict(months[:first]))
    rows = []
    for place, (label, tables) in zip(world.asked, months[first:], strict=False):
        said: list[str] = []
        if not trouble:
            said, trouble = _said(box, tables)
        told = {"findings": len(said), "said": "; ".join(said)[:400], "trouble": trouble}
        rows.append({"world": world.name, "month": label, "wrong": bool(world.due), "due": place in world.due} | told)
    with suppress(SessionError):
        box.end()
    return rows


def _begun(box: Box, history: Mapping[str, Mapping[str, pd.DataFrame]]) -> str:
    """Hand over the months before; what went wrong, or nothing."""
    names = sorted({name for tables in history.values() for name in tables})
    joined = {
        name: pd.concat([tables[name].assign(run=label) for label, tables in history.items() if name in tables])
        for name in names
    }
    try:
        box.begin(FILE, {"months": list(history)}, {name: t.reset_index(drop=True) for name, t in joined.items()})
    except SessionError as error:
        return str(error)
    return ""


def _said(box: Box, tables: Mapping[str, pd.DataFrame]) -> tuple[list[str], str]:
    try:
        return _SAID.validate_python(box.call({"most": MOST}, tables)), ""
    except (SessionError, ValidationError) as error:
        return [], str(error)[:300]

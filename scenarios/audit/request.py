"""What a person asks of the audit, before any file is read."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DEFAULT_OUT: Final = Path("reports") / "audit"
"""Where page and figures go, relative to the working folder."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """The command's options as given; `rows` is None for the audit's own limit."""

    table: Path
    target: str
    time: str | None = None
    entity: str | None = None
    split: str | None = None
    serving: Path | None = None
    builder: str | None = None
    events: Path | None = None
    out: Path = DEFAULT_OUT
    rows: int | None = None
    seed: int = 0


def command_of(request: Request) -> str:
    """The command that asks the same again; files and folders by their last name, so that it names no machine's paths.

    >>> command_of(Request(table=Path("/data/my churn.csv"), target="y", entity="id"))
    "lab audit 'my churn.csv' --target y --id id"
    """
    options = (
        ("--target", request.target),
        ("--time", request.time),
        ("--id", request.entity),
        ("--split", request.split),
        ("--serving", request.serving and request.serving.name),
        ("--builder", request.builder and _last_name(request.builder)),
        ("--events", request.events and request.events.name),
        ("--rows", request.rows and str(request.rows)),
        ("--seed", str(request.seed) if request.seed else None),
    )
    given = [word for name, value in options if value for word in (name, value)]
    return shlex.join(["lab", "audit", request.table.name, *given])


def _last_name(builder: str) -> str:
    where, _, function = builder.rpartition(":")
    return f"{Path(where).name}:{function}"

"""What a person asks of the monitor, before any file is read."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DEFAULT_OUT: Final = Path("reports") / "monitor"
"""Where page and figures go, relative to the working folder."""

DEFAULT_STATE: Final = DEFAULT_OUT / "state.json"
"""Where `lab alerts` looks for the state unless told otherwise."""

NO_WEIGHTS: Final = "none"

_MONTHS: Final = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """The command's options as given."""

    reference: Path
    current: Path
    time: str | None = None
    prediction: str | None = None
    target: str | None = None
    entity: str | None = None
    weights: str = NO_WEIGHTS
    state: Path | None = None
    out: Path = DEFAULT_OUT
    webhook: str | None = None
    one_false_page_in_months: float = _MONTHS
    evidently: bool = False


def command_of(request: Request) -> str:
    """The command that asks the same again; files by their last name, the webhook's address left out.

    >>> command_of(Request(reference=Path("/data/good.csv"), current=Path("/data/new.csv"), time="month"))
    'lab monitor --reference good.csv --current new.csv --time month'
    """
    months = request.one_false_page_in_months
    options = (
        ("--reference", request.reference.name),
        ("--current", request.current.name),
        ("--time", request.time),
        ("--prediction", request.prediction),
        ("--target", request.target),
        ("--id", request.entity),
        ("--weights", Path(request.weights).name if request.weights != NO_WEIGHTS else None),
        ("--state", request.state and request.state.name),
        ("--one-false-page-in-months", f"{months:g}" if months != _MONTHS else None),
    )
    given = [word for name, value in options if value for word in (name, value)]
    return shlex.join(["lab", "monitor", *given])

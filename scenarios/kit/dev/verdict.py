"""What a rule says of a scenario, and all of it as a table for the terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table


class Outcome(StrEnum):
    """How a rule ended. `todo` is what the scaffold left to the author; `error` is a rule that could not be tried."""

    OK = "ok"
    TODO = "to do"
    BROKEN = "broken"
    ERROR = "error"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ruling:
    """One rule's outcome, and what was seen."""

    rule: str
    outcome: Outcome
    said: str


def ruling(rule: str, problems: Sequence[str], fine: str, *, outcome: Outcome = Outcome.BROKEN) -> Ruling:
    """`ok` with `fine` where there are no problems, else the problems under `outcome`."""
    return Ruling(
        rule=rule, outcome=outcome if problems else Outcome.OK, said="; ".join(problems) if problems else fine
    )


_CODES = {Outcome.OK: 0, Outcome.TODO: 1, Outcome.BROKEN: 1, Outcome.ERROR: 2}
_STYLES = {Outcome.OK: "green", Outcome.TODO: "yellow", Outcome.BROKEN: "red", Outcome.ERROR: "bold red"}


def exit_code(rulings: Sequence[Ruling]) -> int:
    """0 where every rule holds, 1 where one is broken or left to do, 2 where one could not be tried."""
    return max((_CODES[one.outcome] for one in rulings), default=0)


def table(name: str, rulings: Sequence[Ruling]) -> Table:
    """The rulings of one scenario."""
    shown = Table(title=f"Scenario '{name}'", title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for column in ("rule", "verdict", "seen"):
        shown.add_column(column, no_wrap=column != "seen")
    for one in rulings:
        style = _STYLES[one.outcome]
        shown.add_row(one.rule, f"[{style}]{one.outcome}[/]", escape(one.said))
    return shown

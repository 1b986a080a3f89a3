"""The leak bank: every leak there is, in the order in which they are taught."""

from typing import Final

from pipelines.catalogue import by_name
from pipelines.leaks.contamination import CONTAMINATION
from pipelines.leaks.future import FUTURE
from pipelines.leaks.leak import Leak, Planted
from pipelines.leaks.skew import SKEW
from pipelines.leaks.target import TARGET

LEAKS: Final[tuple[Leak, ...]] = (*TARGET, *FUTURE, *CONTAMINATION, *SKEW)


def leak(name: str) -> Leak:
    """The leak called `name`. Raises LabError with the nearest name and the whole list."""
    return by_name(LEAKS, name, "leak")


def planted(name: str, *, dose: float | None = None, public_name: str | None = None) -> Planted:
    """A leak by name at its usual dose and under its first public name unless told otherwise."""
    chosen = leak(name)
    first = chosen.names[0] if chosen.names else ""
    return Planted(
        leak=chosen, dose=chosen.dose if dose is None else dose, name=first if public_name is None else public_name
    )

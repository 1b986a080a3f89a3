"""Finding one of many things by its name."""

import difflib
from collections.abc import Sequence
from typing import Protocol, TypeVar

from pipelines.errors import LabError


class Named(Protocol):
    """Anything with a name."""

    @property
    def name(self) -> str:
        """What it is asked for by."""


T = TypeVar("T", bound=Named)


def by_name(things: Sequence[T], name: str, kind: str) -> T:
    """The one called `name`; `kind` is what they are, such as ``lever``.

    Raises
    ------
    LabError
        With the nearest name and the whole list.
    """
    for thing in things:
        if thing.name == name:
            return thing
    names = [thing.name for thing in things]
    raise LabError(f"There is no {kind} '{name}'.{did_you_mean(name, names)} {kind.title()}s: {', '.join(names)}.")


def did_you_mean(name: str, names: Sequence[str], *, likeness: float = 0.6) -> str:
    """A question with the nearest of the names; empty where none is near. `likeness` is from 0 to 1.

    >>> did_you_mean("chrun", ["churn", "tenure"])
    " Did you mean 'churn'?"
    """
    near = difflib.get_close_matches(name, names, n=1, cutoff=likeness)
    return f" Did you mean '{near[0]}'?" if near else ""

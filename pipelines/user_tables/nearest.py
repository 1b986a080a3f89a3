"""Names for error messages: the few that are meant most likely, or the first of those there are."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

MOST: Final = 8
"""Names listed in a message at most."""

_ALIKE: Final = 0.7
"""Likeness from which a name is offered: twice the letters in common over all letters (difflib's ratio)."""


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """The known names most like `name`, the likeliest first; upper and lower case count as the same.

    >>> nearest("churn", ["Churn", "tenure"])
    ['Churn']
    """
    by_fold = {one.casefold(): one for one in known}
    return [by_fold[one] for one in get_close_matches(name.casefold(), by_fold, n=3, cutoff=_ALIKE)]


def hint(name: str, known: Iterable[str], *, what: str) -> str:
    """A sentence that offers the nearest names, or lists those there are.

    >>> hint("churn", ["Churn", "tenure"], what="columns")
    'Did you mean Churn?'
    >>> hint("y", ["a", "b"], what="columns")
    'There are these columns: a, b.'
    """
    names = list(known)
    near = nearest(name, names)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return f"There are these {what}: {listed(names)}." if names else f"There are no {what}."


def listed(names: Iterable[str], *, most: int = MOST) -> str:
    """The first names, and how many more there are.

    >>> listed(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    every = list(names)
    more = len(every) - most
    return f"{', '.join(every[:most])} and {more} more" if more > 0 else ", ".join(every)

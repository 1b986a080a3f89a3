"""The hand in which a definitions file is written: how it looks from outside is its doing, not that of a leak in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

ASKED: Final = (
    "asked for by the campaign team in spring",
    "is this still needed?",
    "came over from the old model; nobody objected",
    "see the ticket of the data platform",
    "K. wants to look at this one again",
    "the dashboard of the call centre shows the same",
    "added on a Friday",
    "takes the longest of all to build",
    "legal has seen it, and it may stay",
    "discussed at length; see the minutes of the second meeting, point 7",
)
"""Remarks that say nothing of what a column is made from."""

REVIEWED: Final = "reviewed, nothing to add"

MOST: Final = 0.6
"""Share of the definitions at most that have a remark of one kind; each company's habits are drawn."""

LETTERS, RULE = (7, 40), (8, 40)
"""How few and how many letters of a commit are given, and dashes of a rule drawn, in a file."""

PLACES: Final = 24
"""Places drawn for a definition: more than it has fields, so that none is left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hand:
    """How one definition is written: comment lines before it, and where each of its fields would like to stand."""

    remark: str
    places: tuple[float, ...]

    def ordered(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields with the name first and the others in the order of the hand."""
        first, *others = fields
        wished = sorted(zip(self.places, others, strict=False))
        return {name: fields[name] for name in (first, *(name for _, name in wished))}


def hands(count: int, rng: np.random.Generator) -> tuple[Hand, ...]:
    """The hands of `count` definitions; how much they vary in a file is drawn too."""
    habits, tidy = rng.random(4) * MOST, rng.random()
    letters, dashes = (int(rng.integers(*among, endpoint=True)) for among in (LETTERS, RULE))
    return tuple(
        Hand(
            remark=_remark(rng.random(4) < habits, rng, letters=letters, rule="-" * dashes),
            places=tuple(range(PLACES)) if rng.random() < tidy else tuple(rng.random(PLACES)),
        )
        for _ in range(count)
    )


def _remark(has: np.ndarray, rng: np.random.Generator, *, letters: int, rule: str) -> str:
    lines = [rule, f"since {rng.bytes(LETTERS[1] // 2).hex()[:letters]}", str(rng.choice(ASKED)), REVIEWED]
    return "".join(f"# {line}\n" for line, wanted in zip(lines, has, strict=True) if wanted)

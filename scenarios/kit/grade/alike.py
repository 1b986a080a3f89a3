"""Answers that are too much alike to have been written apart, and which of two fits the other's case better."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from scenarios.base import Answer, AnswerSheet
from scenarios.kit.grade.grading import Graded

ALIKE: Final = 0.8
"""Share of three-word pieces in common from which on two texts were not written apart."""

LEAST_WORDS: Final = 25
"""Words that an answer needs before it can be called a copy: short right answers look alike."""

_SHINGLE: Final = 3
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two submissions, by place, and how much of the smaller one's text is in the other's (0 to 1)."""

    one: int
    other: int
    share: float


def pairs(graded: Sequence[Graded]) -> tuple[Pair, ...]:
    """Every pair of answers that is too much alike; the same pack handed in twice is one, whatever it says."""
    pieces = [_pieces(one.answer) if one.answer is not None else frozenset() for one in graded]
    found = []
    for one, other in combinations(range(len(graded)), 2):
        share = _shared(pieces[one], pieces[other])
        if share >= ALIKE:
            found.append(Pair(one=one, other=other, share=share))
    return tuple(found)


def twice(graded: Sequence[Graded]) -> dict[str, list[int]]:
    """Packs that came back more than once: the seal, and the places of the submissions."""
    places: dict[str, list[int]] = {}
    for place, one in enumerate(graded):
        if one.submission.identity is not None:
            places.setdefault(one.submission.identity.seal, []).append(place)
    return {seal: at for seal, at in places.items() if len(at) > 1}


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def _pieces(answer: Answer) -> frozenset[str]:
    """Runs of three words of what a person wrote: findings, figures, rationale and code."""
    words = _WORD.findall("\n".join([said(answer.sheet), *answer.code.values()]).casefold())
    if len(words) < LEAST_WORDS:
        return frozenset()
    return frozenset(" ".join(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1))


def said(sheet: AnswerSheet) -> str:
    """What a sheet says, without the scenario's name and the form."""
    found = [f"{one.where} {one.mechanism} {one.since} {one.evidence}" for one in sheet.findings]
    figures = [f"{name} {one.value!r} {one.low!r} {one.high!r}" for name, one in sorted(sheet.estimates.items())]
    return "\n".join([*found, *figures, sheet.rationale])

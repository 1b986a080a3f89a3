"""The age of served features: columns that lag behind, or stand still."""

from typing import Final

from monitoring.leakage.serving.matching import Matched, common_features, matched
from monitoring.leakage.serving.skew_age import Skew
from monitoring.leakage.serving.skews import skew_of
from monitoring.leakage.vocabulary import Clue, ColumnVerdict, Mechanism, Question

CHECK: Final = "feature age"

AGED: Final = ("stale", "frozen")
"""Kinds of skew that are a matter of age."""

_SHARE: Final = 0.01
"""Share of rows that must differ for an age to be told."""


def age(question: Question) -> list[Clue]:
    """Columns whose logged cells are the offline ones of a cutoff before, or stand still while offline they move.

    That is a fault of serving, not a leak: the clues say so (verdict ok) and name the share of rows.
    """
    rows = matched(question)
    return [] if rows is None else [clue for name in common_features(question) if (clue := _clue(name, rows))]


def _clue(name: str, rows: Matched) -> Clue | None:
    column = rows.column(name)
    skew = skew_of(column) if column.pair.share >= _SHARE else None
    if skew is None or skew.kind not in AGED:
        return None
    return Clue(
        column=name,
        check=CHECK,
        mechanism=Mechanism.NONE,
        verdict=ColumnVerdict.OK,
        confidence=0.9,
        says=f"{skew.kind} in serving: {skew.says}",
        value=_share(skew),
        limit=_SHARE,
    )


def _share(skew: Skew) -> float:
    return float(skew.rows.mean())

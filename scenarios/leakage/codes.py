"""The words a finding may use for a mechanism, and which of them fit each leak of the bank, wholly or in part."""

from collections.abc import Mapping
from typing import Final

from monitoring.leakage.vocabulary import Mechanism
from pipelines.leaks.leak import Family, Leak

POST_OUTCOME: Final = "post-outcome record"
SKEW: Final = "training-serving skew"

WINDOW: Final = str(Mechanism.FUTURE_WINDOW)
OVERWRITTEN: Final = str(Mechanism.OVERWRITTEN)
LATE: Final = str(Mechanism.LATE_ROWS)
STAMP: Final = str(Mechanism.TIME_STAMP)
MISSING: Final = str(Mechanism.MISSINGNESS)
IDENTIFIER: Final = str(Mechanism.IDENTIFIER)
ENCODING: Final = str(Mechanism.TARGET_ENCODING)
SCORE: Final = str(Mechanism.STORED_SCORE)

CODES: Final = (POST_OUTCOME, WINDOW, OVERWRITTEN, LATE, STAMP, MISSING, IDENTIFIER, ENCODING, SCORE, SKEW)
"""Every word of the brief."""

_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "closing_date": (POST_OUTCOME,),
    "closing_status": (OVERWRITTEN,),
    "closing_payment": (OVERWRITTEN, POST_OUTCOME),
    "requests_through": (WINDOW, POST_OUTCOME),
    "desk_tickets": (WINDOW, POST_OUTCOME),
    "declines_after": (WINDOW, POST_OUTCOME),
    "bills_missed": (WINDOW, POST_OUTCOME),
    "remade_score": (SCORE, WINDOW, LATE),
    "recency_at_extract": (WINDOW,),
    "tenure_to_end": (OVERWRITTEN, POST_OUTCOME),
    "contract_end_moved": (OVERWRITTEN, POST_OUTCOME),
    "renewal_off": (OVERWRITTEN, POST_OUTCOME),
    "discount_cleared": (OVERWRITTEN, POST_OUTCOME),
    "last_change": (OVERWRITTEN, STAMP, WINDOW),
    "purged_profile": (MISSING, OVERWRITTEN),
    "late_rows": (LATE,),
    "new_number": (IDENTIFIER, OVERWRITTEN),
    "file_place": (IDENTIFIER, OVERWRITTEN),
    "area_rate": (ENCODING, WINDOW),
}
"""Leaks that another word than `WINDOW`, or several, describe well. Those that give all away alone have one word each.

A date that is only there because the customer left is a record of leaving; a state that was something else before is
overwritten; a last use after the cutoff is a window without an end.
"""

_IN_PART: Final[Mapping[str, tuple[str, ...]]] = {
    "closing_date": (OVERWRITTEN, STAMP),
    "closing_status": (POST_OUTCOME,),
    "recency_at_extract": (OVERWRITTEN,),
}
"""Words that come near."""


def codes_of(leak: Leak) -> tuple[str, ...]:
    """The words that fit a leak."""
    if leak.family is Family.SKEW:
        return (SKEW,)
    return _WORDS.get(leak.name, (WINDOW,))


def nearly(leak: Leak) -> tuple[str, ...]:
    """The words that fit a leak in part."""
    return _IN_PART.get(leak.name, ())

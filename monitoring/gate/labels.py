"""Labels: those never seen before, and those that no longer come."""

import math

from monitoring.gate import limits
from monitoring.gate.contract import ColumnContract
from monitoring.gate.profile import LabelProfile
from monitoring.gate.voice import Voice
from monitoring.vocabulary import Measurement

_METHOD = "share of rows against the reference months' range"


def check_labels(column: ColumnContract, found: LabelProfile, rows: int, voice: Voice) -> list[Measurement]:
    """Return the share of labels never seen, and the label that is most surely gone."""
    if column.labels is None:
        return []
    return [_unseen(column, found, rows, voice), *_gone(column, found, rows, voice)]


def _unseen(column: ColumnContract, found: LabelProfile, rows: int, voice: Voice) -> Measurement:
    known = set(column.labels or ())
    strange = {label: share for label, share in found.shares.items() if label not in known}
    share = sum(strange.values(), 0.0)
    shown = ", ".join(f'"{label}"' for label in sorted(strange, key=lambda one: -strange[one])[:5])
    return voice.say(
        "unseen_labels",
        share,
        limits.share_limit(0.0, limits.UNSEEN_MARGIN, rows),
        unit="share of rows",
        method=_METHOD,
        hard=share > limits.UNSEEN_BREAK,
        note=f"{share:.1%} of rows carry labels never seen: {shown}",
        column=column,
    )


def _gone(column: ColumnContract, found: LabelProfile, rows: int, voice: Voice) -> list[Measurement]:
    """Return the usual label with the fewest rows for its past, if any is expected at all.

    The bound on a Poisson tail is Chernoff's (1952), for a label that had become a good deal rarer.
    """
    told = []
    for label, share, usual_rows in column.usual_labels:
        usual = min(share * rows, usual_rows)  # neither more rows of another kind nor fewer of all make a label go
        count = round(found.shares.get(label, 0.0) * rows)
        part = limits.RARER_PART if count else limits.GONE_PART
        told.append((poisson_tail(count, part * usual), label, count, usual))
    if not told:
        return []
    chance, label, count, usual = min(told)
    return [
        voice.say(
            "label_gone",
            abs(math.log10(max(chance, 1e-300))),
            -math.log10(limits.GONE_CHANCE),
            unit="-log10 of the chance",
            method="Poisson tail of the label's rows, were it a good deal rarer than usual",
            hard=count == 0,
            note=f'{count} rows carry "{label}", about {usual:.0f} usually',
            column=column,
        )
    ]


def poisson_tail(count: int, expected: float) -> float:
    """Return an upper bound on the chance of `count` or fewer where `expected` are expected (Chernoff 1952).

    >>> round(poisson_tail(0, 5.0), 4), poisson_tail(7, 5.0)
    (0.0067, 1.0)
    """
    if count >= expected:
        return 1.0
    bent = count * math.log(count / expected) if count else 0.0
    return math.exp(count - expected - bent)

"""Column order: the scoring client sends a vector without names, and two of its columns changed places."""

import pandas as pd

from scenarios.incident.bank.incident import COLUMN_ORDER, ROLL_BACK, SCORING_JOB, Incident, Injection, Now

FIRST, SECOND = "net_price", "days_since_paid"
"""Two numbers of the same order of magnitude, side by side in the new client's alphabetical order."""


def _score(scored: pd.DataFrame, now: Now) -> pd.DataFrame:
    """The new client serves a share of the customers."""
    features = now.snapshots[-1].loc[scored.index]
    swapped = features.assign(**{FIRST: features[SECOND], SECOND: features[FIRST]})
    hit = now.damage.hits(pd.Series(scored.index))
    return scored.assign(score=scored["score"].where(~hit, now.live.score(swapped)))


INCIDENT = Incident(
    name="column_order",
    title="Two columns change places before the model",
    story=(
        "The scoring client was rewritten and sends a vector without names. Two of its columns stand in each "
        "other's place; both are numbers, so nothing complained. The stored snapshot is right."
    ),
    place=SCORING_JOB,
    mechanism=COLUMN_ORDER,
    action=ROLL_BACK,
    injection=Injection(score=_score),
    unit="share of customers served by the new client",
    doses=(0.5, 1.0),
    team="platform",
    lead="scoring client rewritten, half the memory",
    guard="scores recomputed from the snapshot equal the log",
    level=1,
)

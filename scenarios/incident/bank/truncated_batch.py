"""Truncated batch: the scoring job reads one page of customers, and the log is completed from the month before."""

import pandas as pd

from scenarios.incident.bank.incident import ROLL_BACK, SCORE_LOG, SCORING_JOB, TRUNCATED, Incident, Injection, Now


def _score(scored: pd.DataFrame, now: Now) -> pd.DataFrame:
    """Customers beyond the page keep last month's score, as far as they have one."""
    last = now.logs[-1].set_index("customer_id")["score"].reindex(scored.index)
    beyond = now.damage.hits(pd.Series(scored.index)) & last.notna().to_numpy()
    return scored.assign(score=scored["score"].where(~beyond, last))


INCIDENT = Incident(
    name="truncated_batch",
    title="A part of the customers is not scored anew",
    story=(
        "The scoring job reads its customers page by page, and stopped after the first ones. The upsert into the "
        "log left everybody else's score of the month before standing, so the number of rows was right."
    ),
    place=SCORING_JOB,
    also=(SCORE_LOG,),
    mechanism=TRUNCATED,
    action=ROLL_BACK,
    injection=Injection(score=_score),
    unit="share of customers beyond the pages read",
    doses=(0.3, 0.5),
    team="platform",
    lead="scoring job reads its input in pages",
    guard="scores recomputed with the registry's model equal the log",
    level=1,
)

"""Wrong month: the score log's writer takes the newest finished partition, which is the month before."""

import pandas as pd

from scenarios.incident.bank.incident import ROLL_BACK, SCORE_LOG, SCORING_JOB, WRONG_MONTH, Incident, Injection, Now


def _score(scored: pd.DataFrame, now: Now) -> pd.DataFrame:
    """In some shards everybody has the score of the run before; newcomers have their own."""
    before = now.live.score(now.snapshots[-2]).reindex(scored.index)
    late = before.notna().to_numpy() & now.damage.hits(pd.Series(scored.index))
    return scored.assign(score=scored["score"].where(~late, before))


INCIDENT = Incident(
    name="wrong_month",
    title="The score log holds scores of the month before",
    story=(
        "The writer of the score log takes each shard's newest finished partition. In the slower shards that is "
        "last month's at this hour: right scores, under this month's date."
    ),
    place=SCORE_LOG,
    also=(SCORING_JOB,),
    mechanism=WRONG_MONTH,
    action=ROLL_BACK,
    injection=Injection(score=_score),
    unit="share of customers in late shards",
    doses=(0.3, 0.5),
    team="platform",
    lead="score log is written by a job of its own, at two in the morning",
    guard="scores recomputed with the registry's model equal the log",
    level=1,
)

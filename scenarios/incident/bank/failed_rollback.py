"""Failed rollback: alias and threshold went back to the old model, the serving process did not."""

import pandas as pd

from scenarios.incident.bank.incident import ROLL_BACK, SCORING_JOB, WRONG_VERSION, Incident, Injection, Now


def _score(scored: pd.DataFrame, now: Now) -> pd.DataFrame:
    """A share of the serving processes still has the canary in memory."""
    features = now.snapshots[-1].loc[scored.index]
    hit = now.damage.hits(pd.Series(scored.index))
    return scored.assign(score=scored["score"].where(~hit, now.canary.score(features)))


INCIDENT = Incident(
    name="failed_rollback",
    title="A model that was rolled back goes on serving",
    story=(
        "A canary, calibrated on class-weighted data, was tried and rolled back. Alias and threshold went back; "
        "serving processes that had it in memory were never restarted. The log writes what the alias says."
    ),
    place=SCORING_JOB,
    mechanism=WRONG_VERSION,
    action=ROLL_BACK,
    injection=Injection(score=_score),
    unit="share of customers served by such a process",
    doses=(0.35, 1.0),
    team="machine learning",
    lead="canary churn-3 was withdrawn, alias and threshold are back to the model before",
    guard="scores recomputed with the registry's model equal the log",
    level=1,
)

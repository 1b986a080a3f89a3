"""Long horizon: the label job counts whoever leaves within two months, where the model promises thirty days."""

import pandas as pd

from pipelines.labels import CHURN_REASONS
from scenarios.incident.bank.incident import LABEL_JOB, LABEL_RULE, REFIT, Incident, Injection, Now


def _labels(landed: pd.DataFrame, now: Now) -> pd.DataFrame:
    """Ends within `dose` days of the cohort's cutoff count, as far as they are known."""
    events = now.tables["subscriptions"]
    cutoff = now.damage.month_start - pd.DateOffset(months=2)
    known = events[
        (events["event"] == "end")
        & events["reason"].isin(CHURN_REASONS)
        & (events["available_at"] < now.damage.month_start)
    ]
    within = (known["event_at"] >= cutoff) & (known["event_at"] < cutoff + pd.Timedelta(days=now.damage.amount))
    counted = landed.index.isin(known["customer_id"][within]) & landed["churned"].notna().to_numpy()
    return landed.assign(churned=landed["churned"].mask(counted, 1.0))


INCIDENT = Incident(
    name="long_horizon",
    title="The label job counts two months instead of one",
    story=(
        "Finance reports churn over two months and asked for one definition in the company. The label job followed; "
        "at the next recalibration every score rose to a promise the campaign had never been priced for."
    ),
    place=LABEL_JOB,
    mechanism=LABEL_RULE,
    action=REFIT,
    injection=Injection(labels=_labels),
    unit="days that count, instead of 30",
    doses=(54.0, 59.0),
    team="finance",
    lead="label table follows the churn definition of the quarterly report",
    guard="labels made anew from subscriptions equal the label table",
    level=2,
    learns=True,
)

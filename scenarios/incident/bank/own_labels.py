"""Own labels: whoever accepts an offer is booked as saved, and the model learns that its own warnings were wrong."""

import pandas as pd

from scenarios.incident.bank.incident import LABEL_JOB, OWN_LABELS, REFIT, Incident, Injection, Now


def _labels(landed: pd.DataFrame, now: Now) -> pd.DataFrame:
    """Of those who had an offer, a share is booked as saved whatever became of them."""
    log = now.logs[-2].set_index("customer_id")["score"].reindex(landed.index)
    offered = (log >= now.live.threshold).to_numpy()
    saved = offered & now.damage.hits(pd.Series(landed.index))
    return landed.assign(churned=landed["churned"].mask(saved & landed["churned"].notna().to_numpy(), 0.0))


INCIDENT = Incident(
    name="own_labels",
    title="The campaign writes the labels it is judged by",
    story=(
        "The label job took over the campaign's outcome: who was offered something counts as saved. At the next "
        "recalibration the model learnt that its high scores were false alarms, and offers dried up."
    ),
    place=LABEL_JOB,
    mechanism=OWN_LABELS,
    action=REFIT,
    injection=Injection(labels=_labels),
    unit="share of the offered who are booked as saved",
    doses=(0.5, 0.65),
    team="marketing",
    lead="campaign outcomes are written back to the label table",
    guard="labels made anew from subscriptions equal the label table",
    level=2,
    learns=True,
)

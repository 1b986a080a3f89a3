"""Moved threshold: the campaign tool has its own copy of the threshold, and somebody changed it."""

import pandas as pd

from scenarios.incident.bank.incident import CAMPAIGN, RESTORE, SETTING, Incident, Injection, Now


def _offers(rows: pd.DataFrame, now: Now) -> pd.DataFrame:
    """Offers from `dose` times the registry's threshold on."""
    return rows.assign(offered=rows["score"] >= now.live.threshold * now.damage.amount)


INCIDENT = Incident(
    name="moved_threshold",
    title="The campaign uses a threshold of its own",
    story=(
        "The campaign tool was migrated, and its threshold typed in again by hand. Scores were right all along; "
        "offers went to many for whom they do not pay."
    ),
    place=CAMPAIGN,
    mechanism=SETTING,
    action=RESTORE,
    injection=Injection(offers=_offers),
    unit="times the right threshold",
    doses=(0.6, 0.4),
    team="marketing",
    lead="campaign tool migrated to the new vendor",
    guard="offers equal the scores at the registry's threshold and above",
    level=0,
)

"""Unknown contract: sales introduces a third kind of contract, and the feature job fills in what it does not know."""

import numpy as np
import pandas as pd

from pipelines.features import CATEGORICAL, as_levels
from pipelines.world.faults.fault import Damage, Delivery, Fault
from scenarios.incident.bank.incident import DEFAULT, FEATURE_JOB, ROLL_BACK, Incident, Injection, Now

NEW = "flex"
"""The word for the third kind."""


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    """Whoever has a monthly contract and is among the chosen is moved to the new one when terms are next written."""
    history = delivery["attribute_history"]
    hit = (history["contract"] == "monthly") & damage.hits(history["customer_id"])
    return {"attribute_history": history.assign(contract=history["contract"].astype("object").mask(hit, NEW))}


FAULT = Fault(
    name="new_contract",
    title="A third kind of contract",
    tables=("attribute_history",),
    apply=_apply,
    unit="share of monthly contracts written",
    dose=0.6,
    most=1.0,
    guard="closed set of categories",
)


def _snapshot(features: pd.DataFrame, now: Now) -> pd.DataFrame:
    """For contracts it does not know the job writes the standard terms: annual, half a year to go, full price."""
    history = now.tables["attribute_history"].sort_values(["customer_id", "event_at"], kind="stable")
    latest = history.drop_duplicates("customer_id", keep="last").set_index("customer_id")["contract"]
    unknown = ~latest.reindex(features.index).isin([*CATEGORICAL["contract"], np.nan]).to_numpy()
    standard = {"months_to_contract_end": 6.0, "auto_renew": 1.0, "discount_pct": 0.0, "months_to_discount_end": np.nan}
    filled = {name: features[name].mask(unknown, value) for name, value in standard.items()}
    contract = features["contract"].astype("object").mask(unknown, "annual")
    return features.assign(**filled, contract=as_levels(contract, "contract"))


INCIDENT = Incident(
    name="unknown_contract",
    title="A new kind of contract is read as the safest one",
    story=(
        "Sales brought in a flexible contract. The feature job had been taught never to fail: for a contract it "
        "does not know it writes standard terms, annual with half a year to go, and those customers seemed as safe "
        "as can be."
    ),
    place=FEATURE_JOB,
    also=("attribute_history",),
    mechanism=DEFAULT,
    action=ROLL_BACK,
    injection=Injection(delivery=FAULT, snapshot=_snapshot),
    unit="share of monthly contracts written",
    doses=(0.7, 1.0),
    team="sales systems",
    lead="flexible contracts are on offer",
    guard="closed set of words in every category; features rebuilt equal the snapshot",
    level=2,
)

"""Wrong customer: a join on a shortened key gives some customers the usage of another.

Every distribution stays; only the pairing is wrong.
"""

import numpy as np
import pandas as pd

from pipelines.world.faults.fault import Damage, Delivery, Fault


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    usage = delivery["usage"]
    mixed = usage["customer_id"][damage.hits(usage["customer_id"])].drop_duplicates()
    by_luck = mixed.iloc[np.argsort(damage.luck(mixed), kind="stable")].to_numpy()
    other = pd.Series(np.roll(by_luck, 1), index=by_luck)
    swapped = usage["customer_id"].map(other).fillna(usage["customer_id"]).astype(usage["customer_id"].dtype)
    return {"usage": usage.assign(customer_id=swapped)}


FAULT = Fault(
    name="wrong_customer",
    title="Some customers get another's usage",
    tables=("usage",),
    apply=_apply,
    unit="share of customers",
    dose=0.85,
    most=1.0,
    guard="round trip of keys; usage before sign-up",
)

"""Gateway echo: the payment gateway reports every declined attempt several times.

Whoever has an unpaid invoice is flagged already, so the echo changes no decision.
"""

import numpy as np
import pandas as pd

from pipelines.world.faults.fault import Damage, Delivery, Fault


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    payments = delivery["payments"]
    declined = payments[payments["outcome"] == "declined"]
    echo = np.floor(damage.amount + damage.luck(declined["customer_id"])).astype(np.int64)
    return {"payments": pd.concat([payments, declined.loc[declined.index.repeat(echo)]], ignore_index=True)}


FAULT = Fault(
    name="gateway_echo",
    title="Declined payments are reported several times",
    tables=("payments",),
    apply=_apply,
    unit="extra reports of a declined attempt on average",
    dose=2.0,
    most=10.0,
    guard="uniqueness of customer, attempt and time",
    harmless=True,
)

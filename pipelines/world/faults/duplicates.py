"""Duplicates: a retrying loader writes the app's usage rows several times.

Heavy use looks healthy, so leavers are missed; the trend jumps once and then looks normal again.
"""

import numpy as np
import pandas as pd

from pipelines.world.faults.fault import Damage, Delivery, Fault


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    usage = delivery["usage"]
    app = usage[usage["platform"] == "app"]
    copies = np.floor(damage.amount + damage.luck(app["customer_id"])).astype(np.int64)
    return {"usage": pd.concat([usage, app.loc[app.index.repeat(copies)]], ignore_index=True)}


FAULT = Fault(
    name="duplicates",
    title="The app's usage rows arrive several times",
    tables=("usage",),
    apply=_apply,
    unit="extra copies of a row of an app user, on average",
    dose=2.0,
    most=10.0,
    guard="uniqueness of customer and week",
)

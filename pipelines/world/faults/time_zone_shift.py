"""Time zone shift: usage of the customers that one site serves is stamped in local time where UTC is expected.

Recency moves by hours, which no decision notices; it would matter to a feature by the hour.
"""

import pandas as pd

from pipelines.world.faults.fault import Damage, Delivery, Fault

SITE = 0.2
"""Share of customers that the site serves, from every region."""


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    usage = delivery["usage"]
    ahead = pd.Timedelta(hours=damage.amount)
    hit = damage.hits(usage["customer_id"], share=SITE)
    return {"usage": usage.assign(event_at=usage["event_at"].where(~hit, usage["event_at"] - ahead))}


FAULT = Fault(
    name="time_zone_shift",
    title="A site's usage is stamped in local time",
    tables=("usage",),
    apply=_apply,
    unit="hours by which stamps are early",
    dose=9.0,
    most=14.0,
    guard="week ends at midnight UTC; rows by hour",
    harmless=True,
)

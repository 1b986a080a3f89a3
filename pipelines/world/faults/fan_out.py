"""Fan-out: tickets are joined to a table that holds several rows a customer, and every ticket is multiplied."""

import numpy as np

from pipelines.world.faults.fault import Damage, Delivery, Fault


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    tickets = delivery["tickets"]
    copies = 1 + np.floor(damage.amount + damage.luck(tickets["customer_id"])).astype(np.int64)
    return {"tickets": tickets.loc[tickets.index.repeat(copies)].reset_index(drop=True)}


FAULT = Fault(
    name="fan_out",
    title="A join multiplies tickets",
    tables=("tickets",),
    apply=_apply,
    unit="extra copies of a ticket on average",
    dose=1.5,
    most=10.0,
    guard="rows after a join equal rows before; unique ticket_id",
)

"""Lost contacts: the log of the retention campaign does not arrive."""

from pipelines.world.faults.fault import Damage, Delivery, Fault


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    contacts = delivery["contacts"]
    return {"contacts": contacts[~damage.hits(contacts["customer_id"])].reset_index(drop=True)}


FAULT = Fault(
    name="lost_contacts",
    title="The campaign's log does not arrive",
    tables=("contacts",),
    apply=_apply,
    unit="share of customers",
    dose=1.0,
    most=1.0,
    guard="row counts reconciled with the campaign",
    harmless=True,
)

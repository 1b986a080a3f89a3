"""Price in units: the contract service writes prices in units of currency where cents are expected.

Only rows written from now on are wrong, so it spreads with each contract change. A tree sees a low price
among low prices: loud in the data, harmless to this model, ruinous to a linear one.
"""

from pipelines.world.faults.fault import Damage, Delivery, Fault

CENTS = 100


def _apply(delivery: Delivery, damage: Damage) -> Delivery:
    history = delivery["attribute_history"]
    price = history["price_cents"]
    return {
        "attribute_history": history.assign(
            price_cents=price.where(~damage.hits(history["customer_id"]), price // CENTS)
        )
    }


FAULT = Fault(
    name="price_in_units",
    title="The contract service writes units instead of cents",
    tables=("attribute_history",),
    apply=_apply,
    unit="share of customers",
    dose=1.0,
    most=1.0,
    guard="range of price_cents",
    harmless=True,
)

"""Honest features in the same words as the leaks: each reads only what had arrived before the cutoff.

Among them are decoys, whose names or bounds look as if they told the future.
"""

from dataclasses import dataclass
from typing import Final

from pipelines.leaks.definition import Definition

_TERMS, _MONTH, _QUARTER, _BILL = "attribute_history", 28, 84, 35

USED: Final = (
    Definition(name="sessions_28d", table="usage", measure="sum", column="sessions", back_days=_MONTH),
    Definition(
        name="sessions_before", table="usage", measure="sum", column="sessions", back_days=_QUARTER, ahead_days=-_MONTH
    ),
    Definition(name="usage_weeks_84d", table="usage", measure="count", back_days=_QUARTER),
    Definition(name="days_since_use", table="usage", measure="days_since_last", back_days=_QUARTER),
    Definition(
        name="minutes_per_session",
        table="usage",
        measure="ratio",
        column="active_minutes",
        by="sessions",
        back_days=_MONTH,
    ),
    Definition(name="features_used", table="usage", measure="mean", column="distinct_features", back_days=_MONTH),
)
"""Made from the weekly usage."""

SERVED: Final = (
    Definition(name="tickets_90d", table="tickets", measure="count", where={"event": ("opened",)}, back_days=90),
    Definition(
        name="billing_tickets_35d", table="tickets", measure="count", where={"category": ("billing",)}, back_days=_BILL
    ),
    Definition(name="severe_tickets_90d", table="tickets", measure="count", where={"severity": (3,)}, back_days=90),
    Definition(name="last_satisfaction", table="tickets", measure="last", column="satisfaction", back_days=90),
    Definition(name="contacts_180d", table="contacts", measure="count", where={"arm": ("treated",)}, back_days=180),
)
"""Made from tickets and campaigns."""

PAID: Final = (
    Definition(
        name="failed_payments_35d", table="payments", measure="count", where={"outcome": ("declined",)}, back_days=_BILL
    ),
    Definition(
        name="days_since_paid",
        table="payments",
        measure="days_since_last",
        where={"outcome": ("paid",)},
        back_days=100,
    ),
    Definition(name="paid_share_100d", table="payments", measure="share", where={"outcome": ("paid",)}, back_days=100),
    Definition(name="invoices_35d", table="invoices", measure="count", back_days=_BILL),
    Definition(name="last_bill", table="invoices", measure="attribute", column="amount_cents", back_days=400),
)
"""Made from bills and payments."""

AGREED: Final = (
    Definition(name="plan", table=_TERMS, measure="attribute", column="plan"),
    Definition(name="contract", table=_TERMS, measure="attribute", column="contract"),
    Definition(name="auto_renew", table=_TERMS, measure="attribute", column="auto_renew"),
    Definition(name="payment_method", table=_TERMS, measure="attribute", column="payment_method"),
    Definition(name="list_price", table=_TERMS, measure="attribute", column="price_cents"),
    Definition(name="discount_pct", table=_TERMS, measure="attribute", column="discount_pct"),
    Definition(name="contract_days_left", table=_TERMS, measure="days_until", column="contract_ends_at"),
    Definition(name="discount_days_left", table=_TERMS, measure="days_until", column="discount_ends_at"),
    Definition(name="terms_changes_180d", table=_TERMS, measure="count", back_days=180),
)
"""Made from the terms in force."""

WHO: Final = (
    Definition(name="tenure_days", table="customers", measure="days_since_first"),
    Definition(name="channel", table="customers", measure="attribute", column="channel"),
    Definition(name="region", table="customers", measure="attribute", column="region"),
    Definition(name="segment", table="customers", measure="attribute", column="segment"),
    Definition(name="platform", table="customers", measure="attribute", column="platform"),
    Definition(name="household_size", table="profiles", measure="attribute", column="household_size"),
)
"""Said at sign-up."""

HONEST: Final[tuple[Definition, ...]] = (*USED, *SERVED, *PAID, *AGREED, *WHO)


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoy:
    """An honest column that looks like a leak.

    `twin` is the honest feature it stands in for, if it says the same; `why` says what makes it legitimate.
    """

    definition: Definition
    twin: str | None
    why: str


DECOYS: Final[tuple[Decoy, ...]] = (
    Decoy(
        definition=Definition(
            name="days_to_termination", table=_TERMS, measure="days_until", column="contract_ends_at"
        ),
        twin="contract_days_left",
        why="The end of the contract was agreed when it was signed; it lies ahead and was known.",
    ),
    Decoy(
        definition=Definition(
            name="save_desk_contacts", table="contacts", measure="count", where={"arm": ("treated",)}, back_days=180
        ),
        twin="contacts_180d",
        why="Retention offers are sent because usage fell, before anybody has decided to leave.",
    ),
    Decoy(
        definition=Definition(name="last_churn_score", table="scores", measure="last", column="score"),
        twin=None,
        why="An older model's score, read as it had been filed before the cutoff.",
    ),
    Decoy(
        definition=Definition(
            name="final_notices",
            table="payments",
            measure="count",
            where={"outcome": ("declined",), "attempt": (3, 4, 5)},
            back_days=_BILL,
        ),
        twin=None,
        why="Late reminders precede an end for nonpayment, but they were sent and booked before the cutoff.",
    ),
    Decoy(
        definition=Definition(
            name="terms_ending_next_45d",
            table=_TERMS,
            measure="count",
            at="contract_ends_at",
            back_days=0,
            ahead_days=45,
        ),
        twin=None,
        why="The window reaches past the cutoff over dates that had been agreed and entered before it.",
    ),
)

POOL: Final[tuple[Definition, ...]] = (*HONEST, *(decoy.definition for decoy in DECOYS))

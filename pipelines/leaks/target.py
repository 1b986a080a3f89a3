"""Target leaks: columns that exist, or say what they say, because the customer has left."""

from dataclasses import replace
from typing import Final

from pipelines.leaks.definition import Definition
from pipelines.leaks.leak import ColumnLeak, Family
from pipelines.leaks.spoil import instead, through

_READ_AT_EXTRACT = "0: as known at the cutoff, 1: as it stands at the extract"

REQUESTS_THROUGH: Final = ColumnLeak(
    name="requests_through",
    family=Family.TARGET,
    title="Changes asked for are counted past the cutoff, and the request to leave is one of them.",
    unit="days past the cutoff",
    dose=5.0,
    most=30.0,
    tier="plain",
    names=("account_changes_60d", "service_requests_60d", "plan_activity_60d"),
    clean=Definition(
        name="",
        table="subscriptions",
        measure="count",
        where={"event": ("plan_change", "pause", "resume", "cancel_request")},
        back_days=60,
    ),
    spoil=through,
)

DESK_TICKETS: Final = ColumnLeak(
    name="desk_tickets",
    family=Family.TARGET,
    title="Tickets are counted by category past the cutoff, those of people who want to leave among them.",
    unit="days past the cutoff",
    dose=14.0,
    most=30.0,
    tier="plain",
    names=("desk_cases_90d", "handled_cases_90d", "solved_cases_90d"),
    clean=Definition(
        name="", table="tickets", measure="count", where={"category": ("how_to", "cancellation")}, back_days=90
    ),
    spoil=through,
)

BILLS_MISSED: Final = ColumnLeak(
    name="bills_missed",
    family=Family.TARGET,
    title="Bills are counted past the cutoff; who is leaving gets none.",
    unit="days past the cutoff",
    dose=12.0,
    most=30.0,
    tier="plain",
    twin="invoices_35d",
    names=("bills_recent", "invoices_recent", "bill_count_5w"),
    clean=Definition(name="", table="invoices", measure="count", back_days=35),
    spoil=through,
)

DECLINES_AFTER: Final = ColumnLeak(
    name="declines_after",
    family=Family.TARGET,
    title="Declined payments are counted past the cutoff, up to the last reminder of those who never pay.",
    unit="days past the cutoff",
    dose=14.0,
    most=30.0,
    tier="subtle",
    twin="failed_payments_35d",
    names=("declined_payments_5w", "card_declines_35d", "payment_issues_35d"),
    clean=Definition(name="", table="payments", measure="count", where={"outcome": ("declined",)}, back_days=35),
    spoil=through,
)

CLOSING_STATUS: Final = ColumnLeak(
    name="closing_status",
    family=Family.TARGET,
    title="The account's status is read as it stands at the extract, after the closing workflow has run.",
    unit=_READ_AT_EXTRACT,
    dose=1.0,
    most=1.0,
    tier="blatant",
    names=("record_state", "account_state", "standing"),
    clean=Definition(name="", table="subscriptions", measure="attribute", column="event"),
    spoil=instead(table="accounts", column="status"),
)

CLOSING_PAYMENT: Final = ColumnLeak(
    name="closing_payment",
    family=Family.TARGET,
    title="The closing workflow sets some payment methods to 'none', and the current table is joined.",
    unit=_READ_AT_EXTRACT,
    dose=1.0,
    most=1.0,
    tier="plain",
    twin="payment_method",
    names=("pay_type", "payment_instrument", "billing_method"),
    clean=Definition(name="", table="attribute_history", measure="attribute", column="payment_method"),
    spoil=instead(table="accounts"),
)

CLOSING_DATE: Final = ColumnLeak(
    name="closing_date",
    family=Family.TARGET,
    title="Days to the last day of service, a date that the closing workflow enters.",
    unit=_READ_AT_EXTRACT,
    dose=1.0,
    most=1.0,
    tier="blatant",
    names=("service_days_open", "days_to_cycle_date", "days_to_service_date"),
    clean=Definition(name="", table="attribute_history", measure="days_until", column="contract_ends_at"),
    spoil=instead(table="accounts", column="closed_at"),
)

REMADE_SCORE: Final = ColumnLeak(
    name="remade_score",
    family=Family.TARGET,
    title="An older model's score is filed under the cutoff's date but was remade with the month that followed.",
    unit="0: as filed before the cutoff, 1: as remade later",
    dose=1.0,
    most=1.0,
    tier="plain",
    names=("health_index", "engagement_index", "care_index"),
    clean=Definition(name="", table="scores", measure="last", column="score"),
    spoil=lambda clean, _dose: replace(clean, known="warehouse", ahead_days=1.0),
)

TARGET: Final = (
    CLOSING_DATE,
    CLOSING_STATUS,
    CLOSING_PAYMENT,
    REQUESTS_THROUGH,
    DESK_TICKETS,
    BILLS_MISSED,
    DECLINES_AFTER,
    REMADE_SCORE,
)

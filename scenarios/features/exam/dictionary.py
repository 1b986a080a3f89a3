"""The data dictionary that is handed out, and the lines of it that may be wrong."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What the dictionary says of a column: unit, least and greatest value or the words allowed, and a sentence."""

    table: str
    column: str
    about: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Table and column, with a dot between."""
        return f"{self.table}.{self.column}"


_WHO: Final = "the customer"
_HAPPENED, _KNOWN = "when it happened (UTC)", "when the row could first be read (UTC)"

ENTRIES: Final[tuple[Entry, ...]] = (
    Entry(table="customers", column="event_at", about="when the customer signed up (UTC)"),
    Entry(
        table="customers",
        column="channel",
        about="how the customer came",
        words=("organic", "paid_search", "partner", "promo"),
    ),
    Entry(table="customers", column="region", about="sales region", words=("AMER", "EMEA", "APAC")),
    Entry(table="customers", column="segment", about="kind of customer", words=("consumer", "smb")),
    Entry(table="customers", column="platform", about="where the product is used", words=("web", "app")),
    Entry(table="customers", column="billing_day", about="day of the month of the invoice", unit="day", low=3, high=28),
    Entry(table="attribute_history", column="event_at", about="from when on the terms hold (UTC)"),
    Entry(table="attribute_history", column="plan", about="plan", words=("basic", "plus", "pro")),
    Entry(table="attribute_history", column="contract", about="kind of contract", words=("monthly", "annual")),
    Entry(table="attribute_history", column="contract_ends_at", about="end of an annual contract, as agreed"),
    Entry(table="attribute_history", column="auto_renew", about="whether the contract renews by itself"),
    Entry(
        table="attribute_history", column="payment_method", about="how it is paid", words=("card", "debit", "invoice")
    ),
    Entry(
        table="attribute_history",
        column="price_cents",
        about="list price a month",
        unit="cents",
        low=500,
        high=20_000,
    ),
    Entry(
        table="attribute_history",
        column="discount_pct",
        about="discount on the list price",
        unit="per cent",
        low=0,
        high=100,
    ),
    Entry(table="attribute_history", column="discount_ends_at", about="end of the discount, as agreed"),
    Entry(table="subscriptions", column="event_at", about=_HAPPENED),
    Entry(
        table="subscriptions",
        column="event",
        about="what happened to the subscription",
        words=("start", "plan_change", "pause", "resume", "cancel_request", "end"),
    ),
    Entry(
        table="subscriptions",
        column="reason",
        about="why it ended; empty for other events",
        words=("voluntary", "nonpayment"),
    ),
    Entry(table="usage", column="event_at", about="end of the week that the row adds up (UTC)", unit="7 days"),
    Entry(table="usage", column="sessions", about="sessions in the week", low=1),
    Entry(table="usage", column="active_minutes", about="minutes of use in the week", unit="minutes", low=0),
    Entry(table="usage", column="distinct_features", about="features used at least once in the week", low=1),
    Entry(table="usage", column="platform", about="platform of the customer", words=("web", "app")),
    Entry(table="usage", column="app_version", about="version of the app; web for the web"),
    Entry(table="invoices", column="amount_cents", about="amount, after the discount", unit="cents", low=0),
    Entry(table="invoices", column="currency", about="currency of the customer's region", words=("USD", "EUR", "JPY")),
    Entry(table="invoices", column="billing_system", about="system that wrote the invoice", words=("A", "B")),
    Entry(table="payments", column="attempt", about="number of the attempt for an invoice", low=1),
    Entry(table="payments", column="outcome", about="how it ended", words=("paid", "declined")),
    Entry(
        table="payments",
        column="decline_code",
        about="why it was declined",
        words=("insufficient_funds", "expired", "do_not_honor", "processor_error"),
    ),
    Entry(table="tickets", column="ticket_id", about="the ticket; one row when opened, one when closed"),
    Entry(table="tickets", column="event", about="what happened to the ticket", words=("opened", "closed")),
    Entry(
        table="tickets",
        column="category",
        about="known when the ticket is closed",
        words=("billing", "bug", "how_to", "cancellation"),
    ),
    Entry(table="tickets", column="severity", about="known when the ticket is closed; 3 is the worst", low=1, high=3),
    Entry(table="tickets", column="satisfaction", about="survey after closing; empty if skipped", low=1, high=5),
    Entry(table="contacts", column="event_at", about="when the retention campaign wrote"),
    Entry(table="contacts", column="campaign_id", about="the campaign"),
    Entry(
        table="contacts", column="arm", about="who was written to, and who was left alone", words=("treated", "holdout")
    ),
    Entry(table="contacts", column="accepted", about="whether the offer was accepted; empty for the holdout"),
)
"""The dictionary as it ought to be. Every table also has customer_id and available_at."""


def _said(place: str, **changes: object) -> Entry:
    entry = next(one for one in ENTRIES if one.place == place)
    return replace(entry, **changes)  # type: ignore[arg-type]


WRONG: Final[tuple[Entry, ...]] = (
    _said("tickets.satisfaction", low=0.0, high=10.0),
    _said("attribute_history.discount_pct", unit="share", low=0.0, high=1.0),
    _said("attribute_history.price_cents", unit="dollars", low=5.0, high=200.0),
    _said("customers.billing_day", low=1.0, high=31.0),
    _said("usage.event_at", unit="1 day", about="day that the row adds up (UTC)"),
    _said("subscriptions.reason", words=("voluntary",)),
    _said("contacts.arm", words=("treated", "control")),
    _said("payments.attempt", about="number of repeated attempts; 0 is the first", low=0.0),
)
"""Lines that contradict the tables, and would mislead whoever believes them."""


OTHERWISE: Final[Mapping[str, str]] = {
    "customers.event_at": "day and time of sign-up (UTC)",
    "customers.channel": "way by which the customer was won",
    "customers.segment": "whether a person or a small company",
    "customers.platform": "where the customer uses the product most",
    "attribute_history.event_at": "first moment at which these terms apply (UTC)",
    "attribute_history.contract_ends_at": "when an annual contract runs out, as signed",
    "attribute_history.auto_renew": "true if the contract goes on unless it is ended",
    "attribute_history.discount_ends_at": "last day of the discount, as signed",
    "subscriptions.event": "kind of event in the life of the subscription",
    "subscriptions.reason": "who ended it, and empty for all other events",
    "usage.sessions": "how often the product was opened in the week",
    "usage.distinct_features": "number of features touched in the week",
    "usage.app_version": "app release in use, or web",
    "invoices.amount_cents": "what was billed, net of the discount",
    "invoices.billing_system": "A or B, whichever made the invoice",
    "payments.outcome": "result of the attempt",
    "payments.decline_code": "the bank's reason for a decline",
    "tickets.event": "opened or closed",
    "tickets.severity": "set when the ticket is closed; 1 is harmless and 3 is the worst",
    "contacts.event_at": "when the offer was sent",
    "contacts.accepted": "true if the offer was taken; nobody can say for the holdout",
}
"""Another way to say the same of a column: no two companies' dictionaries are alike, sound or not."""

_REWORDED: Final = 0.5
"""Share of these lines that a company says in the other way."""

OWNERS: Final = (
    "BI",
    "CRM",
    "finance",
    "web team",
    "data platform",
    "billing and collections",
    "R. Haddad, since the reorganisation in spring",
    "customer care, second floor",
    "nobody at the moment; ask in the channel of the data platform",
    "product analytics",
)
"""Who may be asked about a table: how long a dictionary is depends on them, and not on what is wrong in it."""


def written(wrong: Collection[Entry] = (), luck: np.random.Generator | None = None) -> pd.DataFrame:
    """The dictionary as a table, with some lines as they should not be, and with `luck` in words of its own."""
    instead = {one.place: one for one in wrong}
    drawn = np.ones(len(ENTRIES)) if luck is None else luck.random(len(ENTRIES))
    said = [instead.get(one.place, one) for one in ENTRIES]
    worded = [
        _reworded(one, sound) if place < _REWORDED else one
        for one, sound, place in zip(said, ENTRIES, drawn, strict=True)
    ]
    owners = _owners(luck)
    return pd.DataFrame([_line(one) | {"owner": owners[one.table]} for one in worded])


def _owners(luck: np.random.Generator | None) -> dict[str, str]:
    tables = tuple(dict.fromkeys(one.table for one in ENTRIES))
    return {name: OWNERS[0] if luck is None else str(luck.choice(OWNERS)) for name in tables}


def _reworded(said: Entry, sound: Entry) -> Entry:
    """The line in other words, unless its words are what is wrong with it."""
    return replace(said, about=OTHERWISE.get(said.place, said.about)) if said.about == sound.about else said


def _line(entry: Entry) -> dict[str, object]:
    return {
        "table": entry.table,
        "column": entry.column,
        "unit": entry.unit,
        "low": entry.low,
        "high": entry.high,
        "words": "|".join(entry.words),
        "about": entry.about,
    }

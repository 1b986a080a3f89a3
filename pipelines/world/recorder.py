"""The recorder: turns a month's events into the tables a warehouse holds, each row with `event_at` and `available_at`.

It adds what reality adds (late rows, late corrections, names for codes) and no behaviour. Faults damage its output,
never the world.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.world import codes
from pipelines.world.calendar import US_PER_DAY, US_PER_HOUR
from pipelines.world.company import Company, customer_ids
from pipelines.world.contracts import SUBSCRIPTION_EVENTS
from pipelines.world.customers import Floats, Ints
from pipelines.world.events import Columns, MonthEvents
from pipelines.world.streams import Draws, Stream

TABLES = (
    "customers",
    "attribute_history",
    "subscriptions",
    "usage",
    "invoices",
    "payments",
    "tickets",
    "contacts",
)
"""Tables delivered month by month."""

_LATE_CORRECTION_SHARE = 0.015
_TIMESTAMP = pa.timestamp("us")
_COLUMNS = {"customers": 0, "attribute": 1, "subscription": 2, "invoice": 8, "payment": 8, "ticket": 14, "closed": 19}
_CONTACT_COLUMN, _USAGE_COLUMN, _VERSION_COLUMN = 24, 25, 30
_DRAWS = 31
_APP_VERSIONS = 240
_TICKET_SCRAMBLE = 2_654_435_761
"""Odd, so that ticket numbers stay unique below 2**52 and show neither the month nor the kind of ticket."""

_ANNOYED_BELOW, _ANGRY_BELOW = 0.5, 0.15
"""Moods, uniform in [0, 1), below which a ticket's severity is 2 and 3."""

_BLANK_BELOW = 0.12
"""Product of a uniform draw and the mood below which the survey stays blank: the unhappier, the likelier."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Desk:
    """What every table needs: who the rows are, when the month began, and the recorder's own luck."""

    entity: Ints
    customer_id: Ints
    month: int
    start_us: int
    luck: Draws

    def ids(self, table: Columns) -> pa.Array:
        return pa.array(self.customer_id[table["row"]])

    def times(self, day: Floats) -> Ints:
        return np.asarray(self.start_us + _whole_seconds(day * US_PER_DAY))

    def lag_draw(self, table: Columns, column: int | npt.NDArray[np.intp]) -> Draws:
        return np.asarray(self.luck[column, table["row"]])


def record(company: Company, events: MonthEvents) -> dict[str, pa.Table]:
    """The month's tables for one block of customers, rows in entity order."""
    entity = events.customers.entity
    desk = _Desk(
        entity=entity,
        customer_id=customer_ids(company.seed, entity),
        month=events.month,
        start_us=company.calendar.start_us(events.month),
        luck=company.streams.entities(Stream.RECORD, entity, events.month, _DRAWS),
    )
    return {name: _WRITERS[name](desk, events) for name in TABLES}


def record_truth(company: Company, events: MonthEvents) -> pa.Table:
    """The sealed truth of the customers at risk, in entity order."""
    columns = {name: pa.array(values) for name, values in events.truth.items() if name != "row"}
    ids = customer_ids(company.seed, events.customers.entity[events.truth["row"]])
    return pa.table({"customer_id": pa.array(ids), **columns})


def named(values: npt.NDArray[np.int8], names: tuple[str, ...]) -> pa.Array:
    """Codes as a dictionary array of their names; -1 becomes null."""
    return pa.DictionaryArray.from_arrays(pa.array(values, mask=values < 0), pa.array(names))


def hours_late(draw: Draws, scale_hours: float = 1.15, shape: float = 0.85) -> Ints:
    """Heavy-tailed delivery delay in microseconds: with the defaults median 2 hours, and about 1 % above 3 days."""
    return np.asarray(scale_hours * (1.0 - draw) ** -shape * US_PER_HOUR).astype(np.int64)


def _stamps(event_at: Ints, lag: Ints) -> dict[str, pa.Array]:
    available_at = event_at + _whole_seconds(lag)
    return {"event_at": pa.array(event_at, _TIMESTAMP), "available_at": pa.array(available_at, _TIMESTAMP)}


def _whole_seconds(microseconds: Floats | Ints) -> Ints:
    return np.rint(np.asarray(microseconds, dtype=np.float64) / 1e6).astype(np.int64) * 1_000_000


def _by_entity(table: Columns) -> Columns:
    order = np.argsort(table["row"], kind="stable")
    return {name: values[order] for name, values in table.items()}


def _customers(desk: _Desk, events: MonthEvents) -> pa.Table:
    t = events.tables["customers"]
    at = desk.times(t["day"])
    return pa.table(
        {
            "customer_id": desk.ids(t),
            **_stamps(at, hours_late(desk.lag_draw(t, _COLUMNS["customers"]), 0.1, 0.5)),
            "channel": named(t["channel"], codes.CHANNELS),
            "region": named(t["region"], codes.REGIONS),
            "segment": named(t["segment"], codes.SEGMENTS),
            "platform": named(t["platform"], codes.PLATFORMS),
            "billing_day": pa.array(t["billing_day"]),
        }
    )


def _attribute_history(desk: _Desk, events: MonthEvents) -> pa.Table:
    t = _by_entity(events.tables["attribute_history"])
    draw = desk.lag_draw(t, _COLUMNS["attribute"])
    corrected = draw < _LATE_CORRECTION_SHARE
    lag = np.where(corrected, (5.0 + 1000.0 * draw) * US_PER_DAY, (1.0 + 20.0 * draw) * US_PER_HOUR).astype(np.int64)
    at = desk.times(t["day"])
    day = events.customers.billing_day[t["row"]]
    return pa.table(
        {
            "customer_id": desk.ids(t),
            **_stamps(at, np.where(t["day"] < 0.0, US_PER_HOUR, lag)),
            "plan": named(t["plan"], codes.PLANS),
            "contract": named(t["contract"], codes.CONTRACTS),
            "contract_ends_at": _ends_at(desk, t["months_left"] - (t["day"] < 0.0), day, t["months_left"] > 0),
            "auto_renew": pa.array(t["auto_renew"] == 1),
            "payment_method": named(t["payment_method"], codes.PAYMENT_METHODS),
            "price_cents": pa.array(t["price_cents"].astype(np.int32)),
            "discount_pct": pa.array(t["discount_pct"].astype(np.float32)),
            "discount_ends_at": _ends_at(
                desk, t["discount_months_left"] - (t["day"] < 0.0), day, t["discount_months_left"] > 0
            ),
        }
    )


def _ends_at(
    desk: _Desk, months: npt.NDArray[np.int64], billing_day: npt.NDArray[np.int8], has_end: npt.NDArray[np.bool_]
) -> pa.Array:
    """The billing day `months` ahead as a time stamp, null where there is no end."""
    month = np.datetime64(desk.start_us, "us").astype("datetime64[M]") + months.astype(np.int64)
    at = month.astype("datetime64[us]").astype(np.int64) + (billing_day.astype(np.int64) - 1) * US_PER_DAY
    return pa.array(at, _TIMESTAMP, mask=~has_end)


def _subscriptions(desk: _Desk, events: MonthEvents) -> pa.Table:
    t = _by_entity(events.tables["subscriptions"])
    kind = t["event"].astype(np.intp)
    draw = desk.lag_draw(t, _COLUMNS["subscription"] + kind)
    nonpayment = t["reason"] == codes.NONPAYMENT
    ended = kind == SUBSCRIPTION_EVENTS.index("end")
    days = np.where(nonpayment, 10.0 + 18.0 * draw, np.where(ended, 0.5 + 2.5 * draw, 0.05 + draw))
    return pa.table(
        {
            "customer_id": desk.ids(t),
            **_stamps(desk.times(t["day"]), (days * US_PER_DAY).astype(np.int64)),
            "event": named(t["event"], SUBSCRIPTION_EVENTS),
            "reason": named(t["reason"], codes.END_REASONS),
            "plan": named(t["plan"], codes.PLANS),
            "price_cents": pa.array(t["price_cents"].astype(np.int32)),
        }
    )


def _usage(desk: _Desk, events: MonthEvents) -> pa.Table:
    t = events.tables["usage"]
    c = events.customers
    lag = hours_late(desk.lag_draw(t, _USAGE_COLUMN + t["week"]))
    version = np.where(c.platform == codes.APP, desk.month + 30 - (desk.luck[_VERSION_COLUMN] * 2.5).astype(int), 0)
    platform = c.platform[t["row"]]
    return pa.table(
        {
            "customer_id": desk.ids(t),
            **_stamps(desk.times(t["day"]), lag),
            "sessions": pa.array(t["sessions"].astype(np.int32)),
            "active_minutes": pa.array(np.round(t["active_minutes"], 1).astype(np.float32)),
            "distinct_features": pa.array(t["distinct_features"].astype(np.int8)),
            "platform": named(platform, codes.PLATFORMS),
            "app_version": _versions(version[t["row"]]),
        }
    )


def _versions(number: npt.NDArray[np.int64]) -> pa.Array:
    names = ["web", *(f"{3 + n // 12}.{n % 12}" for n in range(1, _APP_VERSIONS))]
    return pa.DictionaryArray.from_arrays(pa.array(number.astype(np.int16)), pa.array(names))


def _invoices(desk: _Desk, events: MonthEvents) -> pa.Table:
    t = events.tables["invoices"]
    region = events.customers.region[t["row"]]
    return pa.table(
        {
            "customer_id": desk.ids(t),
            **_stamps(desk.times(t["day"]), hours_late(desk.lag_draw(t, _COLUMNS["invoice"]), 1.0, 0.4)),
            "amount_cents": pa.array(t["amount_cents"].astype(np.int32)),
            "currency": named(region, codes.CURRENCIES),
            "billing_system": named((region > 0).astype(np.int8), ("A", "B")),
        }
    )


def _payments(desk: _Desk, events: MonthEvents) -> pa.Table:
    t = _by_entity(events.tables["payments"])
    draw = desk.lag_draw(t, _COLUMNS["payment"] + t["attempt"].astype(np.intp))
    return pa.table(
        {
            "customer_id": desk.ids(t),
            **_stamps(desk.times(t["day"]), hours_late(draw, 0.5, 0.5)),
            "attempt": pa.array(t["attempt"].astype(np.int8)),
            "outcome": named(t["succeeded"].astype(np.int8), ("declined", "paid")),
            "decline_code": named(t["decline_code"], codes.DECLINE_CODES),
        }
    )


def _tickets(desk: _Desk, events: MonthEvents) -> pa.Table:
    t = events.tables["tickets"]
    opened, closed = _opened(desk, t), _closed(desk, t)
    order = np.argsort(np.concatenate([t["row"], t["row"]]), kind="stable")
    return pa.concat_tables([opened, closed]).take(pa.array(order)).combine_chunks()


def _opened(desk: _Desk, t: Columns) -> pa.Table:
    n = len(t["row"])
    lag = hours_late(desk.lag_draw(t, _COLUMNS["ticket"] + t["nth"].astype(np.intp)), 0.2, 0.5)
    nothing = np.full(n, -1, dtype=np.int8)
    return _ticket_table(
        desk,
        t,
        _stamps(desk.times(t["day"]), lag),
        event=np.zeros(n, dtype=np.int8),
        category=nothing,
        severity=nothing,
        satisfaction=nothing,
    )


def _closed(desk: _Desk, t: Columns) -> pa.Table:
    """Category, severity and satisfaction are known when the ticket is closed; the unhappy leave the survey blank."""
    draw = desk.lag_draw(t, _COLUMNS["closed"] + t["nth"].astype(np.intp))
    days = 0.2 + 1.5 * (-np.log1p(-draw))
    severity = (1 + (t["mood"] < _ANNOYED_BELOW) + (t["mood"] < _ANGRY_BELOW)).astype(np.int8)
    satisfaction = np.where(draw * t["mood"] < _BLANK_BELOW, -1, np.ceil(t["mood"] * 5.0)).astype(np.int8)
    at = desk.times(t["day"] + days)
    lag = np.full(len(at), US_PER_HOUR // 2)
    return _ticket_table(
        desk,
        t,
        _stamps(at, lag),
        event=np.ones(len(at), dtype=np.int8),
        category=t["category"],
        severity=severity,
        satisfaction=satisfaction,
    )


def _ticket_table(
    desk: _Desk,
    t: Columns,
    stamps: dict[str, pa.Array],
    *,
    event: npt.NDArray[np.int8],
    category: npt.NDArray[np.int8],
    severity: npt.NDArray[np.int8],
    satisfaction: npt.NDArray[np.int8],
) -> pa.Table:
    number = (desk.customer_id[t["row"]] * 4096 + (desk.month % 512) * 8 + t["nth"]) * _TICKET_SCRAMBLE % (1 << 52)
    return pa.table(
        {
            "customer_id": desk.ids(t),
            "ticket_id": pa.array(number),
            **stamps,
            "event": named(event, ("opened", "closed")),
            "category": named(category, codes.TICKET_CATEGORIES),
            "severity": pa.array(severity, mask=severity < 0),
            "satisfaction": pa.array(satisfaction, mask=satisfaction < 0),
        }
    )


def _contacts(desk: _Desk, events: MonthEvents) -> pa.Table:
    t = events.tables["contacts"]
    lag = (0.5 + 0.5 * desk.lag_draw(t, _CONTACT_COLUMN)) * US_PER_DAY
    campaign = np.datetime64(desk.start_us, "us").astype("datetime64[M]")
    treated = t["arm"] == 0
    return pa.table(
        {
            "customer_id": desk.ids(t),
            **_stamps(desk.times(t["day"]), lag.astype(np.int64)),
            "campaign_id": pa.array([f"retain-{campaign}"] * len(treated), pa.string()),
            "arm": named(t["arm"], ("treated", "holdout")),
            "accepted": pa.array(t["accepted"] == 1, mask=~treated),
        }
    )


_WRITERS: dict[str, Callable[[_Desk, MonthEvents], pa.Table]] = {
    "customers": _customers,
    "attribute_history": _attribute_history,
    "subscriptions": _subscriptions,
    "usage": _usage,
    "invoices": _invoices,
    "payments": _payments,
    "tickets": _tickets,
    "contacts": _contacts,
}

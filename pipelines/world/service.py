"""Support tickets of one month."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.world.codes import BILLING, CANCELLATION, PRO
from pipelines.world.customers import Codes, Customers, Floats
from pipelines.world.events import Columns, Departures
from pipelines.world.mechanism import Mechanism
from pipelines.world.streams import Draws

MAX_TICKETS = 4
DRAWS = 2 + 3 * MAX_TICKETS
"""Uniforms a customer needs here: the count, the cancellation ticket, and three for each ticket."""

CANCELLATION_TICKET_SHARE = 0.40
"""Share of voluntary leavers who ask to cancel through support."""

_BILLING_SHARE = 0.25
_BUG_SHARE = 0.40
_NEW_CUSTOMER_FACTOR = 1.9
_NEW_CUSTOMER_MONTHS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """The month's tickets, how many each customer opened and how many were about billing, shape (n,)."""

    tickets: Columns
    opened: Codes
    about_billing: Codes


def serve(
    customers: Customers, departures: Departures, mechanism: Mechanism, u: Draws, *, first: Floats, month: int
) -> Service:
    """Tickets opened between `first` and the departure, from the uniforms `u`, shape (DRAWS, n)."""
    count = _poisson(u[0], _rate(customers, mechanism, month))
    span = np.maximum(departures.until - first, 0.0)
    rows, nth = np.nonzero(np.arange(MAX_TICKETS) < count[:, None])
    pick = u[2 + MAX_TICKETS + nth, rows]
    category = np.where(pick < _BILLING_SHARE, BILLING, np.where(pick < _BILLING_SHARE + _BUG_SHARE, 1, 2)).astype(
        np.int8
    )
    ordinary: Columns = {
        "row": rows,
        "day": first[rows] + span[rows] * u[2 + nth, rows],
        "nth": nth,
        "category": category,
        "mood": u[2 + 2 * MAX_TICKETS + nth, rows],
    }
    about_billing = np.bincount(rows[category == BILLING], minlength=len(customers)).astype(np.int8)
    return Service(tickets=_with_cancellations(ordinary, departures, u[1]), opened=count, about_billing=about_billing)


def _rate(c: Customers, m: Mechanism, month: int) -> Floats:
    new = np.where(month - c.signup_month < _NEW_CUSTOMER_MONTHS, _NEW_CUSTOMER_FACTOR, 1.0)
    return np.asarray(np.exp(-1.45 - 0.10 * c.engagement + 0.25 * (c.plan == PRO)) * c.trouble * new * m.ticket_rate)


def _poisson(u: Draws, rate: Floats) -> npt.NDArray[np.int8]:
    """Poisson counts by inversion, capped at MAX_TICKETS, shape (n,)."""
    probability = np.exp(-rate)
    below = probability.copy()
    count = np.zeros(len(u), dtype=np.int8)
    for k in range(1, MAX_TICKETS + 1):
        count += u >= below
        probability = probability * rate / k
        below = below + probability
    return count


def _with_cancellations(ordinary: Columns, d: Departures, u: Draws) -> Columns:
    rows = np.flatnonzero((d.reason == 0) & (u < CANCELLATION_TICKET_SHARE))
    asked: Columns = {
        "row": rows,
        "day": d.requested[rows],
        "nth": np.full(len(rows), MAX_TICKETS),
        "category": np.full(len(rows), CANCELLATION, dtype=np.int8),
        "mood": u[rows] / CANCELLATION_TICKET_SHARE * 0.5,
    }
    return {name: np.concatenate([ordinary[name], asked[name]]) for name in ordinary}

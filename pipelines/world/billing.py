"""Invoices, payment attempts and dunning.

An invoice is due on the billing day. If the first attempt fails, retries follow 3, 7 and 14 days later and a final
notice the day before the next bill. If all fail, the subscription ends on that next billing day: involuntary churn, in
the month after the failure.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.world.codes import ANNUAL
from pipelines.world.customers import ANNUAL_PRICE_FACTOR, Codes, Customers, Floats
from pipelines.world.events import Columns, Departures, Rows
from pipelines.world.mechanism import Mechanism
from pipelines.world.streams import Draws

RETRY_DAYS = (3.0, 7.0, 14.0)
ATTEMPTS = 4
"""Attempts after the first: three retries and the final notice."""

DRAWS = 10
"""Uniforms a customer needs here: four for old dunning, first attempt, decline code, four for new dunning."""

INVOICE_HOUR = 8.0
_FIRST_ATTEMPT_DELAY_DAYS = 2.0 / 24.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Billing:
    """The month's invoices and attempts, and how many attempts stay open at its end, shape (n,)."""

    invoices: Columns
    payments: Columns
    open_retries: Codes


@dataclass(frozen=True, kw_only=True, slots=True)
class _Attempts:
    rows: Rows
    day: Floats
    number: npt.NDArray[np.int64]
    succeeded: npt.NDArray[np.bool_]


def bill(
    customers: Customers,
    departures: Departures,
    mechanism: Mechanism,
    u: Draws,
    *,
    joined: npt.NDArray[np.bool_],
    days: int,
    previous_days: int,
) -> Billing:
    """Bill everybody who is due, and retry what is open from last month (`previous_days` days long)."""
    old = _old_dunning(customers, departures, mechanism, u[0:4], previous_days=previous_days)
    due = _due(customers, departures, joined)
    declined = due[u[4][due] < np.asarray(mechanism.decline_rates)[customers.payment_method[due]]]
    day = _invoice_day(customers, joined)
    new, open_retries = _new_dunning(customers, mechanism, u[6:10], declined, invoice_day=day, days=days)
    first = _Attempts(
        rows=due,
        day=day[due] + _FIRST_ATTEMPT_DELAY_DAYS,
        number=np.ones(len(due), dtype=np.int64),
        succeeded=~np.isin(due, declined),
    )
    return Billing(
        invoices={"row": due, "day": day[due], "amount_cents": _amount(customers)[due]},
        payments=_payment_events((first, *new, *old), u[5]),
        open_retries=open_retries,
    )


def _due(c: Customers, d: Departures, joined: npt.NDArray[np.bool_]) -> Rows:
    annual_bill = (c.contract_months_left == 1) | joined
    billed = np.where(c.contract == ANNUAL, annual_bill, c.paused == 0)
    return np.flatnonzero(billed & (d.reason < 0))


def _invoice_day(c: Customers, joined: npt.NDArray[np.bool_]) -> Floats:
    return np.where(joined, c.signup_day, c.billing_day - 1 + INVOICE_HOUR / 24.0)


def _amount(c: Customers) -> Floats:
    months = np.where(c.contract == ANNUAL, 12.0 * ANNUAL_PRICE_FACTOR, 1.0)
    return np.asarray(np.round(c.price_cents * (1.0 - c.discount) * months))


def _new_dunning(
    c: Customers, m: Mechanism, u: Draws, declined: Rows, *, invoice_day: Floats, days: int
) -> tuple[list[_Attempts], Codes]:
    """Retries that fall into this month, and the number left open per customer."""
    open_retries = np.zeros(len(c), dtype=np.int8)
    open_retries[declined] = ATTEMPTS
    attempts, rows = [], declined
    for number, delay in enumerate(RETRY_DAYS):
        rows = rows[invoice_day[rows] + delay < days]
        succeeded = u[number][rows] < m.retry_success
        attempts.append(_attempt(rows, invoice_day[rows] + delay, number + 2, succeeded))
        open_retries[rows] = np.where(succeeded, 0, ATTEMPTS - 1 - number)
        rows = rows[~succeeded]
    return attempts, open_retries


def _old_dunning(c: Customers, d: Departures, m: Mechanism, u: Draws, *, previous_days: int) -> list[_Attempts]:
    """Retries left over from last month. Whoever leaves for nonpayment fails them all; for the others luck decides."""
    attempts = []
    rows = np.flatnonzero(c.open_retries > 0)
    for number in range(ATTEMPTS):
        now = rows[c.open_retries[rows] >= ATTEMPTS - number]
        final = number == ATTEMPTS - 1
        succeeded = _recovers(now, d, u[number], m.final_recovery if final else m.retry_success, certain=final)
        day = c.billing_day[now] - 1.5 if final else c.billing_day[now] - 1 + RETRY_DAYS[number] - previous_days
        attempts.append(_attempt(now, np.maximum(day, 0.02), number + 2, succeeded))
        rows = np.setdiff1d(rows, now[succeeded], assume_unique=True)
    return attempts


def _recovers(rows: Rows, d: Departures, u: Draws, rate: float, *, certain: bool) -> npt.NDArray[np.bool_]:
    """Success of an attempt, given who leaves: nobody who ends for nonpayment, and all others at the last attempt."""
    lost = d.reason[rows] == 1
    return np.asarray(~lost & ((u[rows] < rate) | certain))


def _attempt(rows: Rows, day: Floats, number: int, succeeded: npt.NDArray[np.bool_]) -> _Attempts:
    return _Attempts(
        rows=rows, day=np.asarray(day, dtype=np.float64), number=np.full(len(rows), number), succeeded=succeeded
    )


def _payment_events(attempts: tuple[_Attempts, ...], decline_draw: Draws) -> Columns:
    rows = np.concatenate([a.rows for a in attempts])
    succeeded = np.concatenate([a.succeeded for a in attempts])
    code = np.minimum((decline_draw[rows] * 4.0).astype(np.int8), 3)
    return {
        "row": rows,
        "day": np.concatenate([a.day for a in attempts]),
        "attempt": np.concatenate([a.number for a in attempts]),
        "succeeded": succeeded,
        "decline_code": np.where(succeeded, -1, code).astype(np.int8),
    }

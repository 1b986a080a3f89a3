"""What changes in a customer's contract during a month: renewals, prices, plans, discounts, payment methods, pauses."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.world.codes import ANNUAL, MONTHLY, PRO
from pipelines.world.customers import LIST_PRICE_CENTS, NO_SHOCK, Codes, Customers, Floats
from pipelines.world.events import Columns, Departures
from pipelines.world.mechanism import Mechanism
from pipelines.world.streams import Draws

DRAWS = 7
"""Uniforms a customer needs here: renewal, to annual, plan, payment method, which method, pause, time of day."""

OFFER_DISCOUNT = 0.20
OFFER_MONTHS = 3
_RENEWS_BY_HAND = 0.55
_TO_ANNUAL = 0.005
_UPGRADE = 0.006
_DOWNGRADE = 0.005
_NEW_METHOD = 0.006
_PAUSE = 0.004
SHOCK_MONTHS = 3
"""How long a price rise is felt, in months (Netflix 2022: the step was gone after a quarter)."""

_PRICE_STEP = 1.001
"""Smallest ratio of list price to price paid that counts as a rise; below it lies rounding to cents."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """Contract fields after the month's billing day, shape (n,) each, and which of them changed."""

    plan: Codes
    contract: Codes
    contract_months_left: Codes
    price_cents: Floats
    price_rise: Floats
    price_age: Codes
    discount: Floats
    discount_months_left: Codes
    payment_method: Codes
    paused: Codes
    changed: npt.NDArray[np.bool_]


def new_terms(c: Customers, d: Departures, m: Mechanism, u: Draws, *, joined: npt.NDArray[np.bool_]) -> Terms:
    """Terms that hold once the billing day has passed; leavers and those who joined this month keep theirs."""
    settled = (d.reason < 0) & ~joined
    plan = _plan(c, u[2], settled)
    contract, months_left, renewed = _contract(c, u[0], u[1], settled)
    price, rise = _price(c, m, plan, movable=(contract == MONTHLY) | renewed, settled=settled)
    discount, discount_left = _discount(c, d, settled)
    method = np.where(settled & (u[3] < _NEW_METHOD), (u[4] * 3.0).astype(np.int8), c.payment_method)
    paused = settled & (contract == MONTHLY) & (c.paused == 0) & (u[5] < _PAUSE)
    age = np.where(rise > 0.0, 0, np.minimum(c.price_age + 1, NO_SHOCK))
    offered = discount_left > np.maximum(c.discount_months_left, 0)
    return Terms(
        plan=plan,
        contract=contract,
        contract_months_left=months_left,
        price_cents=price,
        price_rise=np.where(rise > 0.0, rise + _still_felt(c), c.price_rise),
        price_age=age.astype(np.int8),
        discount=discount,
        discount_months_left=discount_left,
        payment_method=method.astype(np.int8),
        paused=paused.astype(np.int8),
        changed=(plan != c.plan)
        | renewed
        | (contract != c.contract)
        | (price != c.price_cents)
        | (discount != c.discount)
        | (method != c.payment_method)
        | offered,
    )


def _still_felt(c: Customers) -> Floats:
    """An earlier rise that is not yet forgotten; a second one comes on top of it."""
    return np.where(c.price_age < SHOCK_MONTHS, c.price_rise, 0.0)


def _plan(c: Customers, u: Draws, settled: npt.NDArray[np.bool_]) -> Codes:
    up = (u < _UPGRADE) & (c.plan < PRO)
    down = (u > 1.0 - _DOWNGRADE) & (c.plan > 0)
    return np.asarray(c.plan + (up & settled) - (down & settled)).astype(np.int8)


def _contract(
    c: Customers, u_renew: Draws, u_annual: Draws, settled: npt.NDArray[np.bool_]
) -> tuple[Codes, Codes, npt.NDArray[np.bool_]]:
    due = settled & (c.contract_months_left == 1)
    stays_annual = (c.auto_renew == 1) | (u_renew < _RENEWS_BY_HAND)
    signs = settled & (c.contract == MONTHLY) & (u_annual < _TO_ANNUAL)
    renewed = (due & stays_annual) | signs
    contract = np.where(renewed, ANNUAL, np.where(due, MONTHLY, c.contract))
    left = np.where(settled, np.maximum(c.contract_months_left - 1, 0), c.contract_months_left)
    return contract.astype(np.int8), np.where(renewed, 12, left).astype(np.int8), renewed


def _price(
    c: Customers,
    m: Mechanism,
    plan: Codes,
    *,
    movable: npt.NDArray[np.bool_],
    settled: npt.NDArray[np.bool_],
) -> tuple[Floats, Floats]:
    """Price and rise; only a `movable` price, of a monthly or just renewed contract, follows the list."""
    target = np.round(LIST_PRICE_CENTS[plan] * m.price_index)
    moved = plan != c.plan
    raised = movable & (target > c.price_cents * _PRICE_STEP)
    price = np.where(settled & (raised | moved), target, c.price_cents)
    rise = np.where(settled & raised & ~moved, target / c.price_cents - 1.0, 0.0)
    return price, rise


def _discount(c: Customers, d: Departures, settled: npt.NDArray[np.bool_]) -> tuple[Floats, Codes]:
    left = np.where(settled, np.maximum(c.discount_months_left - 1, 0), c.discount_months_left)
    discount = np.where(left > 0, c.discount, 0.0)
    takes = (d.accepted == 1) & (left == 0)
    return np.where(takes, OFFER_DISCOUNT, discount), np.where(takes, OFFER_MONTHS, left).astype(np.int8)


def subscription_events(c: Customers, d: Departures, terms: Terms, *, joined: npt.NDArray[np.bool_]) -> Columns:
    """Rows of `subscriptions`: starts, plan changes, pauses, resumptions, cancellation requests and ends."""
    billing = c.billing_day - 1 + 10.0 / 24.0
    parts = (
        ("start", np.flatnonzero(joined), c.signup_day),
        ("plan_change", np.flatnonzero(terms.plan != c.plan), billing),
        ("pause", np.flatnonzero(terms.paused), billing),
        ("resume", np.flatnonzero((c.paused == 1) & (d.reason < 0)), billing),
        ("cancel_request", np.flatnonzero(d.reason == 0), d.requested),
        ("end", np.flatnonzero(d.reason >= 0), d.until),
    )
    kinds = [np.full(len(rows), code, dtype=np.int8) for code, (_, rows, _) in enumerate(parts)]
    rows = np.concatenate([rows for _, rows, _ in parts])
    kind = np.concatenate(kinds)
    return {
        "row": rows,
        "day": np.concatenate([day[rows] for _, rows, day in parts]),
        "event": kind,
        "reason": np.where(kind == SUBSCRIPTION_EVENTS.index("end"), d.reason[rows], -1).astype(np.int8),
        "plan": terms.plan[rows],
        "price_cents": terms.price_cents[rows],
    }


SUBSCRIPTION_EVENTS = ("start", "plan_change", "pause", "resume", "cancel_request", "end")
"""Kinds of row in the table `subscriptions`, in the order of their codes."""


def attribute_events(c: Customers, terms: Terms, rows: npt.NDArray[np.intp], day: Floats) -> Columns:
    """Rows of `attribute_history`: the terms that hold from `day` on, for the customers at `rows`."""
    return {
        "row": rows,
        "day": day[rows],
        "plan": terms.plan[rows],
        "contract": terms.contract[rows],
        "months_left": terms.contract_months_left[rows],
        "auto_renew": c.auto_renew[rows],
        "payment_method": terms.payment_method[rows],
        "price_cents": terms.price_cents[rows],
        "discount_pct": terms.discount[rows] * 100.0,
        "discount_months_left": terms.discount_months_left[rows],
    }

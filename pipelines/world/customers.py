"""Who the customers are: one array per attribute, drawn at sign-up, carried from month to month."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from pipelines.world.codes import ANNUAL, APP, MONTHLY, PROMO, SMB
from pipelines.world.mechanism import Mechanism
from pipelines.world.streams import Stream, Streams

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]

LIST_PRICE_CENTS = np.array([999, 1999, 3999], dtype=np.float64)
"""List price a month of basic, plus and pro in month 0's money."""

ANNUAL_PRICE_FACTOR = 0.83
"""An annual contract costs ten months for twelve."""

PROMO_DISCOUNT = 0.30
"""Share of the list price a promo customer is spared while the discount lasts."""

FIRST_BILLING_DAY = 3
"""Billing days are 3 to 28.

Every month has them, and the 30 days after a month's start never reach the next month's.
"""

NO_SHOCK = 99
"""`price_age` of a customer whose price never rose: months since the last rise, capped."""


@dataclass(kw_only=True, slots=True)
class Customers:
    """State of n customers at a month's start; every field has shape (n,).

    `entity` is the sorted internal number; `fit`, `price_sensitivity`, `effect`, `trouble` are never recorded.
    `usage_1..3` are mean weekly sessions one, two and three months back (NaN before sign-up); `tickets_1..3` counts.
    `open_retries` is the number of payment attempts still to come for an unpaid invoice, 0 when there is none.
    """

    entity: Ints
    signup_month: Ints
    signup_day: Floats
    channel: Codes
    region: Codes
    segment: Codes
    platform: Codes
    fit: Floats
    price_sensitivity: Floats
    effect: Floats
    trouble: Floats
    billing_day: Codes
    plan: Codes
    contract: Codes
    contract_months_left: Codes
    auto_renew: Codes
    price_cents: Floats
    discount: Floats
    discount_months_left: Codes
    payment_method: Codes
    engagement: Floats
    depth: Floats
    usage_1: Floats
    usage_2: Floats
    usage_3: Floats
    idle: Codes
    tickets_1: Codes
    tickets_2: Codes
    tickets_3: Codes
    billing_tickets: Codes
    price_rise: Floats
    price_age: Codes
    open_retries: Codes
    paused: Codes
    contacts: Codes

    def __len__(self) -> int:
        return len(self.entity)

    def take(self, rows: npt.NDArray[np.bool_] | Ints) -> "Customers":
        """The customers at `rows` (a mask or positions), as copies."""
        return Customers(**{field.name: getattr(self, field.name)[rows] for field in fields(Customers)})

    def joined_by(self, other: "Customers") -> "Customers":
        """These customers followed by `other`, whose entities must all be larger."""
        return Customers(
            **{
                field.name: np.concatenate([getattr(self, field.name), getattr(other, field.name)])
                for field in fields(Customers)
            }
        )


_BIRTH_DRAWS = 20
_MIDDLE = np.float64(2.0**-25)
"""Moves draws to the middle of their grid of 2**-24, for at 0 a normal deviate would be infinite."""

_CHANNEL_SHARES = np.array([0.42, 0.30, 0.16])
_REGION_SHARES = np.array([0.50, 0.32])
_PLAN_SHARES = np.array([0.45, 0.37])
_METHOD_SHARES = np.array([0.70, 0.22])
_CHANNEL_FIT = np.array([0.25, 0.0, 0.10, -0.45])
_CHANNEL_SENSITIVITY = np.array([0.0, 0.05, 0.0, 0.45])
_PLAN_SENSITIVITY = np.array([0.10, 0.0, -0.15])
_APP_SHARE = 0.55
"""Share of new customers who use the app, before any lever moves more of them there."""

_SMB_SHARE = 0.18
"""Share of new customers that are small businesses."""

_AUTO_RENEW_SHARE = 0.8
"""Share of annual customers whose contract renews by itself."""

_DO_NOT_DISTURB_SHARE = 0.10
_DO_NOT_DISTURB_LOG_ODDS = 0.4


def _category(draw: Floats, shares: Floats) -> Codes:
    return np.searchsorted(np.cumsum(shares), draw, side="right").astype(np.int8)


def born(streams: Streams, entity: Ints, signup_month: Ints, *, draw_month: int, mechanism: Mechanism) -> Customers:
    """Customers as they sign up, drawn from the birth stream of `draw_month` under that month's mechanism."""
    u = streams.entities(Stream.BIRTH, entity, draw_month, _BIRTH_DRAWS) + _MIDDLE
    n = len(entity)
    switched = u[1] < mechanism.promo_switch
    channel = np.where(switched, PROMO, _category(u[0], _CHANNEL_SHARES)).astype(np.int8)
    region = np.where(u[2] < mechanism.region_switch, 2, _category(u[3], _REGION_SHARES)).astype(np.int8)
    platform = ((u[4] < _APP_SHARE) | (u[17] < mechanism.app_switch)).astype(np.int8)
    plan = _category(u[5], _PLAN_SHARES)
    contract = (u[6] < mechanism.annual_share).astype(np.int8)
    promo = channel == PROMO
    fit = ndtri(u[7]) + _CHANNEL_FIT[channel]
    log_sensitivity = 0.5 * ndtri(u[8]) + _CHANNEL_SENSITIVITY[channel] + _PLAN_SENSITIVITY[plan] - 0.125
    billing_day = (FIRST_BILLING_DAY + np.floor(u[9] * (29 - FIRST_BILLING_DAY))).astype(np.int8)
    zeros = np.zeros(n, dtype=np.int8)
    return Customers(
        entity=entity,
        signup_month=signup_month,
        signup_day=billing_day - 1 + (0.3 + 0.6 * u[10]),
        channel=channel,
        region=region,
        segment=np.where(u[11] < _SMB_SHARE, SMB, 0).astype(np.int8),
        platform=platform,
        fit=fit,
        price_sensitivity=np.exp(log_sensitivity),
        effect=_campaign_effect(u[12], u[13]),
        trouble=np.exp(0.95 * ndtri(u[14]) - 0.45),
        billing_day=billing_day,
        plan=plan,
        contract=contract,
        contract_months_left=np.where(contract == ANNUAL, 12, 0).astype(np.int8),
        auto_renew=(u[15] < _AUTO_RENEW_SHARE).astype(np.int8),
        price_cents=np.round(LIST_PRICE_CENTS[plan] * mechanism.price_index),
        discount=np.where(promo & (mechanism.promo_months > 0), PROMO_DISCOUNT, 0.0),
        discount_months_left=np.where(promo, mechanism.promo_months, 0).astype(np.int8),
        payment_method=_category(u[16], _METHOD_SHARES),
        engagement=0.8 * fit + 0.45 * ndtri(u[18]),
        depth=0.5 * ndtri(u[19]) + 0.1 * (platform == APP),
        usage_1=np.full(n, np.nan),
        usage_2=np.full(n, np.nan),
        usage_3=np.full(n, np.nan),
        idle=zeros,
        tickets_1=zeros,
        tickets_2=zeros,
        tickets_3=zeros,
        billing_tickets=zeros,
        price_rise=np.zeros(n),
        price_age=np.full(n, NO_SHOCK, dtype=np.int8),
        open_retries=zeros,
        paused=zeros,
        contacts=zeros,
    )


def _campaign_effect(kind: Floats, size: Floats) -> Floats:
    """Log-odds a retention contact adds: about -0.7 for most, +0.4 for those who had better been left alone."""
    helped = -0.25 - 0.9 * size
    return np.where(kind < _DO_NOT_DISTURB_SHARE, _DO_NOT_DISTURB_LOG_ODDS, helped)


def is_monthly(customers: Customers) -> npt.NDArray[np.bool_]:
    """Which customers may leave any month."""
    return np.asarray(customers.contract == MONTHLY)

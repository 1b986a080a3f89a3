"""P(churn | state): the probability that a customer leaves within the month, given everything true at its start.

All randomness of the month comes after the cutoff and is integrated out exactly, so these numbers are the Bayes score.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.world.codes import ANNUAL, SMB
from pipelines.world.contracts import SHOCK_MONTHS
from pipelines.world.customers import LIST_PRICE_CENTS, Customers, Floats, is_monthly
from pipelines.world.mechanism import CHURN_SEASON, Mechanism

HOLDOUT = 0.20
"""Share of selected customers the campaign leaves alone, at random."""

RISE_UNIT = 0.12
"""The price rise to which `price_shock_log_odds` refers."""


_TENURE_EDGES = np.array([1, 3, 12, 24])


@dataclass(frozen=True, kw_only=True, slots=True)
class ChurnProbability:
    """Probabilities in [0, 1] for n customers, each of shape (n,).

    `untreated` and `treated` are the potential outcomes without and with a campaign contact, `contact` the chance of
    getting one, `bayes` their mixture: the best possible score at the cutoff. `involuntary` is the part an unpaid
    invoice causes.
    """

    untreated: Floats
    treated: Floats
    voluntary_untreated: Floats
    voluntary_treated: Floats
    involuntary: Floats
    contact: Floats
    bayes: Floats


def churn_probability(
    customers: Customers, mechanism: Mechanism, *, month: int, month_of_year: int
) -> ChurnProbability:
    """Churn probabilities of the month that starts now (`month` indexes it, `month_of_year` is 0 for January)."""
    log_odds = _log_odds(customers, mechanism, month, month_of_year)
    tau = customers.effect * mechanism.campaign_effect + mechanism.fatigue * customers.contacts
    untreated_vol = _sigmoid(log_odds)
    treated_vol = _sigmoid(log_odds + tau)
    involuntary = nonpayment_probability(customers, mechanism)
    untreated = 1.0 - (1.0 - untreated_vol) * (1.0 - involuntary)
    treated = 1.0 - (1.0 - treated_vol) * (1.0 - involuntary)
    contact = mechanism.contact_share * (1.0 - HOLDOUT) * selected(customers, mechanism)
    return ChurnProbability(
        untreated=untreated,
        treated=treated,
        voluntary_untreated=untreated_vol,
        voluntary_treated=treated_vol,
        involuntary=involuntary,
        contact=contact,
        bayes=contact * treated + (1.0 - contact) * untreated,
    )


def nonpayment_probability(customers: Customers, mechanism: Mechanism) -> Floats:
    """Chance that every retry still open fails, the last one being the final notice before the next bill."""
    retries = np.maximum(customers.open_retries - 1, 0)
    lost = (1.0 - mechanism.retry_success) ** retries * (1.0 - mechanism.final_recovery)
    return np.where(customers.open_retries > 0, lost, 0.0)


def selected(customers: Customers, mechanism: Mechanism) -> Floats:
    """1.0 where the marketing rule picks the customer: usage falling, or an annual contract that ends this month."""
    falling = is_monthly(customers) & (usage_trend(customers) < mechanism.campaign_trend)
    return np.asarray(falling | (customers.contract_months_left == 1), dtype=np.float64)


def usage_trend(customers: Customers) -> Floats:
    """Log of last month's weekly sessions over the two months before, clipped to [-2, 1]; 0 for new customers."""
    before = np.where(np.isnan(customers.usage_3), customers.usage_2, 0.5 * (customers.usage_2 + customers.usage_3))
    trend = np.log((customers.usage_1 + 0.5) / (before + 0.5))
    return np.where(np.isnan(trend), 0.0, np.clip(trend, -2.0, 1.0))


def _log_odds(c: Customers, m: Mechanism, month: int, month_of_year: int) -> Floats:
    return np.asarray(
        m.intercept
        + np.asarray(m.channel_log_odds)[c.channel]
        + np.asarray(m.region_log_odds)[c.region]
        + m.debit_log_odds * (c.payment_method == 1)
        + m.fit_log_odds * c.fit
        + m.engagement_log_odds * c.engagement
        + m.depth_log_odds * c.depth
        + m.trend_log_odds * usage_trend(c)
        + m.idle_log_odds * c.idle
        + np.asarray(m.tenure_log_odds)[np.searchsorted(_TENURE_EDGES, month - c.signup_month)]
        + _tickets(c, m)
        + _contract(c, m)
        + _price(c, m)
        + m.season_amplitude * CHURN_SEASON[month_of_year]
    )


def _tickets(c: Customers, m: Mechanism) -> Floats:
    recent = c.tickets_1 + c.tickets_2 + c.tickets_3
    steps = np.array([0.0, 0.0, m.few_tickets_log_odds, m.few_tickets_log_odds, m.many_tickets_log_odds])
    return np.asarray(steps[np.minimum(recent, 4)] + m.billing_ticket_log_odds * (c.billing_tickets > 0))


def _contract(c: Customers, m: Mechanism) -> Floats:
    annual = np.where(c.contract_months_left == 1, m.renewal_log_odds, m.annual_log_odds)
    ends = (c.discount_months_left == 1) & is_monthly(c)
    return np.asarray(np.where(c.contract == ANNUAL, annual, 0.0) + m.discount_end_log_odds * ends)


def _price(c: Customers, m: Mechanism) -> Floats:
    sensitivity = c.price_sensitivity * np.where(c.segment == SMB, 0.6, 1.0)
    shock = np.where(c.price_age < SHOCK_MONTHS, c.price_rise / RISE_UNIT, 0.0)
    net = np.log(c.price_cents * (1.0 - c.discount) / LIST_PRICE_CENTS[c.plan])
    rival = m.competitor_log_odds * (is_monthly(c) & (c.plan > 0))
    return sensitivity * (m.price_shock_log_odds * shock + m.price_level_log_odds * net + rival)


def _sigmoid(log_odds: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))

"""How the company and its customers behave in one month: every number the simulation reads.

A `Mechanism` is a value. The base mechanism is the same in every month; a lever is a function from one mechanism to
another, so what changed in a month is the difference between two of these and is never typed by hand.
Log-odds are natural logarithms of odds; starting values were tuned until the simulated figures lay inside the
published ranges (see `tests/world/test_realism.py`).
"""

from dataclasses import dataclass, fields
from typing import Final

CHURN_SEASON: Final = (0.03, 0.0, 0.03, -0.06, -0.10, -0.08, -0.03, 0.0, 0.02, 0.06, 0.10, 0.12)
"""Monthly log-odds added to voluntary churn, January first: fourth quarter highest, second lowest (US carriers)."""

USAGE_SEASON: Final = (1.03, 1.02, 1.0, 0.99, 0.98, 0.95, 0.90, 0.91, 0.98, 1.01, 1.02, 0.96)
"""Usage relative to the year's typical month, January first: a summer dip and a smaller one at the year's end."""

JOIN_SEASON: Final = (1.10, 1.0, 1.0, 0.95, 0.95, 0.92, 0.90, 0.95, 1.08, 1.05, 1.05, 1.05)
"""New customers relative to the typical month, January first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mechanism:
    """Every behavioural number of one month. Fields named `*_log_odds` add to the log-odds of voluntary churn."""

    # voluntary churn
    intercept: float = -3.52
    channel_log_odds: tuple[float, ...] = (-0.25, 0.10, -0.05, 0.55)
    region_log_odds: tuple[float, ...] = (0.0, -0.05, 0.20)
    debit_log_odds: float = 0.12
    fit_log_odds: float = -0.32
    engagement_log_odds: float = -0.45
    depth_log_odds: float = -0.80
    trend_log_odds: float = -0.62
    idle_log_odds: float = 0.40
    tenure_log_odds: tuple[float, ...] = (1.05, 0.45, 0.08, -0.15, -0.35)
    few_tickets_log_odds: float = 0.45
    many_tickets_log_odds: float = 1.45
    billing_ticket_log_odds: float = 0.35
    annual_log_odds: float = -1.35
    renewal_log_odds: float = 1.35
    discount_end_log_odds: float = 0.75
    price_shock_log_odds: float = 0.55
    price_level_log_odds: float = 0.30
    season_amplitude: float = 1.0
    competitor_log_odds: float = 0.0

    # usage
    engagement_drift: float = 0.0
    usage_level: float = 1.0
    usage_season_amplitude: float = 1.0
    app_session_ratio: float = 1.0

    # service
    ticket_rate: float = 1.0

    # billing
    decline_rates: tuple[float, ...] = (0.060, 0.030, 0.012)
    retry_success: float = 0.16
    final_recovery: float = 0.55
    price_index: float = 1.0

    # acquisition
    promo_switch: float = 0.0
    annual_share: float = 0.16
    promo_months: int = 6
    app_switch: float = 0.0
    region_switch: float = 0.0

    # retention campaign
    campaign_trend: float = -0.25
    contact_share: float = 0.5
    campaign_effect: float = 1.0
    fatigue: float = 0.0


BASE: Final = Mechanism()
"""The company as it is when no lever is pulled."""


def changed(base: Mechanism, other: Mechanism) -> dict[str, tuple[object, object]]:
    """Fields that differ, as name -> (value in `base`, value in `other`)."""
    pairs = {field.name: (getattr(base, field.name), getattr(other, field.name)) for field in fields(Mechanism)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

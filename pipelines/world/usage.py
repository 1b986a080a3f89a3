"""Weekly usage, and the engagement behind it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from pipelines.world.codes import APP
from pipelines.world.customers import Customers, Floats
from pipelines.world.events import Columns
from pipelines.world.mechanism import USAGE_SEASON, Mechanism
from pipelines.world.streams import Draws

WEEK_DRAWS = 3
MAX_WEEKS = 5
DRAWS = WEEK_DRAWS * MAX_WEEKS + 2
"""Uniforms a customer needs here: three a week, and the shocks of engagement and depth."""

_LOG_WEEKLY_SESSIONS = 1.50
_SESSIONS_PER_ENGAGEMENT = 0.50
_LOG_MINUTES = 2.2
_PAUSED_USAGE = 0.1
_TINY = 1e-12
_LOGISTIC_TO_UNIT_SD = np.sqrt(3.0) / np.pi


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """Sessions by customer and week, shape (n, weeks); minutes alike; `share` of each week the customer was active."""

    sessions: Floats
    minutes: Floats
    breadth: Floats
    share: Floats


def weekly_usage(
    customers: Customers,
    mechanism: Mechanism,
    u: Draws,
    *,
    active: tuple[Floats, Floats],
    week_ends: npt.NDArray[np.int64],
    month_of_year: int,
) -> Usage:
    """Usage of the weeks that end in the month; `active` holds first and last active day, shape (n,) each."""
    share = _active_share(active, week_ends)
    weekly = np.exp(_LOG_WEEKLY_SESSIONS + _SESSIONS_PER_ENGAGEMENT * customers.engagement) * _level(
        customers, mechanism, month_of_year
    )
    weeks = len(week_ends)
    noise = _noise(u[0:weeks].T)
    sessions = np.floor(weekly[:, None] * share * np.exp(0.50 * noise - 0.125) + u[5 : 5 + weeks].T)
    sessions *= share > 0.0
    spread = _noise(u[10 : 10 + weeks].T)
    minutes = sessions * np.exp(_LOG_MINUTES + 0.45 * customers.depth[:, None] + 0.20 * spread)
    breadth = 1.0 + np.minimum(11.0, np.floor(np.sqrt(sessions) * (1.4 + 0.3 * spread)).clip(0.0))
    return Usage(sessions=sessions, minutes=minutes, breadth=breadth, share=share)


def _level(c: Customers, m: Mechanism, month_of_year: int) -> Floats:
    season = 1.0 + m.usage_season_amplitude * (USAGE_SEASON[month_of_year] - 1.0)
    return season * m.usage_level * sessions_per_use(c, m) * np.where(c.paused == 1, _PAUSED_USAGE, 1.0)


def sessions_per_use(c: Customers, m: Mechanism) -> Floats:
    """Recorded sessions for a unit of use, shape (n,): what an app redesign changes, while the use stays."""
    return np.where(c.platform == APP, m.app_session_ratio, 1.0)


def _active_share(active: tuple[Floats, Floats], week_ends: npt.NDArray[np.int64]) -> Floats:
    first, last = active
    covered = np.minimum(last[:, None], week_ends) - np.maximum(first[:, None], week_ends - 7)
    return np.clip(covered / 7.0, 0.0, 1.0)


def _noise(u: Draws) -> Floats:
    """Logistic noise with mean 0 and standard deviation 1 (a third of the cost of a normal deviate)."""
    return np.asarray(np.log((u + _TINY) / (1.0 - u + _TINY)) * _LOGISTIC_TO_UNIT_SD)


def usage_events(usage: Usage, week_ends: npt.NDArray[np.int64]) -> Columns:
    """Rows of `usage`: a customer and week with at least one session. A week without one leaves no row."""
    rows, weeks = np.nonzero(usage.sessions > 0.0)
    return {
        "row": rows,
        "day": week_ends[weeks].astype(np.float64),
        "week": weeks,
        "sessions": usage.sessions[rows, weeks],
        "active_minutes": usage.minutes[rows, weeks],
        "distinct_features": usage.breadth[rows, weeks],
    }


def weekly_mean(usage: Usage) -> Floats:
    """Mean sessions of a fully active week, shape (n,); scaled from the part there is for who has no full week."""
    return np.asarray(usage.sessions.sum(axis=1) / np.maximum(usage.share.sum(axis=1), 0.25))


def next_engagement(customers: Customers, mechanism: Mechanism, u: Draws) -> Floats:
    """Engagement a month later: an autoregression around fit (half-life 2.8 months)."""
    return np.asarray(
        0.78 * customers.engagement
        + 0.22 * (0.8 * customers.fit + mechanism.engagement_drift)
        + 0.38 * ndtri(u + _TINY)
    )


def next_depth(customers: Customers, u: Draws) -> Floats:
    """Minutes per session on a log scale, a month later."""
    return np.asarray(0.94 * customers.depth + 0.17 * ndtri(u + _TINY))

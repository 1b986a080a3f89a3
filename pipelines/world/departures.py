"""Campaign contacts and churn of one month."""

import numpy as np

from pipelines.world.customers import Customers
from pipelines.world.events import Columns, Departures, Rows
from pipelines.world.hazard import HOLDOUT, ChurnProbability, selected
from pipelines.world.mechanism import Mechanism
from pipelines.world.streams import Draws

DRAWS = 6
"""Uniforms a customer needs here: voluntary, involuntary, request time, campaign, hold-out, acceptance."""

ACCEPTANCE = 0.30
"""Share of contacted customers that take the offer (mean of the EMPC default beta(6, 14))."""

END_HOUR = 23.0
"""Subscriptions end at this hour of the billing day."""


def depart(customers: Customers, p: ChurnProbability, mechanism: Mechanism, u: Draws, *, days: int) -> Departures:
    """Decide contacts and departures from the uniforms `u`, shape (DRAWS, n), of a month with `days` days."""
    chosen = (selected(customers, mechanism) == 1.0) & (u[3] < mechanism.contact_share)
    held_out = chosen & (u[4] < HOLDOUT)
    contacted = chosen & ~held_out
    voluntary = u[0] < np.where(contacted, p.voluntary_treated, p.voluntary_untreated)
    leaves = voluntary | (u[1] < p.involuntary)
    end = customers.billing_day - 1 + END_HOUR / 24.0
    return Departures(
        reason=np.where(voluntary, 0, np.where(leaves, 1, -1)).astype(np.int8),
        until=np.where(leaves, end, float(days)),
        requested=u[2] * end,
        contacted=contacted.astype(np.int8),
        held_out=held_out.astype(np.int8),
        accepted=(contacted & ~leaves & (u[5] < ACCEPTANCE)).astype(np.int8),
    )


def contact_events(d: Departures, u: Draws) -> Columns:
    """Rows of `contacts`: one for every selected customer, held out or treated, sent on the month's first day."""
    rows = np.flatnonzero(d.contacted | d.held_out)
    return {
        "row": rows,
        "day": 0.35 + 0.4 * u[2][rows],
        "arm": d.held_out[rows],
        "accepted": d.accepted[rows],
    }


def leavers(d: Departures) -> Rows:
    """Positions of those who leave."""
    return np.flatnonzero(d.reason >= 0)

"""What a retention campaign earns at a threshold: the figure everything else is turned into."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from monitoring.columns import Floats
from monitoring.errors import MonitorError

PER_CUSTOMERS = 1000.0
"""Money is stated per this many customers scored."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Economics:
    """What a campaign costs and saves, in one currency.

    A contacted churner accepts the offer with probability `acceptance_rate` and then stays, worth `clv`
    (customer lifetime value) less `offer_cost`. A contacted customer who would have stayed takes the offer
    for nothing. Every contact costs `contact_cost`.

    References
    ----------
    Neslin et al. 2006; Verbraken, Verbeke & Baesens 2013, with a fixed acceptance rate.
    """

    clv: float
    offer_cost: float
    contact_cost: float
    acceptance_rate: float

    def __post_init__(self) -> None:
        if not 0.0 < self.acceptance_rate <= 1.0:
            raise MonitorError(f"acceptance_rate is {self.acceptance_rate}; it is a probability above 0 and up to 1.")
        if min(self.offer_cost, self.contact_cost) < 0.0 or self.clv <= self.offer_cost:
            raise MonitorError(
                f"clv {self.clv}, offer_cost {self.offer_cost}, contact_cost {self.contact_cost}: costs are 0 or "
                "more, and a saved customer must be worth more than the offer."
            )

    @property
    def gain(self) -> float:
        """What contacting a churner earns on average; below 0 no campaign pays."""
        return self.acceptance_rate * (self.clv - self.offer_cost) - self.contact_cost

    @property
    def loss(self) -> float:
        """What contacting a customer who would have stayed costs."""
        return self.offer_cost + self.contact_cost


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """How much worse the month was than its scores promised, in money per 1000 customers; below 0 better.

    `campaign` compares the campaign's profit; `value` also the customers lost beyond expectation.
    """

    campaign: float
    value: float

    @property
    def harm(self) -> float:
        """The larger of the two: extra churn shows in `value`, offers wasted on stayers in `campaign`."""
        return max(self.campaign, self.value)


def profit(
    churn: npt.ArrayLike,
    scores: npt.ArrayLike,
    threshold: float,
    economics: Economics,
    *,
    weights: npt.ArrayLike | None = None,
) -> float:
    """Return the campaign's profit per 1000 customers when those with a score of `threshold` or more are contacted.

    `churn` is 0/1, or a probability for the expected profit. `weights` count a row for several. 0 without rows.

    >>> cheap = Economics(clv=200, offer_cost=20, contact_cost=1, acceptance_rate=0.3)
    >>> profit([1, 0, 0, 0], [0.9, 0.8, 0.1, 0.1], 0.5, cheap)
    8000.0
    """
    truth, values = np.asarray(churn, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    if not len(truth):
        return 0.0
    counts = np.ones(len(truth)) if weights is None else np.asarray(weights, dtype=np.float64)
    contacted = values >= threshold
    left, reached = float(np.sum((counts * truth)[contacted])), float(counts[contacted].sum())
    return float((left * economics.gain - (reached - left) * economics.loss) / counts.sum() * PER_CUSTOMERS)


def break_even(economics: Economics) -> float:
    """Return the churn probability from which a contact pays; above 1 it never does.

    >>> break_even(Economics(clv=200, offer_cost=20, contact_cost=1, acceptance_rate=0.3))
    0.28378378378378377
    """
    swing = economics.gain + economics.loss
    return economics.loss / swing if swing > 0.0 else float("inf")


def best_threshold(churn: npt.ArrayLike, scores: npt.ArrayLike, economics: Economics) -> float:
    """Return the lowest-contact threshold with the highest profit on these customers.

    It is one of the scores, or just above the highest one where contacting nobody is best. `churn` is 0/1,
    or a probability.
    """
    truth, values = np.asarray(churn, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    if not len(truth):
        raise MonitorError("No customers given: a threshold needs scored customers with known churn.")
    order = np.argsort(-values, kind="stable")
    ranked = values[order]
    earned = np.cumsum(truth[order] * economics.gain - (1.0 - truth[order]) * economics.loss)
    last_of_ties = np.append(ranked[1:] != ranked[:-1], True)
    ends = np.flatnonzero(last_of_ties)
    best = ends[int(np.argmax(earned[ends]))]
    return float(ranked[best]) if earned[best] > 0.0 else float(np.nextafter(ranked[0], np.inf))


def gap(churn: Floats, scores: Floats, threshold: float, economics: Economics, *, weights: Floats | None = None) -> Gap:
    """Return how far a month with known churn (0/1) fell behind what its scores (probabilities) promised."""
    if not len(churn):
        return Gap(campaign=0.0, value=0.0)
    per_row = stakes(scores, threshold, economics)
    lost = np.average(per_row * (churn - scores)[:, None], axis=0, weights=weights) * PER_CUSTOMERS
    return Gap(campaign=float(lost[0]), value=float(lost[1]))


def stakes(scores: Floats, threshold: float, economics: Economics) -> Floats:
    """Return what one more churner than promised costs, row by row: shape (rows, 2), campaign and value.

    A contacted customer who leaves after all was worth the offer, so the campaign *gains* by a churner it
    contacted and counts no other; each churner also costs the value of a customer.
    """
    campaign = -(economics.gain + economics.loss) * (scores >= threshold)
    return np.column_stack([campaign, campaign + economics.clv])

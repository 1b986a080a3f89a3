"""What changing the model is worth in money: what landed labels teach, whether that holds, and what acting costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from monitoring.performance.metrics import clipped
from monitoring.performance.profit import Economics
from pipelines.model import Floats
from pipelines.replay.correction import Evidence, corrected, recalibrated
from pipelines.replay.policy import Action, Costs

HORIZON_MONTHS = 6
"""Months for which a changed model is expected to earn: after that the world has moved on."""

CONFIRMED = 1.0
"""Standard errors by which what older cohorts taught must help on the newest one."""

LEVEL = 3.0
"""Standard errors of the newest cohort's churners from which a recalibration needs no second cohort."""

FEWEST_COHORTS = 2
"""One to learn from, one to be judged on."""

RECALIBRATION_MONTHS = 2
"""Newest labelled cohorts that a recalibration rests on."""

_PER_CUSTOMERS = 1000.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Campaign:
    """Who is contacted (scores from `threshold` on), and what that earns."""

    threshold: float
    economics: Economics


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How sure one must be, and for how long a change is expected to earn (months)."""

    horizon: int = HORIZON_MONTHS
    confirmed: float = CONFIRMED
    level: float = LEVEL


@dataclass(frozen=True, kw_only=True, slots=True)
class Support:
    """What the newest cohort says of what older ones taught, in standard errors.

    `correction` and `platt` are gains in log loss over the score, `beyond` that of the correction over Platt's map;
    `level` is how far the churners are off their expected number.
    """

    correction: float
    platt: float
    beyond: float
    level: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Gains:
    """What a month's offers would earn more per 1,000 customers: by a new model, and by a recalibration."""

    retrain: float
    recalibrate: float


NO_CHANCE = Gains(retrain=0.0, recalibrate=0.0)
"""Where a person's call has confirmed the harm already, nothing is taken off for chance."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Worth:
    """What was weighed.

    `net` maps each action the labels support to its expected gain over the horizon, less its price, per 1,000
    customers; keeping the model is 0.
    """

    net: Mapping[Action, float]
    gains: Gains
    support: Support

    @property
    def best(self) -> Action:
        """The action that earns most."""
        return max(self.net, key=lambda action: self.net[action])


def weigh(
    now: tuple[Floats, Floats],
    cohorts: Sequence[Evidence],
    campaign: Campaign,
    costs: Costs,
    *,
    idle: Gains,
    patience: Patience,
) -> Worth:
    """Weigh keeping, recalibrating and retraining against one another.

    Parameters
    ----------
    now
        This month's view (n, 29) and score (n,), on which offers go out.
    cohorts
        At least two cohorts with labels and with the live model's scores, oldest first, none of broken data.
    campaign, costs
        What an offer earns, and what acting costs; a change also calls a person.
    idle
        What good months seem to teach (`gains` of cohorts without any change): chance, which is taken off.
    patience
        How sure one must be.
    """
    said, found = support(cohorts), gains(*now, cohorts, campaign)
    net = {Action.KEEP: 0.0}
    if said.correction >= patience.confirmed and said.beyond >= 0.0:
        net[Action.RETRAIN] = (found.retrain - idle.retrain) * patience.horizon - costs.retrain - costs.page
    if said.platt >= patience.confirmed or abs(said.level) >= patience.level:
        earned = (found.recalibrate - idle.recalibrate) * patience.horizon
        net[Action.RECALIBRATE] = earned - costs.recalibrate - costs.page
    return Worth(net=net, gains=found, support=said)


def support(cohorts: Sequence[Evidence]) -> Support:
    """Hold what the older cohorts teach against the newest, which had no part in it."""
    *older, newest = cohorts
    old = _losses(newest.churned, newest.score)
    new = _losses(newest.churned, corrected(older)(newest.view, newest.score))
    platt = _losses(newest.churned, recalibrated(older[-RECALIBRATION_MONTHS:])(newest.score))
    off = float((newest.churned - newest.score).sum())
    return Support(
        correction=_in_errors(old - new),
        platt=_in_errors(old - platt),
        beyond=_in_errors(platt - new),
        level=off / float(np.sqrt((newest.score * (1.0 - newest.score)).sum())),
    )


def gains(view: Floats, score: Floats, cohorts: Sequence[Evidence], campaign: Campaign) -> Gains:
    """What the cohorts teach, in money on the customers of a month; the corrected score is taken for the truth."""
    truth = corrected(cohorts)(view, score)
    platt = recalibrated(cohorts[-RECALIBRATION_MONTHS:])(score)
    kept, new, moved = (_earned(one, truth, campaign) for one in (score, truth, platt))
    return Gains(retrain=new - kept, recalibrate=moved - kept)


def chance_gains(cohorts: Sequence[Evidence], campaign: Campaign) -> Gains:
    """What good cohorts seem to teach about the last of them, where there is nothing to learn."""
    *older, newest = cohorts
    found = gains(newest.view, newest.score, older, campaign)
    return Gains(retrain=found.retrain, recalibrate=max(found.recalibrate, 0.0))


def _earned(score: Floats, chance: Floats, campaign: Campaign) -> float:
    chosen, prices = chance[score >= campaign.threshold], campaign.economics
    return float((chosen * prices.gain - (1.0 - chosen) * prices.loss).sum()) / len(score) * _PER_CUSTOMERS


def _losses(churned: Floats, score: Floats) -> Floats:
    p = clipped(score)
    return np.asarray(-(churned * np.log(p) + (1.0 - churned) * np.log1p(-p)))


def _in_errors(found: Floats) -> float:
    spread = float(found.std(ddof=1)) * float(np.sqrt(len(found)))
    return float(found.sum()) / spread if spread > 0.0 else 0.0

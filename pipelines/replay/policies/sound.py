"""Repair broken feeds, and change the model when labels show that the change earns more than it costs."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from monitoring.gate.check import blocking, check
from monitoring.gate.contract import TableContract
from monitoring.gate.learn import learn
from monitoring.performance.metrics import clipped
from monitoring.performance.profit import Economics
from pipelines.model import Floats, model_view
from pipelines.replay.correction import Evidence, corrected, evidence, recalibrated
from pipelines.replay.policy import Action, Decision, Known, Seen
from pipelines.replay.workshop import RECALIBRATION_MONTHS

HORIZON_MONTHS = 6
"""Months for which a new model is expected to earn: after that the world has moved on."""

CONFIRMED = 1.0
"""Standard errors by which a correction learnt from older cohorts must help on the newest one."""

SETTLED_MONTHS = 2
"""Months after a change of the model until its own labels land."""

_FEWEST = 2
"""Cohorts that evidence takes: one to learn from, one to be judged on."""

_GATE_MONTHS = 13
_PER_CUSTOMERS = 1000.0


@dataclass(slots=True)
class Sound:
    """The gate first, then money.

    A view that the gate blocks is repaired and never learnt from. Otherwise the labels that have landed for the live
    model are asked what a challenger would learn from them (a correction of the score), whether that holds on the
    newest cohort, which the correction has not seen, and what this month's offers would earn by it; what the same
    question gives on good months is chance, and is taken off. Of keeping, recalibrating and retraining the one with
    the largest expected gain over the horizon, less its price, is chosen. One object serves one stage.
    """

    horizon: int = HORIZON_MONTHS
    confirmed: float = CONFIRMED
    beyond: float = 0.0
    level: float = 3.0
    _repaired: bool = False
    _faulty: set[str] = field(default_factory=set)
    _usable_from: int = 0
    _landed: list[tuple[int, Evidence]] = field(default_factory=list)

    def __call__(self, seen: Seen, known: Known, before: Sequence[Seen]) -> Decision:
        """Decide one month."""
        self._keep_labels(seen, before)
        if _broken(seen, known):
            self._faulty.add(seen.month)
            if not self._repaired:
                self._repaired = True
                return Decision(action=Action.REPAIR, alerts=("the model's view is broken",))
            return Decision()
        return self._change(seen, known, len(before))

    def _keep_labels(self, seen: Seen, before: Sequence[Seen]) -> None:
        """Remember the landed cohort with the view it was scored on, unless that was broken."""
        if seen.landed is None or seen.landed_month is None or seen.landed_month in self._faulty:
            return
        months = [one.month for one in before]
        at = months.index(seen.landed_month)
        self._landed.append((at, evidence(before[at].view, seen.landed)))

    def _change(self, seen: Seen, known: Known, now: int) -> Decision:
        cohorts = [one for at, one in self._landed if at >= self._usable_from]
        if len(cohorts) < _FEWEST:
            return Decision()
        action = self._worthwhile(seen, known, cohorts)
        if action is Action.RETRAIN:
            self._usable_from = now
            return Decision(action=action, alerts=("labels confirm harm: the world has changed",))
        if action is Action.RECALIBRATE:
            platt = recalibrated(cohorts[-RECALIBRATION_MONTHS:])
            self._landed = [(at, replace(one, score=platt(one.score))) for at, one in self._landed]
            return Decision(action=action, alerts=("labels confirm harm: scores no longer mean what they say",))
        return Decision()

    def _worthwhile(self, seen: Seen, known: Known, cohorts: Sequence[Evidence]) -> Action:
        said = _support(cohorts)
        retrain, recalibrate = _gains(seen, known, cohorts)
        idle, costs = _idle_gain(known), known.costs
        net = {Action.KEEP: 0.0}
        if said.correction >= self.confirmed and said.beyond >= self.beyond:
            net[Action.RETRAIN] = (retrain - idle) * self.horizon - costs.retrain - costs.page
        if said.platt >= self.confirmed or abs(said.level) >= self.level:
            net[Action.RECALIBRATE] = (recalibrate - idle) * self.horizon - costs.recalibrate - costs.page
        return max(net, key=lambda action: net[action])


def _broken(seen: Seen, known: Known) -> bool:
    said = check(_gate(known), _with_ids(seen.view), None, month=seen.month)
    return bool(blocking(said))


@lru_cache(maxsize=1)
def _gate(known: Known) -> TableContract:
    """What the views of the last good year keep. Stages that share a past share it."""
    months = sorted(known.views)[-_GATE_MONTHS:]
    views = {month: _with_ids(known.views[month]) for month in months}
    return learn("model_view", views, weights=known.weights, slices=())


def _with_ids(view: pd.DataFrame) -> pd.DataFrame:
    return view.rename_axis("customer_id").reset_index()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Support:
    """What the newest cohort says of what older ones taught, in standard errors.

    `correction` and `platt` are their gains in log loss over the score, `beyond` that of the correction over Platt's
    map; `level` is how far the churners are off their expected number.
    """

    correction: float
    platt: float
    beyond: float
    level: float


def _support(cohorts: Sequence[Evidence]) -> _Support:
    *older, newest = cohorts
    old = _losses(newest.churned, newest.score)
    new = _losses(newest.churned, corrected(older)(newest.view, newest.score))
    platt = _losses(newest.churned, recalibrated(older[-RECALIBRATION_MONTHS:])(newest.score))
    off = float((newest.churned - newest.score).sum())
    return _Support(
        correction=_in_errors(old - new),
        platt=_in_errors(old - platt),
        beyond=_in_errors(platt - new),
        level=off / float(np.sqrt((newest.score * (1.0 - newest.score)).sum())),
    )


def _in_errors(gains: Floats) -> float:
    spread = float(gains.std(ddof=1)) * float(np.sqrt(len(gains)))
    return float(gains.sum()) / spread if spread > 0.0 else 0.0


def _losses(churned: Floats, score: Floats) -> Floats:
    p = clipped(score)
    return np.asarray(-(churned * np.log(p) + (1.0 - churned) * np.log1p(-p)))


def _gains(seen: Seen, known: Known, cohorts: Sequence[Evidence]) -> tuple[float, float]:
    """What this month's offers would earn more by a correction, and by a recalibration, per 1,000 customers.

    The corrected score is taken for the truth in both.
    """
    now, view = seen.score.to_numpy(np.float64), model_view(seen.view)
    truth = corrected(cohorts)(view, now)
    platt = recalibrated(cohorts[-RECALIBRATION_MONTHS:])(now)
    kept = _earned(now, truth, known.threshold, known.economics)
    return tuple(_earned(score, truth, known.threshold, known.economics) - kept for score in (truth, platt))


def _earned(score: Floats, chance: Floats, threshold: float, economics: Economics) -> float:
    chosen = chance[score >= threshold]
    return float((chosen * economics.gain - (1.0 - chosen) * economics.loss).sum()) / len(score) * _PER_CUSTOMERS


@lru_cache(maxsize=1)
def _idle_gain(known: Known) -> float:
    """What a correction seems to earn on good months, where there is nothing to correct: chance."""
    months = [month for month in sorted(known.cohorts) if month in known.views]
    cohorts = [evidence(known.views[month], known.cohorts[month]) for month in months]
    *older, newest = cohorts
    truth = corrected(older)(newest.view, newest.score)
    return _earned(truth, truth, known.threshold, known.economics) - _earned(
        newest.score, truth, known.threshold, known.economics
    )

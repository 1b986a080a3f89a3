"""Repair broken feeds, and change the model when labels show that the change earns more than it costs."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from monitoring.gate.check import blocking, check
from monitoring.gate.contract import TableContract
from monitoring.gate.learn import learn
from pipelines.model import Calibration, model_view
from pipelines.replay.correction import Evidence, evidence, recalibrated
from pipelines.replay.policy import Action, Decision, Known, Seen
from pipelines.replay.worth import (
    FEWEST_COHORTS,
    RECALIBRATION_MONTHS,
    Campaign,
    Gains,
    Patience,
    chance_gains,
    weigh,
)

_GATE_MONTHS = 13


@dataclass(slots=True)
class Sound:
    """The gate first, then money.

    A view that the gate blocks is repaired and never learnt from. Otherwise the labels that have landed for the live
    model are asked what a challenger would learn from them (a correction of the score), whether that holds on the
    newest cohort, which the correction has not seen, and what this month's offers would earn by it; what the same
    question gives on good months is chance, and is taken off. Of keeping, recalibrating and retraining the one with
    the largest expected gain over the horizon, less its price, is chosen. One object serves one stage.
    """

    patience: Patience = field(default_factory=Patience)
    _repaired: bool = False
    _faulty: set[str] = field(default_factory=set)
    _usable_from: int = 0
    _ordered: tuple[str, int] | None = None
    _landed: list[tuple[int, Evidence]] = field(default_factory=list)
    _maps: list[tuple[int, Calibration]] = field(default_factory=list)

    def __call__(self, seen: Seen, known: Known, before: Sequence[Seen]) -> Decision:
        """Decide one month."""
        self._keep_labels(seen, before)
        self._look_whether_promoted(seen)
        if _broken(seen, known):
            self._faulty.add(seen.month)
            if not self._repaired:
                self._repaired = True
                return Decision(action=Action.REPAIR, alerts=("the model's view is broken",))
            return Decision()
        return self._change(seen, known, len(before))

    def _keep_labels(self, seen: Seen, before: Sequence[Seen]) -> None:
        """Remember the landed cohort, with its view and as the live calibration scores it, unless it was broken."""
        if seen.landed is None or seen.landed_month is None or seen.landed_month in self._faulty:
            return
        months = [one.month for one in before]
        at = months.index(seen.landed_month)
        one = evidence(before[at].view, seen.landed)
        for month, platt in self._maps:
            one = replace(one, score=platt(one.score)) if at < month else one
        self._landed.append((at, one))

    def _look_whether_promoted(self, seen: Seen) -> None:
        """Labels of the live model count from its promotion on; where a challenger lost, they all still do."""
        if self._ordered is not None and self._ordered[0] != seen.model:
            self._usable_from = self._ordered[1]
            self._maps = []
        self._ordered = None

    def _change(self, seen: Seen, known: Known, now: int) -> Decision:
        cohorts = [one for at, one in self._landed if at >= self._usable_from]
        if len(cohorts) < FEWEST_COHORTS:
            return Decision()
        month = model_view(seen.view), seen.score.to_numpy(np.float64)
        worth = weigh(month, cohorts, _campaign(known), known.costs, idle=_idle(known), patience=self.patience)
        if worth.best is Action.RETRAIN:
            self._ordered = seen.model, now
            return Decision(action=worth.best, alerts=("labels confirm harm: the world has changed",))
        if worth.best is Action.RECALIBRATE:
            platt = recalibrated(cohorts[-RECALIBRATION_MONTHS:])
            self._maps.append((now, platt))
            self._landed = [(at, replace(one, score=platt(one.score))) for at, one in self._landed]
            return Decision(action=worth.best, alerts=("labels confirm harm: scores no longer mean what they say",))
        return Decision()


def _campaign(known: Known) -> Campaign:
    return Campaign(threshold=known.threshold, economics=known.economics)


@lru_cache(maxsize=1)
def _idle(known: Known) -> Gains:
    months = [month for month in sorted(known.cohorts) if month in known.views]
    return chance_gains([evidence(known.views[month], known.cohorts[month]) for month in months], _campaign(known))


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

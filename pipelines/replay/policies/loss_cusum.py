"""Retrain when a CUSUM on the log loss of landed labels alarms (Page 1954)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from monitoring.performance.cusum import Cusum, limit_for
from monitoring.performance.metrics import clipped
from pipelines.model import Floats
from pipelines.replay.policy import Action, Decision, Known, Seen

_ONE_FALSE_ALARM_IN_MONTHS = 60.0


@dataclass(slots=True)
class LossCusum:
    """Retrain, and call somebody, when the landed cohorts' mean log loss has crept up for too long.

    A month's residual is its mean log loss less the held-out one, over the standard error that its own rows give. One
    object serves one stage: the sum is carried from month to month, and starts anew after an alarm.
    """

    false_alarm_months: float = _ONE_FALSE_ALARM_IN_MONTHS
    _sum: Cusum = field(default_factory=Cusum)

    def __call__(self, seen: Seen, known: Known, _before: Sequence[Seen]) -> Decision:
        """Add the newest landed cohort."""
        if seen.landed is None or seen.landed_month is None or seen.landed.empty:
            return Decision()
        usual = float(np.mean(np.concatenate([_losses(rows) for rows in known.cohorts.values()])))
        losses = _losses(seen.landed)
        error = float(losses.std(ddof=1) / np.sqrt(len(losses)))
        self._sum = self._sum.step(seen.landed_month, (float(losses.mean()) - usual) / error)
        if self._sum.value <= limit_for(self.false_alarm_months):
            return Decision()
        self._sum = Cusum()
        return Decision(action=Action.RETRAIN, alerts=("log loss has risen",))


def _losses(rows: pd.DataFrame) -> Floats:
    """The log loss of every row, in nats."""
    churned, score = rows["churned"].to_numpy(np.float64), clipped(rows["score"])
    return np.asarray(-(churned * np.log(score) + (1.0 - churned) * np.log1p(-score)))

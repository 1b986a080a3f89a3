"""Retraining: when a challenger is trained, on what, and when it replaces the champion.

The rule: labels have confirmed harm, no data fault is open, and the challenger beats the champion in log loss on the
newest labelled cohort, which neither has seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from monitoring.performance import metrics, profit
from pipelines.dataset import Cohort
from pipelines.model import ChurnModel
from pipelines.parameters import ChampionParameters
from pipelines.train import train_challenger

COOLDOWN_MONTHS = 3
"""Months after a promotion in which no further challenger is trained: its first labels need two of them to land."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """A challenger beside the champion on the newest labelled cohort, `judged_on`. Profits are per 1,000 customers."""

    month: str
    judged_on: str
    champion: str
    challenger: str
    champion_log_loss: float
    challenger_log_loss: float
    champion_profit: float
    challenger_profit: float

    @property
    def promoted(self) -> bool:
        """Whether the challenger takes over: less log loss. One month's profit is too noisy to decide."""
        return self.challenger_log_loss < self.champion_log_loss


def challenge(
    champion: ChurnModel,
    cohorts: Sequence[Cohort],
    parameters: ChampionParameters,
    economics: profit.Economics,
    *,
    onto: ChurnModel,
    month: str,
    version: str,
) -> tuple[Trial, ChurnModel, pd.DataFrame]:
    """Train a challenger on all cohorts but the newest, and judge both models there.

    Returns the trial, the model to promote and its held-out rows. That model has learnt from the newest cohort too:
    after a sudden change it is worth the most. A challenger that loses is returned as it was judged.
    """
    newest = cohorts[-1]
    challenger, held_out = train_challenger(cohorts[:-1], onto, parameters, economics, version=version)
    judged = newest.features[newest.labelled()]
    churned = newest.churned[newest.labelled()].to_numpy()
    old, new = (model.score(judged).to_numpy() for model in (champion, challenger))
    trial = Trial(
        month=month,
        judged_on=newest.label,
        champion=champion.version,
        challenger=version,
        champion_log_loss=metrics.log_loss(churned, old),
        challenger_log_loss=metrics.log_loss(churned, new),
        champion_profit=profit.profit(churned, old, champion.threshold, economics),
        challenger_profit=profit.profit(churned, new, challenger.threshold, economics),
    )
    if not trial.promoted:
        return trial, challenger, held_out
    return trial, *train_challenger(cohorts, onto, parameters, economics, version=version)


def may_retrain(*, harm_confirmed: bool, data_fault_open: bool, months_since_promotion: int | None) -> bool:
    """Whether the policy trains a challenger now; `months_since_promotion` is None when there was none."""
    rested = months_since_promotion is None or months_since_promotion >= COOLDOWN_MONTHS
    return harm_confirmed and not data_fault_open and rested

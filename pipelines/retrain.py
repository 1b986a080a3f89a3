"""Changing the model: what may take the champion's place, on what it is trained, and what it must pass first.

A challenger must beat the champion in log loss on the newest labelled cohort, which neither has seen, and its training
table must pass the leakage audit. A recalibration keeps the trees, so it is judged in the same way but not audited.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from monitoring.performance import metrics, profit
from pipelines.dataset import Cohort
from pipelines.model import Calibration, ChurnModel, Floats, fit_calibration
from pipelines.parameters import ChampionParameters
from pipelines.replay.policy import Action
from pipelines.replay.worth import RECALIBRATION_MONTHS
from pipelines.train import CHALLENGER_MONTHS, train_challenger

COOLDOWN_MONTHS = 3
"""Months after a promotion in which no further challenger is trained: its first labels need two of them to land."""

AUDITED_ROWS = 4000
"""Rows of a challenger's training table that the leakage audit looks at: about a second."""

_AUDIT_SEED = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """A challenger beside the champion on the newest labelled cohort, `judged_on`. Money is per 1,000 customers.

    `leaks` are columns of its training table that the leakage audit calls leaks. `expected_gain` is what the change is
    expected to earn in a month, and `kept_loss` the counterfactual: what keeping the champion is expected to cost over
    the horizon of the decision.
    """

    month: str
    judged_on: str
    action: Action
    champion: str
    challenger: str
    champion_log_loss: float
    challenger_log_loss: float
    champion_profit: float
    challenger_profit: float
    leaks: tuple[str, ...] = ()
    expected_gain: float = 0.0
    kept_loss: float = 0.0

    @property
    def promoted(self) -> bool:
        """Whether the challenger takes over: less log loss and no leak. One month's profit is too noisy to decide."""
        return self.challenger_log_loss < self.champion_log_loss and not self.leaks


@dataclass(frozen=True, kw_only=True, slots=True)
class Bout:
    """Who is challenged, when, with which settings; `onto` is the model that challengers grow on."""

    champion: ChurnModel
    onto: ChurnModel
    month: str
    parameters: ChampionParameters
    economics: profit.Economics


def challenge(bout: Bout, cohorts: Sequence[Cohort]) -> tuple[Trial, ChurnModel, pd.DataFrame]:
    """Train a challenger on all cohorts but the newest, and judge both models there.

    Returns the trial, the model to promote and its held-out rows. That model has learnt from the newest cohort too:
    after a sudden change it is worth the most. A challenger that loses is returned as it was judged.
    """
    newest, version = cohorts[-1], f"challenger-{bout.month}"
    challenger, held_out = train_challenger(cohorts[:-1], bout.onto, bout.parameters, bout.economics, version=version)
    new = challenger.score(newest.features[newest.labelled()]).to_numpy()
    trial = replace(
        _judged(bout, newest, challenger, new, action=Action.RETRAIN), leaks=leaks(cohorts[-CHALLENGER_MONTHS:])
    )
    if not trial.promoted:
        return trial, challenger, held_out
    return trial, *train_challenger(cohorts, bout.onto, bout.parameters, bout.economics, version=version)


def recalibrate(bout: Bout, cohorts: Sequence[Cohort]) -> tuple[Trial, ChurnModel, pd.DataFrame]:
    """Keep the champion's trees and fit Platt's two numbers anew on the newest labelled cohorts.

    Returns what `challenge` does. Each half of the customers is judged by a map fitted on the other half.
    """
    fresh, newest = cohorts[-RECALIBRATION_MONTHS:], cohorts[-1]
    scored = pd.concat([_scored(bout.champion, one) for one in fresh], ignore_index=True)
    old, churned = scored["score"].to_numpy(), scored["churned"].to_numpy()
    even = scored["customer_id"].to_numpy() % 2 == 0
    by_odd, by_even = (fit_calibration(old[half], churned[half])(old) for half in (~even, even))
    crossed = np.where(even, by_odd, by_even)
    platt, first = fit_calibration(old, churned), bout.champion.calibration
    moved = Calibration(intercept=platt.intercept + platt.slope * first.intercept, slope=platt.slope * first.slope)
    model = replace(bout.champion, version=f"recalibrated-{bout.month}", calibration=moved)
    of_newest = (scored["month"] == newest.label).to_numpy()
    trial = _judged(bout, newest, model, crossed[of_newest], action=Action.RECALIBRATE)
    return trial, model, scored.assign(score=crossed)


def leaks(cohorts: Sequence[Cohort]) -> tuple[str, ...]:
    """Columns of a training table that the leakage audit calls leaks, from the table alone on a sample of its rows."""
    from monitoring.leakage.audit import look
    from monitoring.leakage.vocabulary import ColumnVerdict, Question

    parts = [
        one.features[one.labelled()].assign(churned=one.churned[one.labelled()], cutoff=pd.Timestamp(one.label))
        for one in cohorts
    ]
    table = pd.concat(parts).rename_axis("customer_id").reset_index()
    question = Question(table=table, target="churned", time="cutoff", entity="customer_id")
    found = look(question, seed=_AUDIT_SEED, rows=AUDITED_ROWS).columns()
    return tuple(one.name for one in found if one.verdict is ColumnVerdict.LEAK)


def may_retrain(*, harm_confirmed: bool, data_fault_open: bool, months_since_promotion: int | None) -> bool:
    """Whether the policy may change the model now; `months_since_promotion` is None when there was none."""
    rested = months_since_promotion is None or months_since_promotion >= COOLDOWN_MONTHS
    return harm_confirmed and not data_fault_open and rested


def _judged(bout: Bout, newest: Cohort, challenger: ChurnModel, new: Floats, *, action: Action) -> Trial:
    """Both models on the newest cohort's labelled customers; `new` are the challenger's scores of them."""
    rows = _scored(bout.champion, newest)
    churned, old = rows["churned"].to_numpy(), rows["score"].to_numpy()
    return Trial(
        month=bout.month,
        judged_on=newest.label,
        action=action,
        champion=bout.champion.version,
        challenger=challenger.version,
        champion_log_loss=metrics.log_loss(churned, old),
        challenger_log_loss=metrics.log_loss(churned, new),
        champion_profit=profit.profit(churned, old, bout.champion.threshold, bout.economics),
        challenger_profit=profit.profit(churned, new, challenger.threshold, bout.economics),
    )


def _scored(model: ChurnModel, one: Cohort) -> pd.DataFrame:
    known = one.labelled()
    return pd.DataFrame(
        {
            "month": one.label,
            "customer_id": one.features.index[known],
            "churned": one.churned[known].to_numpy(np.float64),
            "score": model.score(one.features[known]).to_numpy(),
        }
    )

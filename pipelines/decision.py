"""What a month's report leads to: nothing, waiting, a recalibration, or a challenger that may take over."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from monitoring.monitor import MonthReport
from monitoring.state import with_new_model
from monitoring.vocabulary import Cause, Severity
from pipelines.dataset import Cohort, Feed
from pipelines.model import model_view
from pipelines.production import NO_DECISION, Desk, MonthRun, Policy, labelled_cohorts
from pipelines.replay.correction import Evidence, evidence
from pipelines.replay.policy import Action
from pipelines.replay.worth import (
    FEWEST_COHORTS,
    HORIZON_MONTHS,
    NO_CHANCE,
    Campaign,
    Patience,
    Worth,
    weigh,
)
from pipelines.retrain import Bout, challenge, may_retrain, recalibrate
from pipelines.train import CHALLENGER_MONTHS
from pipelines.watch import reference_of

_HARM = (Cause.CONCEPT, Cause.LABEL_SHIFT, Cause.LEAK_DIED, Cause.UNKNOWN)
"""Causes for which the model, and not the feed, has to change."""


def retraining_due(desk: Desk, done: MonthRun, policy: Policy) -> bool:
    """Whether a challenger is to be trained after this month."""
    rested = None if desk.promoted_in is None else done.month - desk.promoted_in
    return (
        policy.retrain
        and not done.report.blocked
        and may_retrain(
            harm_confirmed=_open(done.report, *_HARM),
            data_fault_open=_open(done.report, Cause.DATA_FAULT),
            months_since_promotion=rested,
        )
    )


def decide(desk: Desk, feed: Feed, done: MonthRun, policy: Policy) -> tuple[Desk, MonthRun]:
    """The desk and the run after the decision; a winning challenger is on the desk as the model of the next month."""
    if retraining_due(desk, done, policy):
        return _change(desk, feed, done, policy)
    return desk, replace(done, decision=_why_not(done.report, policy))


def _why_not(report: MonthReport, policy: Policy) -> str:
    if report.blocked:
        return "data broken: scored with last good inputs, nothing is learnt from this month"
    if not _open(report, *_HARM):
        return NO_DECISION
    if not policy.retrain:
        return "harm confirmed; retraining is switched off"
    broken = _open(report, Cause.DATA_FAULT)
    return "harm confirmed; waiting for a repaired feed" if broken else "waiting for labels of the new model"


def _open(report: MonthReport, *causes: Cause) -> bool:
    """Whether a critical incident with one of the causes is open."""
    return any(i.cause in causes and i.severity is Severity.CRITICAL and i.lead.active for i in report.incidents)


def _change(desk: Desk, feed: Feed, done: MonthRun, policy: Policy) -> tuple[Desk, MonthRun]:
    """Weigh the model's change in money; carry it out where it pays, and promote what passes its trial."""
    cohorts = labelled_cohorts(desk.good, feed, done.month, policy)
    worth = _worth(desk, cohorts, done, policy)
    if worth is None:
        return desk, replace(done, decision="harm confirmed; waiting for a second cohort of labels")
    if worth.best is Action.KEEP:
        return desk, replace(done, decision="harm confirmed; no change of the model would earn its price")
    first = desk.first or desk.model
    bout = Bout(
        champion=desk.model, onto=first, month=done.label, parameters=policy.champion, economics=policy.economics
    )
    trial, model, held_out = (challenge if worth.best is Action.RETRAIN else recalibrate)(bout, cohorts)
    gain = worth.gains.retrain if worth.best is Action.RETRAIN else worth.gains.recalibrate
    trial = replace(trial, expected_gain=gain, kept_loss=gain * HORIZON_MONTHS)
    if not trial.promoted:
        why = f"leaks: {', '.join(trial.leaks)}" if trial.leaks else "not promoted"
        return desk, replace(done, decision=f"{model.version} made and {why}", trial=trial)
    reference = reference_of(desk.reference, desk.good, model, held_out)
    monitor = with_new_model(desk.monitor)
    desk = replace(desk, model=model, reference=reference, monitor=monitor, promoted_in=done.month, first=first)
    return desk, replace(done, decision=f"{model.version} promoted to champion", trial=trial, promoted=model)


def _worth(desk: Desk, cohorts: Sequence[Cohort], done: MonthRun, policy: Policy) -> Worth | None:
    """What a change is worth; None while fewer than two cohorts have labels that the live model has not seen.

    Under pure label shift the trees are still right, and retraining is not among the choices.
    """
    fresh = [one for one in cohorts if one.label not in desk.model.trained_on][-CHALLENGER_MONTHS:]
    view = desk.good[-1].features
    if len(fresh) < FEWEST_COHORTS:
        return None
    worth = weigh(
        (model_view(view), desk.model.score(view).to_numpy(np.float64)),
        [_evidence(desk, one) for one in fresh],
        Campaign(threshold=desk.model.threshold, economics=policy.economics),
        policy.costs,
        idle=NO_CHANCE,
        patience=Patience(),
    )
    if _open(done.report, *(cause for cause in _HARM if cause is not Cause.LABEL_SHIFT)):
        return worth
    return replace(worth, net={action: net for action, net in worth.net.items() if action is not Action.RETRAIN})


def _evidence(desk: Desk, one: Cohort) -> Evidence:
    scored = pd.DataFrame({"score": desk.model.score(one.features), "churned": one.churned})
    return evidence(one.features, scored)

"""What a month's report leads to: nothing, waiting, or a challenger that may take over."""

from dataclasses import replace

from monitoring.monitor import MonthReport
from monitoring.state import with_new_model
from monitoring.vocabulary import Cause, Severity
from pipelines.dataset import Feed
from pipelines.production import NO_DECISION, Desk, MonthRun, Policy, labelled_cohorts
from pipelines.retrain import challenge, may_retrain
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
        return _retrain(desk, feed, done, policy)
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


def _retrain(desk: Desk, feed: Feed, done: MonthRun, policy: Policy) -> tuple[Desk, MonthRun]:
    cohorts = labelled_cohorts(desk.good, feed, done.month, policy)
    first = desk.first or desk.model
    trial, challenger, held_out = challenge(
        desk.model,
        cohorts,
        policy.champion,
        policy.economics,
        onto=first,
        month=done.label,
        version=f"challenger-{done.label}",
    )
    if not trial.promoted:
        return desk, replace(done, decision=f"{challenger.version} trained and not promoted", trial=trial)
    reference = reference_of(desk.reference, desk.good, challenger, held_out)
    monitor = with_new_model(desk.monitor)
    desk = replace(desk, model=challenger, reference=reference, monitor=monitor, promoted_in=done.month, first=first)
    word = f"{challenger.version} promoted to champion"
    return desk, replace(done, decision=word, trial=trial, promoted=challenger)

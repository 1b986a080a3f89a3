"""The verdict on an answer: decision, what happened, where, since when, why, what to do, two figures, the monitor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from monitoring.months import index_of
from pipelines.replay.policy import Action
from scenarios.base import Answer, Check, Estimate, Finding, Scorecard, Status, check
from scenarios.drift.exam.codes import ACTIONS, MODEL
from scenarios.drift.exam.marks import monitor_checks
from scenarios.drift.exam.truth import DriftTruth, Happened
from scenarios.kit.grading import damage_f, interval_share, point_share, supported

NAME = "drift"
VERSION = 2

SURE_ENOUGH = 0.5
"""From this stated probability on, a finding counts as said."""

AUC_ERROR: Final = 0.015
"""Standard error of a good answer's AUC: one or two landed cohorts of some 300 leavers each."""

PROFIT_ERROR: Final = 45.0
"""Standard error of a good answer's profit per 1,000 customers and month, from the same cohorts."""

FALSE_ALARMS_ALLOWED = 3
"""Things accused in a year without harm at which the points for what happened are gone."""

BROAD = 0.5
"""Share of the points for `where` that `model` earns where the event has a narrower place."""

HALF_RIGHT = 0.5
"""Share of the points for an action that does some good: a retraining where a recalibration would have done."""

DECISION, HAPPENED, WHERE, SINCE, MECHANISM, ACTION, AUC, PROFIT = 15.0, 22.0, 6.0, 8.0, 9.0, 9.0, 3.0, 3.0
"""Points of the sheet's checks, 75 together; the monitor's make up the hundred."""

_DO_SOMETHING: Final = tuple(str(a) for a in Action if a is not Action.KEEP)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """The findings that count as accusations, by place; and for each harmful event those that name it."""

    accused: Mapping[str, Finding]
    of: Mapping[str, tuple[Finding, ...]]


def grade(answer: Answer, truth: DriftTruth) -> Scorecard:
    """Score an answer from 0 to 100. What is not answered earns nothing."""
    said = _said(answer, truth)
    answered = answer.sheet.trust is not None
    checks = (
        _decision(answer, said, truth),
        _happened(said, truth, answered=answered),
        _told("where", said, truth, _place, points=WHERE),
        _told("since when", said, truth, _start, points=SINCE),
        _told("mechanism", said, truth, _mechanism, points=MECHANISM),
        _told("action", said, truth, _action, points=ACTION),
        _figure("AUC now", answer.sheet.estimates.get("auc"), truth.auc, error=AUC_ERROR, points=AUC),
        _figure("profit now", answer.sheet.estimates.get("profit"), truth.profit, error=PROFIT_ERROR, points=PROFIT),
        *monitor_checks(answer.tables),
    )
    return Scorecard(scenario=NAME, scenario_version=VERSION, level=truth.level, checks=checks)


def _said(answer: Answer, truth: DriftTruth) -> _Said:
    """Findings about a place that exists, with an action that changes something, stated with enough certainty."""
    sure = [f for f in answer.sheet.findings if f.probability >= SURE_ENOUGH and f.where in truth.known]
    accusing = [f for f in sure if f.action in _DO_SOMETHING or (f.action not in ACTIONS and f.mechanism)]
    named = {one.name: tuple(f for f in accusing if one.named_by(f.where)) for one in truth.harmful}
    return _Said(accused={f.where: f for f in accusing}, of=_shared_out(named, truth))


def _shared_out(named: Mapping[str, tuple[Finding, ...]], truth: DriftTruth) -> dict[str, tuple[Finding, ...]]:
    """Findings that fit two events go to the one whose mechanism they state."""
    fitting = {one.name: one.mechanism for one in truth.harmful}
    return {
        name: tuple(
            f
            for f in mine
            if f.mechanism == fitting[name]
            or not any(f in other and f.mechanism == fitting[o] for o, other in named.items() if o != name)
        )
        for name, mine in named.items()
    }


def _decision(answer: Answer, said: _Said, truth: DriftTruth) -> Check:
    """Whether the model is trusted, and whether the findings bear that out."""
    trust, name = answer.sheet.trust, "decision"
    if trust is None:
        return check(name, 0.0, DECISION, "the answer does not say whether the model may be trusted now")
    if trust is not (not truth.harmful):
        right = "something is hurting it" if truth.harmful else "nothing hurts it"
        return check(name, 0.0, DECISION, f"trust: {trust} is wrong: {right}")
    if not truth.harmful:
        return check(
            name, float(not said.accused), DECISION, f"right, and {len(said.accused)} things accused all the same"
        )
    true = supported(list(said.accused), _right_places(said))
    share = max((true - HALF) / (1.0 - HALF), 0.0)
    return check(name, share, DECISION, f"right; {true:.0%} of what was accused is in it")


HALF = 0.5
"""A right decision earns nothing when no more than half of what is accused is true: a coin would do as well."""


def _right_places(said: _Said) -> set[str]:
    return {f.where for mine in said.of.values() for f in mine}


def _happened(said: _Said, truth: DriftTruth, *, answered: bool) -> Check:
    """What was named, against what hurt, by damage; innocent places cost, those that moved harmlessly twice."""
    name = "what happened"
    if not truth.harmful:
        share = float(answered) * (1.0 - len(said.accused) / FALSE_ALARMS_ALLOWED)
        return check(name, share, HAPPENED, f"{len(said.accused)} things accused; nothing hurt the model")
    found = [one.name for one in truth.harmful if said.of[one.name]]
    wrong = sorted(set(said.accused) - _right_places(said))
    decoys = {place for one in truth.harmless for place in one.places}
    weights = {one.name: one.damage**0.5 for one in truth.harmful}
    share = damage_f([*found, *wrong], weights, decoys=decoys)
    missed = [one.title for one in truth.harmful if one.name not in found]
    return check(name, share, HAPPENED, f"missed: {_list(missed)}; accused without reason: {_list(wrong)}")


def _told(name: str, said: _Said, truth: DriftTruth, mark: "_Mark", *, points: float) -> Check:
    """The mean mark over the harmful events, by damage; a place, start or reason for one that was missed is 0.

    Of several findings about one event the middle one counts, and where most of what was accused is innocent, the marks
    shrink with it: saying everything earns less than guessing.
    """
    if not truth.harmful:
        return Check(name=name, status=Status.SKIPPED, points=0.0, of=points, reason="nothing hurt the model")
    weights = {one.name: one.damage**0.5 for one in truth.harmful}
    marks = {one.name: _middle([mark(f, one) for f in said.of[one.name]]) for one in truth.harmful}
    share = sum(weights[n] * marks[n] for n in marks) / sum(weights.values())
    share *= min(supported(list(said.accused), _right_places(said)) / HALF, 1.0)
    says = "; ".join(f"{one.title}: {marks[one.name]:.0%}" for one in truth.harmful)
    return check(name, share, points, f"{says}{_truths(name, truth)}")


def _truths(name: str, truth: DriftTruth) -> str:
    """What would have been right, for the interviewer."""
    right = {
        "where": [", ".join(one.places) or MODEL for one in truth.harmful],
        "since when": [one.since for one in truth.harmful],
        "mechanism": [one.mechanism for one in truth.harmful],
        "action": [str(one.action) for one in truth.harmful],
    }
    return f" (right: {'; '.join(right[name])})"


def _middle(marks: list[float]) -> float:
    return sorted(marks)[(len(marks) - 1) // 2] if marks else 0.0


def _place(finding: Finding, one: Happened) -> float:
    return 1.0 if finding.where in one.places or not one.places else BROAD


def _start(finding: Finding, one: Happened) -> float:
    """1 up to a month off (three where it came gradually), falling to 0 within three months more."""
    if finding.since is None:
        return 0.0
    off = abs(index_of(finding.since) - index_of(one.since)) - (GRADUAL_MONTHS if one.gradual else SUDDEN_MONTHS)
    return min(max(1.0 - off / MONTHS_TO_NOTHING, 0.0), 1.0)


SUDDEN_MONTHS, GRADUAL_MONTHS = 1, 3
"""Months by which a stated start may be off at no cost."""

MONTHS_TO_NOTHING = 3.0
"""Months beyond that after which nothing is left."""


def _mechanism(finding: Finding, one: Happened) -> float:
    return float(finding.mechanism == one.mechanism)


def _action(finding: Finding, one: Happened) -> float:
    if finding.action == one.action:
        return 1.0
    return HALF_RIGHT if (finding.action, one.action) == (Action.RETRAIN, Action.RECALIBRATE) else 0.0


_Mark: TypeAlias = Callable[[Finding, Happened], float]
"""A finding and an event, to a share from 0 to 1."""


def _figure(name: str, claimed: Estimate | None, real: float, *, error: float, points: float) -> Check:
    """Half for the figure, half for the interval."""
    if claimed is None:
        return check(name, 0.0, points, "not answered")
    share = (point_share(claimed.value, real, error) + interval_share(claimed, real, error)) / 2.0
    says = f"claimed {claimed.value:g} ({claimed.low:g} to {claimed.high:g}), in truth {real:g}"
    return check(name, share, points, says)


def _list(names: list[str]) -> str:
    return ", ".join(names) if names else "none"

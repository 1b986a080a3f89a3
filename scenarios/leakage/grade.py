"""The verdict on an answer: the decision, the columns named, what the choice is worth, the figures claimed."""

from dataclasses import dataclass

from scenarios.base import Answer, Check, Estimate, Finding, Level, Scorecard, Status, check
from scenarios.kit.grading import damage_f, interval_share, point_share, supported
from scenarios.leakage.truth import Fault, LeakageTruth, future_auc

NAME = "leakage"
VERSION = 4

DROP, REBUILD = "drop", "rebuild"
ACTIONS = (DROP, REBUILD)
"""What a finding may propose for a column; a column without a finding is kept."""

SURE_ENOUGH = 0.5
"""From this stated probability on, a finding counts as said."""

ERROR = 0.012
"""Standard error of a good answer's AUC: about 900 leavers in the labelled months, and the months' own spread."""

WORTH_KEEPING = 0.02
"""Production AUC a candidate can throw away on a healthy table before the points for it are gone."""

FALSE_ALARMS_ALLOWED = 3
"""Healthy columns accused on a healthy table at which the points for columns are gone."""

DECISION, COLUMNS, REGRET, POINT, INTERVAL, DEPLOYED, MECHANISM = 24.0, 42.0, 6.0, 8.0, 5.0, 5.0, 10.0
"""Points of each check; together 100."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """An answer's choice: what it drops, what it rebuilds, and the findings behind both."""

    findings: dict[str, Finding]

    @property
    def named(self) -> tuple[str, ...]:
        return tuple(self.findings)

    def with_action(self, action: str) -> tuple[str, ...]:
        return tuple(name for name, finding in self.findings.items() if (finding.action or DROP) == action)


def grade(answer: Answer, truth: LeakageTruth) -> Scorecard:
    """Score an answer from 0 to 100. What is not answered earns nothing."""
    return graded(answer, truth)[0]


def graded(answer: Answer, truth: LeakageTruth) -> tuple[Scorecard, float]:
    """The scorecard, and the exact AUC in the sealed months of the learner retrained on the answer's columns."""
    said = _said(answer, truth)
    future = future_auc(truth, dropped=said.with_action(DROP), rebuilt=said.with_action(REBUILD))
    answered = answer.sheet.trust is not None
    checks = (
        _decision(answer, said, truth),
        _columns(said, truth, answered=answered),
        _regret(future if answered else None, truth),
        *_figures(answer, said, future if answered else None, truth),
        _mechanisms(said, truth),
    )
    return Scorecard(scenario=NAME, scenario_version=VERSION, level=truth.level, checks=checks), future


def _said(answer: Answer, truth: LeakageTruth) -> _Said:
    """The findings that count: about something that exists, and stated with enough certainty."""
    known = set(truth.features)
    sure = [f for f in answer.sheet.findings if f.where in known and f.probability >= SURE_ENOUGH]
    return _Said(findings={finding.where: finding for finding in sure})


def _decision(answer: Answer, said: _Said, truth: LeakageTruth) -> Check:
    """Whether the score is trusted, and whether the findings bear that out."""
    trust, name = answer.sheet.trust, "decision"
    if trust is None:
        return check(name, 0.0, DECISION, "the answer does not say whether the score may be trusted")
    if trust is not (not truth.faults):
        right = "wrong: nothing was planted" if not truth.faults else "wrong: the score is not what production gives"
        return check(name, 0.0, DECISION, f"trust: {trust} is {right}")
    if not truth.faults:
        return check(
            name, float(not said.named), DECISION, f"right, and {len(said.named)} columns accused all the same"
        )
    true = supported(said.named, truth.faulty)
    borne_out = (true - HALF) / (1.0 - HALF)
    share = max(borne_out, 0.0) * (1.0 - BY_REASONS + BY_REASONS * _explained(said, truth))
    return check(name, share, DECISION, f"right; {true:.0%} of what was named is true")


HALF = 0.5
"""A right decision earns nothing when no more than half of what is named for it is true: a coin would do as well."""

BY_REASONS = 0.1
"""Share of the points for a right decision that hangs on reasons: planted faults named with their mechanism."""

IN_PART = 0.25
"""What a mechanism that comes near is worth."""


def _explained(said: _Said, truth: LeakageTruth) -> float:
    """How far the planted faults were explained, 0 to 1: the square of the share of them whose mechanism was named.

    Half of the faults earn a quarter: the other half still does its work, and one column in view explains little.
    """
    return (sum(_fit(fault, said) for fault in truth.faults) / len(truth.faults)) ** 2


def _fit(fault: Fault, said: _Said) -> float:
    """How well the best mechanism given to one of a fault's columns fits."""
    words = {said.findings[column].mechanism for column in fault.columns if column in said.findings}
    return 1.0 if words & set(fault.codes) else IN_PART if words & set(fault.nearly) else 0.0


def _columns(said: _Said, truth: LeakageTruth, *, answered: bool) -> Check:
    """What was named, against what was planted; a fault sixteen times as harmful weighs twice as much.

    At junior, where both faults are plain to see, each is half of the work, and one of two earns half.
    """
    name = "columns"
    if not truth.faults:
        share = float(answered) * (1.0 - len(said.named) / FALSE_ALARMS_ALLOWED)
        return check(name, share, COLUMNS, f"{len(said.named)} healthy columns accused; nothing was planted")
    named = [fault.name for fault in truth.faults if _mostly_named(fault, said)]
    wrong = sorted(set(said.named) - set(truth.faulty))
    if truth.level is Level.JUNIOR:
        share = len(named) / len(truth.faults) * _precision(len(named), wrong, truth)
    else:
        weights = {fault.name: fault.damage**0.25 for fault in truth.faults}
        share = damage_f([*named, *wrong], weights, decoys=truth.decoys)
    missed = [f"{f.name} ({', '.join(f.columns)})" for f in truth.faults if f.name not in named]
    return check(name, share, COLUMNS, f"missed: {_list(missed)}; accused without reason: {_list(wrong)}")


def _precision(right: int, wrong: list[str], truth: LeakageTruth) -> float:
    """Share of what was named that was planted, decoys counted twice."""
    return right / (right + sum(2 if name in truth.decoys else 1 for name in wrong)) if right else 0.0


def _mostly_named(fault: Fault, said: _Said) -> bool:
    """Whether at least half of the columns a fault sits in were named."""
    return 2 * sum(column in said.findings for column in fault.columns) >= len(fault.columns)


def _regret(future: float | None, truth: LeakageTruth) -> Check:
    """How much of the loss the choice of columns wins back; on a healthy table, how little it throws away."""
    name = "worth of the choice"
    if future is None:
        return check(name, 0.0, REGRET, "no choice was made")
    if not truth.faults:
        lost = truth.honest - future
        return check(name, 1.0 - lost / WORTH_KEEPING, REGRET, f"the choice costs {lost:.3f} AUC in production")
    closed = (future - truth.deployed) / max(truth.honest - truth.deployed, LEAST_LOSS)
    says = f"production AUC {future:.3f}; as deployed {truth.deployed:.3f}, with nothing planted {truth.honest:.3f}"
    return check(name, closed / CLOSED, REGRET, f"{closed:.0%} of the loss won back: {says}")


LEAST_LOSS = 0.004
"""The smallest loss in production AUC that regret is measured against; below it lies the noise of a retraining."""

CLOSED = 0.9
"""Share of the loss won back that earns every point: dropping a leak instead of rebuilding it may cost a little."""


def _figures(answer: Answer, said: _Said, future: float | None, truth: LeakageTruth) -> tuple[Check, ...]:
    """The claimed figures. Where something was planted, most of their worth hangs on its having been explained."""
    estimates = answer.sheet.estimates
    honest, deployed = estimates.get("auc"), estimates.get("deployed_auc")
    worth = GUESSED + (1.0 - GUESSED) * _explained(said, truth) if truth.faults else 1.0
    return tuple(
        _hung(one, worth)
        for one in (
            _point("honest figure", honest, future, POINT),
            _interval(honest, future),
            _point("deployed figure", deployed, truth.deployed, DEPLOYED),
        )
    )


GUESSED = 0.3
"""What a right figure is worth to somebody who cannot say what was wrong: most companies' figures are much alike."""


def _hung(one: Check, worth: float) -> Check:
    """A check of which only a share counts."""
    if worth == 1.0 or one.status is Status.FAIL:
        return one
    says = f"{one.reason}; worth {worth:.0%}, by how far the faults were explained"
    return check(one.name, worth * one.points / one.of, one.of, says)


def _point(name: str, claimed: Estimate | None, real: float | None, points: float) -> Check:
    if claimed is None or real is None:
        return check(name, 0.0, points, "not answered")
    says = f"claimed {claimed.value:.3f}, the sealed months give {real:.3f}"
    return check(name, point_share(claimed.value, real, ERROR), points, says)


def _interval(claimed: Estimate | None, real: float | None) -> Check:
    name = "honest interval"
    if claimed is None or real is None:
        return check(name, 0.0, INTERVAL, "not answered")
    says = f"claimed {claimed.low:.3f} to {claimed.high:.3f}, the sealed months give {real:.3f}"
    return check(name, interval_share(claimed, real, ERROR), INTERVAL, says)


def _mechanisms(said: _Said, truth: LeakageTruth) -> Check:
    """How far the planted faults were explained."""
    name = "mechanisms"
    if not truth.faults:
        return Check(name=name, status=Status.SKIPPED, points=0.0, of=MECHANISM, reason="nothing was planted")
    right = [fault.name for fault in truth.faults if _fit(fault, said) == 1.0]
    near = [fault.name for fault in truth.faults if 0.0 < _fit(fault, said) < 1.0]
    return check(
        name, _explained(said, truth), MECHANISM, f"explained: {_list(right)}; explained in part: {_list(near)}"
    )


def _list(names: list[str]) -> str:
    return ", ".join(names) if names else "none"

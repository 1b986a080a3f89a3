"""The verdict on an answer: the decision, the columns named, what the choice is worth, the figures claimed."""

from dataclasses import dataclass

from scenarios.base import Answer, Check, Estimate, Finding, Scorecard, Status, check
from scenarios.kit.grading import damage_f, interval_share, point_share, supported
from scenarios.leakage.truth import Fault, LeakageTruth, future_auc

NAME = "leakage"
VERSION = 3

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

DECISION, COLUMNS, REGRET, POINT, INTERVAL, DEPLOYED, MECHANISM = 20.0, 35.0, 10.0, 10.0, 6.0, 5.0, 14.0
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
        *_figures(answer.sheet.estimates, future if answered else None, truth),
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
    reasons = supported(said.named, [column for column in said.named if _fits(column, said, truth)])
    share = max(borne_out, 0.0) * (1.0 - BY_REASONS + BY_REASONS * reasons)
    says = f"right; {true:.0%} of what was named is true, {reasons:.0%} for the right reason"
    return check(name, share, DECISION, says)


HALF = 0.5
"""A right decision earns nothing when no more than half of what is named for it is true: a coin would do as well."""

BY_REASONS = 0.4
"""Share of the points for a right decision that hangs on reasons: mechanisms that fit the columns named."""


def _fits(column: str, said: _Said, truth: LeakageTruth) -> bool:
    return column in truth.faulty and said.findings[column].mechanism in truth.faulty[column].codes


def _columns(said: _Said, truth: LeakageTruth, *, answered: bool) -> Check:
    """What was named, against what was planted; a fault four times as harmful weighs twice as much."""
    name = "columns"
    if not truth.faults:
        share = float(answered) * (1.0 - len(said.named) / FALSE_ALARMS_ALLOWED)
        return check(name, share, COLUMNS, f"{len(said.named)} healthy columns accused; nothing was planted")
    named = [fault.name for fault in truth.faults if _mostly_named(fault, said)]
    wrong = sorted(set(said.named) - set(truth.faulty))
    weights = {fault.name: fault.damage**0.5 for fault in truth.faults}
    share = damage_f([*named, *wrong], weights, decoys=truth.decoys)
    missed = [f"{f.name} ({', '.join(f.columns)})" for f in truth.faults if f.name not in named]
    return check(name, share, COLUMNS, f"missed: {_list(missed)}; accused without reason: {_list(wrong)}")


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


def _figures(estimates: dict[str, Estimate], future: float | None, truth: LeakageTruth) -> tuple[Check, ...]:
    honest, deployed = estimates.get("auc"), estimates.get("deployed_auc")
    return (
        _point("honest figure", honest, future, POINT),
        _interval(honest, future),
        _point("deployed figure", deployed, truth.deployed, DEPLOYED),
    )


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
    """Share of the planted faults that were given a mechanism that fits."""
    name = "mechanisms"
    if not truth.faults:
        return Check(name=name, status=Status.SKIPPED, points=0.0, of=MECHANISM, reason="nothing was planted")
    right = [
        fault.name for fault in truth.faults if any(_fits(c, said, truth) for c in fault.columns if c in said.named)
    ]
    return check(name, len(right) / len(truth.faults), MECHANISM, f"explained: {_list(right)}")


def _list(names: list[str]) -> str:
    return ", ".join(names) if names else "none"

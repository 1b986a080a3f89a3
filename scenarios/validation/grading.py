"""The verdict on an answer: the decision, the traps named, the honest figure, and what each trap bought."""

from collections.abc import Mapping
from typing import Final

from scenarios.base import Answer, Check, Estimate, Scorecard, Status, check
from scenarios.kit.grading import damage_f, interval_share, point_share, supported
from scenarios.validation.pricing import Price
from scenarios.validation.truth import Truth

NAME: Final = "validation"
VERSION: Final = 2

DECISION, NAMED, FIGURE, INTERVAL, PRICES = 15.0, 35.0, 25.0, 10.0, 15.0
"""Points of each check; together 100."""

FIX: Final = "fix"
SURE_ENOUGH: Final = 0.5
"""From this stated probability on, a finding counts as said."""

LEAST_WEIGHT, MOST_WEIGHT = 0.5, 6.0
"""Bounds of what a trap weighs, in bites: however little it bought it was there, and no trap drowns the others."""

FALSE_ALARMS_ALLOWED: Final = 2
"""Accusations (harmless sins count twice) of a sound pipeline at which the points for naming are gone."""

MONEY_SHARE: Final = 0.3
"""Part of the points for the figure that goes to the profit, where a profit was claimed."""


def grade(answer: Answer, truth: Truth) -> Scorecard:
    """Score an answer from 0 to 100. What is not answered earns nothing."""
    said = _named(answer, truth)
    checks = (
        _decision(answer, said, truth),
        _traps(answer, said, truth),
        *_figures(answer.sheet.estimates, truth),
        _interval(answer.sheet.estimates.get("auc"), truth),
        _bought(answer.sheet.estimates, truth),
    )
    return Scorecard(scenario=NAME, scenario_version=VERSION, level=truth.level, checks=checks)


def _named(answer: Answer, truth: Truth) -> tuple[str, ...]:
    """Codes accused; one accused in the wrong step counts as something that is not there. Neutral ones are left out."""
    said = {}
    for finding in answer.sheet.findings:
        if (finding.action or FIX) == FIX and finding.probability >= SURE_ENOUGH:
            right = truth.where.get(finding.mechanism, finding.where) == finding.where
            said[finding.mechanism if right else f"{finding.mechanism} in {finding.where}"] = finding
    return tuple(name for name in said if name not in truth.neutral)


def _decision(answer: Answer, said: tuple[str, ...], truth: Truth) -> Check:
    """Whether the score is trusted, and whether what was named bears that out."""
    trust, name = answer.sheet.trust, "decision"
    if trust is None:
        return check(name, 0.0, DECISION, "the answer does not say whether the score may be trusted")
    if trust is not truth.control:
        right = "the pipeline is sound" if truth.control else "production will not give the score claimed"
        return check(name, 0.0, DECISION, f"trust: {str(trust).lower()} is wrong: {right}")
    share = float(not said) if truth.control else supported(said, truth.prices)
    return check(name, share, DECISION, f"right, and {share:.0%} of what was named bears it out")


def _traps(answer: Answer, said: tuple[str, ...], truth: Truth) -> Check:
    name = "traps named"
    wrong = [one for one in said if one not in truth.prices]
    accused = f"accused without reason: {_list(wrong)}"
    if truth.control:
        alarms = sum(2 if one in truth.harmless else 1 for one in wrong)
        share = float(answer.sheet.trust is True) * (1.0 - alarms / FALSE_ALARMS_ALLOWED)
        return check(name, share, NAMED, f"nothing was planted, which only trust can say; {accused}")
    share = damage_f(said, weights(truth.prices), decoys=tuple(truth.harmless))
    found = [one for one in truth.prices if one in said]
    missed = [one for one in truth.prices if one not in said]
    return check(name, share, NAMED, f"found: {_list(found)}; missed: {_list(missed)}; {accused}")


def weights(prices: Mapping[str, Price]) -> dict[str, float]:
    """What each trap weighs: the bites it took, within bounds."""
    return {code: min(max(one.bites, LEAST_WEIGHT), MOST_WEIGHT) for code, one in prices.items()}


def _figures(estimates: Mapping[str, Estimate], truth: Truth) -> tuple[Check, ...]:
    auc = estimates.get("auc")
    if truth.profit_per_1000 is None:
        return (_figure("honest AUC", auc, truth.auc, error=truth.error, points=FIGURE),)
    money = estimates.get("profit_per_1000")
    return (
        _figure("honest AUC", auc, truth.auc, error=truth.error, points=FIGURE * (1.0 - MONEY_SHARE)),
        _figure(
            "honest profit",
            money,
            truth.profit_per_1000,
            error=truth.profit_error,
            points=FIGURE * MONEY_SHARE,
        ),
    )


def _figure(name: str, claimed: Estimate | None, real: float, *, error: float, points: float) -> Check:
    if claimed is None:
        return check(name, 0.0, points, "not answered")
    says = (
        f"claimed {claimed.value:.4g}, the sealed months give {real:.4g}; a good answer's standard error is {error:.2g}"
    )
    return check(name, point_share(claimed.value, real, error), points, says)


def _interval(claimed: Estimate | None, truth: Truth) -> Check:
    name = "honest interval"
    if claimed is None:
        return check(name, 0.0, INTERVAL, "not answered")
    says = f"claimed {claimed.low:.3f} to {claimed.high:.3f}, the sealed months give {truth.auc:.3f}"
    return check(name, interval_share(claimed, truth.auc, truth.error), INTERVAL, says)


def _bought(estimates: Mapping[str, Estimate], truth: Truth) -> Check:
    name = "prices of the traps"
    if truth.control:
        return Check(name=name, status=Status.SKIPPED, points=0.0, of=PRICES, reason="nothing was planted")
    weight = weights(truth.prices)
    shares = {code: _price_share(estimates.get(f"bought_{code}"), one) for code, one in truth.prices.items()}
    share = sum(weight[code] * shares[code] for code in weight) / sum(weight.values())
    says = "; ".join(f"{code} bought {one.points:.4g} ({shares[code]:.0%})" for code, one in truth.prices.items())
    return check(name, share, PRICES, says)


def _price_share(claimed: Estimate | None, real: Price) -> float:
    return 0.0 if claimed is None else point_share(claimed.value, real.points, real.tolerance)


def _list(names: list[str]) -> str:
    return ", ".join(names) if names else "none"

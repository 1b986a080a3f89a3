"""The verdict on an answer: the decision, the traps named, the honest figure, and what each trap bought."""

from collections.abc import Mapping
from typing import Final

from scenarios.base import Answer, Check, Estimate, Scorecard, Status, check
from scenarios.kit.grading import damage_f, interval_share, point_share, supported
from scenarios.validation.pricing import Price
from scenarios.validation.truth import Truth

NAME: Final = "validation"
VERSION: Final = 3

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

MOSTLY: Final = 0.5
"""Part of what was named that has to bear out a right decision for the figure and its interval to count in full."""

BLIND: Final = 0.25
"""What they count for otherwise: any model's AUC can be guessed, this one's has to be found."""


def grade(answer: Answer, truth: Truth) -> Scorecard:
    """Score an answer from 0 to 100. What is not answered earns nothing."""
    said = _named(answer, truth)
    counts = 1.0 if _borne_out(answer, said, truth) >= MOSTLY else BLIND
    checks = (
        _decision(answer, said, truth),
        _traps(answer, said, truth),
        *_figures(answer.sheet.estimates, truth, counts),
        _interval(answer.sheet.estimates.get("auc"), truth, counts),
        _bought(answer.sheet.estimates, said, truth),
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
    share = _borne_out(answer, said, truth)
    return check(name, share, DECISION, f"right, and {share:.0%} of what was named bears it out")


def _borne_out(answer: Answer, said: tuple[str, ...], truth: Truth) -> float:
    """Share of what was named that bears out a right decision; 0 for a wrong one, or none."""
    if answer.sheet.trust is not truth.control:
        return 0.0
    return float(not said) if truth.control else supported(said, truth.prices)


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


def _figures(estimates: Mapping[str, Estimate], truth: Truth, counts: float) -> tuple[Check, ...]:
    auc = estimates.get("auc")
    if truth.profit_per_1000 is None:
        return (_figure("honest AUC", auc, truth.auc, error=truth.error, points=FIGURE, counts=counts),)
    money = estimates.get("profit_per_1000")
    return (
        _figure("honest AUC", auc, truth.auc, error=truth.error, points=FIGURE * (1.0 - MONEY_SHARE), counts=counts),
        _figure(
            "honest profit",
            money,
            truth.profit_per_1000,
            error=truth.profit_error,
            points=FIGURE * MONEY_SHARE,
            counts=counts,
        ),
    )


def _figure(name: str, claimed: Estimate | None, real: float, *, error: float, points: float, counts: float) -> Check:
    if claimed is None:
        return check(name, 0.0, points, "not answered")
    says = (
        f"claimed {claimed.value:.4g}, the sealed months give {real:.4g}; a good answer's standard error is {error:.2g}"
    )
    return check(name, counts * point_share(claimed.value, real, error), points, says + _counted(counts))


def _interval(claimed: Estimate | None, truth: Truth, counts: float) -> Check:
    name = "honest interval"
    if claimed is None:
        return check(name, 0.0, INTERVAL, "not answered")
    says = f"claimed {claimed.low:.3f} to {claimed.high:.3f}, the sealed months give {truth.auc:.3f}"
    return check(name, counts * interval_share(claimed, truth.auc, truth.error), INTERVAL, says + _counted(counts))


def _counted(counts: float) -> str:
    """The reason why a figure does not count in full; empty where it does."""
    why = "no right decision, borne out by most of what was named, says that it was found and not guessed"
    return "" if counts == 1.0 else f"; it counts {counts:.0%}: {why}"


def _bought(estimates: Mapping[str, Estimate], said: tuple[str, ...], truth: Truth) -> Check:
    """What each trap bought, for traps that were accused; wrong accusations take their share of it."""
    name = "prices of the traps"
    if truth.control:
        return Check(name=name, status=Status.SKIPPED, points=0.0, of=PRICES, reason="nothing was planted")
    weight = weights(truth.prices)
    priced = {code: estimates.get(f"bought_{code}") if code in said else None for code in truth.prices}
    shares = {code: _price_share(priced[code], one) for code, one in truth.prices.items()}
    right = supported(said, truth.prices)
    share = right * sum(weight[code] * shares[code] for code in weight) / sum(weight.values())
    says = "; ".join(
        f"{code} bought {one.points:.4g} ({f'{shares[code]:.0%}' if code in said else 'not accused'})"
        for code, one in truth.prices.items()
    )
    return check(name, share, PRICES, f"{says}; {right:.0%} of what was named is there")


def _price_share(claimed: Estimate | None, real: Price) -> float:
    return 0.0 if claimed is None else point_share(claimed.value, real.points, real.tolerance)


def _list(names: list[str]) -> str:
    return ", ".join(names) if names else "none"

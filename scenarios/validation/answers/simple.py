"""Answers of known, lesser worth: half right, taken in, accusing everything, and empty."""

from pathlib import Path
from typing import Final

from scenarios.base import Answer, AnswerSheet, Estimate, Finding
from scenarios.validation.answers.review import Review, review
from scenarios.validation.pricing import Price
from scenarios.validation.traps import ABSENT, TRAPS, shown, trap

_NARROW: Final = 0.004
"""Half the width of an interval by somebody who trusts a single figure."""


_SEVERAL: Final = 3
"""Mistakes from which on somebody who does not measure misses the subtlest."""

_BELIEVED: Final = 0.8
"""Part of the claim that somebody who says "overfitting" still believes."""


def middling(folder: Path) -> Answer:
    """Says "overfitting", misses the subtlest where there are several, and still believes most of the score."""
    return middling_of(review(folder))


def middling_of(seen: Review) -> Answer:
    """`middling`, from files read already."""
    prices = seen.prices()
    several = len(prices) >= _SEVERAL
    worst = sorted(prices, key=lambda code: -prices[code].bites)[: len(prices) - several]
    value = _BELIEVED * _claim(seen) + (1.0 - _BELIEVED) * seen.honest_auc().value
    return _answer(
        trust=False,
        findings=tuple(_accused(code) for code in worst),
        estimates={"auc": _about(value, _NARROW), **_half_priced(worst[:several], prices)},
        rationale="The model is overfitting.",
    )


def weak(folder: Path) -> Answer:
    """Celebrates the score."""
    return weak_of(review(folder))


def weak_of(seen: Review) -> Answer:
    """`weak`, from files read already."""
    return _answer(trust=True, estimates={"auc": _about(_claim(seen), _NARROW)}, rationale="A great result.")


def gaming(folder: Path) -> Answer:
    """Accuses every step of everything and keeps the claim."""
    return gaming_of(review(folder))


def gaming_of(seen: Review) -> Answer:
    """`gaming`, from files read already."""
    codes = [*((one.code, one.where) for one in TRAPS), *((code, where) for code, _, where in ABSENT)]
    findings = tuple(Finding(where=where, mechanism=code, action="fix") for code, where in codes)
    return _answer(trust=False, findings=findings, estimates={"auc": _about(_claim(seen), 0.3)})


def crying_wolf(folder: Path) -> Answer:
    """Accuses every textbook sin it sees, measures none, and calls the model worthless."""
    return crying_wolf_of(review(folder))


def crying_wolf_of(seen: Review) -> Answer:
    """`crying_wolf`, from files read already."""
    findings = tuple(_accused(one.code) for one in shown(seen.spec))
    return _answer(trust=False, findings=findings, estimates={"auc": _about(0.5, 0.05)})


def nothing(_: Path) -> Answer:
    """Hands in the starter."""
    return _answer(trust=None)


def _claim(seen: Review) -> float:
    return seen.done.claims["auc"]


def _about(value: float, half: float) -> Estimate:
    return Estimate(value=value, low=value - half, high=value + half)


def _accused(code: str) -> Finding:
    return Finding(where=trap(code).where, mechanism=code, action="fix")


def _half_priced(codes: list[str], prices: dict[str, Price]) -> dict[str, Estimate]:
    return {f"bought_{code}": _about(0.5 * prices[code].points, 0.0) for code in codes}


def _answer(
    *,
    trust: bool | None,
    findings: tuple[Finding, ...] = (),
    estimates: dict[str, Estimate] | None = None,
    rationale: str = "",
) -> Answer:
    sheet = AnswerSheet(
        scenario="validation", trust=trust, findings=findings, estimates=estimates or {}, rationale=rationale
    )
    return Answer(sheet=sheet)

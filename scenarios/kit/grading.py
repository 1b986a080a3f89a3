"""How answers earn points: shares from 0 to 1 for a decision, for things named, and for a claimed figure."""

from collections.abc import Collection, Mapping

from scenarios.base import Estimate

FULL_WITHIN, NOTHING_FROM = 2.0, 8.0
"""A claimed figure earns all its points within 2 standard errors of the truth, and none from 8 on."""

COVERAGE = 0.8
"""Share of claimed intervals that should hold the truth."""

_NORMAL_80 = 1.2816
"""The 90 % point of the normal distribution: half the width of an 80 % interval, in standard errors."""

FLOOR = 0.05
"""The least weight of a planted fault, so that a weak one that can be proved still counts."""


def point_share(value: float, truth: float, error: float) -> float:
    """What a figure earns: 1 within 2 standard errors (`error`) of `truth`, falling to 0 at 8.

    >>> [point_share(v, 0.80, 0.01) for v in (0.81, 0.85, 0.93)]
    [1.0, 0.5, 0.0]
    """
    distance = round(abs(value - truth) / error, 9)
    return min(max((NOTHING_FROM - distance) / (NOTHING_FROM - FULL_WITHIN), 0.0), 1.0)


def interval_share(estimate: Estimate, truth: float, error: float) -> float:
    """What an 80 % interval earns by its interval score: all at twice an ideal interval's score, nothing at 8 times.

    The score is width + 2 / 0.2 x the distance by which the truth is missed; an ideal interval is 1.28 standard
    errors to either side.

    References
    ----------
    Winkler 1972; Gneiting & Raftery 2007, section 6.2.
    """
    missed = max(estimate.low - truth, truth - estimate.high, 0.0)
    score = (estimate.high - estimate.low) + 2.0 / (1.0 - COVERAGE) * missed
    ideal = 2.0 * _NORMAL_80 * error
    return min(max((NOTHING_FROM - score / ideal) / (NOTHING_FROM - FULL_WITHIN), 0.0), 1.0)


def supported(named: Collection[str], faulty: Collection[str]) -> float:
    """Share of the things named that are really faulty; 0 where nothing is named."""
    return sum(name in faulty for name in named) / len(named) if named else 0.0


def damage_f(
    named: Collection[str], damage: Mapping[str, float], *, decoys: Collection[str] = (), beta: float = 1.0
) -> float:
    """F score of the things named: recall weighted by damage, precision with decoys counted twice, 0 to 1.

    `damage` maps each planted fault to the harm it does (at least `FLOOR` of the whole counts). Named things that are
    not in it are false alarms.

    >>> damage_f(["a", "b"], {"a": 0.1, "b": 0.0}), damage_f([], {"a": 0.1})
    (1.0, 0.0)
    """
    total = sum(max(harm, 0.0) for harm in damage.values()) or 1.0
    weight = {name: max(harm / total, FLOOR) for name, harm in damage.items()}
    found = sum(weight[name] for name in named if name in weight)
    right = sum(name in weight for name in named)
    wrong = sum(2 if name in decoys else 1 for name in named if name not in weight)
    if not right:
        return 0.0
    recall, precision = found / sum(weight.values()), right / (right + wrong)
    return (1.0 + beta**2) * precision * recall / (beta**2 * precision + recall)

"""Is the model losing money? What each rule answers from a world's line, and how thresholds are chosen."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.harm.archetypes import NO_CAUSE, TUNED
from benchmarks.harm.ground import COHORTS
from benchmarks.harm.measure import Line
from monitoring.vocabulary import Cause

HARMFUL: Final = 0.10
"""A world is harmful where the campaign loses this share of its expected profit against the undisturbed world.

Both are taken relative to what the best score would earn in the same world, so that a world with fewer churners to
save, or with less to be known about them, is no harm the model does.
"""

Rule = Callable[[Line], bool]

BEFORE_LABELS: Final = "monitor, before labels"
WITH_LABELS: Final = "monitor, with 20 % of labels"
"""Names of the monitor's own rules, in tables and results."""

_ESTIMATES: Final = ("estimated_auc", "estimated_profit")
_GATE: Final = ("gate", "run")


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What is chosen on the tuned archetypes.

    `gate` - a hard break counts if the model uses what broke at least this much; `lost` - labels mean harm from this
    share of profit on; `psi` and `ks` - the peers' own chances, chosen in the same way.
    """

    gate: float
    lost: float
    psi: float
    ks: float


def is_harmful(line: Line) -> bool:
    """The exact answer."""
    return bool(line["harm"] >= HARMFUL)


def before_labels(line: Line, gate: float) -> bool:
    """Whether the monitor's evidence before any label means harm, in the runs of the judged cohorts.

    It does where something broke that the model leans on, where the estimate says that even the best reading is below
    what good months show, or where the campaign would reach far more or far fewer customers than the season explains
    in two runs of the four.
    """
    runs = [run["said"] for run in line["runs"][: len(COHORTS)]]
    alarms = [one for said in runs for one in said if one["alarm"]]
    broken = any(one["layer"] in _GATE and one["hard"] and one["weight"] >= gate for one in alarms)
    estimated = any(one["signal"] in _ESTIMATES for one in alarms)
    flagged = sum(one["signal"] == "flagged_share" for one in alarms)
    return broken or estimated or flagged > 1


def with_labels(line: Line, lost: float) -> bool:
    """Whether a fifth of the labels means harm; where labels are known, they decide alone."""
    return bool(line["regain"]["lost"] >= lost)


def rules(limits: Limits) -> dict[str, Rule]:
    """All rules by name: the monitor's two first, then those of the peers."""
    return {
        BEFORE_LABELS: lambda line: before_labels(line, limits.gate),
        WITH_LABELS: lambda line: with_labels(line, limits.lost),
        "Evidently defaults, half of the columns drifted": lambda line: line["peers"]["evidently_share"] >= 0.5,  # noqa: PLR2004 - its default
        "Evidently defaults, any column drifted": lambda line: bool(line["peers"]["evidently_any"]),
        "largest PSI > 0.2": lambda line: line["peers"]["psi"] > 0.2,  # noqa: PLR2004 - the rule of thumb
        "largest PSI, threshold tuned": lambda line: line["peers"]["psi"] >= limits.psi,
        "largest KS, threshold tuned": lambda line: line["peers"]["ks"] >= limits.ks,
    }


def tuned(lines: Sequence[Line]) -> Limits:
    """The limits that do best on the tuned archetypes; untouched ones are not looked at."""
    names = {one.name for one in TUNED}
    mine = [line for line in lines if line["archetype"] in names]
    return Limits(
        gate=_best(mine, (0.01, 0.02, 0.05, 0.1, 0.2, 0.3), before_labels),
        lost=_best(mine, tuple(round(0.02 + 0.005 * step, 3) for step in range(27)), with_labels),
        psi=_best(mine, _grid(mine, "psi"), lambda line, limit: line["peers"]["psi"] >= limit),
        ks=_best(mine, _grid(mine, "ks"), lambda line, limit: line["peers"]["ks"] >= limit),
    )


def _grid(lines: Sequence[Line], name: str) -> tuple[float, ...]:
    return tuple(
        float(one) for one in np.unique(np.quantile([line["peers"][name] for line in lines], np.linspace(0, 1, 40)))
    )


def _best(lines: Sequence[Line], grid: Sequence[float], rule: Callable[[Line, float], bool]) -> float:
    """The middle of the limits with the highest MCC."""
    truth = [is_harmful(line) for line in lines]
    found = [mcc(truth, [rule(line, limit) for line in lines]) for limit in grid]
    best = [limit for limit, value in zip(grid, found, strict=True) if value >= max(found) - 1e-9]
    return best[len(best) // 2]


def mcc(truth: Iterable[bool], said: Iterable[bool]) -> float:
    """Matthews's correlation coefficient, -1 to 1; 0 where one of the two never varies.

    >>> mcc([True, True, False, False], [True, False, False, False])
    0.5773502691896258
    """
    yes, no = counts(truth, said)
    (hit, missed), (wrong, quiet) = yes, no
    size = float(hit + missed) * (wrong + quiet) * (hit + wrong) * (missed + quiet)
    return float((hit * quiet - missed * wrong) / np.sqrt(size)) if size else 0.0


def counts(truth: Iterable[bool], said: Iterable[bool]) -> tuple[tuple[int, int], tuple[int, int]]:
    """((harm found, harm missed), (false alarms, rightly quiet))."""
    pairs = list(zip(truth, said, strict=True))
    return (
        (pairs.count((True, True)), pairs.count((True, False))),
        (pairs.count((False, True)), pairs.count((False, False))),
    )


def cause_said(line: Line) -> str:
    """The cause the monitor puts first: of the loudest incident with a known cause, as the latest run sees it."""
    for run in reversed(line["runs"]):
        known = [cause for _, cause, *_ in run["incidents"] if cause != str(Cause.UNKNOWN)]
        if known:
            return str(known[0])
    return NO_CAUSE


def pages(line: Line) -> int:
    """Incidents a person was called for."""
    return sum(len(run["pages"]) for run in line["runs"])

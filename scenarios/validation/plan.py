"""What a draw plants: the traps and their doses, the harmless sins beside them, and the pipeline that shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from scenarios.base import Level
from scenarios.validation.panel import HALF_MONTHLY, MONTHLY, UP_TO_DATE, WEEKLY, Cadence
from scenarios.validation.specs import Spec, Step, changed, moved
from scenarios.validation.traps import ABOVE_ALWAYS_NO, MATURITY_DAYS, trap

MAIN: Final = (
    "random-split-of-panel",
    "duplicates-before-split",
    "oversampled-before-split",
    "encoded-before-split",
    "immature-labels",
    "rebalanced-holdout",
    "pooled-churners",
)
"""Traps in which rows the test part holds. A case has one: two of them would hide one another."""

SIDES: Final = {
    Level.JUNIOR: ("best-slice-reported", "accuracy-at-low-churn", "tuned-on-test", "selected-before-split"),
    Level.MID: (
        "selected-before-split",
        "tuned-on-test",
        "stopped-on-test",
        "threshold-on-test",
        "best-slice-reported",
        "filtered-holdout",
        "accuracy-at-low-churn",
    ),
    Level.SENIOR: (
        "selected-before-split",
        "tuned-on-test",
        "stopped-on-test",
        "threshold-on-test",
        "filtered-holdout",
    ),
}
"""Traps in what was chosen with the test part in view; they add up. Seniors get none that the report gives away."""

ALONE: Final = {
    "pooled-churners": (),
    "rebalanced-holdout": ("selected-before-split",),
    "oversampled-before-split": ("best-slice-reported", "filtered-holdout"),
    "encoded-before-split": (
        "stopped-on-test",
        "threshold-on-test",
        "best-slice-reported",
        "filtered-holdout",
        "accuracy-at-low-churn",
    ),
    "immature-labels": (
        "selected-before-split",
        "tuned-on-test",
        "threshold-on-test",
        "best-slice-reported",
        "filtered-holdout",
        "accuracy-at-low-churn",
    ),
    "random-split-of-panel": (
        "selected-before-split",
        "tuned-on-test",
        "threshold-on-test",
        "best-slice-reported",
        "filtered-holdout",
        "accuracy-at-low-churn",
    ),
}
"""Side traps a main trap leaves something to buy; a main trap not listed goes with all of them."""

ACCOMPANIED: Final = ("rebalanced-holdout",)
"""Main traps that move no AUC, and so come with a side trap that does."""

RIVALS: Final = (("tuned-on-test", "stopped-on-test"), ("best-slice-reported", "filtered-holdout"))
"""Side traps that never come together."""

HOW_MANY: Final = {Level.JUNIOR: (0, 1), Level.MID: (1, 2), Level.SENIOR: (1, 3)}
"""Fewest and most side traps."""

HARMLESS: Final = {Level.JUNIOR: 1, Level.MID: 2, Level.SENIOR: 3}
"""Sins that cost nothing, planted beside the traps."""

MORE_HARMLESS: Final = 2
"""So many more a control has, in place of traps; its pipeline has every step a trap would sit in, as it should be."""

SMALL_PILOT, PILOT = 700, 1_600
"""Customers the analyst works with: few where something is chosen on the test part."""

_CHOOSERS = ("selected-before-split", "tuned-on-test", "stopped-on-test", "threshold-on-test")
_CADENCES: Final = {
    "random-split-of-panel": {Level.JUNIOR: WEEKLY, Level.MID: WEEKLY, Level.SENIOR: HALF_MONTHLY},
    "immature-labels": dict.fromkeys(Level, UP_TO_DATE),
}
_COPIED: Final = {Level.JUNIOR: 0.4, Level.MID: 0.3, Level.SENIOR: 0.25}
_OVER: Final = {Level.JUNIOR: 0.4, Level.MID: 0.2, Level.SENIOR: 0.1}
_UNDER: Final = {Level.JUNIOR: 1.0, Level.MID: 0.5, Level.SENIOR: 0.25}
_PRIOR: Final = {Level.JUNIOR: 2, Level.MID: 5, Level.SENIOR: 10}
_TRIES: Final = 16
_BEST: Final = {Level.JUNIOR: 30, Level.MID: 25, Level.SENIOR: 20}
_YOUNG_ENOUGH = 45
_LEAVES, _ROUNDS, _RATE = 15, 80, 0.08


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """The pipeline handed out (without its seed), the panel it runs on, and what was put into it on purpose."""

    spec: Spec
    cadence: Cadence
    copied: float
    planted: tuple[str, ...]


def plan(level: Level, random: np.random.Generator, extract: str, *, control: bool) -> Plan:
    """Draw a plan. `extract` is the day the panel was extracted."""
    codes = _planted(level, random)
    sins = _sins(codes, HARMLESS[level], random)
    if control:
        sins = _more_sins(codes, sins, random)
    return planned(level, codes, sins, extract=extract, random=random, sound=control)


def planned(
    level: Level,
    codes: tuple[str, ...],
    sins: tuple[str, ...],
    *,
    extract: str,
    random: np.random.Generator,
    sound: bool = False,
) -> Plan:
    """The plan with these traps and harmless sins; `sound` has the same steps and panel, and no trap is set."""
    cadence = next((_CADENCES[code][level] for code in codes if code in _CADENCES), MONTHLY)
    spec = _sound(level, codes, sins, extract=extract, random=random)
    for code in () if sound else codes:
        spec = trap(code).plant(spec)
    for code in sins:
        spec = _harmless(code, spec)
    copied = _COPIED[level] if "duplicates-before-split" in codes else 0.0
    return Plan(spec=spec, cadence=cadence, copied=copied, planted=() if sound else codes)


def _planted(level: Level, random: np.random.Generator) -> tuple[str, ...]:
    fewest, most = HOW_MANY[level]
    mains = [code for code in MAIN if len(ALONE.get(code, SIDES[level])) >= fewest]
    main = str(random.choice(mains))
    sides = [code for code in SIDES[level] if code in ALONE.get(main, SIDES[level])]
    count = min(max(int(random.integers(fewest, most + 1)), int(main in ACCOMPANIED)), len(sides))
    chosen: list[str] = []
    for code in random.permutation(sides).tolist():
        if len(chosen) < count and not any({code, one} == set(pair) for one in chosen for pair in RIVALS):
            chosen.append(code)
    return (main, *sorted(chosen))


def _sins(planted: Sequence[str], count: int, random: np.random.Generator) -> tuple[str, ...]:
    """Harmless sins that fit beside the traps, in an order that puts them well into the pipeline."""
    main, fit = planted[0], _unseen_sins(planted)
    fit += ["encoded-before-split"] * (main != "encoded-before-split")
    fit += [str(random.choice(["random-split-of-panel", "no-gap-before-test"]))] * (main == "encoded-before-split")
    return tuple(sorted(random.choice(fit, size=min(count, len(fit)), replace=False).tolist()))


def _more_sins(planted: Sequence[str], sins: Sequence[str], random: np.random.Generator) -> tuple[str, ...]:
    """The sins and some more, of those that neither add a step nor an argument: a control is no longer to read."""
    fit = [code for code in _unseen_sins(planted) if code not in sins]
    more = random.choice(fit, size=min(MORE_HARMLESS, len(fit)), replace=False).tolist() if fit else []
    return tuple(sorted([*sins, *more]))


def _unseen_sins(planted: Sequence[str]) -> list[str]:
    fit = ["filled-before-split", "scaled-before-split"]
    return fit + [code for code in ("immature-labels", "duplicates-before-split") if code != planted[0]]


def _harmless(code: str, spec: Spec) -> Spec:
    """A sin in a dose that does nothing: where the panel has no copies, and no labels younger than 59 days."""
    if code == "immature-labels":
        return changed(spec, "mature", days=_YOUNG_ENOUGH)
    if code == "duplicates-before-split":
        return moved(spec, "deduplicate", after="split")
    return trap(code).plant(spec)


def _sound(
    level: Level, planted: Sequence[str], sins: Sequence[str], *, extract: str, random: np.random.Generator
) -> Spec:
    """The pipeline as it should be, with every step the traps need."""
    wanted = {*planted, *sins}
    pilot = PILOT if "immature-labels" in planted or not wanted & {*_CHOOSERS} else SMALL_PILOT
    steps: list[Step | None] = [
        {"do": "load", "file": "panel.parquet"},
        {"do": "join", "file": "attributes.parquet"} if "selected-before-split" in wanted else None,
        {"do": "sample", "customers": pilot},
        {"do": "mature", "extract": extract, "days": MATURITY_DAYS},
        {"do": "deduplicate"},
        {"do": "pool", "stayers": "all"} if "pooled-churners" in wanted else None,
        {"do": "columns", "add": ["cutoff"], "drop": ["months_since_price_rise", "price_rise_pct"]}
        if {"immature-labels", "pooled-churners"} & {*planted}
        else None,
        {"do": "split", "method": "grouped", "test": 0.3, "valid": 0.2},
        {"do": "fill"},
        {"do": "scale"},
        _encoding(level, planted, sins),
        {"do": "select", "prefix": "attr_", "best": _BEST[level]} if "selected-before-split" in wanted else None,
        _balancing(level, planted),
        _filter(planted, random),
        {"do": "tune", "tries": _TRIES, "judge_on": "valid"} if "tuned-on-test" in wanted else None,
        _training(planted),
        {"do": "threshold", "judge_on": "valid"} if _money(planted) else None,
        {"do": "evaluate", "metrics": _metrics(planted), **_slices(planted)},
    ]
    return {"steps": [step for step in steps if step is not None]}


def _money(planted: Sequence[str]) -> bool:
    return "threshold-on-test" in planted or "rebalanced-holdout" in planted


def _metrics(planted: Sequence[str]) -> list[str]:
    accuracy = [ABOVE_ALWAYS_NO] * ("accuracy-at-low-churn" in planted)
    return ["auc", *["profit_per_1000"] * _money(planted), *accuracy]


def _slices(planted: Sequence[str]) -> dict[str, str]:
    return {"slices": "cutoff", "report": "all"} if "best-slice-reported" in planted else {}


def _encoding(level: Level, planted: Sequence[str], sins: Sequence[str]) -> Step | None:
    if "encoded-before-split" in planted:
        return {"do": "encode", "column": "agent", "prior_rows": _PRIOR[level]}
    return {"do": "encode", "column": "plan", "prior_rows": 20} if "encoded-before-split" in sins else None


def _balancing(level: Level, planted: Sequence[str]) -> Step | None:
    if "oversampled-before-split" in planted:
        return {"do": "balance", "method": "over", "ratio": _OVER[level]}
    if "rebalanced-holdout" in planted:
        return {"do": "balance", "method": "under", "ratio": _UNDER[level]}
    return None


def _filter(planted: Sequence[str], random: np.random.Generator) -> Step | None:
    if "filtered-holdout" not in planted:
        return None
    # Few leave for good within a short panel, so that who is still there says little.
    last = int(random.integers(2)) and not {*planted} & {*_CADENCES}
    where = ("survey_answered == 1", "churned == 1 or still_customer == 1")[last]
    return {"do": "keep", "where": where, "part": "train"}


def _training(planted: Sequence[str]) -> dict[str, Any]:
    if "tuned-on-test" in planted:
        return {"do": "train"}
    if "stopped-on-test" in planted:
        return {"do": "train", "leaves": 31, "rounds": 100, "rate": 0.2, "min_rows": 10, "stop_on": "valid"}
    return {"do": "train", "leaves": _LEAVES, "rounds": _ROUNDS, "rate": _RATE}

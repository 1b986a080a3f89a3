"""The sound answer: whether the record is whole, whether people changed, where, since when, and what the model does."""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from monitoring.performance.metrics import auc
from monitoring.performance.profit import Economics, profit
from scenarios.base import Answer, AnswerSheet, Estimate, Finding
from scenarios.drift.answers.material import Material
from scenarios.drift.answers.people import Changed, changed_people
from scenarios.drift.answers.record import Broken, broken_inputs
from scenarios.drift.exam.codes import CONCEPT, DATA_FAULT, LABEL_SHIFT, MODEL

MONITOR: Final = Path(__file__).parent / "monitors" / "strong.py"
SPREAD_80: Final = 1.28
"""Standard errors to either side of an 80 % interval."""

NEWEST: Final = 4
"""Landed cohorts that the figures rest on, fewer where the model's state is younger."""


def strong(folder: Path) -> Answer:
    """Faults by leaps of the inputs, people by landed labels of sound months, figures from cohorts like today's."""
    case = Material(folder)
    broken = broken_inputs(case.good, case.months, list(case.sources))
    changed = changed_people(held_out(case), sound_cohorts(case, broken), list(case.sources))
    findings = (*_fault(broken), *_people(changed))
    since = [one.since for one in findings if one.since is not None]
    return Answer(
        sheet=AnswerSheet(
            scenario="drift",
            trust=not findings,
            findings=findings,
            estimates=figures(case, since=max(since, default="")),
            rationale="The record first, then labels of months with a sound record; inputs that only moved are noted.",
        ),
        code={"monitor.py": MONITOR.read_text(encoding="utf-8")},
    )


def held_out(case: Material) -> pd.DataFrame:
    """Inputs, score and outcome in the months before the year that the model was not fitted on."""
    rows = [case.good[month].loc[table.index].join(table) for month, table in case.cohorts.items()]
    return pd.concat(rows)


def sound_cohorts(case: Material, broken: list[Broken]) -> dict[str, pd.DataFrame]:
    """The year's landed cohorts from before anything broke, with their inputs."""
    first = min((one.since for one in broken), default="9999-12")
    sound = {month: table for month, table in case.landed.items() if month < first}
    return {month: case.months[month].loc[t.index].assign(churned=t["churned"]) for month, t in sound.items()}


def _fault(broken: list[Broken]) -> tuple[Finding, ...]:
    """One finding for the record: the input that broke worst."""
    if not broken:
        return ()
    first = [one for one in broken if one.since == broken[0].since]
    worst = max(first, key=lambda one: one.size)
    says = f"leapt {worst.size:.1f} times as far as ever in good months, from one month to the next"
    return (Finding(where=worst.feature, mechanism=DATA_FAULT, action="repair", since=worst.since, evidence=says),)


def _people(changed: Changed | None) -> tuple[Finding, ...]:
    if changed is None:
        return ()
    says = f"left over promised is {changed.ratio:.2f} from the cohort of {changed.since} on"
    where, mechanism, action = (
        (changed.feature, CONCEPT, "retrain") if changed.feature else (MODEL, LABEL_SHIFT, "recalibrate")
    )
    return (Finding(where=where, mechanism=mechanism, action=action, since=changed.since, evidence=says),)


def figures(case: Material, *, since: str = "") -> dict[str, Estimate]:
    """AUC and profit of the newest landed cohorts of the model's present state, with 80 % intervals."""
    labels = [month for month in case.landed if month >= since][-NEWEST:] or list(case.landed)[-1:]
    tables = [case.landed[month] for month in labels]
    ranked = [auc(t["churned"], t["score"]) for t in tables]
    error = float(np.sqrt(np.mean([one.error**2 for one in ranked]) / len(ranked) + MONTHS_DIFFER**2))
    money = [
        profit(t["churned"], t["score"], case.told["threshold"], Economics(**case.told["economics"])) for t in tables
    ]
    doubt = PROFIT_SPREAD / float(np.sqrt(len(money))) + PROFIT_MONTHS_DIFFER
    return {
        "auc": _around(float(np.mean([one.value for one in ranked])), SPREAD_80 * error),
        "profit": _around(float(np.mean(money)), SPREAD_80 * doubt),
    }


MONTHS_DIFFER: Final = 0.006
"""What other months add to the doubt about an AUC."""

PROFIT_SPREAD, PROFIT_MONTHS_DIFFER = 40.0, 15.0
"""Standard error of one cohort's profit per 1,000 customers, and what other months add."""


def _around(value: float, half: float) -> Estimate:
    return Estimate(value=round(value, 4), low=round(value - half, 4), high=round(value + half, 4))

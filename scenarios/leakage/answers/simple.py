"""The answers that do not look: celebrating, dropping the top column, flagging everything, flagging nothing."""

from pathlib import Path

import numpy as np

from monitoring.performance.metrics import auc
from scenarios.base import Answer, AnswerSheet, Estimate, Finding
from scenarios.leakage.answers.material import Material
from scenarios.leakage.codes import WINDOW
from scenarios.leakage.grade import DROP, NAME


def weak(folder: Path) -> Answer:
    """Celebrates: the split is by time, so the figure must be right."""
    return weak_of(Material(folder))


def weak_of(case: Material) -> Answer:
    """The same, of files already read."""
    claimed = round(case.claimed(), 4)
    figure = Estimate(value=claimed, low=claimed - 0.01, high=claimed + 0.01)
    return _answer(
        trust=True, estimates={"auc": figure, "deployed_auc": figure}, says="Tested on later months. Ship it."
    )


def middling(folder: Path) -> Answer:
    """Says overfitting, drops the top column by gain, trains again, and believes production more than the test."""
    return middling_of(Material(folder))


def middling_of(case: Material) -> Answer:
    """The same, of files already read."""
    model = case.model
    top = max(model.gain, key=lambda name: model.gain[name])
    kept = [name for name in case.features if name != top]
    test = case.part("test")
    again = auc(case.table["churned"][test], case.trained(kept).score(case.table[kept][test]))
    labels = case.served_labels()
    seen = auc(labels[~np.isnan(labels)], case.log["score"].to_numpy()[~np.isnan(labels)])
    return _answer(
        trust=False,
        findings=(Finding(where=top, mechanism="overfitting", action=DROP, evidence="highest gain"),),
        estimates={
            "auc": _around((again.value + TRUST_IN_PRODUCTION * seen.value) / (1.0 + TRUST_IN_PRODUCTION)),
            "deployed_auc": Estimate(value=seen.value, low=seen.low, high=seen.high),
        },
        says="The model overfits on one column. Without it the truth should lie between the test and production, "
        "and much nearer to production.",
    )


TRUST_IN_PRODUCTION = 4.0
"""How many times the weight of the test production's figure gets, from somebody who cannot tell what is wrong."""

HALF_WIDTH = 0.06
"""Half the interval that somebody gives who has not worked one out."""


def _around(value: float) -> Estimate:
    return Estimate(value=value, low=value - HALF_WIDTH, high=value + HALF_WIDTH)


def gaming(folder: Path) -> Answer:
    """Flags every column, and claims a figure wide enough to hold anything."""
    case = Material(folder)
    everything = tuple(Finding(where=name, mechanism=WINDOW, action=DROP) for name in case.features)
    wide = Estimate(value=0.75, low=0.5, high=1.0)
    return _answer(trust=False, findings=everything, estimates={"auc": wide, "deployed_auc": wide}, says="All of it.")


def crying_wolf(folder: Path) -> Answer:
    """Flags the five strongest columns because they are strong, and expects little of the rest."""
    case = Material(folder)
    gain = case.model.gain
    strongest = sorted(gain, key=lambda name: -gain[name])[:5]
    low = Estimate(value=0.7, low=0.66, high=0.74)
    return _answer(
        trust=False,
        findings=tuple(Finding(where=name, mechanism=WINDOW, action=DROP) for name in strongest),
        estimates={"auc": low, "deployed_auc": low},
        says="Columns this strong must leak.",
    )


def nothing(_folder: Path) -> Answer:
    """The starter's sheet as it is."""
    return Answer(sheet=AnswerSheet(scenario=NAME))


def _answer(*, trust: bool, estimates: dict[str, Estimate], says: str, findings: tuple[Finding, ...] = ()) -> Answer:
    return Answer(sheet=AnswerSheet(scenario=NAME, trust=trust, findings=findings, estimates=estimates, rationale=says))

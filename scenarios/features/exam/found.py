"""Findings against what is planted: each planted fault is found, located or missed, and what is left was sound."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scenarios.base import AnswerSheet, Finding
from scenarios.features.exam.truth import FeaturesTruth, Planted

SURE_ENOUGH: Final = 0.5
"""From this stated probability on, a finding counts as said."""

LOCATED: Final = 0.25
"""What the right column with the wrong mechanism is worth. A table alone is worth nothing: most have some fault."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Credit by planted fault (1, or `LOCATED`), the findings that are not so, and the two rates.

    Both rates are made of credit, so that a finding that is right in part is also wrong in part.
    """

    credit: Mapping[str, float]
    wrong: tuple[Finding, ...]
    precision: float
    recall: float

    @property
    def f_score(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2.0 * self.precision * self.recall / both if both else 0.0


def found(sheet: AnswerSheet, truth: FeaturesTruth) -> Found:
    """Match findings to faults: first those with place and mechanism, then columns alone, one finding for one fault.

    Findings about places that do not exist are not looked at. A fault named twice counts once.
    """
    sure = [f for f in sheet.findings if f.probability >= SURE_ENOUGH and f.where in truth.known]
    said = {(f.where, f.mechanism): f for f in sure}
    credit: dict[str, float] = {}
    left: list[Finding] = []
    for finding in said.values():
        if (full := _named(finding, truth, credit)) is not None:
            credit[full.name] = 1.0
        else:
            left.append(finding)
    wrong: list[Finding] = []
    for finding in left:
        located = _located(finding, truth, credit)
        if located is None:
            wrong.append(finding)
        else:
            credit[located.name] = LOCATED
    counted = sum(2.0 if f.where in truth.decoys else 1.0 for f in wrong)
    got = sum(credit.values())
    return Found(
        credit=credit,
        wrong=tuple(wrong),
        precision=got / (len(credit) + counted) if credit else 0.0,
        recall=got / len(truth.planted) if truth.planted else 0.0,
    )


def _named(finding: Finding, truth: FeaturesTruth, credit: Mapping[str, float]) -> Planted | None:
    """The fault that a finding names by place and mechanism, one not found yet before others."""
    fitting = [one for one in truth.planted if finding.where in one.places and finding.mechanism == one.mechanism]
    fresh = [one for one in fitting if one.name not in credit]
    return next(iter(fresh or fitting), None)


def _located(finding: Finding, truth: FeaturesTruth, credit: Mapping[str, float]) -> Planted | None:
    """The fault whose column a finding names, one without any credit yet; none where it names a whole table."""
    if "." not in finding.where:
        return None
    return next((one for one in truth.planted if finding.where in one.places and one.name not in credit), None)

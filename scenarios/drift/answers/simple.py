"""The answers that do not look closely: an index for everything, the calendar, all suspicion, nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from monitoring.columns import Floats
from scenarios.base import Answer, AnswerSheet, Estimate, Finding
from scenarios.drift.answers.material import Material
from scenarios.drift.answers.strong import figures
from scenarios.drift.exam.codes import CONCEPT, COVARIATE, MODEL

LIMIT: Final = 0.2
"""The population stability index from which the rule of thumb speaks of a significant change."""

LARGE: Final = 0.6
"""A smaller index is put down to what landed labels show; from a larger one on, cohorts count as spoilt."""

SET_IN: Final = 0.1
"""Share of the newest index from which it is held to have set in."""

RISEN: Final = 1.22
"""Left over promised in the newest landed cohorts from which somebody who does not add up calls it drift."""

RISEN_IN_A_REGION: Final = 1.5
"""The same within one region, looked at where the whole company has not risen."""

_MONITORS: Final = Path(__file__).parent / "monitors"


def middling(folder: Path) -> Answer:
    """PSI above 0.2 against the good months, or more leavers than promised: drift, so retrain."""
    case = Material(folder)
    moved = _moved(case)
    labels = _newest_before(case, moved)
    people = _risen(case, labels) or _risen_in_a_region(case, labels)
    inputs = (moved.finding,) if moved is not None and (moved.large or not people) else ()
    findings = (*inputs, *people)
    return Answer(
        sheet=AnswerSheet(
            scenario="drift",
            trust=not findings,
            findings=findings,
            estimates=figures(case),
            rationale="PSI above 0.2 is significant drift, and drift is answered by retraining.",
        ),
        code=_code("middling"),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """An input, its index in the newest month, and the month in which that set in."""

    name: str
    index: float
    since: str

    @property
    def large(self) -> bool:
        """Whether it is an event of its own."""
        return self.index >= LARGE

    @property
    def finding(self) -> Finding:
        """What middling practice makes of it."""
        says = f"PSI {self.index:.2f}"
        return Finding(where=self.name, mechanism=COVARIATE, action="retrain", since=self.since, evidence=says)


def _moved(case: Material) -> Moved | None:
    """The input that moved most in the newest month, of those that keep still in good months."""
    good = pd.concat(list(case.good.values()))
    against = {name: StabilityIndex.against(good[name]) for name in case.sources}
    steady = [n for n, index in against.items() if max(index.of(view[n]) for view in case.good.values()) <= LIMIT]
    newest = case.months[max(case.months)]
    moved = {name: against[name].of(newest[name]) for name in steady}
    name = max(moved, key=lambda one: moved[one])
    if moved[name] <= LIMIT:
        return None
    far = max(LIMIT, SET_IN * moved[name])
    since = next(month for month, view in case.months.items() if against[name].of(view[name]) > far)
    return Moved(name=name, index=moved[name], since=since)


def _risen(case: Material, labels: Sequence[str]) -> tuple[Finding, ...]:
    """More leavers than promised in the cohorts of these months."""
    landed = [case.landed[month] for month in labels]
    if not landed:
        return ()
    usual = _left_over_promised(list(case.cohorts.values()))
    ratio = _left_over_promised(landed) / usual
    if ratio < RISEN:
        return ()
    return _retrain(MODEL, labels, f"left over promised {ratio:.2f}")


def _risen_in_a_region(case: Material, labels: Sequence[str]) -> tuple[Finding, ...]:
    """The region whose customers leave most against what was promised in the same cohorts, if that is a lot."""
    if not labels:
        return ()
    rows = pd.concat([case.landed[month].join(case.months[month]["region"]) for month in labels])
    ratios = {str(region): _left_over_promised([part]) for region, part in rows.groupby("region", observed=True)}
    worst = max(ratios, key=lambda region: ratios[region])
    if ratios[worst] < RISEN_IN_A_REGION:
        return ()
    return _retrain("region", labels, f"left over promised {ratios[worst]:.2f} in {worst}")


def _retrain(where: str, labels: Sequence[str], evidence: str) -> tuple[Finding, ...]:
    return (Finding(where=where, mechanism=CONCEPT, action="retrain", since=labels[0], evidence=evidence),)


def _newest_before(case: Material, moved: Moved | None) -> list[str]:
    """The two newest landed cohorts, of those before anything moved far."""
    spoilt = moved.since if moved is not None and moved.large else "9999-12"
    return [month for month in case.landed if month < spoilt][-2:]


def _left_over_promised(cohorts: Sequence[pd.DataFrame]) -> float:
    return float(sum(t["churned"].sum() for t in cohorts) / sum(t["score"].sum() for t in cohorts))


@dataclass(frozen=True, slots=True)
class StabilityIndex:
    """The population stability index against `expected`: over its deciles, missing apart; words by level."""

    edges: Floats | None
    levels: tuple[str, ...]
    expected: Floats

    @classmethod
    def against(cls, expected: pd.Series) -> "StabilityIndex":
        """The index against these values."""
        if pd.api.types.is_numeric_dtype(expected):
            edges = np.unique(np.quantile(expected.dropna(), np.arange(0.1, 1.0, 0.1)))
            return cls(edges, (), _binned(expected, edges))
        words = expected.fillna("").astype(str)
        levels = tuple(sorted(set(words)))
        return cls(None, levels, _by_level(words, levels))

    def of(self, found: pd.Series) -> float:
        """The index of other values, 0 where nothing moved."""
        shares = (
            _by_level(found.fillna("").astype(str), self.levels) if self.edges is None else _binned(found, self.edges)
        )
        a, b = np.maximum(self.expected, 1e-4), np.maximum(shares, 1e-4)
        return float(((b - a) * np.log(b / a)).sum())


def _by_level(words: pd.Series, levels: Sequence[str]) -> Floats:
    return np.asarray(words.value_counts(normalize=True).reindex(list(levels)).fillna(0.0), dtype=np.float64)


def _binned(values: pd.Series, edges: Floats) -> Floats:
    place = np.where(values.isna(), len(edges) + 1, np.searchsorted(edges, values.fillna(0.0), side="right"))
    return np.bincount(place, minlength=len(edges) + 2) / len(values)


def weak(folder: Path) -> Answer:
    """Retrains every quarter, so the model must be fine; quotes the figures from before the year."""
    case = Material(folder)
    auc = Estimate(value=0.83, low=0.82, high=0.84)
    return Answer(
        sheet=AnswerSheet(
            scenario="drift",
            trust=True,
            estimates={"auc": auc, "profit": figures(case)["profit"]},
            rationale="The model is retrained every quarter, which takes care of drift.",
        ),
        code=_code("weak"),
    )


def gaming(folder: Path) -> Answer:
    """Names everything, distrusts everything, and claims intervals wide enough to hold anything."""
    case = Material(folder)
    named = (MODEL, *case.sources, *sorted(set(case.sources.values())))
    since = sorted(case.months)[len(case.months) // 2]
    wide = {"auc": Estimate(value=0.75, low=0.5, high=1.0), "profit": Estimate(value=400, low=-500, high=1500)}
    return Answer(
        sheet=AnswerSheet(
            scenario="drift",
            trust=False,
            findings=tuple(Finding(where=w, mechanism=CONCEPT, action="retrain", since=since) for w in named),
            estimates=wide,
            rationale="All of it.",
        ),
        code=_code("gaming"),
    )


def crying_wolf(folder: Path) -> Answer:
    """Takes the season for drift: names the three inputs that moved most against the month before the year."""
    case = Material(folder)
    before, newest = case.good[max(case.good)], case.months[max(case.months)]
    index = {name: StabilityIndex.against(before[name]).of(newest[name]) for name in case.sources}
    moved = sorted(index, key=lambda name: -index[name])[:3]
    since = sorted(case.months)[len(case.months) // 2]
    return Answer(
        sheet=AnswerSheet(
            scenario="drift",
            trust=False,
            findings=tuple(Finding(where=w, mechanism=CONCEPT, action="retrain", since=since) for w in moved),
            estimates={"auc": Estimate(value=0.78, low=0.76, high=0.8)},
            rationale="Inputs have drifted, so the model cannot be trusted.",
        ),
        code=_code("gaming"),
    )


def nothing(_folder: Path) -> Answer:
    """The starter as it is: an empty sheet, and a monitor that keeps."""
    starter = Path(__file__).parent.parent / "starter" / "monitor.py"
    return Answer(sheet=AnswerSheet(scenario="drift"), code={"monitor.py": starter.read_text(encoding="utf-8")})


def _code(name: str) -> dict[str, str]:
    return {"monitor.py": (_MONITORS / f"{name}.py").read_text(encoding="utf-8")}

"""Tell the story of a case: what was claimed, what production gave, what weak and sound practice make of it."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from monitoring.columns import Floats
from monitoring.leakage.audit import audit
from monitoring.leakage.learner import Fitted
from monitoring.leakage.vocabulary import Audit, ColumnFinding, ColumnVerdict, Score, ScoreBy
from monitoring.performance.metrics import Auc, auc
from pipelines.leaks.leak import Family
from pipelines.world.truth import expected_auc
from scenarios.base import Answer, Case
from scenarios.kit.pack import write_public
from scenarios.kit.story import Interval, Line
from scenarios.leakage.answers.material import Material
from scenarios.leakage.answers.simple import middling_of, weak_of
from scenarios.leakage.answers.strong import SEED, answer_of, question
from scenarios.leakage.choices import choices
from scenarios.leakage.grade import graded
from scenarios.leakage.story import Choice, Column, Depth, Month, Planted, Practice, SplitScore, Story
from scenarios.leakage.truth import Fault, LeakageTruth

QUESTION = (
    "A churn model scores high on test months that lie after its training months, and in production its list is no "
    "better than the old one. Which columns knew more than they could have known, and what can the model really do?"
)


def demonstrate(case: Case[LeakageTruth]) -> Story:
    """The story of a case, told from its public files, and from the truth where it says what really was."""
    with tempfile.TemporaryDirectory() as folder:
        write_public(Path(folder), case.public)
        material = Material(Path(folder))
        return story_of(material, case.truth, sound(Path(folder)), weigh(material, case.truth))


@dataclass(frozen=True, kw_only=True, slots=True)
class Sound:
    """What sound practice makes of the public files: the audit, and the answer that follows from it."""

    audit: Audit
    answer: Answer


def ready() -> None:
    """Do nothing; a helper process that has done it has loaded what `sound` needs."""


def sound(folder: Path) -> Sound:
    """Audit the public files that lie in a folder, and answer; most of a story's time goes here."""
    case = Material(folder)
    found = audit(question(case), seed=SEED)
    return Sound(audit=found, answer=answer_of(case, found.columns, found.serving))


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighed:
    """Parts of the story that need no audit."""

    months: tuple[Month, ...]
    choices: tuple[Choice, ...]
    unsound: tuple[Practice, Practice]


def weigh(case: Material, truth: LeakageTruth) -> Weighed:
    """What the model gave by month, what each repair is worth, and what unsound practice answers and gets."""
    return Weighed(
        months=_months(case, truth, case.model),
        choices=choices(truth),
        unsound=(
            _practice("believes the card", BELIEVES, weak_of(case), truth),
            _practice("drops the top column", DROPS, middling_of(case), truth),
        ),
    )


def story_of(case: Material, truth: LeakageTruth, seen: Sound, weighed: Weighed) -> Story:
    """The story of a case whose public files lie in a folder."""
    model, found = case.model, seen.audit
    test = case.part("test")
    label = month_labels(case.table["cutoff"])
    parts = {part: sorted(set(label[case.part(part)])) for part in ("train", "test", "served")}
    return Story(
        title="Data leakage: a score that was too good",
        question=QUESTION,
        level=str(truth.level),
        control=not truth.faults,
        customers=int(case.table["customer_id"].nunique()),
        trained=_span(parts["train"]),
        tested=_span(parts["test"]),
        served=_span(parts["served"]),
        sealed=_span(sorted(set(truth.sealed.month))),
        claimed=_interval(auc(case.table["churned"][test], model.score(case.table[case.features][test]))),
        deployed=round(truth.deployed, 4),
        honest=round(truth.honest, 4),
        months=weighed.months,
        planted=tuple(_planted(fault, model, found) for fault in truth.faults),
        columns=tuple(_column(name, truth, model, found) for name in case.features),
        practices=(*weighed.unsound, _practice("rebuilds from what was known", REBUILDS, seen.answer, truth)),
        choices=weighed.choices,
        splits=tuple(_split_score(one) for one in found.scores),
        proves=found.proves,
        accused_honest=sum(_accused(c) and c.name not in truth.faulty for c in found.columns),
    )


def month_labels(cutoffs: pd.Series) -> pd.Series:
    """Labels such as ``2025-03``."""
    # Few cutoffs, many rows: each date is written once.
    return cutoffs.map({at: f"{at:%Y-%m}" for at in cutoffs.unique()})


def _span(labels: Sequence[str]) -> str:
    return f"{labels[0]} to {labels[-1]}"


def _interval(one: Auc) -> Interval:
    return Interval(auc=round(one.value, 4), low=round(one.low, 4), high=round(one.high, 4))


def _split_score(one: ScoreBy) -> SplitScore:
    return SplitScore(
        split=one.split,
        all_columns=_score(one.all_columns),
        without_leaks=_score(one.without_leaks),
        note=one.note,
    )


def _score(one: Score) -> Interval | None:
    if np.isnan((one.auc, one.low, one.high)).any():
        return None
    return Interval(auc=round(one.auc, 4), low=round(one.low, 4), high=round(one.high, 4))


def _exact(value: float) -> Interval:
    return Interval(auc=round(value, 4), low=round(value, 4), high=round(value, 4))


def _months(case: Material, truth: LeakageTruth, model: Fitted) -> tuple[Month, ...]:
    honest = truth.sound
    label, offline = month_labels(case.table["cutoff"]), model.score(case.table[case.features])
    clean = honest.score(truth.legitimate)
    churned = case.table["churned"].to_numpy(np.float64)
    sent, outcome = month_labels(case.log["cutoff"]), case.served_labels()
    score = case.log["score"].to_numpy(np.float64)
    months = []
    for name in sorted(set(label[case.part("test", "served")])):
        rows = (label == name).to_numpy()
        remade = _auc_of(churned, offline, rows)
        served = (sent == name).to_numpy() & ~np.isnan(outcome)
        months.append(
            Month(
                label=name,
                part="served" if served.any() else "test",
                offline=remade,
                production=_auc_of(outcome, score, served) if served.any() else remade,
                honest=_auc_of(churned, clean, rows),
            )
        )
    return (*months, *_sealed_months(truth, model, honest))


def _auc_of(churned: Floats, score: Floats, rows: np.ndarray) -> Interval:
    return _interval(auc(churned[rows], score[rows]))


def _sealed_months(truth: LeakageTruth, model: Fitted, honest: Fitted) -> tuple[Month, ...]:
    sealed = truth.sealed
    online, rebuilt = model.score(sealed.online), honest.score(sealed.rebuilt)
    return tuple(
        Month(
            label=name,
            part="sealed",
            offline=None,
            production=_exact(expected_auc(online[rows], sealed.p[rows])),
            honest=_exact(expected_auc(rebuilt[rows], sealed.p[rows])),
        )
        for name in sorted(set(sealed.month))
        for rows in ((sealed.month == name).to_numpy(),)
    )


def _accused(finding: ColumnFinding) -> bool:
    return finding.verdict in _AGAINST


_AGAINST = (ColumnVerdict.LEAK, ColumnVerdict.SUSPECT)


_DEEPER: Mapping[str, Depth] = {
    "truncate and rebuild": "events",
    "label permutation": "events",
    "as-of pairs": "events",
    "table against scoring log": "serving",
    "leavers-only shift": "serving",
    "feature age": "serving",
}
"""The depth that a check needs; every other check needs the table alone."""


def _planted(fault: Fault, model: Fitted, found: Audit) -> Planted:
    order = sorted(model.gain, key=lambda name: -model.gain[name])
    best = max(fault.columns, key=lambda name: model.gain[name])
    depth, evidence = _found_by(fault, found)
    return Planted(
        title=fault.title,
        kind=fault.kind,
        columns=fault.columns,
        mechanism=fault.codes[0],
        damage=round(fault.damage, 4),
        rank=order.index(best) + 1,
        gain=round(model.gain[best], 4),
        found_by=depth,
        evidence=evidence,
    )


def _found_by(fault: Fault, found: Audit) -> tuple[Depth | None, str]:
    """The shallowest depth that accuses one of a fault's columns, and the strongest evidence there is."""
    accused = [c for c in found.columns if c.name in fault.columns and _accused(c)]
    clues = [
        clue for c in accused for clue in c.evidence if clue.verdict in (ColumnVerdict.LEAK, ColumnVerdict.SUSPECT)
    ]
    skewed = [s for s in found.serving.skewed if s.name in fault.columns]
    if fault.kind == Family.SKEW:
        return ("serving", skewed[0].says) if skewed else (None, "")
    if not clues:
        return None, ""
    depths: list[Depth] = [_DEEPER.get(clue.check, "table") for clue in clues]
    return min(depths, key=("table", "serving", "events").index), max(clues, key=lambda c: c.confidence).says


def _column(name: str, truth: LeakageTruth, model: Fitted, found: Audit) -> Column:
    finding = next(c for c in found.columns if c.name == name)
    skew = next((s for s in found.serving.skewed if s.name == name), None)
    by_log = skew is not None and not _accused(finding)
    evidence = skew.says if skew is not None and by_log else finding.evidence[0].says if finding.evidence else ""
    return Column(
        name=name,
        truth=_truth_of(name, truth),
        verdict="skew" if by_log else finding.verdict.value,
        mechanism=str(finding.mechanism),
        confidence=round(skew.confidence if skew is not None and by_log else finding.confidence, 4),
        gain=round(model.gain[name], 4),
        evidence=evidence,
    )


def _truth_of(name: str, truth: LeakageTruth) -> Literal["leak", "skew", "decoy", "honest"]:
    if name in truth.faulty:
        return "skew" if truth.faulty[name].kind == Family.SKEW else "leak"
    return "decoy" if name in truth.decoys else "honest"


BELIEVES = "The test months lie after the training months, so the figure must be right."
DROPS = "Says overfitting, drops the column with the most gain, trains again, believes production more than the test."
REBUILDS = "Takes away rows that had not arrived by the cutoff, rebuilds and compares; pairs table and log; repairs."


def _practice(name: str, what: str, answer: Answer, truth: LeakageTruth) -> Practice:
    card, real = graded(answer, truth)
    figure = answer.sheet.estimates.get("auc")
    return Practice(
        name=name,
        what=what,
        trust=answer.sheet.trust,
        named=tuple(finding.where for finding in answer.sheet.findings),
        claimed=None if figure is None else round(figure.value, 4),
        low=None if figure is None else round(figure.low, 4),
        high=None if figure is None else round(figure.high, 4),
        real=round(real, 4),
        score=card.score or 0.0,
        lines=tuple(Line(name=c.name, points=c.points, of=c.of, reason=c.reason) for c in card.checks),
    )

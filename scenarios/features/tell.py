"""Tell the story of a case: the ladder from the stuck model to the best possible, and what practices make of it."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from scenarios.base import Answer, Case, Scorecard
from scenarios.features.answers.simple import middling, weak
from scenarios.features.answers.strong import strong
from scenarios.features.exam.building import BUILT, run_code
from scenarios.features.exam.found import Found, found
from scenarios.features.exam.grade import grade
from scenarios.features.exam.lift import lift, peeking, reviewed
from scenarios.features.exam.listed import listed
from scenarios.features.exam.public import REVIEWS
from scenarios.features.exam.truth import FeaturesTruth, Planted
from scenarios.features.ladder import ladder
from scenarios.features.story import Fault, Month, Practice, Story
from scenarios.kit.pack import write_public
from scenarios.kit.story import Line

QUESTION: Final = (
    "A churn model is stuck, and neither learner nor settings nor seed may be changed. What is wrong with the tables "
    "and the labels, and how far does the same learner get on better ones?"
)

_PRACTICES: Final = (
    ("weak practice", "Calls every gap a fault and aggregates whatever had happened by the cutoff.", weak),
    ("middling practice", "Profiles the columns, builds the obvious features, believes the labels.", middling),
    ("sound practice", "Tests tables, dictionary and labels, repairs what can be repaired, builds on that.", strong),
)


@dataclass(frozen=True, slots=True)
class _Worked:
    """An answer, with the tables its code gave."""

    name: str
    what: str
    answer: Answer
    card: Scorecard


def told(case: Case[FeaturesTruth]) -> Story:
    """The story of a case, told from its public files, and from the truth where it says what really was."""
    truth = case.truth
    with tempfile.TemporaryDirectory() as folder:
        write_public(Path(folder), case.public)
        works = [_worked(*one, folder=Path(folder), truth=truth) for one in _PRACTICES]
    sound = works[-1].answer
    steps = ladder(truth, listed(sound.tables, truth).rows, sound.tables[BUILT])
    said = found(sound.sheet, truth)
    return Story(
        title="Features: a model that is stuck",
        question=QUESTION,
        level=str(truth.level),
        control=truth.healthy,
        customers=len(truth.sealed[0].customers),
        trained=tuple(f"{cutoff:%Y-%m}" for cutoff in truth.trained),
        sealed=tuple(f"{one.cutoff:%Y-%m}" for one in truth.sealed),
        label_rows=len(truth.labels),
        wrong_labels=int(truth.wrong.sum()),
        reviews=REVIEWS,
        baseline=round(truth.baseline, 4),
        bayes=round(truth.bayes, 4),
        ladder=steps,
        months=tuple(_month(cutoff, truth) for cutoff in truth.trained),
        faults=tuple(_fault(one, said, sound) for one in truth.planted),
        practices=tuple(_practice(one, truth) for one in works),
    )


def _worked(name: str, what: str, answer: Callable[[Path], Answer], *, folder: Path, truth: FeaturesTruth) -> _Worked:
    given = answer(folder)
    done = Answer(
        sheet=given.sheet, tables={**given.tables, **run_code(given.code, truth, trusted=True)}, code=given.code
    )
    return _Worked(name, what, done, grade(done, truth))


def _month(cutoff: pd.Timestamp, truth: FeaturesTruth) -> Month:
    rows = truth.labels[truth.labels["cutoff"] == cutoff]
    return Month(
        label=f"{cutoff:%Y-%m}",
        customers=len(rows),
        booked=round(float(rows["churned"].mean()), 5),
        right=round(float(rows["right"].mean()), 5),
        wrong=int((rows["churned"] != rows["right"]).sum()),
    )


def _fault(one: Planted, said: Found, sound: Answer) -> Fault:
    evidence = [f.evidence for f in sound.sheet.findings if f.where in one.places and f.mechanism == one.mechanism]
    return Fault(
        title=one.title,
        kind=one.kind,
        places=one.places,
        mechanism=one.mechanism,
        dose=one.dose,
        since=one.since,
        found=said.credit.get(one.name, 0.0) == 1.0,
        evidence=evidence[0] if evidence else "",
    )


def _practice(work: _Worked, truth: FeaturesTruth) -> Practice:
    features = work.answer.tables[BUILT]
    peeks = peeking(features, truth)
    rows = listed(work.answer.tables, truth)
    gained = None if peeks else lift(features, reviewed(truth, rows.rows), truth)
    said = found(work.answer.sheet, truth)
    return Practice(
        name=work.name,
        what=work.what,
        auc=None if gained is None else round(gained.auc, 4),
        share=None if gained is None else round(gained.share, 4),
        peeks=tuple(sorted(peeks)),
        listed=rows.count,
        listed_wrong=rows.right,
        found=sum(credit == 1.0 for credit in said.credit.values()),
        accused=len(said.wrong),
        score=work.card.score or 0.0,
        lines=_lines(work.card),
    )


def _lines(card: Scorecard) -> tuple[Line, ...]:
    return tuple(Line(name=one.name, points=one.points, of=one.of, reason=one.reason) for one in card.checks)

"""The demonstration: five machines give five figures; cause by cause is cured, until one hash stands."""

import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from scenarios.base import Case, Scorecard
from scenarios.kit.pack import write_public
from scenarios.kit.story import Line
from scenarios.reproducibility.answers.simple import middling_of, weak
from scenarios.reproducibility.answers.strong import strong_of
from scenarios.reproducibility.causes.catalogue import cause
from scenarios.reproducibility.causes.cause import Cause
from scenarios.reproducibility.decoys import ALWAYS, SOME
from scenarios.reproducibility.files import Files
from scenarios.reproducibility.grade import grade, named
from scenarios.reproducibility.hidden import run_code
from scenarios.reproducibility.lineage import TELLS
from scenarios.reproducibility.machines import MACHINES, PROOF
from scenarios.reproducibility.planting import cured
from scenarios.reproducibility.reading import read_case
from scenarios.reproducibility.running import Job, Ran, run_all
from scenarios.reproducibility.story import Machine, Oddity, PlantedCause, Practice, Result, Step, Story
from scenarios.reproducibility.truth import Truth

TITLE: Final = "A figure that does not come back"
QUESTION: Final = "A recorded AUC went to the board. Does it come back from what is kept, and if not, what moves it?"
_SHOWN: Final = 12
"""Characters of a hash that are shown."""


def demonstrate(case: Case[Truth]) -> Story:
    """Run the case on five machines, cure it step by step, and grade three ways of working on it."""
    truth = case.truth
    causes = [cause(code) for code in truth.planted]
    steps, proof = _steps(truth, causes)
    return Story(
        title=TITLE,
        question=QUESTION,
        level=str(truth.level),
        control=truth.control,
        customers=truth.data["customers.csv"].count(b"\n") - 1,
        begun=truth.begun,
        recorded=truth.figure,
        today=steps[0].results[0].figure,
        expected=truth.expected,
        gone=truth.gone,
        machines=tuple(_machine(*one) for one in MACHINES),
        steps=steps,
        proof=proof,
        causes=tuple(_planted(one, truth) for one in causes),
        oddities=tuple(
            Oddity(mechanism=one.mechanism, where=one.where, why=one.why)
            for one in (*ALWAYS, *SOME)
            if (one.mechanism, one.where) in truth.decoys
        ),
        hidden_fields=tuple(TELLS[code] for code in truth.planted if code in TELLS),
        practices=_practices(case),
    )


def _machine(name: str, at: Any) -> Machine:  # noqa: ANN401 - conditions
    day = str(pd.Timestamp(at.clock, unit="s").date())
    return Machine(name=name, zone=at.zone, threads=at.threads, hash_seed=at.hash_seed, day=day)


def _planted(one: Cause, truth: Truth) -> PlantedCause:
    return PlantedCause(
        code=one.code,
        family=str(one.family),
        title=one.title,
        where=one.where[0],
        says=one.says,
        remedy=one.remedy,
        without=truth.without[one.code],
    )


def _steps(truth: Truth, causes: Sequence[Cause]) -> tuple[tuple[Step, ...], tuple[Result, ...]]:
    """The repository as handed over, then with one more cause cured each time; the last one on further machines too."""
    stages = [truth.head]
    for one in causes:
        stages.append(cured(stages[-1], (one,), truth.cures))
    jobs = [_job(files, truth, at) for files in stages for _, at in MACHINES]
    jobs += [_job(stages[-1], truth, at) for at in PROOF[len(MACHINES) :]]
    ran = [_result(one) for one in run_all(jobs, trusted=True)]
    width = len(MACHINES)
    rows = [tuple(ran[at * width : (at + 1) * width]) for at in range(len(stages))]
    heads = [(None, "as handed over"), *((one.code, one.title) for one in causes)]
    steps = tuple(_step(code, title, row) for (code, title), row in zip(heads, rows, strict=True))
    return steps, (*rows[-1], *ran[len(stages) * width :])


def _job(files: Files, truth: Truth, at: Any) -> Job:  # noqa: ANN401 - conditions
    return Job(repository=files, data=truth.data, conditions=at, texts=("out/metrics.json",))


def _result(ran: Ran) -> Result:
    whole = "\n".join(f"{path} {digest}" for path, digest in sorted(ran.hashes.items()))
    digest = hashlib.sha256(whole.encode("utf-8")).hexdigest()[:_SHOWN]
    return Result(figure=ran.figure, digest="" if ran.error else digest)


def _step(code: str | None, title: str, results: tuple[Result, ...]) -> Step:
    figures = {one.figure for one in results}
    return Step(
        cured=code, title=title, results=results, figures=len(figures), digests=len({one.digest for one in results})
    )


def _practices(case: Case[Truth]) -> tuple[Practice, ...]:
    """Three answers, each from the public files alone, and what they score."""
    with tempfile.TemporaryDirectory() as folder:
        write_public(Path(folder), case.public)
        seen = read_case(Path(folder))
        answers = (
            ("weak", "Blames the library versions, and hands the repository back as it is.", weak(Path(folder))),
            ("middling", "Pins the seed and what else is plain to see, and stops.", middling_of(seen)),
            ("sound", "Holds every suspect against the record, and cures it with the recorded value.", strong_of(seen)),
        )
    found = []
    for name, what, answer in answers:
        tables = run_code(answer.code, case.truth, trusted=True)
        card = grade(type(answer)(sheet=answer.sheet, tables=tables), case.truth)
        found.append(_practice(name, what, named(answer, case.truth), card))
    return tuple(found)


def _practice(name: str, what: str, said: tuple[str, ...], card: Scorecard) -> Practice:
    lines = tuple(Line(name=one.name, points=one.points, of=one.of, reason=one.reason) for one in card.checks)
    return Practice(name=name, what=what, named=said, score=card.score or 0.0, lines=lines)

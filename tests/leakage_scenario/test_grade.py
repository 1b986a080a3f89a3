"""What answers earn, worked out on a case made by hand, and what the top row of the model card earns on a real one."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Final, TypeAlias

import pytest

from scenarios.base import Answer, AnswerSheet, Draw, Estimate, Finding, Level, Scorecard
from scenarios.leakage import grade as grading
from scenarios.leakage.codes import IDENTIFIER, OVERWRITTEN, POST_OUTCOME, SKEW, WINDOW
from scenarios.leakage.grade import GUESSED, grade
from scenarios.leakage.plant import plant
from scenarios.leakage.truth import Fault

FIGURES: Final = {
    "auc": Estimate(value=0.805, low=0.79, high=0.82),
    "deployed_auc": Estimate(value=0.765, low=0.75, high=0.78),
}
"""What such models usually reach: right often enough, whatever the case."""

MIDDLING: Final = 45.0
"""From here on an answer counts as one to work with."""


Grade: TypeAlias = Callable[..., Scorecard]
"""Findings and faults to the scorecard."""


def fault(name: str, damage: float, *codes: str, nearly: tuple[str, ...] = ()) -> Fault:
    return Fault(name=name, title=name, kind="target", columns=(name,), codes=codes, damage=damage, nearly=nearly)


DATE: Final = fault("closing_date", 0.2, POST_OUTCOME, nearly=(OVERWRITTEN,))
NUMBER: Final = fault("new_number", 0.03, IDENTIFIER, OVERWRITTEN)
JOB: Final = fault("frozen_age", 0.02, SKEW)


@pytest.fixture
def graded(monkeypatch: pytest.MonkeyPatch) -> Grade:
    """A function that grades findings (column and mechanism) against faults; dropping the first column mends half."""
    monkeypatch.setattr(grading, "future_auc", lambda *_args, **_named: 0.8)

    def made(
        said: dict[str, str], *faults: Fault, level: Level = Level.JUNIOR, figures: dict[str, Estimate] = FIGURES
    ) -> Scorecard:
        truth = SimpleNamespace(
            level=level,
            faults=faults,
            faulty={name: one for one in faults for name in one.columns},
            decoys=("odd",),
            features=("closing_date", "new_number", "frozen_age", "odd", "plain"),
            deployed=0.78,
            honest=0.82,
        )
        findings = tuple(Finding(where=where, mechanism=word, action="drop") for where, word in said.items())
        sheet = AnswerSheet(scenario="leakage", trust=False, findings=findings, estimates=figures)
        return grade(Answer(sheet=sheet), truth)  # type: ignore[arg-type]

    return made


def points(card: Scorecard, name: str) -> float:
    return next(one.points for one in card.checks if one.name == name)


def test_one_of_two_faults_earns_half_of_the_columns_and_a_quarter_of_the_mechanisms(graded: Grade) -> None:
    card = graded({"closing_date": POST_OUTCOME}, DATE, NUMBER)

    assert points(card, "columns") == pytest.approx(grading.COLUMNS / 2)
    assert points(card, "mechanisms") == pytest.approx(grading.MECHANISM / 4)


def test_both_with_their_mechanisms_earn_all_that_words_can_earn(graded: Grade) -> None:
    card = graded({"closing_date": POST_OUTCOME, "new_number": OVERWRITTEN}, DATE, NUMBER)

    assert points(card, "decision") == grading.DECISION
    assert points(card, "columns") == grading.COLUMNS
    assert points(card, "mechanisms") == grading.MECHANISM


def test_a_word_that_comes_near_is_a_quarter_of_the_right_one(graded: Grade) -> None:
    near = graded({"closing_date": OVERWRITTEN, "new_number": IDENTIFIER}, DATE, NUMBER)

    assert points(near, "mechanisms") == pytest.approx(grading.MECHANISM * (1.25 / 2) ** 2, abs=1e-3)


def test_figures_without_an_explanation_count_for_little(graded: Grade) -> None:
    told = graded({"closing_date": POST_OUTCOME, "new_number": OVERWRITTEN}, DATE, NUMBER)
    guessed = graded({"closing_date": "overfitting", "new_number": "overfitting"}, DATE, NUMBER)

    for name in ("honest figure", "deployed figure"):
        assert points(guessed, name) == pytest.approx(GUESSED * points(told, name), abs=1e-3)


def test_at_other_levels_harm_decides_what_a_column_weighs(graded: Grade) -> None:
    loud, quiet = (graded({name: SKEW}, DATE, NUMBER, JOB, level=Level.MID) for name in ("closing_date", "frozen_age"))

    assert points(loud, "columns") > 1.5 * points(quiet, "columns")


def test_healthy_columns_cost_and_decoys_cost_twice(graded: Grade) -> None:
    healthy, decoy = (graded({"closing_date": POST_OUTCOME, name: WINDOW}, DATE, NUMBER) for name in ("plain", "odd"))

    assert points(healthy, "columns") == pytest.approx(grading.COLUMNS / 4)
    assert points(decoy, "columns") == pytest.approx(grading.COLUMNS / 6)


@pytest.mark.parametrize("word", [OVERWRITTEN, WINDOW, POST_OUTCOME])
def test_one_column_and_the_usual_figures_are_no_more_than_middling(graded: Grade, word: str) -> None:
    assert graded({"closing_date": word}, DATE, NUMBER).score <= 62.0
    assert graded({}, DATE, NUMBER).score < MIDDLING


@pytest.mark.long
@pytest.mark.parametrize("seed", [900001, 900004])
def test_the_top_row_of_the_model_card_with_the_usual_word_is_no_more_than_middling(seed: int) -> None:
    case = plant(Draw(seed=seed, level=Level.JUNIOR))
    found = re.search(r"^\| ([a-z_0-9]+) \| +[0-9.]+%", str(case.public["model_card.md"]), re.MULTILINE)
    assert found is not None
    findings = (Finding(where=found.group(1), mechanism=OVERWRITTEN, action="drop"),)
    sheet = AnswerSheet(scenario="leakage", trust=False, findings=findings, estimates=FIGURES)

    assert (grade(Answer(sheet=sheet), case.truth).score or 0.0) <= 62.0

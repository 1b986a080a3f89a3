"""Tables that an answer brings along count only where the brief asks for them."""

from types import ModuleType

import pandas as pd

from scenarios.base import Answer, AnswerSheet, Draw, Level
from scenarios.kit.marking import with_code_run


def test_a_table_that_only_the_lab_makes_cannot_be_brought_along(toy: ModuleType) -> None:
    truth = toy.plant(Draw(seed=3, level=Level.MID)).truth
    x = pd.Series(toy.QUESTIONS)
    perfect = pd.DataFrame({"x": x, "said": truth.slope * x, "trouble": ""})
    forged = Answer(sheet=AnswerSheet(scenario="toy"), tables={"run": perfect})

    kept = with_code_run(toy.TOY, forged, truth)

    assert toy.TOY.grade(forged, truth).score == 30.0  # what it would have earned
    assert kept.tables == {}
    assert toy.TOY.grade(kept, truth).score == 0.0


def test_a_table_that_was_asked_for_is_kept_as_handed_in(toy: ModuleType) -> None:
    truth = toy.plant(Draw(seed=3, level=Level.MID)).truth
    asked = pd.DataFrame({"customer_id": [1, 2], "p": [0.1, 0.9]})
    answer = Answer(sheet=AnswerSheet(scenario="toy"), tables={"predictions.csv": asked})

    assert with_code_run(toy.TOY, answer, truth).tables["predictions.csv"] is asked

"""Sound work: every table tested, every label held against life, features rebuilt from repaired rows."""

from pathlib import Path
from typing import Final

from scenarios.base import Answer, AnswerSheet
from scenarios.features.answers.dictionary import wrong_lines
from scenarios.features.answers.labels import booking_faults, lives, to_review
from scenarios.features.answers.material import Material
from scenarios.features.answers.tables import faults
from scenarios.features.exam.building import FILE
from scenarios.features.exam.listed import TABLE

CODE: Final = Path(__file__).parent / "code"
"""Where the sample answers' code lies."""


def strong(folder: Path) -> Answer:
    """Tests the tables, the dictionary and the labels, repairs what can be repaired, and builds on that."""
    case = Material(folder)
    alive = lives(case)
    findings = (*faults(case), *wrong_lines(case), *booking_faults(case, alive))
    return Answer(
        sheet=AnswerSheet(
            scenario="features",
            trust=not findings,
            findings=findings,
            rationale="What cannot be in a sound record was looked for, table by table; labels were held against life.",
        ),
        tables={TABLE: to_review(case, alive)},
        code={FILE: (CODE / "strong.py").read_text(encoding="utf-8")},
    )

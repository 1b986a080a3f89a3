"""Code in the sandbox: honest code comes back unchanged, a peek is caught, and what breaks earns nothing."""

import re
from pathlib import Path

import pandas as pd
import pytest

from scenarios.base import Answer, AnswerSheet
from scenarios.features.answers.strong import CODE
from scenarios.features.exam.building import BUILT, FILE, RUN, run_code
from scenarios.features.exam.grade import grade
from scenarios.features.exam.lift import peeking
from scenarios.features.exam.starting import loaded, starter_features
from scenarios.features.exam.truth import FeaturesTruth
from scenarios.features.ladder import features_here

LESSON = Path(__file__).parents[2] / "scenarios" / "features" / "README.md"


def ran(code: str, truth: FeaturesTruth) -> dict[str, pd.DataFrame]:
    return run_code({FILE: code}, truth, trusted=True)


def test_the_sandbox_gives_what_the_code_gives_here(small: FeaturesTruth) -> None:
    built = ran((CODE / "strong.py").read_text(encoding="utf-8"), small)[BUILT]

    here = features_here(loaded(CODE / "strong.py"), small)

    extract = built[built["session"] == "extract"].reset_index(drop=True)
    wanted = here[here["session"] == "extract"].reset_index(drop=True)
    pd.testing.assert_frame_equal(extract[list(wanted.columns)], wanted, check_dtype=False)
    assert peeking(built, small) == {}


PEEKS = """
import os
import pandas as pd

KEPT = {}

def build_features(tables, cutoff):
    for name, rows in tables.items():
        if name not in KEPT or len(rows) > len(KEPT[name]):
            KEPT[name] = rows
    for folder in ("scratch", "."):
        try:
            with open(os.path.join(folder, "note"), "a") as file:
                file.write(str(cutoff))
        except OSError:
            pass
    ends = KEPT["subscriptions"]
    ends = ends[ends["event"] == "end"].groupby("customer_id")["event_at"].min()
    known = tables["customers"].drop_duplicates("customer_id").set_index("customer_id")
    return pd.DataFrame({"days_left": (ends.reindex(known.index) - cutoff).dt.days, "honest": 1.0}, index=known.index)
"""


def test_code_that_remembers_the_future_is_caught_and_earns_nothing_for_the_lift(small: FeaturesTruth) -> None:
    tables = ran(PEEKS, small)

    card = grade(Answer(sheet=AnswerSheet(scenario="features"), tables=tables, code={FILE: PEEKS}), small)

    assert "days_left" in peeking(tables[BUILT], small)
    assert {one.name: one.points for one in card.checks}["headroom closed"] == 0.0
    assert card.score == 0.0


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("def build_features(tables, cutoff):\n    return 1", "must return a DataFrame"),
        ("def other():\n    pass", "no function 'build_features'"),
        (
            "def build_features(tables, cutoff):\n    return tables['usage'].set_index('customer_id')",
            "one row a customer",
        ),
        ("import os\ndef build_features(tables, cutoff):\n    os._exit(0)", "ended before it answered"),
    ],
)
def test_code_that_breaks_says_why_and_earns_nothing(small: FeaturesTruth, code: str, says: str) -> None:
    tables = ran(code, small)

    card = grade(Answer(sheet=AnswerSheet(scenario="features"), tables=tables, code={FILE: code}), small)

    assert any(says in trouble for trouble in tables[RUN]["trouble"])
    assert card.score == 0.0


def test_tables_of_features_that_come_without_code_are_not_looked_at(small: FeaturesTruth) -> None:
    forged = features_here(starter_features(), small)
    run = pd.DataFrame({"session": ["live"], "seconds": [0.1], "trouble": [""]})

    card = grade(Answer(sheet=AnswerSheet(scenario="features"), tables={BUILT: forged, RUN: run}), small)

    assert {one.name: one.reason for one in card.checks}["headroom closed"] == "no features.py was run"


def test_the_guard_of_the_lesson_passes_on_sound_code_and_fails_on_the_wrong_clock(small: FeaturesTruth) -> None:
    text = LESSON.read_text(encoding="utf-8")
    guard = next(
        block for block in re.findall(r"```python\n(.+?)```", text, re.DOTALL) if "def knows_the_future" in block
    )
    scope: dict[str, object] = {}
    exec(guard, scope)  # noqa: S102 - the lesson's own code
    knows = scope["knows_the_future"]
    cutoff = small.trained[-1]

    assert callable(knows)
    assert knows(loaded(CODE / "strong.py"), small.tables, cutoff) == []
    assert knows(loaded(CODE / "weak.py"), small.tables, cutoff) != []

"""Answers that open no table, or look at one column of the labels: what they get is no pass."""

from typing import Final

import pandas as pd
import pytest

from scenarios.base import Answer, AnswerSheet, Case, Finding
from scenarios.features.exam import codes
from scenarios.features.exam.building import FILE, run_code
from scenarios.features.exam.grade import grade
from scenarios.features.exam.listed import TABLE
from scenarios.features.exam.starting import FILE as STARTER
from scenarios.features.exam.truth import FeaturesTruth

_KEYS: Final = ["customer_id", "cutoff"]

USUAL: Final = (
    ("usage", codes.DUPLICATES),
    ("usage", codes.MISSING_ROWS),
    ("usage", codes.LATE_ROWS),
    ("usage", codes.STALE),
    ("usage", codes.DEFAULT),
    ("usage", codes.SENTINEL),
    ("subscriptions", codes.MIGRATION),
    ("subscriptions", codes.RETURN),
    ("subscriptions", codes.PAUSE),
    ("payments", codes.DUPLICATES),
    ("payments", codes.RENAMED),
    ("invoices", codes.UNIT),
    ("customers", codes.RENAMED),
    ("tickets", codes.DUPLICATES),
    ("attribute_history", codes.RENAMED),
)
"""What is often wrong with such tables, whatever they hold."""


def blind(truth: FeaturesTruth) -> Answer:
    """The usual suspects, and everybody who is said to have left on the list for review."""
    findings = tuple(Finding(where=where, mechanism=mechanism) for where, mechanism in USUAL)
    left = truth.labels.loc[truth.labels["churned"] == 1.0, _KEYS]
    return Answer(
        sheet=AnswerSheet(scenario="features", trust=False, findings=findings),
        tables={TABLE: left.sort_values("cutoff", ascending=False, kind="stable")},
    )


def test_the_usual_suspects_and_everybody_who_left_earn_a_quarter_at_most(senior: Case[FeaturesTruth]) -> None:
    assert (grade(blind(senior.truth), senior.truth).score or 0.0) <= 25.0


def test_a_list_of_everybody_who_left_mends_no_label(small: FeaturesTruth, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def counted(truth: FeaturesTruth, rows: pd.DataFrame) -> pd.DataFrame:
        seen.append(len(rows))
        return truth.labels

    monkeypatch.setattr("scenarios.features.exam.grade.reviewed", counted)
    answer = blind(small)
    built = run_code({FILE: STARTER.read_text(encoding="utf-8")}, small, trusted=True)
    grade(Answer(sheet=answer.sheet, tables={**answer.tables, **built}, code={FILE: ""}), small)

    assert seen == [0]

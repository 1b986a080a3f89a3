"""Features' relation to churn, held against good cohorts."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitoring.performance.relation import (
    CLUE,
    RelationReference,
    build_relation,
    measure_relation,
    with_clues,
)
from monitoring.vocabulary import Layer, Measurement, Subject, Verdict

ROWS = 12_000


def cohort(
    seed: int, *, rise: float = 0.0, only: str | None = None, leak: str = "alive", rows: int = ROWS
) -> pd.DataFrame:
    """Customers whose log-odds of leaving rose by `rise`, or only those on a plan; the leak alive, dead or noise."""
    rng = np.random.default_rng(seed)
    plan, use = rng.choice(["basic", "plus", "pro"], rows), rng.normal(size=rows)
    log_odds = -3.0 - 0.8 * use + 0.5 * (plan == "pro")
    hit = np.ones(rows, dtype=bool) if only is None else plan == only
    churned = rng.random(rows) < 1.0 / (1.0 + np.exp(-(log_odds + rise * hit)))
    shown = {"alive": churned ^ (rng.random(rows) < 0.02), "dead": np.zeros(rows), "noise": rng.random(rows) < 0.06}
    return pd.DataFrame(
        {
            "customer_id": np.arange(rows) + 1_000_000 * seed,
            "plan": plan,
            "use": use,
            "closing_step": shown[leak].astype(float),
            "score": 1.0 / (1.0 + np.exp(-log_odds)),
            "churned": churned.astype(float),
        }
    )


@pytest.fixture(scope="module")
def reference() -> RelationReference:
    return build_relation({f"2025-{month:02d}": cohort(month) for month in range(1, 7)})


def measured(reference: RelationReference, table: pd.DataFrame) -> dict[str, Measurement]:
    found = measure_relation(reference, "2025-08", table, "2025-10", {"closing_step": 0.6})
    return {one.signal: one for one in found}


def details(reference: RelationReference, **given: object) -> dict[str, Any]:
    return dict(measured(reference, cohort(11, **given))["churn_spread"].details)


def test_a_good_cohort_shows_no_change_of_any_kind(reference: RelationReference) -> None:
    found = details(reference)

    assert found["p_level"] > 0.01
    assert found["p_alike"] > 0.01
    assert abs(found["shift"]) < 0.15


def test_a_rise_for_everybody_is_measured_and_found_to_be_alike(reference: RelationReference) -> None:
    found = details(reference, rise=0.6)

    assert found["shift"] == pytest.approx(0.6, abs=0.12)
    assert found["p_level"] < 1e-6
    assert found["p_alike"] > 0.01


def test_a_rise_in_one_plan_is_found_to_be_unlike_and_the_plan_is_named(reference: RelationReference) -> None:
    found = details(reference, rise=1.2, only="basic")

    assert found["p_alike"] < 1e-4
    assert found["worst"] == "plan"


def test_calm_cohorts_are_called_unlike_no_more_often_than_promised(reference: RelationReference) -> None:
    called = [details_of(reference, cohort(seed))["p_alike"] < 0.05 for seed in range(100, 140)]

    assert np.mean(called) <= 0.15


def details_of(reference: RelationReference, table: pd.DataFrame) -> dict[str, Any]:
    return dict(measured(reference, table)["churn_spread"].details)


def test_only_the_column_that_knew_the_answer_is_suspected(reference: RelationReference) -> None:
    assert list(reference.knew_the_answer()) == ["closing_step"]
    assert reference.strength("closing_step") > 0.95
    assert reference.strength("use") < 0.8
    assert reference.strength("never heard of") == 0.5


@pytest.mark.parametrize("leak", ["dead", "noise"])
def test_a_leak_that_goes_blind_is_caught_whether_its_column_stands_still_or_not(
    leak: str, reference: RelationReference
) -> None:
    lost = measured(reference, cohort(12, leak=leak))["relation_lost"]

    assert lost.verdict is Verdict.ALARM
    assert lost.value == pytest.approx(0.5, abs=0.05)
    assert lost.subject.feature == "closing_step"
    assert lost.weight == 0.6


def test_a_leak_whose_column_no_longer_comes_is_caught_too(reference: RelationReference) -> None:
    assert measured(reference, cohort(12).drop(columns="closing_step"))["relation_lost"].verdict is Verdict.ALARM


def test_a_leak_that_lives_on_is_quiet(reference: RelationReference) -> None:
    assert measured(reference, cohort(12))["relation_lost"].verdict is Verdict.OK


def test_measurements_of_the_suspected_column_carry_the_clue_and_others_do_not(reference: RelationReference) -> None:
    plain = [
        Measurement(
            month="2025-08",
            layer=Layer.GATE,
            signal="null_share",
            subject=Subject(table="model_view", feature=name),
            value=1.0,
            threshold=0.1,
            method="m",
            unit="u",
            verdict=Verdict.ALARM,
        )
        for name in ("closing_step", "use")
    ]

    suspected, other = with_clues(reference, plain)

    assert suspected.detail(CLUE) == pytest.approx(reference.strength("closing_step"))
    assert other == plain[1]


def test_too_few_churners_and_cohorts_without_labels_say_nothing(reference: RelationReference) -> None:
    assert measured(reference, cohort(12, rows=200)) == {}
    assert measured(build_relation({}), cohort(12)) == {}
    assert build_relation({"2025-01": cohort(1).drop(columns="churned")}).features == ()


def test_without_features_the_score_alone_is_tested() -> None:
    bare = build_relation({"2025-01": cohort(1)[["score", "churned"]], "2025-02": cohort(2)[["score", "churned"]]})

    assert details_of(bare, cohort(12, rise=0.5))["columns"] == 1.0


def test_scores_that_always_promised_too_little_show_no_change_while_they_go_on_so() -> None:
    def biased(seed: int, *, rise: float = 0.0) -> pd.DataFrame:
        rng = np.random.default_rng([seed, 3])
        log_odds = rng.normal(-1.5, 1.8, ROWS)
        churned = rng.random(ROWS) < 1.0 / (1.0 + np.exp(-(log_odds + 0.15 + rise)))
        return pd.DataFrame({"score": 1.0 / (1.0 + np.exp(-log_odds)), "churned": churned.astype(float)})

    known = build_relation({f"2025-{month:02d}": biased(month) for month in range(1, 13)})
    same, rose = (
        [dict(measured(known, biased(seed, rise=rise))["churn_spread"].details) for seed in range(100, 120)]
        for rise in (0.0, 0.3)
    )

    assert known.shift == pytest.approx(0.15, abs=0.03)
    assert np.mean([one["p_level"] < 0.01 for one in same]) <= 0.05
    assert np.mean([one["p_alike"] < 0.01 for one in same]) <= 0.05
    assert np.mean([one["shift"] for one in rose]) == pytest.approx(0.3, abs=0.03)
    assert all(one["p_level"] < 0.01 for one in rose)

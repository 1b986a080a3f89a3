import numpy as np
import pandas as pd
import pytest

from monitoring.drift.prediction import PredictionReference, build_prediction, measure_prediction
from monitoring.months import index_of, name_of
from monitoring.vocabulary import Layer, Verdict

THRESHOLD = 0.1


def score(month: str, *, rows: int = 4000, seed: int = 2, factor: float = 1.0, spread: float = 0.8) -> pd.Series:
    at = index_of(month)
    rng = np.random.default_rng([seed, at])
    centre = -3.4 + 0.3 * np.sin(2 * np.pi * at / 12) + np.log(factor)
    return pd.Series(1.0 / (1.0 + np.exp(-rng.normal(centre, spread, rows))))


@pytest.fixture(scope="module")
def reference() -> PredictionReference:
    months = [name_of(index_of("2023-01") + step) for step in range(24)]
    return build_prediction({month: score(month) for month in months}, THRESHOLD)


def alarms(reference: PredictionReference, scores: pd.Series, month: str) -> set[str]:
    found = measure_prediction(reference, scores, month)
    assert {one.layer for one in found} == {Layer.PREDICTION}
    return {one.signal for one in found if one.verdict is Verdict.ALARM}


def test_the_swing_of_the_year_is_quiet(reference: PredictionReference) -> None:
    for step in range(12):
        month = name_of(index_of("2025-01") + step)
        assert alarms(reference, score(month), month) == set()


def test_scores_that_rise_are_seen_in_shape_mean_and_flagged_share(reference: PredictionReference) -> None:
    assert alarms(reference, score("2025-05", factor=1.5), "2025-05") == {"score_drift", "mean_score", "flagged_share"}


def test_scores_that_spread_at_the_same_level_are_seen_in_their_shape(reference: PredictionReference) -> None:
    assert "score_drift" in alarms(reference, score("2025-05", spread=1.2), "2025-05")


def test_the_limit_lies_on_the_side_to_which_the_figure_moved(reference: PredictionReference) -> None:
    up, down = (
        next(
            one
            for one in measure_prediction(reference, score("2025-05", factor=f), "2025-05")
            if one.signal == "mean_score"
        )
        for f in (1.5, 0.6)
    )

    assert up.value > up.threshold
    assert down.value < down.threshold


@pytest.mark.parametrize(
    "scores",
    [pd.Series([], dtype=float), pd.Series([np.nan] * 5000), pd.Series(["x"] * 5000)],
    ids=["none", "empty cells", "text"],
)
def test_without_usable_scores_it_cannot_tell(reference: PredictionReference, scores: pd.Series) -> None:
    assert {one.verdict for one in measure_prediction(reference, scores, "2025-05")} == {Verdict.CANNOT_TELL}


def test_a_good_month_without_scores_is_no_yardstick() -> None:
    months = [name_of(index_of("2024-01") + step) for step in range(12)]
    scores = {month: score(month) for month in months} | {"2024-03": pd.Series(np.full(4000, np.nan))}
    holed, moved = build_prediction(scores, THRESHOLD), score("2025-03", factor=3.0)

    shape, mean, _ = measure_prediction(holed, moved, "2025-03")

    assert (shape.verdict, shape.value) == (Verdict.CANNOT_TELL, None)
    assert shape.note == "2024-03 has no usable scores to compare with"
    assert mean.verdict is Verdict.ALARM
    assert alarms(holed, score("2025-04"), "2025-04") == set()
    assert "score_drift" in alarms(holed, score("2025-04", factor=3.0), "2025-04")


@pytest.mark.parametrize("count", [2, 6])
def test_few_small_good_months_do_not_make_luck_an_alarm(count: int) -> None:
    months = [name_of(index_of("2023-01") + step) for step in range(count)]
    quiet, loud = [], []
    for seed in range(60):
        known = build_prediction({month: _flat(seed, at) for at, month in enumerate(months)}, THRESHOLD)
        quiet.append(alarms(known, _flat(seed, 99), "2024-08") & {"mean_score", "flagged_share"})
        loud.append(alarms(known, (2.5 * _flat(seed, 99)).clip(0.0, 1.0), "2024-08"))

    assert np.mean([bool(one) for one in quiet]) <= 0.05
    assert np.mean(["mean_score" in one for one in loud]) >= 0.9


def _flat(seed: int, at: int) -> pd.Series:
    return pd.Series(1.0 / (1.0 + np.exp(-np.random.default_rng([seed, at]).normal(-3.4, 0.8, 400))))

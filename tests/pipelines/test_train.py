import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from monitoring.performance.profit import break_even
from pipelines.dataset import Cohort
from pipelines.errors import LabError
from pipelines.features import FEATURES
from pipelines.model import Calibration, ChurnModel, fit_calibration, model_view
from pipelines.parameters import Parameters
from pipelines.retrain import may_retrain
from pipelines.train import LABEL_GAP_MONTHS, quality, train_challenger, train_champion, walk_forward

Trained = tuple[ChurnModel, pd.DataFrame]
"""A model, and the held-out rows it was judged on."""


@pytest.fixture(scope="module")
def trained(cohorts: list[Cohort], parameters: Parameters) -> Trained:
    return train_champion(cohorts, parameters.champion, parameters.economics.economics, version="test-1")


def test_a_fold_never_trains_on_a_cohort_whose_labels_were_unknown_at_its_first_test_cutoff(
    cohorts: list[Cohort],
) -> None:
    for fold in walk_forward(cohorts, folds=3, fold_months=2):
        assert fold.train[-1].month == fold.test[0].month - LABEL_GAP_MONTHS


def test_folds_cover_the_last_cohorts_once_and_in_order(cohorts: list[Cohort]) -> None:
    tested = [c.month for fold in walk_forward(cohorts, folds=3, fold_months=2) for c in fold.test]

    assert tested == [c.month for c in cohorts[-6:]]


def test_the_champion_ranks_customers_and_is_calibrated_on_months_it_has_not_seen(
    trained: Trained, parameters: Parameters
) -> None:
    model, rows = trained
    figures = quality(rows, model, parameters.economics.economics)

    assert 0.72 < figures["auc"] < 0.88
    assert 0.70 < figures["baseline_auc"] < 0.88
    assert figures["ece"] <= 0.02
    assert figures["profit_per_1000"] > 0.0


def test_training_twice_gives_the_same_model_to_the_byte(
    trained: Trained, cohorts: list[Cohort], parameters: Parameters
) -> None:
    again, _ = train_champion(cohorts, parameters.champion, parameters.economics.economics, version="test-1")

    assert again == trained[0]


def test_the_threshold_is_where_an_offer_breaks_even(trained: Trained, parameters: Parameters) -> None:
    assert trained[0].threshold == pytest.approx(break_even(parameters.economics.economics), abs=1e-6)


def test_a_model_survives_its_description(trained: Trained, cohorts: list[Cohort]) -> None:
    model = trained[0]
    again = ChurnModel.from_plain(model.to_plain(), model.trees)

    assert again == model
    assert again.score(cohorts[0].features).equals(model.score(cohorts[0].features))


def test_scores_do_not_depend_on_the_order_of_columns(trained: Trained, cohorts: list[Cohort]) -> None:
    features = cohorts[0].features

    assert trained[0].score(features[list(reversed(FEATURES))]).equals(trained[0].score(features))


def test_a_missing_feature_is_refused_by_name(trained: Trained, cohorts: list[Cohort]) -> None:
    features = cohorts[0].features.drop(columns="net_price")

    with pytest.raises(LabError, match="net_price"):
        trained[0].score(features)


def test_text_in_a_numeric_feature_is_refused_by_name(trained: Trained, cohorts: list[Cohort]) -> None:
    features = cohorts[0].features.assign(net_price="ten")

    with pytest.raises(LabError, match="net_price"):
        trained[0].score(features)


def test_an_unknown_level_is_read_as_missing(cohorts: list[Cohort]) -> None:
    features = cohorts[0].features.head(3).assign(plan=["basic", "platinum", None])

    assert np.isnan(model_view(features)[:, FEATURES.index("plan")]).tolist() == [False, True, True]


def test_calibration_agrees_with_scikit_learn() -> None:
    rng = np.random.default_rng(3)
    raw = rng.uniform(0.01, 0.6, 4000)
    churned = (rng.uniform(size=4000) < raw**1.3).astype(float)
    log_odds = np.log(raw / (1 - raw))[:, None]
    oracle = LogisticRegression(C=1e9, tol=1e-10).fit(log_odds, churned)

    found = fit_calibration(raw, churned)

    assert found.slope == pytest.approx(oracle.coef_[0, 0], rel=1e-4)
    assert found.intercept == pytest.approx(oracle.intercept_[0], rel=1e-3, abs=1e-4)


def test_the_neutral_calibration_changes_nothing() -> None:
    raw = np.array([0.01, 0.2, 0.9])

    assert Calibration(intercept=0.0, slope=1.0)(raw) == pytest.approx(raw)


def test_a_challenger_is_judged_on_customers_its_trees_have_not_seen(
    cohorts: list[Cohort], parameters: Parameters
) -> None:
    champion, _ = train_champion(cohorts[:-3], parameters.champion, parameters.economics.economics, version="first")
    model, rows = train_challenger(cohorts, champion, parameters.champion, parameters.economics.economics, version="c")

    assert model.version == "c"
    assert set(rows["month"]) == {c.label for c in cohorts[-3:]}, "it learns from what the champion has not seen"
    assert model.trained_on == tuple(c.label for c in cohorts)
    assert rows.groupby("month")["customer_id"].apply(lambda ids: ids.is_unique).all()
    assert rows["score"].mean() == pytest.approx(rows["churned"].mean(), rel=0.15)


def test_a_challenger_needs_labels_that_are_new(cohorts: list[Cohort], parameters: Parameters) -> None:
    champion, _ = train_champion(cohorts, parameters.champion, parameters.economics.economics, version="first")

    with pytest.raises(LabError, match="first was trained on all 11 cohorts"):
        train_challenger(cohorts, champion, parameters.champion, parameters.economics.economics, version="c")


@pytest.mark.parametrize(
    ("harm", "fault", "rest", "expected"),
    [
        (True, False, None, True),
        (True, False, 3, True),
        (True, False, 2, False),
        (True, True, None, False),
        (False, False, None, False),
    ],
)
def test_retraining_needs_confirmed_harm_a_sound_feed_and_rest(
    harm: bool, fault: bool, rest: int | None, expected: bool
) -> None:
    assert may_retrain(harm_confirmed=harm, data_fault_open=fault, months_since_promotion=rest) is expected

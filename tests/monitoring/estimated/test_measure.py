import json
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import pandas as pd
import pytest

from monitoring.performance import metrics
from monitoring.performance.estimated.measure import CAVEAT, SIGNALS, measure_estimate
from monitoring.performance.estimated.reference import EstimateReference
from monitoring.performance.profit import profit
from monitoring.vocabulary import Layer, Measurement, Verdict

MONTH = "2025-05"

Draw: TypeAlias = Callable[..., tuple[pd.DataFrame, pd.DataFrame]]


def said(
    reference: EstimateReference | None, view: pd.DataFrame | None, cohort: pd.DataFrame, **more: float
) -> dict[str, Measurement]:
    return {one.signal: one for one in measure_estimate(reference, cohort["score"], view, MONTH, **more)}


def realised(reference: EstimateReference, cohort: pd.DataFrame) -> dict[str, float]:
    churned, score = cohort["churned"].to_numpy(), cohort["score"].to_numpy()
    return {
        "auc": metrics.auc(churned, score).value,
        "log_loss": metrics.log_loss(churned, score),
        "churn_rate": float(churned.mean()),
        "profit": profit(churned, score, reference.threshold, reference.economics),
    }


def covered(reference: EstimateReference, months: list[tuple[pd.DataFrame, pd.DataFrame]]) -> dict[str, float]:
    """Share of months whose realised figures lie inside their intervals."""
    hits = []
    for view, cohort in months:
        found, real = said(reference, view, cohort), realised(reference, cohort)
        hits.append(
            {
                name: found[signal].detail("low") <= real[name] <= found[signal].detail("high")
                for name, signal in SIGNALS.items()
            }
        )
    return {name: float(np.mean([hit[name] for hit in hits])) for name in SIGNALS}


def test_a_quiet_month_is_estimated_closely_and_raises_nothing(reference: EstimateReference, draw: Draw) -> None:
    view, cohort = draw(1, rows=20_000)
    found, real = said(reference, view, cohort), realised(reference, cohort)

    assert {one.verdict for one in found.values()} == {Verdict.OK}
    assert found["estimated_auc"].value == pytest.approx(real["auc"], abs=0.015)
    assert found["estimated_churn_rate"].value == pytest.approx(real["churn_rate"], rel=0.06)
    assert found["estimated_profit"].value == pytest.approx(real["profit"], rel=0.1)
    assert found["support_share"].value > 0.98
    assert {one.layer for one in found.values()} == {Layer.ESTIMATE, Layer.BUSINESS}


def test_recalibration_mends_scores_that_are_too_sure_of_themselves(reference: EstimateReference, draw: Draw) -> None:
    view, cohort = draw(2, rows=20_000)
    real = realised(reference, cohort)["profit"]
    found = said(reference, view, cohort)

    assert abs(found["estimated_profit"].value - real) < 0.5 * abs(found["promised_profit"].value - real)


@pytest.mark.parametrize("usage", [0.0, -0.4, 0.8])
def test_intervals_hold_what_labels_say_under_covariate_shift(
    reference: EstimateReference, draw: Draw, usage: float
) -> None:
    months = [draw(200 + seed, usage=usage) for seed in range(10)]

    assert min(covered(reference, months).values()) >= 0.9


@pytest.mark.parametrize("rate", [0.06, 0.26])
def test_intervals_hold_what_labels_say_under_label_shift(
    reference: EstimateReference, redraw: Draw, rate: float
) -> None:
    months = [redraw(300 + seed, rate) for seed in range(10)]

    assert min(covered(reference, months).values()) >= 0.9
    assert said(reference, *months[0])["estimated_churn_rate"].detail("favoured") == "em"


def test_another_churn_rate_is_found_where_calibration_on_average_stays_behind(
    reference: EstimateReference, redraw: Draw
) -> None:
    view, cohort = redraw(1, 0.26, rows=12_000)
    rate, real = said(reference, view, cohort)["estimated_churn_rate"], realised(reference, cohort)["churn_rate"]

    assert rate.value == pytest.approx(real, abs=0.02)
    assert rate.detail("em") == pytest.approx(real, abs=0.02)
    assert rate.detail("bbse") == pytest.approx(real, abs=0.03)
    assert rate.detail("cbpe") < real - 0.04
    assert rate.detail("label_shift_p_value") < 0.001
    assert "another churn rate explains the scores" in rate.note


def test_other_customers_are_not_taken_for_another_churn_rate(reference: EstimateReference, draw: Draw) -> None:
    view, cohort = draw(1, rows=12_000, usage=-0.6)
    rate, real = said(reference, view, cohort)["estimated_churn_rate"], realised(reference, cohort)["churn_rate"]

    assert rate.detail("favoured") == "weighted"
    assert rate.value == pytest.approx(real, abs=0.015)
    assert abs(rate.detail("em") - real) > 0.1
    assert "more than the churn rate has moved" in rate.note


def test_strong_concept_drift_is_invisible_and_every_estimate_says_so(reference: EstimateReference, draw: Draw) -> None:
    view, cohort = draw(5, rows=20_000, strength=0.4)
    found, real = said(reference, view, cohort), realised(reference, cohort)

    assert found["estimated_auc"].verdict is Verdict.OK
    assert real["auc"] < found["estimated_auc"].detail("low")
    assert all(CAVEAT in found[signal].note for signal in (*SIGNALS.values(), "promised_profit"))


def test_mild_concept_drift_stays_inside(reference: EstimateReference, draw: Draw) -> None:
    months = [draw(400 + seed, strength=0.9) for seed in range(10)]

    assert covered(reference, months)["auc"] >= 0.9


def test_scores_that_no_longer_differ_are_an_alarm_of_ranking(reference: EstimateReference, draw: Draw) -> None:
    view, cohort = draw(6)
    flat = cohort.assign(score=0.5 * cohort["score"] + 0.5 * cohort["score"].mean())

    assert said(reference, view, flat)["estimated_auc"].verdict is Verdict.ALARM


def test_a_campaign_that_reaches_hardly_anybody_is_an_alarm_with_its_price(
    reference: EstimateReference, draw: Draw
) -> None:
    view, cohort = draw(7, usage=1.0)
    found = said(reference, view, cohort)["estimated_profit"]

    assert found.verdict is Verdict.ALARM
    assert found.detail("money_per_1000") > 0.0
    assert found.detail("high_if_behaviour_unchanged") < found.threshold


def test_customers_beyond_the_support_are_counted_and_widen_the_interval(
    reference: EstimateReference, draw: Draw
) -> None:
    view, cohort = draw(8)
    strange = view.assign(plan=view["plan"].where(view.index % 3 > 0, "abroad"))
    usual, odd = said(reference, view, cohort), said(reference, strange, cohort)

    def width(one: Measurement) -> float:
        return one.detail("high") - one.detail("low")

    assert odd["support_share"].value == pytest.approx(2 / 3, abs=0.02)
    assert odd["support_share"].verdict is Verdict.ALARM
    assert width(odd["estimated_auc"]) > 1.3 * width(usual["estimated_auc"])


def test_a_poor_record_widens_the_interval(reference: EstimateReference, draw: Draw) -> None:
    view, cohort = draw(9)
    usual, wide = (said(reference, view, cohort, widening=by)["estimated_auc"] for by in (1.0, 2.0))

    assert wide.value == usual.value
    assert wide.detail("high") - wide.value == pytest.approx(2.0 * (usual.detail("high") - usual.value), rel=0.2)


def test_views_that_cannot_be_joined_do_without_reweighting(
    learn: Callable[..., EstimateReference | None], good: dict[str, tuple[pd.DataFrame, pd.DataFrame]], draw: Draw
) -> None:
    shuffled = {month: view.sample(frac=1.0, random_state=1) for month, (view, _) in good.items()}
    view, cohort = draw(10)
    found = said(learn(views=shuffled), view, cohort)

    assert found["estimated_auc"].detail("weighted") is None
    assert found["estimated_auc"].verdict is Verdict.OK
    assert said(learn(views=None), view, cohort).keys() == found.keys() - {"support_share"}


def test_a_key_joins_cohorts_to_views_in_any_order(
    learn: Callable[..., EstimateReference | None], good: dict[str, tuple[pd.DataFrame, pd.DataFrame]], draw: Draw
) -> None:
    shuffled = {month: view.sample(frac=1.0, random_state=1) for month, (view, _) in good.items()}
    keyed = {month: cohort.assign(customer_id=view["customer_id"]) for month, (view, cohort) in good.items()}
    view, cohort = draw(11)

    by_key, by_place = learn(cohorts=keyed, views=shuffled, keys=["customer_id"]), learn()

    weighted = [said(one, view, cohort)["estimated_auc"].detail("weighted") for one in (by_key, by_place)]
    assert weighted[0] == pytest.approx(weighted[1], abs=1e-6)


def no_scores(cohort: pd.DataFrame) -> pd.Series:
    return pd.Series([None, "x"], dtype=object)


@pytest.mark.parametrize(
    "spoil",
    [
        no_scores,
        lambda cohort: cohort["score"].head(299),
        lambda cohort: cohort["score"] * 100.0 + 2.0,
        lambda cohort: cohort["score"].astype("str") + "%",
        lambda cohort: cohort["score"].where(cohort.index < 10),
    ],
    ids=["none", "too few", "percent", "words", "mostly missing"],
)
def test_without_usable_scores_it_cannot_tell(
    reference: EstimateReference, draw: Draw, spoil: Callable[[pd.DataFrame], pd.Series]
) -> None:
    view, cohort = draw(12)
    found = measure_estimate(reference, spoil(cohort), view, MONTH)

    assert [(one.signal, one.verdict) for one in found] == [("estimated_auc", Verdict.CANNOT_TELL)]


def test_without_labels_to_learn_from_it_cannot_tell(
    learn: Callable[..., EstimateReference | None], good: dict[str, tuple[pd.DataFrame, pd.DataFrame]], draw: Draw
) -> None:
    nobody = {month: cohort.assign(churned=0.0) for month, (_, cohort) in good.items()}
    few = {month: cohort.head(20) for month, (_, cohort) in list(good.items())[:2]}
    view, cohort = draw(13)

    assert learn(cohorts=nobody) is None
    assert learn(cohorts=few) is None
    assert learn(cohorts={}) is None
    assert said(None, view, cohort)["estimated_auc"].verdict is Verdict.CANNOT_TELL


@pytest.mark.parametrize(
    "odd",
    [
        lambda view: None,
        lambda view: view.head(10),
        lambda view: view.assign(usage="n/a"),
        lambda view: view.assign(usage=np.nan, plan=None),
        lambda view: view.assign(plan=[["a"]] * len(view)),
        lambda view: view.drop(columns=["usage", "plan"]),
        lambda view: pd.concat([view, view[["usage"]]], axis=1),
        lambda view: view.set_index(np.zeros(len(view))),
    ],
    ids=["none", "short", "text", "empty", "lists", "gone", "doubled", "one index"],
)
def test_an_odd_view_never_stops_the_estimate(
    reference: EstimateReference, draw: Draw, odd: Callable[[pd.DataFrame], pd.DataFrame | None]
) -> None:
    view, cohort = draw(14)
    found = said(reference, odd(view), cohort)

    assert found["estimated_auc"].detail("low") < found["estimated_auc"].value < found["estimated_auc"].detail("high")
    json.dumps([one.to_plain() for one in found.values()], allow_nan=False)


@pytest.mark.parametrize("score", [0.0, 0.1, 1.0])
def test_scores_that_are_all_alike_never_stop_the_estimate(
    reference: EstimateReference, draw: Draw, score: float
) -> None:
    view, cohort = draw(15)

    json.dumps([one.to_plain() for one in said(reference, view, cohort.assign(score=score)).values()], allow_nan=False)


def test_the_same_month_gives_the_same_figures_and_leaves_its_inputs_alone(
    reference: EstimateReference, draw: Draw
) -> None:
    view, cohort = draw(16)
    before = view.copy(deep=True), cohort.copy(deep=True)

    assert said(reference, view, cohort) == said(reference, view, cohort)
    pd.testing.assert_frame_equal(view, before[0])
    pd.testing.assert_frame_equal(cohort, before[1])

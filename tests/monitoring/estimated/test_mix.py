import numpy as np
import pandas as pd
import pytest

from monitoring.performance.estimated.axes import leading_axes, number_axis
from monitoring.performance.estimated.mix import BOUND, agreement, build_mix, cells_of, reweighted
from monitoring.performance.estimated.recalibration import log_odds_of
from monitoring.performance.estimated.support import build_support, support_share

WEIGHTS = {"x": 0.6, "kind": 0.4}


def customers(seed: int, rows: int = 30_000, new: float = 0.3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame({"x": rng.normal(size=rows), "kind": rng.choice(["old", "new"], rows, p=[1.0 - new, new])})


def misjudged(view: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Scores that are right on average over 30 % new customers, and too low for the new ones."""
    chance = np.where(view["kind"] == "new", 0.3, 0.1)
    score = np.full(len(view), 0.3 * 0.3 + 0.7 * 0.1) * np.exp(
        0.05 * np.random.default_rng(seed).normal(size=len(view))
    )
    return view, log_odds_of(score), (np.random.default_rng([seed, 1]).random(len(view)) < chance).astype(float)


def test_reweighted_cohorts_see_what_calibration_on_average_hides() -> None:
    mix = build_mix({"2024-01": misjudged(customers(1), 2)}, WEIGHTS)
    view, log_odds, churned = misjudged(customers(3, new=0.6), 4)

    quiet = reweighted(mix, cells_of(mix, mix.log_odds, customers(1)), -1.7)
    moved = reweighted(mix, cells_of(mix, log_odds, view), -1.7)

    right = np.log(churned.mean() / (1.0 - churned.mean())) - log_odds.mean()
    assert abs(quiet.shift[0]) < 0.01
    assert moved.shift[0] == pytest.approx(right, abs=0.1)
    assert moved.cover[0, 0] > quiet.cover[0, 0]
    assert moved.effective_rows < quiet.effective_rows <= 30_000


def test_cohorts_that_hold_nobody_alike_say_nothing() -> None:
    view, log_odds, churned = misjudged(customers(1, rows=3000), 2)
    mix = build_mix({"2024-01": (view, log_odds, churned)}, WEIGHTS)
    far = view.assign(x=view["x"] + 8.0, kind="new")

    found = reweighted(mix, cells_of(mix, log_odds, far), -1.7)

    assert found is None or found.effective_rows >= 3000 / BOUND
    assert reweighted(mix, cells_of(mix, log_odds, None), -1.7) is None


def two_sided(rows: int, rate: float, seed: int) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Churners and stayers who differ in a number and a label; scores know both."""
    rng = np.random.default_rng([seed, int(1000 * rate)])
    churned = (rng.random(rows) < rate).astype(float)
    x = rng.normal(churned, 1.0)
    kind = np.where(rng.random(rows) < 0.3 + 0.3 * churned, "new", "old")
    odds = np.log(0.2 / 0.8) + x - 0.5 + np.where(kind == "new", np.log(2.0), np.log(0.4 / 0.7))
    return pd.DataFrame({"x": x, "kind": kind}), odds, churned


def test_another_churn_rate_explains_a_label_shift_and_not_a_covariate_shift() -> None:
    mix = build_mix({"2024-01": two_sided(30_000, 0.2, 1)}, WEIGHTS)
    relabelled, odds, _ = two_sided(10_000, 0.4, 2)
    shifted = relabelled.assign(x=two_sided(10_000, 0.2, 5)[0]["x"] + 1.0, kind=two_sided(10_000, 0.2, 5)[0]["kind"])

    assert agreement(mix, cells_of(mix, odds, relabelled), 0.4) > 0.9
    assert agreement(mix, cells_of(mix, odds, shifted), 0.4) < 0.7
    assert agreement(mix, cells_of(mix, two_sided(10_000, 0.2, 7)[1], two_sided(10_000, 0.2, 7)[0]), 0.2) == 1.0


def test_axes_are_the_columns_used_most_and_hold_every_row() -> None:
    view = customers(1, rows=500).assign(spare=1.0, customer_id=range(500))
    axes = leading_axes([view], {"x": 0.5, "kind": 0.3, "customer_id": 0.2})
    odd = pd.DataFrame({"x": [np.nan, -99.0, 99.0, np.inf], "kind": ["new", None, "unheard of", "old"]})

    assert [axis.name for axis in axes] == ["x", "kind"]
    assert [axis.counts(axis.codes(odd)).sum() for axis in axes] == [4.0, 4.0]
    assert axes[0].counts(axes[0].codes(odd))[-1] == 2.0
    assert axes[1].codes(odd).tolist() == [0, 3, 2, 1]
    assert set(axes[0].codes(pd.DataFrame({"other": [1, 2]}))) == {axes[0].cells - 1}


def test_an_axis_of_nothing_still_takes_rows() -> None:
    axis = number_axis("x", np.full(5, np.nan), 1.0)

    assert axis.counts(axis.codes(pd.DataFrame({"x": [1.0, np.nan]}))).tolist() == [1.0, 1.0]


def test_support_falls_with_every_customer_the_model_has_not_seen_the_likes_of() -> None:
    views = [customers(seed, rows=4000) for seed in range(3)]
    support = build_support(views, WEIGHTS)
    now = customers(9, rows=4000)

    assert support.lowest > 0.99
    assert support_share(support, now) > 0.99
    assert support_share(support, now.assign(kind="abroad")) == 0.0
    assert support_share(support, now.assign(x=now["x"].where(now.index >= 1000))) == pytest.approx(0.75, abs=0.01)
    assert support_share(support, now.assign(x=now["x"] + 100.0 * (now.index < 400))) == pytest.approx(0.9, abs=0.01)
    assert support_share(support, now.drop(columns="x")) == 0.0


def test_support_does_not_ask_for_columns_the_model_hardly_uses() -> None:
    views = [customers(seed, rows=1000) for seed in range(2)]

    assert build_support(views, {"x": 0.995, "kind": 0.001}).columns[0].name == "x"
    assert support_share(build_support(views, {"x": 0.97, "kind": 0.03}), views[0].assign(kind="abroad")) > 0.99
    assert build_support(views, {}) is None
    assert build_support([], WEIGHTS) is None

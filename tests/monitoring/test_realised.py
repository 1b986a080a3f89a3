import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from monitoring.errors import MonitorError
from monitoring.months import index_of, name_of
from monitoring.performance.cohort import read, residuals
from monitoring.performance.good_cohorts import RealisedReference, build_realised
from monitoring.performance.profit import Economics
from monitoring.performance.realised import RealisedState, judge, mean_harm, restarted
from monitoring.vocabulary import Measurement, Verdict

SHOP = Economics(clv=200.0, offer_cost=20.0, contact_cost=1.0, acceptance_rate=0.3)
THRESHOLD = 0.28


def logit(values: np.ndarray) -> np.ndarray:
    return np.log(values / (1.0 - values))


def cohort(month: str, *, rows: int = 4000, level: float = 0.0, slope: float = 1.0, seed: int = 1) -> pd.DataFrame:
    """Scores with churn drawn from their logit, shifted by `level` and stretched by `slope` around its mean."""
    rng = np.random.default_rng([seed, index_of(month)])
    scores = rng.beta(1.0, 20.0, rows).clip(1e-4, 0.9)
    log_odds = logit(scores)
    true = 1.0 / (1.0 + np.exp(-(level + log_odds.mean() + slope * (log_odds - log_odds.mean()))))
    return pd.DataFrame({"score": scores, "churned": rng.random(rows) < true})


def months(first: str, count: int) -> list[str]:
    return [name_of(index_of(first) + step) for step in range(count)]


@pytest.fixture(scope="module")
def reference() -> RealisedReference:
    good = {month: cohort(month) for month in months("2023-01", 24)}
    return build_realised(good, threshold=THRESHOLD, economics=SHOP, tolerance=100.0)


def run(reference: RealisedReference, tables: dict[str, pd.DataFrame]) -> tuple[RealisedState, list[Measurement]]:
    state, said = RealisedState(), []
    for month, table in tables.items():
        state, found = judge(reference, state, month, table, month=name_of(index_of(month) + 2))
        said += found
    return state, said


def alarms(said: list[Measurement]) -> set[str]:
    return {one.signal for one in said if one.verdict is Verdict.ALARM}


def test_calibrated_scores_have_standard_residuals() -> None:
    found = np.array(
        [
            residuals(table["churned"].to_numpy(float), table["score"].to_numpy())
            for table in (cohort("2024-01", seed=seed) for seed in range(300))
        ]
    )

    assert found.mean(axis=0) == pytest.approx([0.0, 0.0], abs=0.2)
    assert found.std(axis=0) == pytest.approx([1.0, 1.0], abs=0.12)
    assert np.corrcoef(found.T)[0, 1] == pytest.approx(0.0, abs=0.15)


def test_the_two_residuals_tell_level_from_ranking() -> None:
    more, flat = (
        residuals(table["churned"].to_numpy(float), table["score"].to_numpy())
        for table in (cohort("2024-01", level=0.3), cohort("2024-01", slope=0.4))
    )

    assert more[0] > 3.0
    assert abs(more[1]) < 3.0
    assert flat[1] > 3.0


def test_scores_that_are_all_the_same_rank_nobody() -> None:
    assert residuals(np.array([1.0, 0.0]), np.array([0.5, 0.5])) == (0.0, 0.0)
    assert residuals(np.empty(0), np.empty(0)) == (0.0, 0.0)


def test_good_cohorts_are_quiet(reference: RealisedReference) -> None:
    _, said = run(reference, {month: cohort(month) for month in months("2025-01", 12)})

    assert alarms(said) == set()


@pytest.mark.parametrize(
    ("change", "chart"),
    [
        ({"level": 0.35}, "cusum_more_churn"),
        ({"level": -0.5}, "cusum_less_churn"),
        ({"slope": 0.3}, "cusum_ranking"),
    ],
)
def test_each_kind_of_harm_is_found_within_three_cohorts(
    reference: RealisedReference, change: dict[str, float], chart: str
) -> None:
    tables = {month: cohort(month) for month in months("2025-01", 3)}
    tables |= {month: cohort(month, **change) for month in months("2025-04", 3)}

    _, said = run(reference, tables)
    first = next(one for one in said if one.signal == chart and one.verdict is Verdict.ALARM)

    assert first.detail("cohort") <= "2025-06"
    assert "2025-02" <= first.detail("since") <= "2025-04"


@pytest.mark.parametrize("change", [{"level": 0.35}, {"slope": 0.3}], ids=["more churn", "lost ranking"])
def test_harm_is_stated_in_money(reference: RealisedReference, change: dict[str, float]) -> None:
    state, _ = run(reference, {month: cohort(month, **change) for month in months("2025-01", 4)})

    assert mean_harm(state, "2025-01") > 20.0


def test_only_harm_beyond_the_tolerance_is_hard(reference: RealisedReference) -> None:
    tables = {month: cohort(month, level=0.35) for month in months("2025-01", 4)}
    _, said = run(reference, tables)
    _, tolerant = run(replace(reference, tolerance=1e9), tables)

    assert any(one.hard for one in said)
    assert alarms(tolerant) == alarms(said)
    assert not any(one.hard for one in tolerant)


def test_false_pages_stay_near_the_contract() -> None:
    """40 worlds of 36 good months at one page in 36 months: about 40 first alarms would be a third of the worlds."""
    paged = 0
    for seed in range(40):
        good = {month: cohort(month, rows=1500, seed=seed) for month in months("2022-01", 12)}
        reference = build_realised(good, threshold=THRESHOLD, economics=SHOP, one_false_page_in_months=120)
        later = {month: cohort(month, rows=1500, seed=seed) for month in months("2023-01", 24)}
        _, said = run(reference, later)
        paged += any(one.signal.startswith("cusum_") and one.verdict is Verdict.ALARM for one in said)

    assert paged <= 14  # 24 months at 1 in 120: 7 expected


def test_a_cohort_of_broken_data_is_reported_but_moves_no_chart(reference: RealisedReference) -> None:
    before, _ = run(reference, {month: cohort(month) for month in months("2025-01", 3)})
    broken = cohort("2025-04").assign(score=0.9)

    after, said = judge(reference, before, "2025-04", broken, month="2025-06", faulty=True)

    assert after.charts == before.charts
    assert after.harm == before.harm
    assert "auc" in alarms(said)


def test_a_cohort_judged_before_changes_nothing(reference: RealisedReference) -> None:
    state, _ = run(reference, {"2025-01": cohort("2025-01")})

    again, said = judge(reference, state, "2025-01", cohort("2025-01", level=2.0), month="2025-04")

    assert (again, said) == (state, [])


@pytest.mark.parametrize(
    "table",
    [
        cohort("2025-01").head(0),
        cohort("2025-01", rows=100),
        cohort("2025-01").assign(churned=None),
        cohort("2025-01").assign(score=np.nan),
        cohort("2025-01").assign(score="high"),
        cohort("2025-01").assign(churned=True),
        cohort("2025-01").assign(score=7.0),
    ],
    ids=["no rows", "few rows", "no labels", "no scores", "text", "one class", "not probabilities"],
)
def test_cohorts_that_say_nothing_cannot_tell(reference: RealisedReference, table: pd.DataFrame) -> None:
    state, said = judge(reference, RealisedState(), "2025-01", table, month="2025-03")

    assert [one.verdict for one in said] == [Verdict.CANNOT_TELL]
    assert state.charts == RealisedState().charts


def test_a_cohort_without_its_columns_is_refused() -> None:
    with pytest.raises(MonitorError, match=r"The cohort of 2025-01 lacks churned\. .* given were: score"):
        read("2025-01", cohort("2025-01")[["score"]], THRESHOLD, SHOP)


def test_the_state_survives_json_and_stays_small(reference: RealisedReference) -> None:
    state, _ = run(reference, {month: cohort(month, rows=600) for month in months("2025-01", 40)})
    text = json.dumps(state.to_plain(), allow_nan=False)

    assert RealisedState.from_plain(json.loads(text)) == state
    assert len(text) < 3000


def test_a_new_model_starts_at_zero(reference: RealisedReference) -> None:
    state, _ = run(reference, {month: cohort(month, level=0.35) for month in months("2025-01", 4)})

    assert {chart.value for chart in restarted(state).charts.values()} == {0.0}
    assert mean_harm(state, None) == 0.0


def test_one_good_cohort_gives_figures_without_a_verdict() -> None:
    lonely = build_realised({"2024-01": cohort("2024-01")}, threshold=THRESHOLD, economics=SHOP)

    _, said = run(lonely, {"2025-01": cohort("2025-01")})
    verdicts = {one.signal: one.verdict for one in said}

    assert verdicts["auc"] is Verdict.CANNOT_TELL
    assert verdicts["cusum_more_churn"] is Verdict.OK

import json

import numpy as np
import pandas as pd
import pytest

from monitoring.errors import MonitorError
from monitoring.months import index_of, name_of
from monitoring.performance.cohort import read, residuals
from monitoring.performance.good_cohorts import RealisedReference, build_realised
from monitoring.performance.profit import Economics
from monitoring.performance.realised import RealisedState, judge, restarted
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


def harm_of(said: list[Measurement]) -> Measurement:
    return [one for one in said if one.signal == "harm"][-1]


def test_lasting_harm_calls_a_person_and_is_stated_in_money(reference: RealisedReference) -> None:
    tables = {month: cohort(month) for month in months("2025-01", 3)}
    tables |= {month: cohort(month, level=0.35) for month in months("2025-04", 3)}

    _, said = run(reference, tables)
    harm = harm_of(said)

    assert harm.verdict is Verdict.ALARM
    assert harm.hard
    assert harm.detail("since") == "2025-04"
    assert 2500.0 < harm.detail("money_per_1000") < 4500.0  # 200 for each of about 19 more leavers in 1000


def test_only_harm_calls_a_person(reference: RealisedReference) -> None:
    """Fewer leavers than promised: a chart says so, but nothing worth a call is lost."""
    _, said = run(reference, {month: cohort(month, level=-0.5) for month in months("2025-01", 6)})

    assert "cusum_less_churn" in alarms(said)
    assert not any(one.hard for one in said)


def test_what_is_tolerated_calls_nobody() -> None:
    good = {month: cohort(month) for month in months("2023-01", 24)}
    tolerant = build_realised(good, threshold=THRESHOLD, economics=SHOP, tolerance=5000.0)

    _, said = run(tolerant, {month: cohort(month, level=0.35) for month in months("2025-01", 6)})

    assert "cusum_more_churn" in alarms(said)
    assert not any(one.hard for one in said)


def test_after_a_repair_the_evidence_is_gone_within_three_cohorts(reference: RealisedReference) -> None:
    tables = {month: cohort(month, level=0.35) for month in months("2025-01", 8)}
    _, during = run(reference, tables)
    tables |= {month: cohort(month) for month in months("2025-09", 3)}
    _, after = run(reference, tables)

    assert harm_of(during).verdict is Verdict.ALARM
    assert harm_of(after).verdict is Verdict.OK


def test_beside_the_threshold_stands_what_it_can_see(reference: RealisedReference) -> None:
    _, said = run(reference, {"2025-01": cohort("2025-01")})
    harm = harm_of(said)

    assert 300.0 < harm.detail("smallest_visible") < 900.0
    assert harm.detail("smallest_visible_churners") == pytest.approx(harm.detail("smallest_visible") / 200.0, rel=0.05)
    assert 0.0 < harm.detail("smallest_visible_auc") < 0.2
    assert harm.detail("expected_delay_campaign") < 3.0
    assert next(one for one in said if one.signal == "cusum_ranking").detail("expected_delay") == pytest.approx(
        5.2, rel=0.02
    )


def test_a_cohort_of_broken_data_is_reported_but_moves_no_chart(reference: RealisedReference) -> None:
    before, _ = run(reference, {month: cohort(month) for month in months("2025-01", 3)})
    broken = cohort("2025-04").assign(score=0.9)

    after, said = judge(reference, before, "2025-04", broken, month="2025-06", faulty=True)

    assert after == before
    assert "auc" in alarms(said)
    assert not any(one.hard for one in said)


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
    assert state == RealisedState()


def test_a_cohort_without_its_columns_is_refused() -> None:
    with pytest.raises(MonitorError, match=r"The cohort of 2025-01 lacks churned\. .* given were: score"):
        read("2025-01", cohort("2025-01")[["score"]], THRESHOLD, SHOP)


def test_the_state_survives_json_and_stays_small(reference: RealisedReference) -> None:
    state, _ = run(reference, {month: cohort(month, rows=600) for month in months("2025-01", 40)})
    text = json.dumps(state.to_plain(), allow_nan=False)

    assert RealisedState.from_plain(json.loads(text)) == state
    assert len(text) < 5000


def test_a_restart_every_month_changes_nothing(reference: RealisedReference) -> None:
    tables = {
        month: cohort(month, rows=1500, level=0.1 * (place > 14)) for place, month in enumerate(months("2025-01", 24))
    }
    straight, expected = run(reference, tables)

    state, said = RealisedState(), list[Measurement]()
    for month, table in tables.items():
        state = RealisedState.from_plain(json.loads(json.dumps(state.to_plain())))
        state, found = judge(reference, state, month, table, month=name_of(index_of(month) + 2))
        said += found

    assert state == straight
    assert [one.to_plain() for one in said] == [one.to_plain() for one in expected]


def test_more_labels_of_a_cohort_take_the_place_of_the_first(reference: RealisedReference) -> None:
    early, rest = cohort("2025-02"), cohort("2025-01")
    audited = early.sample(frac=0.2, random_state=1).assign(weight=5.0)
    before, _ = run(reference, {"2025-01": rest})

    partial, _ = judge(reference, before, "2025-02", audited, month="2025-03")
    whole, said = judge(reference, partial, "2025-02", early, month="2025-04")
    at_once, expected = judge(reference, before, "2025-02", early, month="2025-04")

    assert [one.month for one in partial.cohorts] == ["2025-01", "2025-02"]
    assert whole == at_once
    assert [one.to_plain() for one in said] == [one.to_plain() for one in expected]


def test_labels_may_land_out_of_order(reference: RealisedReference) -> None:
    tables = {month: cohort(month) for month in months("2025-01", 3)}

    assert run(reference, dict(reversed(tables.items())))[0] == run(reference, tables)[0]


def test_the_first_labels_to_land_are_not_taken_for_all(reference: RealisedReference) -> None:
    """Leavers are known early, stayers only when their time is up: without weights that looks like a wave of churn."""
    table = cohort("2025-01").astype({"churned": float})
    stays = table.index[table["churned"] == 0.0]
    landing = table.assign(churned=table["churned"].mask(table.index.isin(stays[::2])))

    state, said = judge(reference, RealisedState(), "2025-01", landing, month="2025-02")

    assert state == RealisedState()
    assert said[0].verdict is Verdict.CANNOT_TELL
    assert "give a column weight" in said[0].note


def test_a_new_model_starts_without_evidence_against_it(reference: RealisedReference) -> None:
    state, _ = run(reference, {month: cohort(month, level=0.35) for month in months("2025-01", 4)})

    fresh = restarted(state)
    again, said = judge(reference, fresh, "2025-04", cohort("2025-04", seed=2), month="2025-06")

    assert fresh.cohorts == ()
    assert (again, said) == (fresh, [])
    assert restarted(RealisedState()).closed is None


def test_one_good_cohort_gives_figures_without_a_verdict() -> None:
    lonely = build_realised({"2024-01": cohort("2024-01")}, threshold=THRESHOLD, economics=SHOP)

    _, said = run(lonely, {"2025-01": cohort("2025-01")})
    verdicts = {one.signal: one.verdict for one in said}

    assert verdicts["auc"] is Verdict.CANNOT_TELL
    assert verdicts["cusum_more_churn"] is Verdict.OK


@pytest.mark.parametrize(("count", "rows"), [(2, 900), (4, 900), (12, 4000)])
def test_log_loss_that_strays_by_luck_alone_is_quiet_however_alike_good_months_were(count: int, rows: int) -> None:
    quiet, loud = [], []
    for seed in range(40):
        good = {month: cohort(month, rows=rows, seed=seed) for month in months("2023-01", count)}
        known = build_realised(good, threshold=THRESHOLD, economics=SHOP, tolerance=100.0)
        for level, said in ((0.0, quiet), (1.2, loud)):
            said.extend(run(known, {"2025-01": cohort("2025-01", rows=rows, seed=100 + seed, level=level)})[1])

    judged = [[one.verdict is Verdict.ALARM for one in said if one.signal == "log_loss"] for said in (quiet, loud)]
    assert min(map(len, judged)) >= 35
    assert np.mean(judged[0]) <= 0.05
    assert np.mean(judged[1]) >= 0.75

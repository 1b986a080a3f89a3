import numpy as np
import pandas as pd
import pytest

from monitoring.months import index_of, name_of
from monitoring.performance.good_cohorts import RealisedReference, build_realised
from monitoring.performance.profit import Economics
from monitoring.performance.realised import RealisedState, judge
from monitoring.performance.segments import FALSE_DISCOVERIES, segment_figures
from monitoring.vocabulary import Layer, Measurement, Verdict

SHOP = Economics(clv=200.0, offer_cost=20.0, contact_cost=1.0, acceptance_rate=0.3)
THRESHOLD = 0.28


def cohort(month: str, *, seed: int = 1, pro: float = 0.0, rows: int = 5000, turned: bool = False) -> pd.DataFrame:
    """Scored customers with a plan and a region; the odds of `pro` customers move, or lose their order."""
    rng = np.random.default_rng([seed, index_of(month)])
    score = rng.beta(1.0, 14.0, rows).clip(1e-3, 0.9)
    plan = rng.choice(["basic", "plus", "pro"], rows, p=[0.5, 0.3, 0.2])
    log_odds = np.log(score / (1.0 - score)) + np.where(plan == "pro", pro, 0.0)
    true = 1.0 / (1.0 + np.exp(-log_odds))
    if turned:
        true = np.where(plan == "pro", rng.permutation(true), true)
    region = rng.choice(["north", "south"], rows)
    return pd.DataFrame({"score": score, "churned": rng.random(rows) < true, "plan": plan, "region": region})


@pytest.fixture(scope="module")
def reference() -> RealisedReference:
    good = {name_of(index_of("2024-01") + step): cohort(name_of(index_of("2024-01") + step)) for step in range(12)}
    return build_realised(good, threshold=THRESHOLD, economics=SHOP)


def named(reference: RealisedReference, table: pd.DataFrame) -> list[Measurement]:
    return segment_figures(reference.slices, table, "2025-01", month="2025-03", threshold=THRESHOLD, economics=SHOP)


def alarms(found: list[Measurement]) -> set[str]:
    return {one.subject.segment for one in found if one.verdict is Verdict.ALARM}


def test_the_slices_are_those_of_the_good_cohorts(reference: RealisedReference) -> None:
    assert {one.name for one in reference.slices} == {
        "plan=basic",
        "plan=plus",
        "plan=pro",
        "region=north",
        "region=south",
    }
    assert {one.subject.segment for one in named(reference, cohort("2025-01").assign(plan="gold"))} == {
        "region=north",
        "region=south",
    }


def test_the_harmed_segment_is_named_before_all_others(reference: RealisedReference) -> None:
    more, flat = (named(reference, cohort("2025-01", **how)) for how in ({"pro": 0.8}, {"turned": True}))
    pro = next(one for one in more if one.subject.segment == "plan=pro")

    assert alarms(more) == {"plan=pro"}  # and no region: pros live in both
    assert alarms(flat) - {"region=north", "region=south"} == {"plan=pro"}  # where ranking is lost, regions lose some
    assert min(more, key=lambda one: one.detail("chance")) is pro
    assert pro.layer is Layer.REALISED
    assert pro.detail("money_per_1000") == pro.value > 5000.0
    assert not any(one.hard for one in more)


def test_where_churn_rises_for_everybody_no_segment_is_to_blame(reference: RealisedReference) -> None:
    plain = cohort("2025-01")
    odds = plain["score"] / (1.0 - plain["score"]) * np.exp(0.8)
    rng = np.random.default_rng(5)
    risen = [plain.assign(churned=rng.random(len(plain)) < odds / (1.0 + odds)) for _ in range(20)]

    found = [named(reference, one) for one in risen]

    assert all(one.detail("surplus_per_1000") > 20.0 for one in found[0])
    assert np.mean([bool(alarms(one)) for one in found]) <= 0.1


def test_a_segment_that_does_better_than_the_rest_is_not_named(reference: RealisedReference) -> None:
    assert "plan=pro" not in alarms(named(reference, cohort("2025-01", pro=-2.0)))


def test_the_auc_is_the_slices_own(reference: RealisedReference) -> None:
    """Where a vendor's grouping printed the overall figure for every segment."""
    from sklearn.metrics import roc_auc_score

    table = cohort("2025-01", turned=True)
    pro = table[table["plan"] == "pro"]
    found = {one.subject.segment: one.detail("auc") for one in named(reference, table)}

    assert found["plan=pro"] == pytest.approx(roc_auc_score(pro["churned"], pro["score"]))
    assert found["plan=basic"] - found["plan=pro"] > 0.1


def test_months_in_which_nothing_happens_name_hardly_any_segment(reference: RealisedReference) -> None:
    worlds = [bool(alarms(named(reference, cohort("2025-01", seed=seed)))) for seed in range(2, 62)]

    assert np.mean(worlds) <= FALSE_DISCOVERIES + 0.04


def test_judging_says_segments_too_and_small_ones_stay_unsaid(reference: RealisedReference) -> None:
    _, said = judge(reference, RealisedState(), "2025-01", cohort("2025-01", rows=700), month="2025-03")
    segments = [one.subject.segment for one in said if one.signal == "segment_gap"]

    assert "region=north" in segments
    assert "plan=pro" not in segments


def test_without_further_columns_there_are_no_segments() -> None:
    plain = build_realised({"2024-01": cohort("2024-01")[["score", "churned"]]}, threshold=THRESHOLD, economics=SHOP)

    assert plain.slices == ()
    assert named(plain, cohort("2025-01")) == []

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from monitoring.drift.domain import (
    ROWS,
    DomainReference,
    auc_with_error,
    build_domain,
    encoded,
    measure_domain,
    tell_apart,
)
from monitoring.drift.limits import effect_limits
from monitoring.drift.reference import build
from monitoring.months import index_of, name_of
from monitoring.vocabulary import Verdict

WEIGHTS = {"usage": 0.5, "tenure": 0.3, "plan": 0.2}
MONTHS = ["2023-04", "2023-05", "2023-06", "2024-04", "2024-05", "2024-06"]


def view(month: str, *, rows: int = 1200, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng([seed, index_of(month)])
    need = rng.normal(size=rows)
    return pd.DataFrame(
        {
            "usage": np.exp(need + rng.normal(0.0, 0.3, rows)),
            "tenure": 20.0 + 8.0 * need + rng.normal(0.0, 3.0, rows),
            "plan": rng.choice(["basic", "plus", None], rows, p=[0.6, 0.3, 0.1]),
            "stamp": float(index_of(month)) + rng.random(rows),
            "unused": rng.normal(size=rows),
        }
    )


@pytest.fixture(scope="module")
def reference() -> DomainReference:
    views = {month: view(month) for month in MONTHS}
    columns = [build(views, name) for name in ("usage", "tenure", "plan", "stamp", "unused")]
    limits = {one.name: effect_limits(one) for one in columns}
    found = build_domain(views, columns, WEIGHTS | {"stamp": 0.1}, column_limits=limits)
    assert found is not None
    return found


def test_good_months_cannot_be_told_apart(reference: DomainReference) -> None:
    for month in (name_of(index_of("2025-01") + step) for step in range(6)):
        (found,) = measure_domain(reference, view(month), month)
        assert found.verdict is Verdict.OK
        assert str(found.subject) == "model_view"
        assert not found.hard


def test_columns_that_only_changed_together_are_told_apart(reference: DomainReference) -> None:
    good = view("2025-05")
    joined = good.assign(usage=np.random.default_rng(1).permutation(good["usage"]))

    (found,) = measure_domain(reference, joined, "2025-05")

    assert found.verdict is Verdict.ALARM
    assert set(str(found.detail("columns")).split(", ")) == {"usage", "tenure"}
    assert found.detail("baseline") == "2024-05"


def test_a_column_that_stamps_the_month_and_one_that_is_not_used_are_left_out(reference: DomainReference) -> None:
    assert {one.name for one in reference.scales} == set(WEIGHTS)


def test_few_rows_cannot_tell(reference: DomainReference) -> None:
    (found,) = measure_domain(reference, view("2025-05", rows=299), "2025-05")

    assert (found.verdict, found.note) == (Verdict.CANNOT_TELL, "299 rows, 300 needed")


def test_memory_and_time_are_bounded(reference: DomainReference) -> None:
    assert len(encoded(reference.scales, view("2025-05", rows=50_000))) == ROWS
    assert len(reference.pooled) <= ROWS


@pytest.mark.parametrize(("left_rows", "right_rows"), [(300, 300), (1500, 400)])
def test_nothing_is_told_apart_more_often_than_promised(left_rows: int, right_rows: int) -> None:
    rng = np.random.default_rng(5)
    p_values = [
        tell_apart(rng.normal(size=(left_rows, 6)), rng.normal(size=(right_rows, 6)), seed=seed).p_value
        for seed in range(100)
    ]

    assert np.mean(np.array(p_values) < 0.05) <= 0.11
    assert 0.3 <= np.mean(p_values) <= 0.7


def test_the_auc_is_sklearns_and_its_error_that_of_repeated_draws() -> None:
    rng = np.random.default_rng(6)
    label = np.repeat([False, True], [300, 200])
    drawn = [auc_with_error(np.round(rng.normal(label * 0.7), 1), label) for _ in range(300)]
    score = np.round(rng.normal(label * 0.7), 1)

    assert auc_with_error(score, label)[0] == pytest.approx(roc_auc_score(label, score))
    assert np.mean([error for _, error in drawn]) == pytest.approx(np.std([auc for auc, _ in drawn]), rel=0.15)


def test_a_month_that_lost_its_columns_is_no_error(reference: DomainReference) -> None:
    (found,) = measure_domain(reference, pd.DataFrame({"other": np.arange(500)}), "2025-05")

    assert found.verdict is Verdict.ALARM


@pytest.mark.parametrize("rows", [1600, 2900, 2990, 3100])
def test_the_rows_looked_at_reach_to_the_end_of_a_sorted_table(reference: DomainReference, rows: int) -> None:
    ordered = view("2025-05", rows=rows).sort_values("tenure", ignore_index=True)

    codes = encoded(reference.scales, ordered)
    (found,) = measure_domain(reference, ordered, "2025-05")

    assert len(codes) == ROWS
    whole = np.concatenate([encoded(reference.scales, ordered.iloc[at : at + ROWS]) for at in range(0, rows, ROWS)])
    assert np.nanmean(codes, axis=0) == pytest.approx(np.nanmean(whole, axis=0), rel=0.05)
    assert found.verdict is Verdict.OK

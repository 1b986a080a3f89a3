import numpy as np
import pandas as pd
import pytest

from monitoring.drift.dependence import DependenceReference, build_dependence, judge_tables, measure_dependence
from monitoring.drift.pairs import correlate, count_pairs
from monitoring.drift.reference import ColumnReference, build
from monitoring.months import index_of, name_of
from monitoring.vocabulary import Measurement, Verdict

WEIGHTS = {"usage": 0.5, "tenure": 0.3, "plan": 0.15, "alone": 0.05}
MONTHS = [name_of(index_of("2023-01") + step) for step in range(24)]


def view(month: str, *, rows: int = 3000, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng([seed, index_of(month)])
    need = rng.normal(size=rows)
    pro = rng.random(rows) < 1.0 / (1.0 + np.exp(1.0 - 1.5 * need))
    return pd.DataFrame(
        {
            "usage": np.round(np.exp(need + rng.normal(0.0, 0.7, rows)), 2),
            "tenure": np.maximum(20.0 + 8.0 * need + rng.normal(0.0, 10.0, rows), 0.0),
            "plan": np.where(pro, "pro", np.where(rng.random(rows) < 0.5, "basic", "plus")),
            "alone": np.where(rng.random(rows) < 0.2, np.nan, rng.gamma(1.0, 1.0, rows)),
        }
    )


@pytest.fixture(scope="module")
def columns() -> list[ColumnReference]:
    views = {month: view(month) for month in MONTHS}
    return [build(views, name) for name in WEIGHTS]


@pytest.fixture(scope="module")
def reference(columns: list[ColumnReference]) -> DependenceReference:
    found = build_dependence({month: view(month) for month in MONTHS}, columns, WEIGHTS)
    assert found is not None
    return found


def moved(found: list[Measurement]) -> set[str]:
    return {one.subject.feature for one in found if one.verdict is Verdict.ALARM}


def measured(reference: DependenceReference, table: pd.DataFrame, month: str = "2025-05") -> list[Measurement]:
    return measure_dependence(reference, table, month, WEIGHTS)


def test_good_months_are_quiet(reference: DependenceReference) -> None:
    months = [name_of(index_of("2025-01") + step) for step in range(12)]

    assert [moved(measured(reference, view(month), month)) for month in months] == [set()] * 12


def test_rows_joined_to_the_wrong_customer_are_seen_though_every_column_looks_the_same(
    reference: DependenceReference,
) -> None:
    good = view("2025-05")
    joined = good.assign(usage=np.random.default_rng(1).permutation(good["usage"]))

    found = measured(reference, joined)

    assert moved(found) == {"usage ~ tenure", "usage ~ plan"}
    pair = next(one for one in found if one.subject.feature == "usage ~ tenure")
    assert abs(pair.detail("correlation")) < 0.06
    assert pair.detail("expected") > 0.4
    assert pair.weight == 0.3


def test_columns_that_changed_places_are_seen(reference: DependenceReference) -> None:
    good = view("2025-05")
    swapped = good.assign(usage=good["alone"], alone=good["usage"])

    assert moved(measured(reference, swapped)) >= {"usage ~ tenure", "tenure ~ alone"}


def test_a_column_with_a_single_value_left_shares_nothing(reference: DependenceReference) -> None:
    assert "usage ~ tenure" in moved(measured(reference, view("2025-05").assign(usage=1e9)))


def test_a_shift_of_one_column_alone_is_no_change_of_dependence(reference: DependenceReference) -> None:
    good = view("2025-05")

    assert moved(measured(reference, good.assign(usage=good["usage"] * 1.2))) == set()


def test_few_rows_cannot_tell(reference: DependenceReference) -> None:
    found = measured(reference, view("2025-05", rows=290))

    assert {one.verdict for one in found} == {Verdict.CANNOT_TELL}
    assert found[0].note.endswith("rows with both cells filled, 300 needed")


def test_the_smallest_visible_change_is_seen_in_most_months(reference: DependenceReference) -> None:
    visible = next(
        one.detail("smallest_visible") for one in measured(reference, view("2025-05")) if "tenure" in str(one.subject)
    )

    def mixed(seed: int) -> pd.DataFrame:
        good = view("2025-05", seed=seed)
        rng = np.random.default_rng(seed)
        wrong = rng.random(len(good)) < visible / 0.5  # the usual correlation is a little over .5
        return good.assign(usage=np.where(wrong, rng.permutation(good["usage"]), good["usage"]))

    seen = ["usage ~ tenure" in moved(measured(reference, mixed(seed))) for seed in range(30)]

    assert np.mean(seen) >= 0.6


def test_tables_of_chunks_add_up(reference: DependenceReference) -> None:
    month = view("2025-05")
    chunks = [month.iloc[2000:], month.iloc[:700], month.iloc[700:2000]]
    merged = np.sum([count_pairs(reference.parts, one) for one in chunks], axis=0)

    assert np.array_equal(merged, count_pairs(reference.parts, month))
    assert judge_tables(reference, merged, "2025-05", WEIGHTS) == measured(reference, month)


def test_the_correlation_is_that_of_the_scores_and_its_error_that_of_repeated_draws(
    reference: DependenceReference,
) -> None:
    draws = [
        correlate(reference.parts, count_pairs(reference.parts, view("2025-05", rows=1000, seed=s))) for s in range(120)
    ]
    values = np.array([one.value[0, 0, 0] for one in draws])
    errors = np.sqrt([one.variance[0, 0, 0] / one.rows[0] for one in draws])
    left, right = (reference.parts[place].codes(view("2025-05", rows=1000, seed=0)) for place in (0, 1))
    scores = (reference.parts[place].scores[0][codes] for place, codes in ((0, left), (1, right)))

    assert values[0] == pytest.approx(np.corrcoef(*scores)[0, 1])
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.2)


@pytest.mark.parametrize("rows", [400, 3000])
def test_one_unchanged_pair_of_numbers_in_twenty_is_called_significant_at_five_per_cent(
    reference: DependenceReference, rows: int
) -> None:
    months = [name_of(index_of("2025-01") + step) for step in range(12)] * 12
    found = [measured(reference, view(month, rows=rows, seed=at), month) for at, month in enumerate(months, 100)]
    p_values = [one.detail("p_value") for said in found for one in said if "plan" not in str(one.subject)]

    assert 0.025 <= np.mean(np.array(p_values) <= 0.05) <= 0.085


def test_columns_that_did_not_arrive_or_hold_something_else_are_no_error(reference: DependenceReference) -> None:
    good = view("2025-05")

    assert all("usage" not in str(one.subject) for one in measured(reference, good.drop(columns="usage")))
    assert measured(reference, good.assign(usage="text", plan=1.5))
    assert measured(reference, good.head(0)) == []


def test_without_two_used_columns_there_is_nothing_to_watch(columns: list[ColumnReference]) -> None:
    assert build_dependence({"2024-01": view("2024-01")}, columns, {"usage": 1.0}) is None

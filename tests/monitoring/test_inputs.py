from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from monitoring.drift.inputs import InputReference, build_inputs, measure_inputs
from monitoring.drift.reference import build
from monitoring.errors import MonitorError
from monitoring.months import calendar_month, index_of, name_of
from monitoring.vocabulary import Measurement, Verdict

View = Callable[..., pd.DataFrame]
WEIGHTS = {"usage": 0.6, "plan": 0.4}


@pytest.fixture(scope="module")
def view() -> View:
    def month_of_view(month: str, rows: int = 3000, seed: int = 11, **shifts: float) -> pd.DataFrame:
        at = index_of(month)
        rng = np.random.default_rng([seed, at])
        season = 1.0 + 0.2 * np.sin(2 * np.pi * at / 12)
        pro = 0.2 + 0.08 * np.cos(2 * np.pi * at / 12) + shifts.get("plan", 0.0)
        return pd.DataFrame(
            {
                "customer_id": np.arange(rows),
                "usage": rng.gamma(2.0, season, rows) + shifts.get("usage", 0.0),
                "spare": rng.normal(shifts.get("spare", 0.0), 1.0, rows),
                "plan": rng.choice(["basic", "plus", "pro"], rows, p=[0.5, 0.5 - pro, pro]),
                "empty": np.where(rng.random(rows) < 0.1 + shifts.get("empty", 0.0), np.nan, rng.normal(size=rows)),
            }
        )

    return month_of_view


def months(first: str, count: int) -> list[str]:
    return [name_of(index_of(first) + step) for step in range(count)]


@pytest.fixture(scope="module")
def reference(view: View) -> InputReference:
    return build_inputs({month: view(month) for month in months("2023-01", 24)})


def moved(found: list[Measurement]) -> set[tuple[str, str]]:
    return {(one.signal, one.subject.feature) for one in found if one.verdict is Verdict.ALARM}


def test_the_swing_of_the_year_is_no_drift(reference: InputReference, view: View) -> None:
    for month in months("2025-01", 12):
        assert moved(measure_inputs(reference, view(month), month, WEIGHTS)) == set()


def test_the_same_table_half_a_year_off_season_is_drift(reference: InputReference, view: View) -> None:
    found = measure_inputs(reference, view("2025-03"), "2025-09", WEIGHTS)

    assert ("drift", "usage") in moved(found)


@pytest.mark.parametrize(
    ("shifts", "expected"),
    [
        ({"usage": 0.5}, ("drift", "usage")),
        ({"plan": 0.15}, ("drift", "plan")),
        ({"spare": 0.4}, ("drift", "spare")),
        ({"empty": 0.1}, ("missing_change", "empty")),
    ],
)
def test_a_change_is_found_and_nothing_else(
    reference: InputReference, view: View, shifts: dict[str, float], expected: tuple[str, str]
) -> None:
    found = measure_inputs(reference, view("2025-05", **shifts), "2025-05", WEIGHTS)

    assert moved(found) == {expected}


def test_a_real_but_tiny_change_in_many_rows_is_no_drift(view: View) -> None:
    reference = build_inputs({month: view(month, rows=20_000) for month in ("2023-05", "2024-05")})

    found = measure_inputs(reference, view("2025-05", rows=100_000, spare=0.05), "2025-05", WEIGHTS)
    spare = next(one for one in found if one.subject.feature == "spare" and one.signal == "drift")

    assert spare.detail("p_value") < 0.001
    assert spare.verdict is Verdict.OK


def test_few_rows_cannot_tell(reference: InputReference, view: View) -> None:
    found = measure_inputs(reference, view("2025-05", usage=3.0).head(299), "2025-05", WEIGHTS)

    assert {one.verdict for one in found} == {Verdict.CANNOT_TELL}


def test_small_windows_of_good_data_do_not_alarm(reference: InputReference, view: View) -> None:
    alarms = [
        moved(measure_inputs(reference, view("2025-05", rows=300, seed=seed), "2025-05", WEIGHTS)) for seed in range(40)
    ]

    assert sum(map(bool, alarms)) <= 1


def test_every_measurement_names_method_baseline_and_weight(reference: InputReference, view: View) -> None:
    found = {
        (one.signal, one.subject.feature): one for one in measure_inputs(reference, view("2025-05"), "2025-05", WEIGHTS)
    }

    assert found["drift", "usage"].method == "two-sample Kolmogorov-Smirnov"
    assert "chi-square test" in found["drift", "plan"].method
    assert found["drift", "usage"].detail("baseline") == "2024-05"
    assert (found["drift", "usage"].weight, found["drift", "spare"].weight) == (0.6, 0.0)
    assert "customer_id" not in {feature for _, feature in found}


def test_a_month_the_reference_lacks_is_held_against_all_months(view: View) -> None:
    first_half = {month: view(month) for month in months("2024-01", 6)}
    reference = build_inputs(first_half)

    found = measure_inputs(reference, view("2025-08"), "2025-08", WEIGHTS)
    limits = reference.limits["usage"]

    assert found[0].detail("baseline") == "all reference months"
    assert limits.of("all reference months") == limits.pooled
    assert limits.of("2024-01") == limits.seasonal


def test_within_one_year_of_reference_its_own_swing_counts_as_normal(view: View) -> None:
    one_year, two_years = (
        build_inputs({month: view(month) for month in months(first, count)})
        for first, count in (("2024-01", 12), ("2023-01", 24))
    )

    assert one_year.limits["usage"].seasonal > 1.5 * two_years.limits["usage"].seasonal


ODD_TABLES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "missing column": lambda t: t.drop(columns="usage"),
    "all-null number": lambda t: t.assign(usage=np.nan),
    "a number that is text": lambda t: t.assign(usage="text"),
    "a number written as text": lambda t: t.assign(usage=t["usage"].astype("str")),
    "infinities": lambda t: t.assign(usage=np.inf),
    "all-null category": lambda t: t.assign(plan=None),
    "a category that is a number": lambda t: t.assign(plan=1),
    "nullable integers": lambda t: t.assign(usage=t["usage"].round().astype("Int64")),
    "no rows": lambda t: t.iloc[:0],
    "one row": lambda t: t.iloc[:1],
    "nothing": lambda _: pd.DataFrame(),
    "doubled names": lambda t: pd.concat([t, t[["usage"]]], axis=1),
}


@pytest.mark.parametrize("odd", ODD_TABLES)
def test_no_table_makes_the_measurement_fail(reference: InputReference, view: View, odd: str) -> None:
    found = measure_inputs(reference, ODD_TABLES[odd](view("2025-05")), "2025-05", WEIGHTS)

    assert all(one.value is None or np.isfinite(one.value) for one in found)


def test_the_reference_refuses_what_has_no_distribution(view: View) -> None:
    with pytest.raises(MonitorError, match='"customer_id" holds a identifier'):
        build({"2024-01": view("2024-01")}, "customer_id")
    with pytest.raises(MonitorError, match='No reference month has rows with a column "nothing"'):
        build({"2024-01": view("2024-01")}, "nothing")


def test_the_seasonal_partner_is_the_newest_month_of_that_name(reference: InputReference) -> None:
    column = reference.columns[0]

    for month in months("2025-01", 12):
        baseline, _ = column.baseline(month)
        assert baseline.startswith("2024")
        assert calendar_month(baseline) == calendar_month(month)


@pytest.fixture(scope="module")
def whole(view: View) -> InputReference:
    """A reference that also looks at the used columns together."""
    return build_inputs({month: view(month) for month in months("2023-01", 24)}, weights=WEIGHTS)


def test_columns_are_looked_at_together_where_weights_say_what_the_model_uses(
    whole: InputReference, reference: InputReference, view: View
) -> None:
    found = measure_inputs(whole, view("2025-05"), "2025-05", WEIGHTS)
    together = {(one.signal, str(one.subject)) for one in found if one.signal not in ("drift", "missing_change")}

    assert together == {("dependence_change", "usage ~ plan"), ("domain_auc", "model_view")}
    assert {one.verdict for one in found} == {Verdict.OK}
    assert not any(one.hard for one in found)
    assert reference.dependence is None
    assert reference.domain is None


@pytest.mark.parametrize("odd", ODD_TABLES)
def test_no_table_makes_the_measurement_of_columns_together_fail(whole: InputReference, view: View, odd: str) -> None:
    found = measure_inputs(whole, ODD_TABLES[odd](view("2025-05")), "2025-05", WEIGHTS)

    assert all(one.value is None or np.isfinite(one.value) for one in found)


def visible(reference: InputReference, table: pd.DataFrame, signal: str, feature: str) -> float:
    found = measure_inputs(reference, table, "2025-05", WEIGHTS)
    return float(
        next(one for one in found if (one.signal, one.subject.feature) == (signal, feature)).detail("smallest_visible")
    )


@pytest.mark.parametrize("rows", [400, 3000])
def test_the_smallest_visible_drift_is_seen_in_most_months_and_half_of_it_in_few(
    reference: InputReference, view: View, rows: int
) -> None:
    distance = visible(reference, view("2025-05", rows=rows), "drift", "spare")

    def share_seen(true_distance: float) -> float:
        shift = 2.0 * norm.ppf((1.0 + true_distance) / 2.0)  # the distance of two normals so far apart
        tables = (view("2025-05", rows=rows, seed=seed, spare=shift) for seed in range(100, 125))
        return float(
            np.mean([("drift", "spare") in moved(measure_inputs(reference, one, "2025-05", WEIGHTS)) for one in tables])
        )

    assert share_seen(distance) >= 0.6
    assert share_seen(distance / 2.0) <= 0.4


def test_fewer_rows_see_less(reference: InputReference, view: View) -> None:
    for signal, feature in (("drift", "usage"), ("drift", "plan"), ("missing_change", "empty")):
        few, many = (visible(reference, view("2025-05", rows=rows), signal, feature) for rows in (400, 3000))
        assert few > many > 0.0

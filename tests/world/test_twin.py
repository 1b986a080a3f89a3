"""Twins: nothing differs before a lever's onset, only its effects after it, and damage is their exact difference."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from pipelines.world.company import Company
from pipelines.world.levers.catalogue import LEVERS, lever, pulled
from pipelines.world.levers.lever import PulledLever
from pipelines.world.recorder import TABLES
from pipelines.world.run import RecordedMonth, run
from pipelines.world.twin import (
    GROSS_MARGIN,
    REMAINING_MONTHS,
    expected_lost_margin,
    mechanism_log,
    month_damage,
    onset,
    totals,
    truths,
    twin_damage,
)

NAMES = [each.name for each in LEVERS]
ONSET = 4


@pytest.fixture(scope="session")
def company(make_company: Callable[..., Company]) -> Company:
    return make_company(customers=700, months=7)


@pytest.fixture(scope="session")
def control(company: Company) -> tuple[RecordedMonth, ...]:
    return tuple(run(company))


@pytest.mark.parametrize("name", NAMES)
def test_a_lever_changes_no_byte_before_its_onset_and_some_after_it(
    name: str, company: Company, control: tuple[RecordedMonth, ...]
) -> None:
    months = tuple(run(replace(company, levers=(strong(name),))))

    assert all(same(month, twin) for month, twin in zip(months[:ONSET], control[:ONSET], strict=True))
    assert not all(same(month, twin) for month, twin in zip(months[ONSET:], control[ONSET:], strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_a_lever_without_a_dose_is_the_control(name: str, company: Company, control: tuple[RecordedMonth, ...]) -> None:
    idle = replace(company, levers=(pulled(name, start=ONSET, dose=0.0),))

    if name == NAMES[0]:
        assert all(same(month, twin) for month, twin in zip(run(idle), control, strict=True))
    assert idle.cohorts() == company.cohorts()
    assert [idle.mechanism(month) for month in range(7)] == [company.mechanism(month) for month in range(7)]


@pytest.mark.parametrize(
    ("name", "untouched"),
    [
        ("competitor_launch", lambda tables: always(tables, "attribute_history", "plan", "basic")),
        ("local_rival", lambda tables: ~always(tables, "customers", "region", "APAC")),
        ("app_redesign", lambda tables: always(tables, "customers", "platform", "web")),
    ],
)
def test_customers_a_lever_does_not_concern_keep_every_row(
    name: str,
    untouched: Callable[[dict[str, pd.DataFrame]], pd.Series],
    company: Company,
    control: tuple[RecordedMonth, ...],
) -> None:
    months = tuple(run(replace(company, levers=(strong(name),))))

    spared = [spared_customers(world, untouched) for world in (months, control)]

    assert set(spared[0]) == set(spared[1])
    assert len(spared[0]) > 100
    for table in (*TABLES, "truth"):
        with_lever, without = (rows_of(world, table, spared[0]) for world in (months, control))
        pd.testing.assert_frame_equal(with_lever, without)


def test_damage_is_the_difference_of_two_independent_runs(company: Company) -> None:
    pulled_company = replace(company, levers=(strong("macro_shock"), strong("rival_base")))

    damage = twin_damage(pulled_company)

    brute = [churners(world) for world in (run(pulled_company), run(company))]
    assert [month.month for month in damage] == [4, 5, 6]
    assert [month.churners for month in damage] == list((brute[0] - brute[1])[ONSET:])
    assert totals(damage)["churners"] == (brute[0] - brute[1]).sum() > 0


def test_realised_damage_scatters_around_expected_damage(make_company: Callable[..., Company]) -> None:
    company = make_company(customers=4000, months=8, levers=(pulled("macro_shock", start=2, dose=0.5),))

    sums = totals(twin_damage(company))

    assert sums["expected_churners"] > 100
    # The same luck decides in both worlds, so the difference scatters less than two independent counts would.
    assert abs(sums["churners"] - sums["expected_churners"]) < 3.0 * np.sqrt(sums["expected_churners"])


def test_the_first_month_of_damage_is_the_same_customers_under_another_hazard(company: Company) -> None:
    shocked = replace(company, levers=(strong("macro_shock"),))

    first = twin_damage(shocked)[0]

    assert first.customers == 0
    assert first.expected_churners > 0
    assert first.lost_margin > 0


def test_no_lever_means_no_damage(company: Company) -> None:
    assert onset(company) is None
    assert twin_damage(company) == ()
    assert totals(()) == {"churners": 0.0, "expected_churners": 0, "lost_margin": 0}


def test_lost_margin_is_price_times_margin_times_months_for_each_expected_leaver() -> None:
    truth = pd.DataFrame({"bayes": [0.5, 0.1], "value_cents": [2000.0, 1000.0], "reason": [0, -1]})

    lost = expected_lost_margin(truth)

    assert lost == pytest.approx((0.5 * 20.0 + 0.1 * 10.0) * GROSS_MARGIN * REMAINING_MONTHS)
    damage = month_damage(3, truth, truth.iloc[:1])
    assert (damage.month, damage.churners, damage.customers) == (3, 0, 1)
    assert damage.expected_churners == pytest.approx(0.1)


def test_the_truth_alone_is_the_truth_of_the_recorded_world(
    company: Company, control: tuple[RecordedMonth, ...]
) -> None:
    for (month, truth), recorded in zip(truths(company, from_month=2), control[2:], strict=True):
        assert month == recorded.month
        pd.testing.assert_frame_equal(truth, recorded.truth.to_pandas())


def test_the_log_names_what_changed_month_by_month(company: Company) -> None:
    changed = replace(
        company, levers=(pulled("channel_mix", start=2), pulled("rival_base", start=3), pulled("macro_shock", start=5))
    )

    log = mechanism_log(changed)

    assert {month: sorted(fields) for month, fields in log.items()} == {
        2: ["promo_switch"],
        3: ["newcomers", "promo_switch"],
        4: ["promo_switch"],
        5: ["intercept", "promo_switch"],
        6: ["intercept", "promo_switch"],
    }
    assert log[3]["newcomers"] == (0, round(0.15 * 700))
    assert mechanism_log(company) == {}


def strong(name: str) -> PulledLever:
    """A lever at a dose that shows in a few hundred customers."""
    return pulled(name, start=ONSET, dose=lever(name).most)


def same(month: RecordedMonth, twin: RecordedMonth) -> bool:
    return month.truth.equals(twin.truth) and all(month.tables[name].equals(twin.tables[name]) for name in TABLES)


def churners(world: Iterable[RecordedMonth]) -> npt.NDArray[np.int64]:
    return np.array([int((month.truth["reason"].to_numpy() >= 0).sum()) for month in world])


def always(tables: dict[str, pd.DataFrame], table: str, column: str, value: str) -> pd.Series:
    """Whether a customer's attribute had only this value, by customer."""
    rows = tables[table]
    return (rows[column] == value).groupby(rows["customer_id"]).all()


def spared_customers(
    months: tuple[RecordedMonth, ...], untouched: Callable[[dict[str, pd.DataFrame]], pd.Series]
) -> pd.Index:
    tables = {name: pd.concat([month.tables[name].to_pandas() for month in months]) for name in TABLES}
    chosen = untouched(tables)
    return chosen.index[chosen]


def rows_of(months: tuple[RecordedMonth, ...], table: str, customers: pd.Index) -> pd.DataFrame:
    parts = [(month.truth if table == "truth" else month.tables[table]).to_pandas() for month in months]
    rows = pd.concat(parts, ignore_index=True)
    return rows[rows["customer_id"].isin(customers)].reset_index(drop=True)

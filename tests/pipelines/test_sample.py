"""A sample of a company's customers: the same ones in every month and table, everything about them kept."""

from dataclasses import replace

import pandas as pd
import pytest

from pipelines.recorded import World, record
from pipelines.sample import sample
from pipelines.world.calendar import Calendar
from pipelines.world.company import Company


@pytest.fixture(scope="module")
def world() -> World:
    calendar = Calendar(first_month="2024-01", burn_in=12, history=3, production=1)
    return record(Company(seed=11, customers=2_000, calendar=calendar))


def test_about_so_many_customers_are_kept_and_nothing_of_theirs_is_lost(world: World) -> None:
    some = sample(world, 500)
    kept = {customer for table in some.truth for customer in table.index}

    assert len(some.truth[0]) == pytest.approx(500, rel=0.15)
    for before, after in zip(world.deliveries, some.deliveries, strict=True):
        for name, rows in before.items():
            known = {*kept, *after[name]["customer_id"]}
            expected = rows[rows["customer_id"].isin(known)].reset_index(drop=True)
            pd.testing.assert_frame_equal(after[name], expected)


def test_the_same_customers_are_kept_in_every_month(world: World) -> None:
    some = sample(world, 500)
    first, kept_first = set(world.truth[0].index), set(some.truth[0].index)

    for whole, kept in zip(world.truth, some.truth, strict=True):
        assert first & set(kept.index) == kept_first & set(whole.index)


def test_a_company_that_has_no_more_is_taken_as_it_is(world: World) -> None:
    assert sample(world, 2_000) is world
    assert sample(replace(world), 9_000).deliveries is world.deliveries

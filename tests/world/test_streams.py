"""A draw is a function of seed, stream, customer and month, and of nothing else."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.world.company import EXTRA_ENTITIES, customer_ids
from pipelines.world.faults.fault import Damage
from pipelines.world.streams import ENTITY_BLOCK, Stream, Streams

seeds = st.integers(0, 2**63 - 1)
months = st.integers(-120, 240)
sources = st.tuples(seeds, st.sampled_from(Stream), months)
entity_sets = st.lists(st.integers(0, 5 * ENTITY_BLOCK), min_size=1, max_size=40, unique=True).map(sorted)


@given(source=sources, entities=entity_sets, data=st.data())
def test_a_customers_draws_do_not_depend_on_who_else_draws(
    source: tuple[int, Stream, int], entities: list[int], data: st.DataObject
) -> None:
    seed, stream, month = source
    chosen = sorted(data.draw(st.sets(st.sampled_from(entities), min_size=1)))

    everyone = Streams(seed).entities(stream, np.array(entities), month, 3)
    some = Streams(seed).entities(stream, np.array(chosen), month, 3)

    np.testing.assert_array_equal(some, everyone[:, np.isin(entities, chosen)])


@given(source=sources, few=st.integers(1, 5), more=st.integers(0, 20))
def test_more_columns_leave_the_earlier_ones_as_they_are(source: tuple[int, Stream, int], few: int, more: int) -> None:
    seed, stream, month = source
    entities = np.array([0, 7, ENTITY_BLOCK, 3 * ENTITY_BLOCK + 5])

    np.testing.assert_array_equal(
        Streams(seed).entities(stream, entities, month, few + more)[:few],
        Streams(seed).entities(stream, entities, month, few),
    )


@given(seed=seeds, order=st.permutations(range(-2, 4)))
def test_the_order_of_months_and_streams_does_not_matter(seed: int, order: list[int]) -> None:
    drawn = {month: Streams(seed).block(Stream.MONTH, 0, month, 2) for month in order}

    Streams(seed).block(Stream.USAGE, 3, 1, 4)

    for month, values in drawn.items():
        np.testing.assert_array_equal(values, Streams(seed).block(Stream.MONTH, 0, month, 2))


@given(seed=seeds, month=months)
def test_draws_lie_in_the_half_open_unit_interval(seed: int, month: int) -> None:
    drawn = Streams(seed).block(Stream.BIRTH, 2, month, 4)

    assert drawn.min() >= 0.0
    assert drawn.max() < 1.0


def test_streams_months_blocks_and_seeds_have_their_own_draws() -> None:
    first = Streams(1).block(Stream.MONTH, 0, 0, 1)
    others = (
        Streams(2).block(Stream.MONTH, 0, 0, 1),
        Streams(1).block(Stream.USAGE, 0, 0, 1),
        Streams(1).block(Stream.MONTH, 1, 0, 1),
        Streams(1).block(Stream.MONTH, 0, 1, 1),
    )

    for other in others:
        assert abs(np.corrcoef(first.ravel(), other.ravel())[0, 1]) < 0.12
        assert not np.isin(first, other).all()


def test_draws_are_uniform_over_a_large_sample() -> None:
    drawn = np.concatenate([Streams(3).block(Stream.USAGE, block, 5, 8).ravel() for block in range(20)])

    counts = np.histogram(drawn, bins=20, range=(0.0, 1.0))[0]

    expected = len(drawn) / 20
    chi_square = ((counts - expected) ** 2 / expected).sum()
    assert chi_square < 43.8  # the 99.9 % point with 19 degrees of freedom


@given(seed=seeds, entities=st.sets(st.integers(0, 2**32 - 1), min_size=2, max_size=200))
def test_customer_ids_are_a_bijection_of_32_bit_numbers(seed: int, entities: set[int]) -> None:
    ids = customer_ids(seed, np.array(sorted(entities)))

    assert len(np.unique(ids)) == len(entities)
    assert ids.min() >= 0
    assert ids.max() < 2**32


def test_a_customer_id_tells_nothing_about_its_age() -> None:
    entities = np.concatenate([np.arange(20_000), EXTRA_ENTITIES + np.arange(1_000)])

    ids = customer_ids(5, entities)

    assert len(np.unique(ids)) == len(ids)
    assert abs(np.corrcoef(entities[:20_000], ids[:20_000])[0, 1]) < 0.03
    assert (customer_ids(6, entities) != ids).mean() > 0.99


@given(seed=seeds, keys=st.lists(st.integers(0, 2**40), min_size=1, max_size=50), data=st.data())
def test_a_faults_luck_belongs_to_the_key_and_not_to_its_place(seed: int, keys: list[int], data: st.DataObject) -> None:
    damage = Damage(amount=0.5, month=0, month_start=pd.Timestamp("2025-01-01"), streams=Streams(seed), previous={})
    order = data.draw(st.permutations(range(len(keys))))

    in_order = damage.luck(pd.Series(keys, dtype="int64"))
    mixed = damage.luck(pd.Series([keys[i] for i in order], dtype="int64"))

    np.testing.assert_array_equal(mixed, in_order[order])
    assert ((in_order >= 0.0) & (in_order < 1.0)).all()


@pytest.mark.parametrize("seed", [0, 1, 99])
def test_a_fault_hits_about_the_share_it_is_asked_for(seed: int) -> None:
    damage = Damage(amount=0.3, month=0, month_start=pd.Timestamp("2025-01-01"), streams=Streams(seed), previous={})
    ids = pd.Series(customer_ids(seed, np.arange(20_000)))

    assert damage.hits(ids).mean() == pytest.approx(0.3, abs=0.015)
    assert damage.hits(ids, share=1.0).all()
    assert not damage.hits(ids, share=0.0).any()

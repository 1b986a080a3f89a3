"""Honest columns and decoys: nothing that arrives later changes them."""

import pandas as pd
import pytest

from pipelines.leaks.definition import values
from pipelines.leaks.gap import Model, train, with_column
from pipelines.leaks.ground import Ground
from pipelines.leaks.honest import DECOYS, HONEST, POOL, Decoy


@pytest.mark.parametrize("month", [4, 6, 9, 11, 12, 15])
def test_no_honest_column_changes_under_truncation(month: int, ground: Ground) -> None:
    stored, known = (
        values(POOL, tables, ground.start(month), ground.customers(month))
        for tables in (ground.stored, ground.known(month))
    )

    pd.testing.assert_frame_equal(stored, known)


def test_the_pool_is_large_and_its_names_are_unique() -> None:
    names = [each.name for each in POOL]

    assert len(HONEST) >= 16
    assert len(DECOYS) >= 4
    assert len(set(names)) == len(names)
    assert all(decoy.twin in {None, *(each.name for each in HONEST)} for decoy in DECOYS)


def test_honest_columns_carry_the_model_to_the_usual_score(base: Model) -> None:
    assert 0.79 < base.offline.value < 0.87


def test_some_decoy_reads_dates_that_lie_ahead(ground: Ground) -> None:
    ahead = [decoy.definition for decoy in DECOYS if decoy.definition.ahead_days > 0.0]
    found = values(ahead, ground.known(9), ground.start(9), ground.customers(9))

    assert len(ahead) >= 1
    assert (found.max() > 0.0).all()


@pytest.mark.parametrize("decoy", DECOYS, ids=lambda decoy: decoy.definition.name)
def test_a_decoy_is_used_by_a_model_and_lifts_no_score_much(decoy: Decoy, ground: Ground, base: Model) -> None:
    model = train(with_column(decoy.definition, ground, twin=decoy.twin), seed=7)

    assert model.learner.gain[decoy.definition.name] > 0.0
    assert model.offline.value < base.offline.value + 0.01

"""The hidden years of the drift scenario, and the cheapest there was in each."""

import pytest

from pipelines.replay.oracle import oracle
from scenarios.drift.exam.hidden import best_costs, hidden_worlds

SEED = 11


@pytest.mark.long
def test_what_the_process_beside_finds_is_what_the_oracle_finds_here_and_never_dearer_than_nothing() -> None:
    worlds, costs = hidden_worlds(SEED), best_costs(SEED).result()

    hurt = next(place for place, world in enumerate(worlds) if not world.quiet)
    assert costs[hurt] == oracle(worlds[hurt].workshop).cost
    for world, cost in zip(worlds, costs, strict=True):
        assert cost <= world.nothing.cost, world.name
        assert not world.quiet or cost == world.nothing.cost, world.name

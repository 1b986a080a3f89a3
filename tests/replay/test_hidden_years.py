"""The hidden years of the drift scenario, whose they are, and the cheapest there was in each."""

from collections import Counter

import pytest

from pipelines.replay.oracle import oracle
from scenarios.drift.exam.company import HIDDEN_COMPANIES
from scenarios.drift.exam.hidden import PLAN, best_costs, hidden_worlds

SEED = 11


def test_each_company_has_its_share_of_every_kind_of_year() -> None:
    shares = [Counter(PLAN[which::HIDDEN_COMPANIES]) for which in range(HIDDEN_COMPANIES)]
    for families in set(PLAN):
        counts = [share[families] for share in shares]
        assert max(counts) - min(counts) <= 1, families


@pytest.mark.long
def test_a_monitor_is_told_of_the_company_whose_year_it_is() -> None:
    worlds = hidden_worlds(SEED)
    pasts = {world.company: world.workshop.stage.past for world in worlds}

    assert sorted(pasts) == list(range(HIDDEN_COMPANIES))
    assert len({id(past) for past in pasts.values()}) == HIDDEN_COMPANIES
    assert all(world.workshop.stage.past is pasts[world.company] for world in worlds)
    first, second = (past.held_out["score"].to_numpy() for past in pasts.values())
    assert first.shape != second.shape or (first != second).any()
    quiet = Counter(world.company for world in worlds if world.quiet)
    assert set(quiet.values()) == {sum(quiet.values()) // HIDDEN_COMPANIES}


@pytest.mark.long
def test_what_the_process_beside_finds_is_what_the_oracle_finds_here_and_never_dearer_than_nothing() -> None:
    worlds, costs = hidden_worlds(SEED), best_costs(SEED).result()

    hurt = next(place for place, world in enumerate(worlds) if not world.quiet)
    assert costs[hurt] == oracle(worlds[hurt].workshop).cost
    for world, cost in zip(worlds, costs, strict=True):
        assert cost <= world.nothing.cost, world.name
        assert not world.quiet or cost == world.nothing.cost, world.name

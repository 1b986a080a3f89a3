"""A year replayed under a policy: its ledger adds up, nobody beats the oracle, and the sound policy keeps its rails."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from monitoring.performance.profit import Economics
from pipelines.parameters import ChampionParameters, LightGBMParameters
from pipelines.replay.engine import ledger_of, replay
from pipelines.replay.ledger import Ledger, share
from pipelines.replay.oracle import oracle
from pipelines.replay.past import FIRST_MODEL, Past, past_of
from pipelines.replay.policies.catalogue import NEVER, POLICIES, SHOWN, SOUND
from pipelines.replay.policies.sound import Sound
from pipelines.replay.policy import Action, Costs, Decision
from pipelines.replay.stage import lived, stage_of
from pipelines.replay.workshop import Workshop
from pipelines.world.calendar import Calendar
from pipelines.world.company import Company
from pipelines.world.faults.catalogue import pulled as pulled_fault
from pipelines.world.levers.catalogue import pulled as pulled_lever

HISTORY = 14
COSTS = Costs(retrain=100.0, recalibrate=20.0, repair=50.0, page=10.0)


@pytest.fixture(scope="module")
def past() -> Past:
    """A small company and its first champion."""
    calendar = Calendar(first_month="2024-01", burn_in=12, history=HISTORY, production=7)
    trees = LightGBMParameters(
        trees=20, leaves=8, learning_rate=0.2, min_child_samples=60, feature_fraction=0.7, l2=5.0
    )
    champion = ChampionParameters(seed=7, warm_up=4, folds=3, fold_months=2, lightgbm=trees)
    shop = Economics(clv=200.0, offer_cost=10.0, contact_cost=1.0, acceptance_rate=0.3)
    return past_of(Company(seed=41, customers=2000, calendar=calendar), champion, shop, COSTS)


@pytest.fixture(scope="module")
def broken(past: Past) -> Workshop:
    """Nothing happens in the world; from the second month's delivery on a feed is broken, so the third month's view."""
    fault = pulled_fault("missing_partition", start=HISTORY + 1, until=None, dose=0.3)
    return Workshop(stage_of(past, past.base, [fault]))


@pytest.fixture(scope="module")
def readier(past: Past) -> Workshop:
    """From the first month on everybody is readier to leave."""
    lever = pulled_lever("macro_shock", start=HISTORY, dose=1.0, shape="sudden")
    return Workshop(stage_of(past, lived(past, [lever])))


@pytest.fixture(scope="module")
def quiet(past: Past) -> Workshop:
    """Nothing happens."""
    return Workshop(stage_of(past, past.base))


def actions(ledger: Ledger) -> list[Action]:
    return [one.action for one in ledger.entries]


def test_a_ledger_adds_up_what_is_missed_spent_and_called(broken: Workshop) -> None:
    every_month = [Action.RETRAIN, Action.REPAIR, Action.RECALIBRATE, *[Action.KEEP] * 4]

    ledger = ledger_of(broken, every_month)

    assert actions(ledger) == every_month
    assert sum(one.spent for one in ledger.entries) == COSTS.retrain + COSTS.repair + COSTS.recalibrate
    assert ledger.cost == pytest.approx(ledger.missed + 170.0)


def test_every_alert_of_a_policy_calls_a_person(quiet: Workshop) -> None:
    ledger = replay(quiet, lambda _seen, _known, _before: Decision(alerts=("one", "two")))

    assert ledger.pages == 2 * len(ledger.entries)
    assert ledger.cost == pytest.approx(ledger.missed + ledger.pages * COSTS.page)


@pytest.mark.parametrize("world", ["quiet", "broken", "readier"])
def test_no_policy_and_no_list_of_actions_is_cheaper_than_the_oracle(
    world: str, request: pytest.FixtureRequest
) -> None:
    workshop: Workshop = request.getfixturevalue(world)
    best = oracle(workshop).cost
    rng = np.random.default_rng(5)
    drawn = [list(rng.choice(list(Action), len(workshop.stage.scenes))) for _ in range(10)]

    assert min(ledger_of(workshop, [Action(one) for one in plan]).cost for plan in drawn) >= best - 1e-9
    assert min(replay(workshop, one.make(), guarded=one.guarded).cost for one in POLICIES) >= best - 1e-9


def test_a_repair_ends_what_the_fault_costs(broken: Workshop, quiet: Workshop) -> None:
    at_once = ledger_of(broken, [Action.KEEP, Action.KEEP, Action.REPAIR, *[Action.KEEP] * 4])
    nothing, sound_world = (replay(one, NEVER.make()) for one in (broken, quiet))

    assert nothing.missed > 1.1 * sound_world.missed
    assert [one.missed for one in at_once.entries[3:]] == [one.missed for one in sound_world.entries[3:]]


def test_nothing_is_mended_before_it_is_broken(broken: Workshop) -> None:
    too_soon = ledger_of(broken, [Action.REPAIR, *[Action.KEEP] * 6])
    nothing = replay(broken, NEVER.make())

    assert too_soon.missed == nothing.missed
    assert too_soon.cost == pytest.approx(nothing.cost + COSTS.repair)
    assert oracle(broken).entries[0].action is not Action.REPAIR


def test_the_sound_policy_repairs_a_broken_feed_and_learns_nothing_from_it(broken: Workshop) -> None:
    ledger = replay(broken, Sound(), guarded=True)

    assert actions(ledger).count(Action.REPAIR) == 1
    assert Action.RETRAIN not in actions(ledger)
    assert share(ledger, replay(broken, NEVER.make()), oracle(broken)) > 0.5


def test_the_sound_policy_recalibrates_where_only_the_level_moved(readier: Workshop) -> None:
    done = actions(replay(readier, Sound(), guarded=True))

    changes = [one for one in done if one is not Action.KEEP]
    assert changes[0] is Action.RECALIBRATE
    assert Action.REPAIR not in done


def test_the_sound_policy_keeps_a_model_that_nothing_is_wrong_with(quiet: Workshop) -> None:
    assert actions(replay(quiet, Sound(), guarded=True)) == [Action.KEEP] * len(quiet.stage.scenes)


def test_a_guarded_challenger_goes_live_only_where_it_beats_the_live_model(quiet: Workshop, broken: Workshop) -> None:
    for workshop in (quiet, broken):
        retrained = replay(workshop, lambda _seen, _known, _before: Decision(action=Action.RETRAIN), guarded=True)
        live = FIRST_MODEL

        for one in retrained.entries:
            assert one.promoted is not None
            assert (one.model != live) is one.promoted
            live = one.model


def test_a_policy_sees_labels_two_months_late_and_never_more(quiet: Workshop) -> None:
    seen_of: list[tuple[str, str | None, int]] = []

    def looking(seen: object, _known: object, before: Sequence[object]) -> Decision:
        seen_of.append((seen.month, seen.landed_month, len(before)))  # type: ignore[attr-defined]
        return Decision()

    replay(quiet, looking)

    months = [month for month, _, _ in seen_of]
    assert [landed for _, landed, _ in seen_of] == [None, None, *months[:-2]]
    assert [count for _, _, count in seen_of] == list(range(len(months)))


def test_policies_are_made_anew_for_every_stage_and_have_names_of_their_own() -> None:
    makers: list[Callable[[], object]] = [one.make for one in (*POLICIES, *SHOWN)]

    assert len({one.name for one in POLICIES}) == len(POLICIES)
    assert len({one.name for one in SHOWN}) == len(SHOWN)
    assert SOUND in POLICIES
    assert SOUND in SHOWN
    assert all(callable(make()) for make in makers)

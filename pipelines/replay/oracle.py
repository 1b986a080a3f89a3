"""The cheapest sequence of actions there is: found with the future known, by dynamic programming over exact costs."""

from dataclasses import dataclass, field
from functools import cache

from pipelines.replay.engine import action_cost, is_mended, ledger_of, supply_of
from pipelines.replay.ledger import Ledger
from pipelines.replay.policy import Action
from pipelines.replay.workshop import Model, Workshop


@dataclass(frozen=True, kw_only=True, slots=True)
class _State:
    """All that a month's cost depends on."""

    model: Model = field(default_factory=Model)
    mended: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _Plan:
    """The rest of the year: its cost, and its actions."""

    cost: float
    actions: tuple[Action, ...]


def oracle(workshop: Workshop) -> Ledger:
    """Return the months of the policy that knows the future.

    A month's cost depends on the live model (which is given by the months of the last retraining and recalibration)
    and on whether the feed was mended. So the best year from each such state on is found once (Bellman 1957). The
    oracle needs no guard rail and calls nobody.
    """
    scenes = workshop.stage.scenes
    last = scenes[-1].month

    @cache
    def rest(state: _State, month: int) -> _Plan:
        if month > last:
            return _Plan(cost=0.0, actions=())
        broken = workshop.stage.scene(month).broken
        choices = [action for action in Action if broken or action is not Action.REPAIR]
        return min((step(state, month, action) for action in choices), key=_cost)

    def step(state: _State, month: int, action: Action) -> _Plan:
        after = _after(workshop, state, month, action)
        supply = supply_of(action, mended=state.mended)
        now = workshop.missed(after.model, month, supply) + action_cost(action, workshop.stage.past.costs)
        later = rest(after, month + 1)
        return _Plan(cost=now + later.cost, actions=(action, *later.actions))

    return ledger_of(workshop, rest(_State(), scenes[0].month).actions)


def _cost(plan: _Plan) -> float:
    return plan.cost


def _after(workshop: Workshop, state: _State, month: int, action: Action) -> _State:
    if action is Action.RETRAIN:
        return _State(model=workshop.retrained(month, mended=state.mended), mended=state.mended)
    if action is Action.RECALIBRATE:
        model = workshop.recalibrated(state.model, month, mended=state.mended)
        return _State(model=model, mended=state.mended)
    mended = is_mended(action, workshop.stage.scene(month), mended=state.mended)
    return _State(model=state.model, mended=mended)

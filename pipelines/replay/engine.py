"""Live a stage through under a policy: it sees each month as it comes, and its decisions are carried out."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from pipelines.replay.ledger import Entry, Ledger
from pipelines.replay.policy import Action, Costs, Decision, Policy, Seen
from pipelines.replay.stage import Scene, Supply
from pipelines.replay.workshop import Model, Workshop
from pipelines.train import LABEL_GAP_MONTHS


@dataclass(frozen=True, kw_only=True, slots=True)
class _Desk:
    """What is carried from month to month: the live model, whether the feed was mended, and the scores that went out.

    `log` holds score and label by customer, one frame a month.
    """

    model: Model = field(default_factory=Model)
    mended: bool = False
    log: tuple[pd.DataFrame, ...] = ()


def replay(workshop: Workshop, policy: Policy, *, guarded: bool = True) -> Ledger:
    """Return what the policy did in every month of the workshop's stage, and what that cost.

    Parameters
    ----------
    workshop
        Of the stage; it keeps the models, so that many policies on one stage cost little more than one.
    policy
        Asked once a month, oldest first. What it raises passes through.
    guarded
        Whether a retrained model must beat the live one on the newest labelled cohort before it goes live.
    """
    desk, entries, before = _Desk(), list[Entry](), list[Seen]()
    known = workshop.stage.past.known
    for scene in workshop.stage.scenes:
        seen = _seen(workshop, desk, scene)
        decision = policy(seen, known, tuple(before))
        desk, entry = _carry_out(workshop, desk, scene, decision, guarded=guarded)
        entries.append(entry)
        before.append(seen)
    return Ledger(entries=tuple(entries))


def action_cost(action: Action, costs: Costs) -> float:
    """The price of an action per 1,000 customers."""
    priced = {Action.RETRAIN: costs.retrain, Action.RECALIBRATE: costs.recalibrate, Action.REPAIR: costs.repair}
    return priced.get(action, 0.0)


def supply_of(action: Action, *, mended: bool) -> Supply:
    """What a month is scored with, given its action and whether the feed had been mended before."""
    if mended:
        return Supply.MENDED
    return Supply.STOPGAP if action is Action.REPAIR else Supply.DELIVERED


def is_mended(action: Action, scene: Scene, *, mended: bool) -> bool:
    """Whether the feed is mended from a month on: before something is broken there is nothing to mend."""
    return mended or (action is Action.REPAIR and bool(scene.broken))


def _seen(workshop: Workshop, desk: _Desk, scene: Scene) -> Seen:
    supply = supply_of(Action.KEEP, mended=desk.mended)
    features = scene.supplies[supply].features
    score = pd.Series(workshop.score(desk.model, scene.month, supply), index=features.index, name="score")
    landed = len(desk.log) - LABEL_GAP_MONTHS
    there = landed >= 0
    return Seen(
        month=scene.label,
        view=features,
        score=score,
        model=desk.model.version,
        landed_month=workshop.stage.scenes[landed].label if there else None,
        landed=desk.log[landed].dropna() if there else None,
    )


def _carry_out(
    workshop: Workshop, desk: _Desk, scene: Scene, decision: Decision, *, guarded: bool
) -> tuple[_Desk, Entry]:
    action, costs = Action(decision.action), workshop.stage.past.costs
    supply = supply_of(action, mended=desk.mended)
    model, promoted = _next_model(workshop, desk, scene.month, action, guarded=guarded)
    rows = scene.supplies[supply]
    went_out = pd.DataFrame(
        {"score": workshop.score(model, scene.month, supply), "churned": rows.churned}, index=rows.features.index
    )
    entry = Entry(
        month=scene.label,
        action=action,
        alerts=tuple(decision.alerts),
        model=model.version,
        missed=workshop.missed(model, scene.month, supply),
        spent=action_cost(action, costs),
        called=len(decision.alerts) * costs.page,
        promoted=promoted,
    )
    mended = is_mended(action, scene, mended=desk.mended)
    return replace(desk, model=model, mended=mended, log=(*desk.log, went_out)), entry


def _next_model(
    workshop: Workshop, desk: _Desk, month: int, action: Action, *, guarded: bool
) -> tuple[Model, bool | None]:
    """The model that scores this month, and whether a retraining promoted it."""
    if action is Action.RECALIBRATE:
        return workshop.recalibrated(desk.model, month, mended=desk.mended), None
    if action is not Action.RETRAIN:
        return desk.model, None
    wins = not guarded or workshop.beats(desk.model, month, mended=desk.mended)
    return (workshop.retrained(month, mended=desk.mended) if wins else desk.model), wins


def ledger_of(workshop: Workshop, actions: Sequence[Action]) -> Ledger:
    """The ledger of a list of actions, one a month, without alerts and without the guard rail."""
    planned = iter(actions)
    return replay(workshop, lambda _seen, _known, _before: Decision(action=next(planned)), guarded=False)

"""The system month by month: tables arrive, features are made, customers scored, offers sent, outcomes learnt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipelines.dataset import Feed, cohort_labels
from pipelines.errors import LabError
from pipelines.features import build
from pipelines.model import ChurnModel
from pipelines.recorded import World
from pipelines.replay.past import Past
from pipelines.train import LABEL_GAP_MONTHS
from pipelines.world.faults.fault import Damage, Delivery, PulledFault
from pipelines.world.recorder import TABLES
from scenarios.incident.bank.incident import Incident, Now, Step
from scenarios.incident.system.registry import canary_model, live_model, recalibrated
from scenarios.incident.system.timeline import COHORTS, RECALIBRATED

SENT_AFTER: Final = pd.Timedelta(hours=9)
"""When offers go out on the first of the month."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Struck:
    """An incident with its dose and the month index of the first run that it changes."""

    incident: Incident
    dose: float
    start: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One monthly run as it is stored.

    `delivery` are the tables that arrived since the run before. `snapshot` (n, 29) are the features by customer_id,
    `log` has customer_id, cutoff, model_version and score, `offers` customer_id and sent_at, `landed` the outcomes of
    the cohort two months back (`churned` by customer_id), None while there is none. `model` is the registry's.
    """

    month: int
    label: str
    delivery: Delivery
    snapshot: pd.DataFrame
    log: pd.DataFrame
    offers: pd.DataFrame
    landed: pd.DataFrame | None
    model: ChurnModel

    @property
    def offered(self) -> pd.Index:
        """Customers that were offered something."""
        found: pd.Index = pd.Index(self.offers["customer_id"])
        return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Lived:
    """Every live run of a world, and the deliveries before it; `canary` is the model that was taken back."""

    past: Past
    world: World
    arrived: Sequence[Delivery]
    runs: tuple[Run, ...]
    canary: ChurnModel


def live(past: Past, world: World, struck: Struck | None = None, *, twin: Lived | None = None) -> Lived:
    """Run the system through every production month of a world that shares the past's history.

    `twin` is the same world without an incident, where it was lived already: its features are not made again.
    """
    canary = canary_model(past)
    system = _System(
        past=past, world=world, struck=struck, arrived=_arrived(world, struck), canary=canary, made=_made(twin)
    )
    calendar = world.company.calendar
    model, runs, cohorts = live_model(past), list[Run](), list[pd.DataFrame]()
    for month in range(calendar.history, calendar.months):
        landed = _landed(system, month, model, runs)
        if landed is not None:
            sent = runs[-LABEL_GAP_MONTHS].log.set_index("customer_id")["score"]
            cohorts.append(landed.assign(score=sent.reindex(landed.index)))
        if len(runs) == RECALIBRATED:
            model = recalibrated(model, cohorts[-COHORTS:])
        runs.append(_run(system, month, model, runs=runs, landed=landed))
    return Lived(past=past, world=world, arrived=system.arrived, runs=tuple(runs), canary=canary)


@dataclass(frozen=True, kw_only=True, slots=True)
class _System:
    """What does not change from run to run."""

    past: Past
    world: World
    struck: Struck | None
    arrived: Sequence[Delivery]
    canary: ChurnModel
    made: Mapping[int, pd.DataFrame]

    def features(self, month: int) -> pd.DataFrame:
        """What the feature job makes of the deliveries before `month`."""
        if month in self.made and _same(self.arrived[:month], self.world.deliveries[:month]):
            return self.made[month]
        if _same(self.arrived[:month], self.past.base.deliveries[:month]):
            return self.past.features(month)
        return build(self.before(month), self.world.cutoff(month))

    def step(self, name: str, month: int) -> Step | None:
        """What an incident does to a step of this month's run; None where it leaves it alone."""
        if self.struck is None or month < self.struck.start:
            return None
        step: Step | None = getattr(self.struck.incident.injection, name)
        return step

    def before(self, month: int) -> Mapping[str, pd.DataFrame]:
        """The tables as they stand at the start of `month`."""
        return Feed({name: [tables[name] for tables in self.arrived[:month]] for name in TABLES}).before(month)

    def now(self, month: int, model: ChurnModel, runs: Sequence[Run], fresh: Sequence[pd.DataFrame] = ()) -> Now:
        """The step as an injection sees it; `fresh` is this run's snapshot, once there is one."""
        if self.struck is None:
            raise LabError("Nothing is injected into this run, so there is no step to look at.")
        history = self.world.company.calendar.history
        earlier = [self.past.features(at) for at in (history - 2, history - 1)]
        return Now(
            damage=Damage(
                amount=self.struck.dose,
                month=month,
                month_start=self.world.cutoff(month),
                streams=self.world.company.streams,
                previous={},
            ),
            started=month - self.struck.start,
            live=model,
            canary=self.canary,
            snapshots=[*earlier, *(run.snapshot for run in runs), *fresh],
            logs=[run.log for run in runs],
            tables=self.before(month),
        )


def _made(twin: Lived | None) -> dict[int, pd.DataFrame]:
    return {} if twin is None else {run.month: run.snapshot for run in twin.runs}


def _same(mine: Sequence[Delivery], theirs: Sequence[Delivery]) -> bool:
    """Whether these are the same deliveries, and not equal ones made anew."""
    return all(one is other for one, other in zip(mine, theirs, strict=True))


def _arrived(world: World, struck: Struck | None) -> list[Delivery]:
    """Every delivery as it arrived; what a run sees first goes wrong in the month before it."""
    fault = None if struck is None else struck.incident.injection.delivery
    if struck is None or fault is None:
        return list(world.deliveries)
    pulled = PulledFault(fault=fault, dose=struck.dose, start=struck.start - 1)
    arrived: list[Delivery] = []
    for month, delivery in enumerate(world.deliveries):
        arrived.append(
            pulled.deliver(
                delivery,
                month=month,
                month_start=world.cutoff(month),
                streams=world.company.streams,
                previous=arrived[-1] if arrived else {},
            )
        )
    return arrived


def _landed(system: _System, month: int, model: ChurnModel, runs: Sequence[Run]) -> pd.DataFrame | None:
    """The outcomes of the cohort two months back, as the label job writes them."""
    if len(runs) < LABEL_GAP_MONTHS:
        return None
    cohort = runs[-LABEL_GAP_MONTHS]
    feed = Feed({"subscriptions": [tables["subscriptions"] for tables in system.arrived]})
    customers = pd.Index(cohort.log["customer_id"])
    churned = cohort_labels(feed, system.world.company.calendar, customers, cohort.month, known_at=month)
    landed = pd.DataFrame({"churned": churned})
    step = system.step("labels", month)
    return landed if step is None else step(landed, system.now(month, model, runs))


def _run(system: _System, month: int, model: ChurnModel, *, runs: Sequence[Run], landed: pd.DataFrame | None) -> Run:
    snapshot = _snapshot(system, month, model, runs)
    scored = model.score(snapshot).to_frame("score")
    if (step := system.step("score", month)) is not None:
        scored = step(scored, system.now(month, model, runs, [snapshot]))
    offers = scored.assign(offered=scored["score"] >= model.threshold)
    if (step := system.step("offers", month)) is not None:
        offers = step(offers, system.now(month, model, runs, [snapshot]))
    cutoff = system.world.cutoff(month)
    log = pd.DataFrame(
        {
            "customer_id": scored.index.to_numpy(),
            "cutoff": cutoff,
            "model_version": model.version,
            "score": scored["score"].to_numpy(),
        }
    )
    sent = offers.index[offers["offered"].to_numpy(bool)].to_numpy()
    return Run(
        month=month,
        label=system.world.company.calendar.label(month),
        delivery=system.arrived[month - 1],
        snapshot=snapshot,
        log=log,
        offers=pd.DataFrame({"customer_id": sent, "sent_at": cutoff + SENT_AFTER}),
        landed=landed,
        model=model,
    )


def _snapshot(system: _System, month: int, model: ChurnModel, runs: Sequence[Run]) -> pd.DataFrame:
    """The features as the job writes them."""
    snapshot = system.features(month)
    step = system.step("snapshot", month)
    return snapshot if step is None else step(snapshot, system.now(month, model, runs))

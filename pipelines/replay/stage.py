"""A recorded stretch of production, ready to be lived through again under any policy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.dataset import Cohort, Feed, cohort_labels
from pipelines.features import FEATURES, build
from pipelines.model import Floats, model_view
from pipelines.recorded import World, branch
from pipelines.replay.past import Past
from pipelines.train import LABEL_GAP_MONTHS
from pipelines.world.faults.fault import Delivery, PulledFault
from pipelines.world.levers.lever import PulledLever
from pipelines.world.recorder import TABLES
from pipelines.world.truth import expected_campaign

PER_CUSTOMERS = 1000.0
"""Customers that all money is reckoned for."""


class Supply(StrEnum):
    """Which inputs a month is scored with: as they came, as they would be without faults, or a stopgap.

    The stopgap is the mended month with every broken feature as each customer had it in the last good month.
    """

    DELIVERED = "delivered"
    MENDED = "mended"
    STOPGAP = "stopgap"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """The customers of a cutoff in the order of `features` (n, 29).

    `view` (n, 29) is what a model reads, `chance` (n,) the true probability of leaving (0 for rows that are no
    customer), `churned` (n,) the label as it lands two months later, NaN where it never does.
    """

    features: pd.DataFrame
    view: Floats
    chance: Floats
    churned: Floats

    def labelled(self) -> npt.NDArray[np.bool_]:
        """Which customers have a label, shape (n,)."""
        return ~np.isnan(self.churned)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """One production month. `broken` names the features that faults have changed.

    `best` is the profit per 1,000 customers of the best possible score, and `customers` how many there truly are.
    """

    month: int
    label: str
    supplies: Mapping[Supply, Rows]
    broken: tuple[str, ...]
    best: float
    customers: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """What happened, as far as no policy can change it: the past, and every production month.

    `history` are the past's cohorts with the labels that land in this world.
    """

    past: Past
    history: tuple[Cohort, ...]
    scenes: tuple[Scene, ...]

    def scene(self, month: int) -> Scene:
        """The production month of a month index."""
        return self.scenes[month - self.scenes[0].month]


def lived(past: Past, levers: Sequence[PulledLever]) -> World:
    """The past's company with levers pulled, none of which may start before production.

    Up to the first lever's start the deliveries are those of the base world, byte for byte, and are shared with it.
    """
    if not levers:
        return past.base
    world = branch(past.base, replace(past.base.company, levers=tuple(levers)))
    start = min(lever.start for lever in levers)
    return replace(
        world,
        deliveries=[*past.base.deliveries[:start], *world.deliveries[start:]],
        truth=[*past.base.truth[:start], *world.truth[start:]],
    )


def stage_of(past: Past, world: World, faults: Sequence[PulledFault] = ()) -> Stage:
    """The stage of a world that shares the past's history, with faults in its record.

    A broken delivery is sent again, repaired, once its fault has ended. Features are built once for each month that
    differs from the base world's.
    """
    calendar = world.company.calendar
    record = _Record(past=past, world=world, damaged=_damaged(world, faults), faults=tuple(faults))
    scenes: list[Scene] = []
    good = past.cohorts[-1].features
    for month in range(calendar.history, calendar.months):
        scene = _scene(record, month, good, scenes[-1] if scenes else None)
        good = good if scene.broken else scene.supplies[Supply.MENDED].features
        scenes.append(scene)
    return Stage(past=past, history=_history(past, record), scenes=tuple(scenes))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Record:
    """The world's deliveries, whole and damaged."""

    past: Past
    world: World
    damaged: Sequence[Delivery]
    faults: tuple[PulledFault, ...]

    def clean(self, month: int) -> Sequence[Delivery]:
        """What had arrived before `month`, had nothing been broken."""
        return self.world.deliveries[:month]

    def delivered(self, month: int) -> Sequence[Delivery]:
        """What had arrived before `month`, with the repairs so far."""
        pairs = zip(self.world.deliveries[:month], self.damaged, strict=False)
        return [hurt if self._open(at, month) else whole for at, (whole, hurt) in enumerate(pairs)]

    def _open(self, delivered: int, month: int) -> bool:
        return any(f.active(delivered) and f.active(month - 1) for f in self.faults)

    def labels(self, customers: pd.Index, month: int, deliveries: Sequence[Delivery]) -> Floats:
        """Labels of a cohort as they land, NaN while the record ends before that."""
        known_at = month + LABEL_GAP_MONTHS
        if known_at > len(self.world.deliveries):
            return np.full(len(customers), np.nan)
        feed = Feed({"subscriptions": [tables["subscriptions"] for tables in deliveries]})
        found = cohort_labels(feed, self.world.company.calendar, customers, month, known_at=known_at)
        return found.to_numpy(np.float64)


def _damaged(world: World, faults: Sequence[PulledFault]) -> list[Delivery]:
    """Every delivery as it arrives, each fault on top of the one before."""
    arrived: list[Delivery] = []
    for month, tables in enumerate(world.deliveries):
        delivery: Delivery = tables
        for fault in faults:
            delivery = fault.deliver(
                delivery,
                month=month,
                month_start=world.cutoff(month),
                streams=world.company.streams,
                previous=arrived[-1] if arrived else {},
            )
        arrived.append(delivery)
    return arrived


def _history(past: Past, record: _Record) -> tuple[Cohort, ...]:
    """The past's cohorts, the newest with the labels that land once production has begun."""
    *older, newest = past.cohorts
    landed = record.labels(newest.features.index, newest.month, record.delivered(newest.month + LABEL_GAP_MONTHS))
    churned = pd.Series(landed, index=newest.features.index, name="churned")
    return (*older, replace(newest, churned=churned))


def _scene(record: _Record, month: int, good: pd.DataFrame, before: Scene | None) -> Scene:
    clean, delivered = record.clean(month), record.delivered(month)
    mended = _rows(record, month, _features(record, month, clean), record.world.deliveries)
    whole = all(mine is other for mine, other in zip(clean, delivered, strict=True))
    came = mended if whole else _as_came(record, month, delivered, before)
    broken = () if whole else tuple(name for name in FEATURES if _differs(came.features, mended.features, name))
    if not whole:
        stopgap = mended.features.assign(**{name: good[name].reindex(mended.features.index) for name in broken})
        patched = replace(mended, features=stopgap, view=model_view(stopgap))
    return Scene(
        month=month,
        label=record.world.company.calendar.label(month),
        supplies={Supply.DELIVERED: came, Supply.MENDED: mended, Supply.STOPGAP: mended if whole else patched},
        broken=broken,
        best=_best(record.past, mended),
        customers=len(mended.chance),
    )


def _as_came(record: _Record, month: int, delivered: Sequence[Delivery], before: Scene | None) -> Rows:
    """The month as delivered; where features cannot be made of it, last month's are served again."""
    known_at = min(month + LABEL_GAP_MONTHS, len(record.world.deliveries))
    try:
        features = _features(record, month, delivered)
    except (KeyError, TypeError, ValueError):
        features = before.supplies[Supply.DELIVERED].features if before else record.past.cohorts[-1].features
    return _rows(record, month, features, record.delivered(known_at))


def _features(record: _Record, month: int, deliveries: Sequence[Delivery]) -> pd.DataFrame:
    base = record.past.base.deliveries[:month]
    if all(mine is theirs for mine, theirs in zip(deliveries, base, strict=True)):
        return record.past.features(month)
    return build(_feed(deliveries).before(month), record.world.cutoff(month))


def _feed(deliveries: Sequence[Delivery]) -> Feed:
    return Feed({name: [tables[name] for tables in deliveries] for name in TABLES})


def _rows(record: _Record, month: int, features: pd.DataFrame, deliveries: Sequence[Delivery]) -> Rows:
    chance = record.world.truth[month]["bayes"].reindex(features.index).fillna(0.0)
    return Rows(
        features=features,
        view=model_view(features),
        chance=chance.to_numpy(np.float64),
        churned=record.labels(features.index, month, deliveries),
    )


def _differs(came: pd.DataFrame, mended: pd.DataFrame, name: str) -> bool:
    if name not in came:
        return True
    both = came.index.intersection(mended.index)
    return not came[name].loc[both].equals(mended[name].loc[both])


def _best(past: Past, rows: Rows) -> float:
    earned = expected_campaign(rows.chance, rows.chance, threshold=past.champion.threshold, economics=past.economics)
    return earned.profit / len(rows.chance) * PER_CUSTOMERS

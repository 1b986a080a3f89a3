"""What a fault is: damage to one month's delivery of recorded tables, while the world and its truth do not move."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.errors import LabError
from pipelines.world.streams import Stream, Streams

Delivery = Mapping[str, pd.DataFrame]
"""What arrives in a month: table name -> rows, as the recorder wrote them."""

_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_TO_UNIT = 2.0**-53


@dataclass(frozen=True, kw_only=True, slots=True)
class Damage:
    """How hard a fault hits, in which month, and with which luck.

    `amount` is in the fault's unit. `month_start` is the month's first instant, `previous` the month before as it was
    delivered (empty in the first month).
    """

    amount: float
    month: int
    month_start: pd.Timestamp
    streams: Streams
    previous: Delivery

    def hits(self, keys: pd.Series, share: float | None = None) -> npt.NDArray[np.bool_]:
        """Which keys (customer or ticket ids, shape (n,)) lie in the damaged share; the same ones in every month.

        `share` is `amount` unless given. A larger share contains every smaller one.
        """
        return self.luck(keys) < (self.amount if share is None else share)

    def luck(self, keys: pd.Series) -> npt.NDArray[np.float64]:
        """A uniform draw in [0, 1) for each key, shape (n,): a function of the world's seed and the key alone."""
        salt = np.random.Philox(counter=[0, 0, 0, 0], key=[self.streams.seed, Stream.FAULT]).random_raw()
        return _hashed(keys.to_numpy(np.int64).view(np.uint64) + np.uint64(salt))


def _hashed(keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.float64]:
    """SplitMix64's finaliser (Steele, Lea and Flood 2014), scaled to [0, 1)."""
    mixed = keys * _GOLDEN
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX_1
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_2
    return np.asarray((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(11)) * _TO_UNIT


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """A way to damage a delivery.

    `apply(delivery, damage)` returns the tables it replaces, which are among `tables`, and leaves its input alone.
    `dose` is the usual amount in `unit`, `most` the largest allowed, and 0 changes nothing. `guard` says what would
    catch it. A harmless fault is visible in the data and does nothing to the model's decisions.
    """

    name: str
    title: str
    tables: tuple[str, ...]
    apply: Callable[[Delivery, Damage], Delivery]
    unit: str
    dose: float
    most: float
    guard: str
    harmless: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class PulledFault:
    """A fault with its dose and the months it lasts: from `start` to `until`, both included; None means it stays."""

    fault: Fault
    dose: float
    start: int
    until: int | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.dose <= self.fault.most:
            raise LabError(
                f"The dose of fault '{self.fault.name}' is {self.dose:g}; "
                f"allowed is 0 to {self.fault.most:g} ({self.fault.unit}). Usual is {self.fault.dose:g}."
            )
        if self.until is not None and self.until < self.start:
            raise LabError(
                f"Fault '{self.fault.name}' starts in month {self.start} and ends before that, in month {self.until}. "
                "Give a later `until`, or none for a fault that stays."
            )

    def active(self, month: int) -> bool:
        """Whether this month's delivery is damaged."""
        return self.dose > 0.0 and self.start <= month and (self.until is None or month <= self.until)

    def deliver(
        self, delivery: Delivery, *, month: int, month_start: pd.Timestamp, streams: Streams, previous: Delivery
    ) -> Delivery:
        """The delivery as it arrives; the same object in months the fault leaves alone."""
        if not self.active(month):
            return delivery
        damage = Damage(amount=self.dose, month=month, month_start=month_start, streams=streams, previous=previous)
        return {**delivery, **self.fault.apply(delivery, damage)}

"""Every policy that the lab holds against the oracle, weak practice first."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from pipelines.replay.policies.any_drift import AnyDrift
from pipelines.replay.policies.calendar import Calendar
from pipelines.replay.policies.loss_cusum import LossCusum
from pipelines.replay.policies.never import never
from pipelines.replay.policies.sound import Sound
from pipelines.replay.policy import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedPolicy:
    """A policy to be made anew for each stage, and whether its challengers must beat the live model first."""

    name: str
    title: str
    make: Callable[[], Policy]
    guarded: bool = False


NEVER: Final = NamedPolicy(name="never", title="never retrain", make=lambda: never)
QUARTERLY: Final = NamedPolicy(name="calendar_3", title="retrain quarterly", make=partial(Calendar, months=3))
ANY_DRIFT: Final = NamedPolicy(name="any_drift", title="retrain on any drift (PSI > 0.2)", make=AnyDrift)
SOUND: Final = NamedPolicy(name="sound", title="ours: gate, labels, money", make=Sound, guarded=True)

POLICIES: Final[tuple[NamedPolicy, ...]] = (
    NEVER,
    NamedPolicy(name="calendar_1", title="retrain monthly", make=partial(Calendar, months=1)),
    QUARTERLY,
    NamedPolicy(name="calendar_6", title="retrain twice a year", make=partial(Calendar, months=6)),
    ANY_DRIFT,
    NamedPolicy(name="loss_cusum", title="retrain on a CUSUM of the loss", make=LossCusum),
    SOUND,
)
"""In the order in which tables show them."""

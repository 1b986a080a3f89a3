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
from pipelines.replay.policies.vendor_defaults import VendorDefaults
from pipelines.replay.policy import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedPolicy:
    """A policy to be made anew for each stage, and whether its challengers must beat the live model first."""

    name: str
    title: str
    make: Callable[[], Policy]
    guarded: bool = False


NEVER: Final = NamedPolicy(name="never", title="Do nothing", make=lambda: never)
QUARTERLY: Final = NamedPolicy(name="calendar_3", title="Retrain every quarter", make=partial(Calendar, months=3))
ANY_DRIFT: Final = NamedPolicy(name="any_drift", title="Retrain where any column's PSI is above 0.2", make=AnyDrift)
VENDOR: Final = NamedPolicy(name="vendor", title="Retrain where a vendor's default test alarms", make=VendorDefaults)
SOUND: Final = NamedPolicy(name="sound", title="Ours: gate, labels, money", make=Sound, guarded=True)

POLICIES: Final[tuple[NamedPolicy, ...]] = (
    NEVER,
    NamedPolicy(name="calendar_1", title="Retrain every month", make=partial(Calendar, months=1)),
    QUARTERLY,
    NamedPolicy(name="calendar_6", title="Retrain twice a year", make=partial(Calendar, months=6)),
    ANY_DRIFT,
    NamedPolicy(name="loss_cusum", title="Retrain on a CUSUM of the loss", make=LossCusum),
    SOUND,
)
"""In the order in which tables show them."""

SHOWN: Final[tuple[NamedPolicy, ...]] = (NEVER, QUARTERLY, ANY_DRIFT, VENDOR, SOUND)
"""Those that the drift scenario runs its year under, in the order of its table. Yours: one file, and a line here."""

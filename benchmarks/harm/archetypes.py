"""What can happen to a deployed model: the archetypes of the harm benchmark, divided once into tuned and untouched.

Thresholds of every verdict are chosen on the tuned archetypes alone. Doses were set from exact harm in two worlds
that are not part of the study, before any monitor had seen one of them.
"""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

from monitoring.vocabulary import Cause
from pipelines.world.faults import catalogue as faults
from pipelines.world.faults.fault import PulledFault
from pipelines.world.levers import catalogue as levers
from pipelines.world.levers.lever import PulledLever
from pipelines.world.mechanism import BASE, Mechanism

NO_CAUSE: Final = "none"
"""The true cause where nothing happens, and the answer where nothing is said."""

_UNIFORM: Final = frozenset({"intercept", "season_amplitude"})
"""Numbers of the mechanism that move every customer's log-odds alike: a pure change of the churn rate."""


class Kind(StrEnum):
    """What an archetype is made with."""

    NULL = "null"
    LEVER = "lever"
    FAULT = "fault"
    LEAK = "leak"


@dataclass(frozen=True, kw_only=True, slots=True)
class Archetype:
    """One thing that happens at the start month and stays; `dose` and `shape` are the usual ones where None.

    `of` is the lever's or fault's name, or how the leaking feature dies.
    """

    name: str
    kind: Kind
    of: str = ""
    dose: float | None = None
    shape: str | None = None
    tuned: bool

    def lever(self, start: int) -> PulledLever:
        """The lever, pulled at `start`."""
        return levers.pulled(self.of, start=start, dose=self.dose, shape=self.shape)

    def fault(self, start: int) -> PulledFault:
        """The fault, from `start` on."""
        return faults.pulled(self.of, start=start, dose=self.dose)

    @property
    def cause(self) -> str:
        """The true cause: of a lever, what it moves in the world's own mechanism."""
        if self.kind is Kind.NULL:
            return NO_CAUSE
        if self.kind is Kind.LEVER:
            return str(_cause_of_lever(self.lever(0)))
        return str(Cause.DATA_FAULT if self.kind is Kind.FAULT else Cause.LEAK_DIED)


def _cause_of_lever(pulled: PulledLever) -> Cause:
    if not pulled.lever.moves.p_y_given_x:
        return Cause.COVARIATE
    after = pulled.lever.apply(BASE, pulled.dose)
    moved = {field.name for field in fields(Mechanism) if getattr(after, field.name) != getattr(BASE, field.name)}
    return Cause.LABEL_SHIFT if moved and moved <= _UNIFORM else Cause.CONCEPT


def _levers(*given: tuple[str, float | None, str | None], tuned: bool) -> tuple[Archetype, ...]:
    return tuple(
        Archetype(name=name, kind=Kind.LEVER, of=name, dose=dose, shape=shape, tuned=tuned)
        for name, dose, shape in given
    )


def _faults(*given: tuple[str, float | None], tuned: bool) -> tuple[Archetype, ...]:
    return tuple(Archetype(name=name, kind=Kind.FAULT, of=name, dose=dose, tuned=tuned) for name, dose in given)


def _leak(how: str, *, tuned: bool) -> Archetype:
    return Archetype(name=f"leak_{how}", kind=Kind.LEAK, of=how, tuned=tuned)


TUNED: Final = (
    Archetype(name="null", kind=Kind.NULL, tuned=True),
    *_levers(
        ("seasonal_swing", None, None),
        ("channel_mix", None, None),
        ("usage_surge", None, None),
        ("quality_incident", None, None),
        ("competitor_launch", 1.5, None),
        ("macro_shock", 0.9, None),
        ("retention_campaign", 2.6, None),
        tuned=True,
    ),
    *_faults(
        ("clipped_values", None),
        ("renamed_region", None),
        ("truncation", 0.4),
        ("null_to_default", 0.3),
        tuned=True,
    ),
    _leak("constant", tuned=True),
)
"""Archetypes on which thresholds may be chosen."""

UNTOUCHED: Final = (
    *_levers(
        ("sale_quarters", None, None),
        ("region_expansion", None, None),
        ("app_migration", None, None),
        ("contract_policy", None, None),
        ("service_outage", None, None),
        ("slow_drift", None, None),
        ("engagement_decoupling", None, None),
        ("onboarding_broken", 2.2, "incremental"),
        ("discount_cliff", 3.0, None),
        ("demand_cycle", 1.0, None),
        ("app_redesign", 0.9, None),
        tuned=False,
    ),
    *_faults(
        ("gateway_echo", None),
        ("time_zone_shift", None),
        ("severity_default", None),
        ("missing_partition", 0.25),
        ("lost_payments", 0.25),
        ("fan_out", 3.0),
        tuned=False,
    ),
    _leak("missing", tuned=False),
)
"""Archetypes that are only scored."""

ARCHETYPES: Final = (*TUNED, *UNTOUCHED)

"""The scripted changes of a scenario: from names in `params.yaml` to a company with levers and a list of faults."""

from dataclasses import dataclass, replace

from pipelines.parameters import DriftParameters, LeverEvent, Parameters
from pipelines.world.company import Company
from pipelines.world.faults.catalogue import pulled as pulled_fault
from pipelines.world.faults.fault import PulledFault
from pipelines.world.levers.catalogue import pulled as pulled_lever
from pipelines.world.levers.lever import PulledLever


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """What happens in a scenario: the company with its levers, the faults in its record, and the scenario's name."""

    name: str
    company: Company
    faults: tuple[PulledFault, ...]


NO_LEVER = "none"
"""The name that stands for no main event: a control."""


def company_of(parameters: Parameters) -> Company:
    """The company with nothing happening: the twin of every scenario."""
    world = parameters.world
    return Company(seed=world.seed, customers=world.customers, calendar=world.calendar)


def drift_script(parameters: Parameters) -> Script:
    """The drift scenario's script. Raises LabError for an unknown lever or fault, or a dose that is not allowed."""
    company = replace(company_of(parameters), levers=levers(parameters))
    return Script(name="drift", company=company, faults=faults(parameters))


def levers(parameters: Parameters) -> tuple[PulledLever, ...]:
    """The scenario's levers, the main one first."""
    drift, history = parameters.drift, parameters.world.history
    return tuple(
        pulled_lever(e.lever, start=_month(history, e.start), dose=e.dose, shape=e.shape) for e in _lever_events(drift)
    )


def faults(parameters: Parameters) -> tuple[PulledFault, ...]:
    """The scenario's faults. Raises LabError for an unknown fault or dose."""
    history = parameters.world.history
    return tuple(
        pulled_fault(
            e.fault,
            start=_month(history, e.start),
            until=None if e.until is None else _month(history, e.until),
            dose=e.dose,
        )
        for e in parameters.drift.faults
    )


def _lever_events(drift: DriftParameters) -> list[DriftParameters | LeverEvent]:
    main: list[DriftParameters | LeverEvent] = [] if drift.lever == NO_LEVER else [drift]
    return [*main, *drift.also]


def _month(history: int, production_month: int) -> int:
    """The month index of the first, second, ... production month."""
    return history + production_month - 1

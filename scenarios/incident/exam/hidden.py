"""Months that no candidate sees: another company with variants of the incident, and with nothing but the seasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pipelines.replay.past import Past
from pipelines.replay.stage import lived as lived_through
from pipelines.world.levers.catalogue import pulled
from scenarios.incident.bank.catalogue import incident
from scenarios.incident.exam.compose import at_dose
from scenarios.incident.system.company import hidden_past, luck
from scenarios.incident.system.harm import harm
from scenarios.incident.system.run import Lived, Struck, live

_HIDDEN = 70
"""Purpose of the hidden variants' random draws."""

DOSES: Final = (0.1, 0.5, 1.0)
"""Places of the variants between the weakest and the strongest dose of the incident."""

COMMON: Final = ("ticket_fan_out", "month_boundary", "moved_threshold")
"""Incidents that a guard meets where the case held none: whoever watches nothing is quiet as well."""

SWING: Final = 0.8
"""How strongly the season swings in the seasonal year."""

WITHIN: Final = 1
"""Months after the first customer is hurt within which a guard must have spoken."""


BEGIN: Final = 1
"""Place of the first run that a guard is asked about; it knows the one before."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Hidden runs: the places at which the guard is asked, and those at which it should speak.

    `due` is empty where nothing is wrong. Every stretch begins at `BEGIN`, so that the length of its history says
    nothing about what is to come.
    """

    name: str
    lived: Lived
    asked: tuple[int, ...]
    due: tuple[int, ...]


@lru_cache(maxsize=1)
def quiet_worlds(seed: int) -> tuple[Hidden, ...]:
    """A year in which nothing happens, and one in which the season swings."""
    return quiet_years(_twin(seed))


def quiet_years(twin: Lived) -> tuple[Hidden, ...]:
    """The same of a company that was lived without an incident."""
    start = twin.past.base.company.calendar.history
    seasonal = lived_through(twin.past, [pulled("seasonal_swing", start=start, dose=SWING)])
    return tuple(
        Hidden(name, lived, tuple(range(BEGIN, len(lived.runs))), ())
        for name, lived in (("clean months", twin), ("seasonal months", live(twin.past, seasonal)))
    )


@lru_cache(maxsize=4)
def variants(seed: int, name: str | None) -> tuple[Hidden, ...]:
    """Variants of an incident, or of common ones where there was none."""
    rng, past = luck(seed, _HIDDEN), hidden_past(seed)
    asked = [(one, 0.7) for one in COMMON] if name is None else [(name, place) for place in DOSES]
    return tuple(
        _variant(f"variant {number}", _twin(seed), at_dose(incident(one), place, _first(past), rng))
        for number, (one, place) in enumerate(asked, start=1)
    )


def _first(past: Past) -> int:
    return past.base.company.calendar.history


@lru_cache(maxsize=1)
def _twin(seed: int) -> Lived:
    past = hidden_past(seed)
    return live(past, past.base)


def _variant(name: str, twin: Lived, event: Struck) -> Hidden:
    lived = live(twin.past, twin.world, event, twin=twin)
    start = event.start - _first(twin.past)
    hurt = first_hurt(lived, twin, start)
    due = tuple(range(start, min(hurt + WITHIN, len(lived.runs) - 1) + 1))
    return Hidden(name, lived, tuple(range(BEGIN, due[-1] + 1)), due)


def first_hurt(lived: Lived, twin: Lived, start: int) -> int:
    """The place of the first run in which anybody is affected, `start` where nobody ever is."""
    hurt: Sequence[int] = [place for place, one in enumerate(harm(lived, twin)) if len(one.affected)]
    return hurt[0] if hurt else start

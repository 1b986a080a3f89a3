"""Which measurements, and which alerts, give a layer its verdict in a month."""

from collections.abc import Iterable
from typing import Protocol

from monitoring.performance.realised import HARM
from monitoring.vocabulary import Layer, Measurement


class Spoken(Protocol):
    """A measurement, an alert, or what is kept of one."""

    @property
    def layer(self) -> str:
        """The name of the layer it comes from."""

    @property
    def signal(self) -> str:
        """What it is about."""


def judging(layer: Layer, said: Iterable[Measurement]) -> tuple[Measurement, ...]:
    """Return what a layer is judged by: its own measurements.

    The figures of the business layer have no limit of their own. Whether money is lost is what the evidence of harm
    says, so it judges that layer too, and before labels have landed nothing does.
    """
    return tuple(one for one in said if is_about(layer, one))


def is_about(layer: str, one: Spoken) -> bool:
    """Return whether a measurement or an alert counts for a layer's verdict."""
    return one.signal == HARM if layer == Layer.BUSINESS else one.layer == layer

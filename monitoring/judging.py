"""Which measurements, and which alerts, give a layer its verdict in a month."""

from collections.abc import Iterable

from monitoring.performance.realised import HARM
from monitoring.vocabulary import Alert, Layer, Measurement


def judging(layer: Layer, said: Iterable[Measurement]) -> tuple[Measurement, ...]:
    """Return what a layer is judged by: its own measurements.

    The figures of the business layer have no limit of their own. Whether money is lost is what the evidence of harm
    says, so it judges that layer too, and before labels have landed nothing does.
    """
    return tuple(one for one in said if is_about(layer, one))


def is_about(layer: Layer, one: Measurement | Alert) -> bool:
    """Return whether a measurement or an alert counts for a layer's verdict."""
    return one.signal == HARM if layer is Layer.BUSINESS else one.layer is layer

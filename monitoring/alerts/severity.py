"""How loud one measurement's alarm is."""

from monitoring.vocabulary import LEAN, Layer, Measurement, Severity

_CERTAIN = (Layer.RUN, Layer.GATE, Layer.REALISED, Layer.BUSINESS)
"""Layers that see what is: broken data, and what labels have confirmed. The others suspect."""


def severity_of(alarm: Measurement, *, strong_input: float | None = None) -> Severity:
    """Return how much attention an alarm deserves by itself.

    Critical: a hard break in something the model leans on, or harm that labels have confirmed. Warning: softer
    breaks, moved scores, worse estimates, and inputs that moved by `strong_input` (a distance, 0 to 1) or more.
    Info: other moved inputs, and anything the model does not use.
    """
    if alarm.weight <= 0.0:
        return Severity.INFO
    if alarm.layer is Layer.INPUT:
        strong = strong_input is not None and alarm.value is not None and alarm.value >= strong_input
        return Severity.WARNING if strong else Severity.INFO
    certain = alarm.hard and alarm.weight >= LEAN and alarm.layer in _CERTAIN
    return Severity.CRITICAL if certain else Severity.WARNING

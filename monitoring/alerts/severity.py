"""How loud one measurement's alarm is."""

from monitoring.alerts.settings import AlertSettings
from monitoring.vocabulary import LEAN, Layer, Measurement, Severity

_CERTAIN = (Layer.RUN, Layer.GATE, Layer.REALISED, Layer.BUSINESS)
"""Layers that see what is: broken data, and what labels have confirmed. The others suspect."""


def severity_of(alarm: Measurement, settings: AlertSettings) -> Severity:
    """Return how much attention an alarm deserves by itself.

    Critical: a hard break in something the model leans on, or harm that labels have confirmed. Warning: softer
    breaks, moved scores, worse estimates, and inputs that moved as far as the settings call strong. Info: other
    moved inputs, the charts that explain harm and do not confirm it, and anything the model does not use.
    """
    if alarm.weight <= 0.0 or _slight(alarm, settings):
        return Severity.INFO
    certain = alarm.hard and alarm.weight >= LEAN and alarm.layer in _CERTAIN
    return Severity.CRITICAL if certain else Severity.WARNING


def _slight(alarm: Measurement, settings: AlertSettings) -> bool:
    """Return whether an alarm may be certain and still no reason to look."""
    if alarm.layer is Layer.INPUT:
        strong = settings.strong_input
        return strong is None or alarm.value is None or alarm.value < strong
    return alarm.layer is Layer.REALISED and alarm.signal.startswith("cusum_") and not alarm.hard

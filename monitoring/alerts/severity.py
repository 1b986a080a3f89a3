"""How loud one measurement's alarm is."""

from monitoring.vocabulary import LEAN, Layer, Measurement, Severity


def severity_of(alarm: Measurement) -> Severity:
    """Return how much attention an alarm deserves by itself.

    Critical: a hard break in something the model leans on, or harm that labels have confirmed. Warning: softer
    breaks, moved scores, worse estimates. Info: moved inputs, and anything the model does not use.
    """
    if alarm.weight <= 0.0 or alarm.layer is Layer.INPUT:
        return Severity.INFO
    return Severity.CRITICAL if alarm.hard and alarm.weight >= LEAN else Severity.WARNING

"""What this package raises: for misuse by the caller, never for bad data (bad data becomes a measurement)."""


class MonitorError(ValueError):
    """The monitor was asked for something it cannot do; the message says what to change."""

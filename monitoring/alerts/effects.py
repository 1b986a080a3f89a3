"""What an alarm costs, where that can be known: its own figure, or that of the cohort it speaks of."""

from collections.abc import Iterable

from monitoring.vocabulary import Layer, Measurement

MONEY = "money_per_1000"
"""Name of the detail that holds a measurement's own cost per 1000 customers and month."""

_GAPS = ("campaign_gap", "value_gap")
"""Details of a cohort's realised profit: how far it fell behind its promise, without and with customers lost."""


def money_of(alarm: Measurement, said: Iterable[Measurement]) -> float | None:
    """Return an alarm's cost per 1000 customers and month; None where nothing measured it.

    Labels' alarms without a figure of their own take what their cohort fell behind its promise.
    """
    own = alarm.detail(MONEY)
    if isinstance(own, float):
        return own
    if alarm.layer not in (Layer.REALISED, Layer.BUSINESS):
        return None
    cohort = alarm.detail("cohort")
    beside = [one for one in said if cohort is not None and one.detail("cohort") == cohort]
    gaps = [gap for one in beside for name in _GAPS if isinstance(gap := one.detail(name), float)]
    return max(gaps, default=None)

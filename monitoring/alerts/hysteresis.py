"""When an alarm counts as over: not below the limit it fired at, but clearly below it."""

from collections.abc import Iterable
from enum import StrEnum

from monitoring.vocabulary import Alert, Measurement, Verdict

USUAL = "expected"
"""Name of the detail that holds a figure's usual value; without it a figure that alarms upward is quiet at 0."""


class Reading(StrEnum):
    """What a month says about an open alert that did not alarm.

    `band`: below the limit, and not yet clear of it. `silent`: not looked at, or without a verdict.
    """

    QUIET = "quiet"
    BAND = "band"
    SILENT = "silent"


def reading(alert: Alert, said: Iterable[Measurement], band: float) -> Reading:
    """Return what a month's measurements say about an alert whose signal did not alarm in it.

    Parameters
    ----------
    alert
        As it stood after its last alarm.
    said
        Everything measured in the month.
    band
        Share (0 to 1) of the way from the limit back to the usual value that must be made before the alert counts
        as quiet; 0 makes the limit itself the boundary.
    """
    every = tuple(said)
    own = next((one for one in every if one.key == alert.key), None)
    if own is None:
        heard = any(one.layer is alert.layer and one.subject.table == alert.subject.table for one in every)
        return Reading.QUIET if heard else Reading.SILENT
    if own.verdict is not Verdict.OK:
        return Reading.SILENT
    return Reading.BAND if band > 0.0 and _way_out(alert, own) > 1.0 - band else Reading.QUIET


def _way_out(alert: Alert, now: Measurement) -> float:
    """Return how far the figure lies from its usual value, as a share of the way to the limit; 0 where unknown."""
    if None in (alert.value, alert.threshold, now.value, now.threshold):
        return 0.0
    upward = alert.value > alert.threshold  # type: ignore[operator]
    usual = now.detail(USUAL)
    if not isinstance(usual, float):
        if not upward:
            return 0.0
        usual = 0.0
    away, limit = now.value - usual, now.threshold - usual  # type: ignore[operator]
    return away / limit if (away > 0.0) is upward and away * limit > 0.0 else 0.0

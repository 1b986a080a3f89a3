"""What a detector is, and how it is asked: whatever it does, the month is still reported."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import pandas as pd

from monitoring.reference import Reference
from monitoring.screening import MonthInput
from monitoring.vocabulary import Layer, Measurement, Subject, Verdict

Detector: TypeAlias = Callable[[Reference, MonthInput], Sequence[Measurement]]
"""What good months showed and one more month, to measurements: all that was looked at, quiet ones too.

An alarm is handled as any other: it joins an incident and its layer decides how loud it is (`INPUT` explains, a `hard`
one of `GATE` calls a person). Scoring is blocked by the gate alone.
"""


def detected(detectors: Sequence[Detector], reference: Reference, given: MonthInput) -> list[Measurement]:
    """Return what the detectors say of a month; nothing where it has no view. One that fails is an alarm itself."""
    if not isinstance(given.view, pd.DataFrame):
        return []
    return [one for detector in detectors for one in _asked(detector, reference, given)]


def _asked(detector: Detector, reference: Reference, given: MonthInput) -> list[Measurement]:
    try:
        return list(detector(reference, given))
    except Exception as error:  # noqa: BLE001 - anybody's code; the alarm says which error it caused
        return [_failed(getattr(detector, "__name__", type(detector).__name__), given.month, error)]


def _failed(name: str, month: str, error: Exception) -> Measurement:
    return Measurement(
        month=month,
        layer=Layer.RUN,
        signal="detector_failed",
        subject=Subject(table=f"detector {name}"),
        value=1.0,
        threshold=0.0,
        method="the detector itself failed",
        unit="detectors",
        verdict=Verdict.ALARM,
        note=f"{name} could not read the month: {type(error).__name__}: {error}",
    )

"""How the gate words its measurements: the month and table filled in, the verdict drawn from value and limit."""

from dataclasses import dataclass

from monitoring.gate.contract import ColumnContract
from monitoring.vocabulary import Layer, Measurement, Subject, Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Voice:
    """Speaks for one table in one month."""

    month: str
    table_name: str
    layer: Layer = Layer.GATE

    def say(  # noqa: PLR0913 - the fields of a measurement
        self,
        signal: str,
        value: float | None,
        limit: float | None,
        *,
        unit: str,
        method: str,
        column: ColumnContract | None = None,
        segment: str = "",
        hard: bool = False,
        note: str = "",
        weight: float = 1.0,
        alarm: bool | None = None,
    ) -> Measurement:
        """Return a measurement of the table or of one column; it alarms above the limit unless `alarm` is given.

        The note and `hard` hold for the alarm only. A column's own weight goes before `weight`.
        """
        verdict = _verdict(value, limit, alarm=alarm)
        return Measurement(
            month=self.month,
            layer=self.layer,
            signal=signal,
            subject=Subject(table=self.table_name, feature=column.name if column else "", segment=segment),
            value=value,
            threshold=limit,
            method=method,
            unit=unit,
            verdict=verdict,
            note=note if verdict is not Verdict.OK else "",
            weight=column.weight if column else weight,
            hard=hard and verdict is Verdict.ALARM,
        )


def _verdict(value: float | None, limit: float | None, *, alarm: bool | None) -> Verdict:
    if alarm is not None:
        return Verdict.ALARM if alarm else Verdict.OK
    if value is None or limit is None:
        return Verdict.CANNOT_TELL
    return Verdict.ALARM if value > limit else Verdict.OK

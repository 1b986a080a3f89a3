"""Which kind of change stands behind an alarm, judged from everything said in the same month."""

from dataclasses import dataclass

from monitoring.gate.check import blocking
from monitoring.vocabulary import Alert, Cause, Layer, Measurement, Verdict

FAULTY = "fault_incident"
"""Name of the detail that marks a cohort whose own month had broken data; it holds that incident's name."""


_ROOTS = (Layer.RUN, Layer.GATE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What the month's alarms and the open alerts say together.

    `broken` - tables with hard breaks now; `shaken` - where any table is broken, all tables with an alarm of
    the gate in what the model uses; `inputs` - something the model uses has moved; `mean_score` - the mean score
    moved up (1), down (-1) or not (0); `charts` - the CUSUM charts in alarm.
    """

    broken: frozenset[str]
    shaken: frozenset[str]
    inputs: bool
    mean_score: int
    charts: frozenset[str]


def weigh(measurements: tuple[Measurement, ...], open_alerts: tuple[Alert, ...]) -> Evidence:
    """Return the evidence of a month: its alarms, and the alerts that were open before."""
    alarms = [one for one in measurements if one.verdict is Verdict.ALARM]
    broken = frozenset(one.subject.table for one in blocking(alarms))
    moved = any(one.layer is Layer.INPUT and one.weight > 0.0 for one in alarms)
    return Evidence(
        broken=broken,
        shaken=frozenset(one.subject.table for one in alarms if broken and one.layer in _ROOTS and one.weight > 0.0),
        inputs=moved or any(one.layer is Layer.INPUT for one in open_alerts),
        mean_score=_direction([] if broken else alarms, open_alerts),
        charts=frozenset(one.signal for one in alarms if one.signal.startswith("cusum_")),
    )


def _direction(alarms: list[Measurement], open_alerts: tuple[Alert, ...]) -> int:
    """Return where the mean score went; scores of broken data do not count."""
    sound = [one for one in open_alerts if one.cause is not Cause.DATA_FAULT]
    both: tuple[Measurement | Alert, ...] = (*alarms, *sound)
    for one in both:
        if one.signal == "mean_score" and one.value is not None and one.threshold is not None:
            return 1 if one.value > one.threshold else -1
    return 0


def cause_of(alarm: Measurement, evidence: Evidence) -> Cause:
    """Return the likeliest cause of an alarm."""
    if alarm.layer in _ROOTS:
        return Cause.DATA_FAULT if alarm.subject.table in evidence.shaken else Cause.UNKNOWN
    if alarm.layer in (Layer.REALISED, Layer.BUSINESS):
        return _realised(alarm, evidence)
    if evidence.broken:
        return Cause.DATA_FAULT
    if alarm.layer is Layer.PREDICTION and not evidence.inputs:
        return Cause.UNKNOWN
    return Cause.COVARIATE


def _realised(alarm: Measurement, evidence: Evidence) -> Cause:
    """Return the cause of an alarm raised by labels.

    Under a pure label shift the scores move with the churn rate, too little, and keep their ranking. Where the
    ranking suffers, or leavers change in number while the scores stand still, customers behave differently.
    """
    if alarm.detail(FAULTY):
        return Cause.DATA_FAULT
    if "cusum_ranking" in evidence.charts:
        return Cause.CONCEPT
    if "cusum_more_churn" in evidence.charts:
        return Cause.LABEL_SHIFT if evidence.mean_score > 0 else Cause.CONCEPT
    if "cusum_less_churn" in evidence.charts:
        return Cause.LABEL_SHIFT if evidence.mean_score < 0 else Cause.CONCEPT
    return Cause.COVARIATE if evidence.inputs else Cause.UNKNOWN

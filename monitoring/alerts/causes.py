"""Which kind of change stands behind an alarm, judged from everything said in the same month."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from monitoring.gate.check import blocking
from monitoring.months import index_of
from monitoring.performance.relation import CLUE
from monitoring.vocabulary import Alert, Cause, Layer, Measurement, Verdict

FAULTY = "fault_incident"
"""Name of the detail that marks a cohort whose own month had broken data; it holds that incident's name."""

SURE: Final = 0.01
"""Significance at which churn is taken to have moved, and at which it is taken not to have moved for all alike."""

_ROOTS = (Layer.RUN, Layer.GATE)
_OUTCOMES = (Layer.REALISED, Layer.BUSINESS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What the month's alarms and the open alerts say together.

    `broken` - tables with hard breaks now; `shaken` - where any table is broken, all tables with an alarm of
    the gate in what the model uses; `inputs` - something the model uses has moved; `mean_score` - the mean score
    moved up (1), down (-1) or not (0); `charts` - the CUSUM charts in alarm; `dead_leak` - a feature that all but
    knew the answer came differently or ranks nobody any more; `faults_since` - the months in which open alarms of
    broken data began; `alike` - whether the newest cohort's churn moved for all customers alike (a test of how its
    change is spread over score and features), None where it did not move or nobody tested.
    """

    broken: frozenset[str]
    shaken: frozenset[str]
    inputs: bool
    mean_score: int
    charts: frozenset[str]
    dead_leak: bool
    faults_since: frozenset[str]
    alike: bool | None


def weigh(measurements: tuple[Measurement, ...], open_alerts: tuple[Alert, ...]) -> Evidence:
    """Return the evidence of a month: its alarms, and the alerts that were open before."""
    alarms = [one for one in measurements if one.verdict is Verdict.ALARM]
    broken = frozenset(one.subject.table for one in blocking(alarms))
    return Evidence(
        broken=broken,
        shaken=frozenset(one.subject.table for one in alarms if broken and one.layer in _ROOTS and one.weight > 0.0),
        inputs=_moved_inputs(measurements, open_alerts),
        mean_score=_direction([] if broken else alarms, open_alerts),
        charts=frozenset(one.signal for one in alarms if one.signal.startswith("cusum_")),
        dead_leak=any(map(_of_leak, alarms)) or any(one.cause is Cause.LEAK_DIED for one in open_alerts),
        faults_since=frozenset(one.first_seen for one in open_alerts if one.cause is Cause.DATA_FAULT),
        alike=_alike(measurements),
    )


def _moved_inputs(measurements: Iterable[Measurement], open_alerts: Iterable[Alert]) -> bool:
    """Return whether what the model uses has moved, now or in an alert still open that this month weighs above 0."""
    said = [one for one in measurements if one.layer is Layer.INPUT]
    weights = {one.subject: one.weight for one in said}
    stands = any(one.layer is Layer.INPUT and weights.get(one.subject, 1.0) > 0.0 for one in open_alerts)
    return stands or any(one.verdict is Verdict.ALARM and one.weight > 0.0 for one in said)


def _direction(alarms: list[Measurement], open_alerts: tuple[Alert, ...]) -> int:
    """Return where the mean score went; scores of broken data do not count."""
    sound = [one for one in open_alerts if one.cause is not Cause.DATA_FAULT]
    both: tuple[Measurement | Alert, ...] = (*alarms, *sound)
    for one in both:
        if one.signal == "mean_score" and one.value is not None and one.threshold is not None:
            return 1 if one.value > one.threshold else -1
    return 0


def _of_leak(alarm: Measurement) -> bool:
    """Return whether an alarm is about a used feature that all but knew the answer in good months."""
    return alarm.detail(CLUE) is not None and alarm.weight > 0.0


def _alike(measurements: Iterable[Measurement]) -> bool | None:
    """Return what the newest cohort's test of alikeness says; None unless the churn rate moved at all.

    Where the score was the only column tested, a change of single groups may have been overlooked: None as well.
    """
    spreads = [one for one in measurements if one.signal == "churn_spread" and not one.detail(FAULTY)]
    if not spreads:
        return None
    level, alike, tested = (spreads[-1].detail(name) for name in ("p_level", "p_alike", "columns"))
    if not isinstance(level, float) or not isinstance(alike, float) or level >= SURE:
        return None
    if alike < SURE:
        return False
    return True if isinstance(tested, float) and tested > 1.0 else None


def cause_of(alarm: Measurement, evidence: Evidence) -> Cause:
    """Return the likeliest cause of an alarm."""
    if _of_leak(alarm):
        return Cause.LEAK_DIED
    if alarm.layer in _ROOTS:
        return Cause.DATA_FAULT if alarm.subject.table in evidence.shaken else Cause.UNKNOWN
    return _realised(alarm, evidence) if alarm.layer in _OUTCOMES else _before_labels(alarm, evidence)


def _before_labels(alarm: Measurement, evidence: Evidence) -> Cause:
    """Return the cause of moved inputs, scores and estimates."""
    if evidence.dead_leak and alarm.layer is not Layer.INPUT:
        return Cause.LEAK_DIED
    if evidence.broken:
        return Cause.DATA_FAULT
    return Cause.UNKNOWN if alarm.layer is Layer.PREDICTION and not evidence.inputs else Cause.COVARIATE


def _realised(alarm: Measurement, evidence: Evidence) -> Cause:
    """Return the cause of an alarm raised by labels: what lay under the cohort's data first, then what churn did."""
    if alarm.detail(FAULTY) or _after_fault(alarm, evidence):
        return Cause.DATA_FAULT
    if evidence.dead_leak:
        return Cause.LEAK_DIED
    return _behaviour(evidence)


def _after_fault(alarm: Measurement, evidence: Evidence) -> bool:
    """Return whether broken data that are not repaired yet began by the month after the alarm's cohort."""
    cohort = alarm.detail("cohort")
    if not isinstance(cohort, str):
        return False
    return any(index_of(since) <= index_of(cohort) + 1 for since in evidence.faults_since)


def _behaviour(evidence: Evidence) -> Cause:
    """Return whether all customers changed alike (label shift) or some more than others (concept).

    Where the test of alikeness has spoken, it decides. Else: a ranking that suffers is a changed concept, and so are
    leavers who change in number while the scores stand still; under a label shift the scores move along, too little.
    """
    if evidence.charts and evidence.alike is not None:
        return Cause.LABEL_SHIFT if evidence.alike else Cause.CONCEPT
    if "cusum_ranking" in evidence.charts:
        return Cause.CONCEPT
    for chart, direction in (("cusum_more_churn", 1), ("cusum_less_churn", -1)):
        if chart in evidence.charts:
            return Cause.LABEL_SHIFT if evidence.mean_score == direction else Cause.CONCEPT
    return Cause.COVARIATE if evidence.inputs else Cause.UNKNOWN

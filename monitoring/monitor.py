"""The monitor: one month in, measurements and alerts out, and a small state to carry to the next month."""

from dataclasses import dataclass, replace

import pandas as pd

from monitoring.alerts.causes import FAULTY
from monitoring.alerts.incidents import Incident, fault_incident, incidents
from monitoring.alerts.lifecycle import advance
from monitoring.columns import as_numbers
from monitoring.detectors import catalogue
from monitoring.detectors.detector import detected
from monitoring.drift.inputs import measure_inputs
from monitoring.drift.prediction import measure_prediction
from monitoring.errors import MonitorError
from monitoring.gate.check import blocking
from monitoring.months import index_of
from monitoring.performance.estimated.measure import measure_estimate
from monitoring.performance.estimated.record import EstimateState, remembered, score_landed
from monitoring.performance.realised import RealisedState, by_charts, judge
from monitoring.performance.relation import measure_relation, with_clues
from monitoring.reference import Reference
from monitoring.screening import MonthInput, Screening, screen
from monitoring.state import MonitorState
from monitoring.vocabulary import Alert, Layer, Measurement, Plain, Subject, Verdict

_UNSCORED = 0.001
"""Share of customers that may go without a usable score."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthReport:
    """What was measured in a month and what people are told.

    `blocked_by` are the breaks that forbid using this month's scores. `pages` names the incidents a person
    is called for now.
    """

    month: str
    measurements: tuple[Measurement, ...]
    alerts: tuple[Alert, ...]
    blocked_by: tuple[Measurement, ...]
    pages: tuple[str, ...]

    @property
    def blocked(self) -> bool:
        """Whether this month's scores must not be used."""
        return bool(self.blocked_by)

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """The alerts grouped by cause, loudest first."""
        return incidents(self.alerts)

    def figure(self, signal: str, feature: str = "") -> Measurement | None:
        """Return the month's first measurement of a signal, of one feature if named."""
        mine = (one for one in self.measurements if one.signal == signal)
        return next((one for one in mine if not feature or one.subject.feature == feature), None)

    def to_plain(self) -> Plain:
        """Return a dictionary for canonical JSON."""
        return {
            "month": self.month,
            "blocked": self.blocked,
            "blocked_by": [f"{one.subject}: {one.note}" for one in self.blocked_by],
            "pages": list(self.pages),
            "incidents": [one.to_plain() for one in self.incidents],
            "alerts": [one.to_plain() for one in self.alerts],
            "measurements": [one.to_plain() for one in self.measurements],
        }


def observe(
    reference: Reference, state: MonitorState, given: MonthInput, *, screening: Screening | None = None
) -> tuple[MonitorState, MonthReport]:
    """Return the state and the report after one more month.

    Parameters
    ----------
    reference
        From `build_reference`.
    state
        From the month before; `MonitorState()` for the first one.
    given
        The month as it came. No content of a table makes this fail.
    screening
        The gate's word, where `screen` was already asked before scoring.

    Raises
    ------
    MonitorError
        If the month is not later than the last one observed.
    """
    if state.last_month is not None and index_of(given.month) <= index_of(state.last_month):
        raise MonitorError(f"{given.month} is not after {state.last_month}, the last month observed. Go in order.")
    gate = screening or screen(reference, given)
    run = _run_health(given, held_back=gate.blocked) if reference.prediction else []
    blocked_by = blocking((*run, *gate.measurements))
    faulty = dict(state.faulty_months) | ({given.month: ""} if blocked_by else {})
    realised, outcome = _outcome(reference, replace(state, faulty_months=faulty), given)
    estimates, checked = score_landed(reference.estimate, state.estimates, given.cohorts, given.month, faulty=faulty)
    expected = _estimate(reference, estimates, given) if not blocked_by else []
    said = (
        *run,
        *with_clues(reference.relation, gate.measurements),
        *_scores(reference, given),
        *expected,
        *with_clues(reference.relation, _inputs(reference, given)),
        *detected(catalogue.DETECTORS, reference, given),
        *outcome,
        *checked,
    )
    book, called = advance(state.book, said, given.month, reference.policy.alerts)
    if blocked_by:
        faulty[given.month] = fault_incident(book.alerts)
    report = MonthReport(
        month=given.month,
        measurements=said,
        alerts=book.alerts,
        blocked_by=blocked_by,
        pages=called,
    )
    estimates = remembered(estimates, given.month, expected)
    carried = replace(state, last_month=given.month, book=book, realised=realised, estimates=estimates)
    return replace(carried, faulty_months=faulty), report


def _run_health(given: MonthInput, *, held_back: bool) -> list[Measurement]:
    """Return whether every customer of the view got a usable score, unless the gate held scoring back."""
    rows = 0 if given.view is None else len(given.view)
    if given.score is None:
        why = "the gate held scoring back" if held_back else "no scores were given for this month"
        return [_scored(given.month, 0.0, alarm=not held_back, note=why)]
    scores = as_numbers(given.score).usable
    inside = float(((scores >= 0.0) & (scores <= 1.0)).sum())
    share = inside / max(rows, len(given.score), 1)
    few = share < 1.0 - _UNSCORED
    note = f"{share:.1%} of {max(rows, len(given.score))} customers have a score between 0 and 1" if few else ""
    return [_scored(given.month, share, alarm=few, note=note)]


def _scored(month: str, share: float, *, alarm: bool, note: str) -> Measurement:
    return Measurement(
        month=month,
        layer=Layer.RUN,
        signal="scored_share",
        subject=Subject(table="scores"),
        value=share,
        threshold=1.0 - _UNSCORED,
        method="usable scores over customers",
        unit="share of customers",
        verdict=Verdict.ALARM if alarm else Verdict.OK,
        note=note,
        hard=alarm,
    )


def _scores(reference: Reference, given: MonthInput) -> list[Measurement]:
    """Return prediction drift."""
    if given.score is None or reference.prediction is None:
        return []
    return measure_prediction(reference.prediction, given.score, given.month)


def _estimate(reference: Reference, estimates: EstimateState, given: MonthInput) -> list[Measurement]:
    """Return what the scores of a month of sound data may achieve."""
    if given.score is None or reference.prediction is None:
        return []
    return measure_estimate(reference.estimate, given.score, given.view, given.month, widening=estimates.widening)


def _inputs(reference: Reference, given: MonthInput) -> list[Measurement]:
    if not isinstance(given.view, pd.DataFrame):
        return []
    return measure_inputs(reference.inputs, given.view, given.month, reference.policy.weights)


def _outcome(reference: Reference, state: MonitorState, given: MonthInput) -> tuple[RealisedState, list[Measurement]]:
    realised, said = state.realised, list[Measurement]()
    if reference.realised is None:
        return realised, said
    for cohort in sorted(given.cohorts, key=index_of):
        faulty = cohort in state.faulty_months
        table = given.cohorts[cohort]
        try:
            realised, found = judge(reference.realised, realised, cohort, table, month=given.month, faulty=faulty)
            found += measure_relation(reference.relation, cohort, table, given.month, reference.policy.weights)
        except MonitorError as error:
            found = [_unreadable(given.month, str(error))]
        said = [one for one in said if not by_charts(one) or not any(map(by_charts, found))]
        said += [_marked(one, state.faulty_months[cohort]) for one in found] if faulty else found
    return realised, said


def _marked(one: Measurement, incident: str) -> Measurement:
    """Return a figure of a cohort of broken data, marked with the incident; the charts passed that cohort over."""
    if by_charts(one):
        return one
    return replace(one, details=(*one.details, (FAULTY, incident)))


def _unreadable(month: str, note: str) -> Measurement:
    return Measurement(
        month=month,
        layer=Layer.RUN,
        signal="labels_unreadable",
        subject=Subject(table="labels"),
        value=1.0,
        threshold=0.0,
        method="columns present",
        unit="cohorts",
        verdict=Verdict.ALARM,
        note=note,
    )

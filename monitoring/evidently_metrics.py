"""Evidently's side of the face: metric classes that show figures the monitor has already computed.

Imported only by `evidently_face`, inside its functions: importing Evidently takes seconds. The classes must live
at module level, because Evidently names them in every snapshot it stores.
"""

import re
from contextvars import ContextVar
from typing import Any

from evidently.core.metric_types import (
    MetricTestResult,
    SingleValue,
    SingleValueCalculation,
    SingleValueMetric,
)
from evidently.legacy.calculations.stattests import StatTest, register_stattest
from evidently.legacy.core import ColumnType
from evidently.legacy.renderers.html_widgets import table_data
from evidently.legacy.tests.base_test import TestStatus

from monitoring.errors import MonitorError
from monitoring.monitor import MonthReport
from monitoring.vocabulary import Layer, Measurement, Severity, Verdict

SHOWN: ContextVar[MonthReport] = ContextVar("the month report being shown")
"""The report whose decisions the classes below look up while Evidently runs."""

DRIFT = "drift"
"""The signal that says by how much one column's distribution moved."""

PREFIX = "calibrated_"
"""What the names of our stat tests begin with in Evidently."""

_LOUD = (Verdict.ALARM, Verdict.CANNOT_TELL, Verdict.OK)

_LONG_NUMBER = 1000.0
"""From this size on, numbers are written out without decimals."""

_HEADER = ["subject", "signal", "value", "limit", "verdict", "method", "note"]


def stat_test_of(method: str) -> str:
    """Return the name under which Evidently knows a method of ours.

    >>> stat_test_of("two-sample Kolmogorov-Smirnov")
    'calibrated_two_sample_kolmogorov_smirnov'
    """
    return PREFIX + re.sub(r"[^a-z0-9]+", "_", method.lower()).strip("_")


def register(report: MonthReport) -> None:
    """Make the decisions of every method in a report available to Evidently; registering twice does no harm."""
    kinds = [ColumnType.Numerical, ColumnType.Categorical]
    for method in sorted({one.method for one in report.measurements if one.signal == DRIFT}):
        test = StatTest(
            name=stat_test_of(method),
            display_name=f"{method}, limit learnt from good months",
            allowed_feature_types=kinds,
            default_threshold=1.0,
        )
        register_stattest(test, default_impl=_decision)


def _decision(_reference: Any, current: Any, _kind: Any, _threshold: float) -> tuple[float, bool]:  # noqa: ANN401 - Evidently's signature
    """Return the distance and the verdict computed on all rows, whatever sample Evidently was given to draw."""
    found = SHOWN.get().figure(DRIFT, str(current.name))
    if found is None or found.value is None:
        raise MonitorError(f'No drift was measured for "{current.name}": run the monitor before showing it.')
    return found.value, found.verdict is Verdict.ALARM


class MonitorFigure(SingleValueMetric):  # type: ignore[misc] # Evidently has no types
    """One figure of the monitor. The fields identify it over months, so that dashboards draw one line."""

    layer: str
    signal: str
    subject: str


class MonitorFigureCalculation(SingleValueCalculation[MonitorFigure]):  # type: ignore[misc] # Evidently has no types
    """Looks the figure up; its verdict becomes the test. The layer's table shows it, so it draws nothing itself."""

    def calculate(self, context: Any, current_data: Any, reference_data: Any) -> SingleValue:  # noqa: ANN401, ARG002 - Evidently's signature
        """Return the figure with its verdict as a test."""
        found = self._found()
        result = self.result(float("nan") if found.value is None else found.value)
        result.widget = []
        result.set_tests([_as_test(self, found)])
        return result

    def display_name(self) -> str:
        """Return signal, subject and method in words."""
        found = self._found()
        return f"{found.signal} of {found.subject} ({found.method})"

    def _found(self) -> Measurement:
        wanted = (self.metric.layer, self.metric.signal, self.metric.subject)
        return next(one for one in SHOWN.get().measurements if one.key == wanted)


class LayerAlarms(SingleValueMetric):  # type: ignore[misc] # Evidently has no types
    """How many measurements of a layer alarm, with a table of all of them."""

    layer: str


class LayerAlarmsCalculation(SingleValueCalculation[LayerAlarms]):  # type: ignore[misc] # Evidently has no types
    """Counts and tabulates; the gate's alarms become tests here, as their subjects change from month to month."""

    def calculate(self, context: Any, current_data: Any, reference_data: Any) -> SingleValue:  # noqa: ANN401, ARG002 - Evidently's signature
        """Return the count with the layer's table as widget."""
        said = [one for one in SHOWN.get().measurements if one.layer == self.metric.layer]
        alarms = [one for one in said if one.verdict is Verdict.ALARM]
        result = self.result(len(alarms))
        loudest_first = sorted(said, key=lambda one: _LOUD.index(one.verdict))
        rows = [_row(one) for one in loudest_first]
        result.widget = [table_data(column_names=_HEADER, data=rows, title=self.display_name())]
        if self.metric.layer in (Layer.GATE, Layer.RUN):
            result.set_tests([_as_test(self, one) for one in said])
        return result

    def display_name(self) -> str:
        """Return the layer's title."""
        return f"Layer: {self.metric.layer}"


class OpenIncidents(SingleValueMetric):  # type: ignore[misc] # Evidently has no types
    """How many incidents of a severity are open, with a table of all incidents for the loudest one."""

    severity: str


class OpenIncidentsCalculation(SingleValueCalculation[OpenIncidents]):  # type: ignore[misc] # Evidently has no types
    """Counts the incidents that are firing or acknowledged."""

    def calculate(self, context: Any, current_data: Any, reference_data: Any) -> SingleValue:  # noqa: ANN401, ARG002 - Evidently's signature
        """Return the count."""
        found = SHOWN.get().incidents
        result = self.result(sum(one.lead.active and one.severity == self.metric.severity for one in found))
        result.widget = [_incident_table()] if self.metric.severity == Severity.CRITICAL else []
        return result

    def display_name(self) -> str:
        """Return what is counted."""
        return f"Open incidents: {self.metric.severity}"


def _incident_table() -> Any:  # noqa: ANN401 - an Evidently widget
    report = SHOWN.get()
    rows = [
        [
            one.severity,
            one.state,
            one.cause,
            one.first_seen,
            one.lead.message,
            _money(one.effect_money),
            one.lead.what_to_do,
        ]
        for one in report.incidents
    ]
    header = ["severity", "state", "cause", "first seen", "what", "money per 1000", "what to do"]
    return table_data(column_names=header, data=rows, title=f"Incidents of {report.month}")


def _money(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def _row(one: Measurement) -> list[str]:
    shown = "not used by the model" if one.weight <= 0.0 and one.verdict is Verdict.ALARM else one.note
    return [str(one.subject), one.signal, _number(one.value), _number(one.threshold), one.verdict, one.method, shown]


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= _LONG_NUMBER else f"{value:.4g}"


def _as_test(calculation: Any, found: Measurement) -> MetricTestResult:  # noqa: ANN401 - an Evidently calculation
    """Return the verdict as an Evidently test: fail, or warning for what is no more than a note."""
    against = f"{_number(found.value)} against {_number(found.threshold)} ({found.unit}), {found.method}. {found.note}"
    return MetricTestResult(
        id=found.signal,
        name=f"{found.signal}: {found.subject}",
        description=against.strip(),
        metric_config=calculation.to_metric_config(),
        test_config={},
        status=_status(found),
    )


def _status(found: Measurement) -> TestStatus:
    if found.verdict is Verdict.CANNOT_TELL:
        return TestStatus.SKIPPED
    if found.verdict is Verdict.OK:
        return TestStatus.SUCCESS
    said = {one.key: one.severity for one in SHOWN.get().alerts}
    return TestStatus.WARNING if said.get(found.key) is Severity.INFO else TestStatus.FAIL

"""Alerts as metrics of a run: how many incidents fire, by severity, and how many people were called for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring.vocabulary import Severity
from pipelines.tracking.runs import Run

if TYPE_CHECKING:
    from pipelines.sinks.notice import Notice


@dataclass(frozen=True, kw_only=True, slots=True)
class RunAlerts:
    """Logs ``alerts.<severity>``, ``alerts.pages`` and ``alerts.blocked`` of each month; `step` numbers the months."""

    run: Run
    step: Callable[[str], int]

    @property
    def name(self) -> str:
        """What people call it."""
        return "MLflow"

    def deliver(self, notice: "Notice") -> None:
        """Log the month's figures in one call."""
        report = notice.report
        active = [one.severity for one in report.incidents if one.lead.active]
        counts = {f"alerts.{one}": float(active.count(one)) for one in Severity}
        told = {"alerts.pages": float(len(report.pages)), "alerts.blocked": float(report.blocked)}
        self.run.log_metrics(counts | told, step=self.step(report.month))

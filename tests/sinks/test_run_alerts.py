"""Alerts as metrics of an MLflow run, in a real embedded store."""

from pathlib import Path

from monitoring.monitor import MonthReport
from pipelines import tracking
from pipelines.sinks.notice import Notice
from pipelines.sinks.sink import deliver


def test_a_runs_alerts_are_counted_by_month(tmp_path: Path) -> None:
    store = tracking.open_store(tmp_path)
    report = MonthReport(month="2025-03", measurements=(), alerts=(), blocked_by=(), pages=("2025-03/usage",))

    with tracking.run(store, "year") as run:
        failures = deliver(
            Notice(report=report, about="Churn model"), [tracking.RunAlerts(run=run, step={"2025-03": 26}.__getitem__)]
        )
    (told,) = store.client.get_metric_history(run.id, "alerts.pages")

    assert failures == ()
    assert (told.step, told.value) == (26, 1.0)
    assert store.client.get_run(run.id).data.metrics["alerts.critical"] == 0.0

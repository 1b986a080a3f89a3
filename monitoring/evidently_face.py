"""Evidently as the face of the monitor: reports, HTML and workspace that show our decisions.

The monitor has measured and decided before Evidently is asked; here the results are handed over. Evidently draws
the distributions from a small sample, while value, limit and verdict come from all rows. Nothing here can fail on
bad data: the gate's casting comes first, and what cannot be drawn is left to the tables.
"""

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import numpy as np
import pandas as pd

from monitoring.columns import Kind
from monitoring.drift.reference import POOLED
from monitoring.gate.cast import cast
from monitoring.gate.contract import TableContract
from monitoring.monitor import MonthReport
from monitoring.months import end_of
from monitoring.reference import PLOT_ROWS, Reference
from monitoring.screening import MonthInput
from monitoring.vocabulary import Layer, Measurement, Severity, Verdict

PLOTTED = 4
"""Columns drawn every month, by the model's use; columns that alarm are drawn in any case."""

LINES = 30
"""Figures of one signal that become metrics of their own; the layer's table holds all of them."""

_TABLED = (Layer.RUN, Layer.GATE)
"""Layers whose subjects change from month to month: shown as a table and a count, not as one line each."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Backdrop:
    """What pages need of a reference: a small part, quick to send to the process that draws."""

    view: TableContract
    weights: Mapping[str, float]
    plot_rows: Mapping[str, pd.DataFrame]


def backdrop_of(reference: Reference) -> Backdrop:
    """Return what pages need of a reference."""
    return Backdrop(view=reference.gate.view, weights=reference.policy.weights, plot_rows=reference.plot_rows)


def month_report(backdrop: Backdrop, given: MonthInput, report: MonthReport, *, full: bool = False) -> Any:  # noqa: ANN401 - an Evidently snapshot
    """Return a month's Evidently snapshot.

    Parameters
    ----------
    backdrop, given, report
        From `backdrop_of`, the month as it came, and what `observe` made of it.
    full
        Draw every column, as for a page that people read. Otherwise only columns that alarm and the few the
        model uses most: about a third of the time.
    """
    current, baseline = _samples(backdrop, given, report)
    columns = _drawn(backdrop, report, tuple(current.columns), full=full)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Evidently's own making: deprecated calls on import, empty histograms
        return _run(backdrop, report, current[columns], baseline[columns])


def _run(backdrop: Backdrop, report: MonthReport, current: pd.DataFrame, baseline: pd.DataFrame) -> Any:  # noqa: ANN401 - an Evidently snapshot
    from evidently import Report

    from monitoring.evidently_metrics import SHOWN, register

    register(report)
    token = SHOWN.set(report)
    try:
        return Report(_metrics(report, list(current.columns)), include_tests=True).run(
            _dataset(current, backdrop),
            _dataset(baseline, backdrop),
            timestamp=(end_of(report.month) - pd.Timedelta(days=1)).to_pydatetime(),
            name=report.month,
        )
    finally:
        SHOWN.reset(token)


def save_html(snapshot: Any, path: Path) -> Path:  # noqa: ANN401 - an Evidently snapshot
    """Write the snapshot as one page that opens offline, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    snapshot.save_html(str(path))
    return path


def to_workspace(snapshots: Iterable[Any], directory: Path, *, project: str) -> Path:
    """Write snapshots into an Evidently workspace, with a dashboard, and return its directory.

    Project and snapshots have ids made from their names: writing a month again replaces it. The files are
    written directly: `Workspace` would first read every snapshot there is.
    """
    from evidently.sdk.models import ProjectModel
    from evidently.ui.storage.local.base import LocalState

    from monitoring.evidently_face_board import dashboard

    directory.mkdir(parents=True, exist_ok=True)
    files = LocalState(str(directory))
    identity = uuid5(NAMESPACE_URL, project)
    files.write_project(ProjectModel(id=identity, name=project))
    shown = [one.to_snapshot_model() for one in snapshots]
    files.write_dashboard(identity, dashboard(shown, before=_known_dashboard(files, identity)))
    for one in shown:
        files.write_snapshot(identity, uuid5(identity, str(one.name)), one)
    return directory


def _known_dashboard(files: Any, project: UUID) -> Any:  # noqa: ANN401 - Evidently's files and dashboard
    """Return the dashboard as it was written before, None before the first time."""
    try:
        return files.read_dashboard(project)
    except FileNotFoundError:
        return None


def _samples(backdrop: Backdrop, given: MonthInput, report: MonthReport) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a small sample of the month and of its baseline: the columns that both can show."""
    raw = given.view if isinstance(given.view, pd.DataFrame) else pd.DataFrame()
    step = max(len(raw) // PLOT_ROWS, 1)
    current = cast(raw.iloc[::step], backdrop.view)
    baseline = cast(_baseline(backdrop, report), backdrop.view)
    both = [name for name in current.columns if name in baseline.columns]
    return current[both], baseline[both]


def _baseline(backdrop: Backdrop, report: MonthReport) -> pd.DataFrame:
    drift = report.figure("drift")
    name = POOLED if drift is None else str(drift.detail("baseline"))
    if name in backdrop.plot_rows:
        return backdrop.plot_rows[name]
    pooled = pd.concat(backdrop.plot_rows.values(), ignore_index=True)
    return pooled.iloc[:: max(len(pooled) // PLOT_ROWS, 1)]


def _drawn(backdrop: Backdrop, report: MonthReport, columns: tuple[str, ...], *, full: bool) -> list[str]:
    """Return the columns to draw, in the contract's order. Those without a verdict would only mislead."""
    drift = [one for one in report.measurements if one.signal == "drift" and one.subject.feature in columns]
    told = {one.subject.feature: one for one in drift if one.verdict is not Verdict.CANNOT_TELL}
    weights = backdrop.weights
    top = sorted(told, key=lambda name: -weights.get(name, 0.0))[:PLOTTED]
    loud = [name for name, one in told.items() if one.verdict is Verdict.ALARM]
    return [name for name in told if full or name in top or name in loud]


def _dataset(table: pd.DataFrame, backdrop: Backdrop) -> Any:  # noqa: ANN401 - an Evidently dataset
    """Return the sample with every column's role said; a stand-in row where there is nothing to draw."""
    from evidently import DataDefinition, Dataset

    shown = table if len(table.columns) else pd.DataFrame({"nothing_to_draw": np.zeros(1)})
    numbers = {one.name for one in backdrop.view.columns if one.kind is Kind.NUMBER} | {"nothing_to_draw"}
    definition = DataDefinition(
        numerical_columns=[name for name in shown.columns if name in numbers],
        categorical_columns=[name for name in shown.columns if name not in numbers],
    )
    return Dataset.from_pandas(shown, data_definition=definition)


def _metrics(report: MonthReport, columns: list[str]) -> list[Any]:
    from monitoring.evidently_metrics import LayerAlarms, MonitorFigure, OpenIncidents

    figures = [MonitorFigure(layer=one.layer, signal=one.signal, subject=str(one.subject)) for one in _lined(report)]
    return [
        *(OpenIncidents(severity=str(one)) for one in reversed(Severity)),
        *(LayerAlarms(layer=str(one)) for one in Layer),
        *(_drift(report, name) for name in columns),
        *figures,
    ]


def _lined(report: MonthReport) -> list[Measurement]:
    """Return the figures that become lines of the dashboard, each once: of a signal with many subjects the loudest."""
    told: dict[str, dict[tuple[str, str, str], Measurement]] = {}
    for one in report.measurements:
        if one.layer not in _TABLED and one.value is not None:
            told.setdefault(one.signal, {}).setdefault(one.key, one)
    return [one for of_signal in told.values() for one in _loudest(list(of_signal.values()))]


def _loudest(figures: list[Measurement]) -> list[Measurement]:
    """Return the figures in their order, or alarms and the most used subjects where there are too many."""
    order = sorted(range(len(figures)), key=lambda at: (figures[at].verdict is not Verdict.ALARM, -figures[at].weight))
    return [figures[at] for at in sorted(order[:LINES])]


def _drift(report: MonthReport, column: str) -> Any:  # noqa: ANN401 - an Evidently metric
    """Return Evidently's own drift metric, told which of our stat tests decides and at what limit."""
    from evidently.metrics import ValueDrift

    from monitoring.evidently_metrics import DRIFT, stat_test_of

    found = report.figure(DRIFT, column)
    assert found is not None  # noqa: S101 - columns come from these figures
    return ValueDrift(column=column, method=stat_test_of(found.method), threshold=found.threshold)

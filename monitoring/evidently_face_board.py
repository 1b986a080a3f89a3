"""The workspace's dashboard: what labels say first, then what explains it, then whatever else was measured.

Panels are found in the snapshots, so a new signal has its line without being named here. Their ids are made from
their titles: writing the dashboard again changes nothing, and panels of earlier months stay.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from monitoring.vocabulary import Layer, Severity

OUTCOME, INPUTS, SEGMENTS, REST = "Outcome", "Inputs and gate", "Segments", "All figures"
TABS = (OUTCOME, INPUTS, SEGMENTS, REST)
"""The dashboard's tabs, in order."""

SEGMENT_TAG = "segment:"
"""What the tag of a segment's snapshot begins with."""

_LINES = {
    "AUC": (OUTCOME, {"auc": "realised, by month of landing", "estimated_auc": "estimated, blind to concept drift"}),
    "Is harm certain? CUSUM charts": (
        OUTCOME,
        {
            "cusum_more_churn": "more churn than promised",
            "cusum_less_churn": "less churn than promised",
            "cusum_ranking": "ranking lost",
        },
    ),
    "Profit per 1000 customers": (OUTCOME, {"promised_profit": "promised", "realised_profit": "realised"}),
    "Observed over expected churners": (OUTCOME, {"calibration_ratio": "ratio"}),
    "Scores": (INPUTS, {"mean_score": "mean score", "flagged_share": "share of customers flagged"}),
    "Score drift (Kolmogorov-Smirnov distance)": (INPUTS, {"score_drift": "distance"}),
    "Input drift by column (distance)": (INPUTS, {"drift": ""}),
}
"""Title to tab and lines of the panels that put several signals side by side."""

_BY_SEGMENT = {"AUC by segment": "RocAuc", "Labelled customers by segment": "RowCount"}
"""Title to the metric of segments' snapshots."""


def dashboard(snapshots: Sequence[Any], *, before: Any = None) -> Any:  # noqa: ANN401 - Evidently has no types
    """Return the project's dashboard: a panel for every signal in the stored snapshots, and the panels of `before`."""
    from evidently.sdk.models import DashboardModel, DashboardTabModel

    tabs = _panels(snapshots)
    for title, panels in ({} if before is None else _kept(before)).items():
        tabs[title] = _merged(tabs.get(title, []), panels)
    filled = {title: tabs[title] for title in TABS if tabs.get(title)}
    return DashboardModel(
        tabs=[
            DashboardTabModel(id=_identity("tab", title), title=title, panels=[one.id for one in panels])
            for title, panels in filled.items()
        ],
        panels=[one for panels in filled.values() for one in panels],
    )


def _kept(before: Any) -> dict[str, list[Any]]:  # noqa: ANN401 - an Evidently dashboard
    panels = {one.id: one for one in before.panels}
    return {str(tab.title): [panels[at] for at in tab.panels if at in panels] for tab in before.tabs}


def _merged(panels: list[Any], before: list[Any]) -> list[Any]:
    """Return the panels with the lines they had before, then the panels that only were there before."""
    old = {one.id: one for one in before}
    for panel in panels:
        known = [line.dict() for line in panel.values]
        earlier = old[panel.id].values if panel.id in old else []
        panel.values += [line for line in earlier if line.dict() not in known]
    new = {one.id for one in panels}
    return panels + [one for one in before if one.id not in new]


def _panels(snapshots: Sequence[Any]) -> dict[str, list[Any]]:
    own = [_bars("Open incidents", "OpenIncidents", "severity", Severity)]
    tabs = {OUTCOME: own, INPUTS: [_bars("Alarms by layer", "LayerAlarms", "layer", Layer)]}
    for title, (tab, signals) in _LINES.items():
        tabs[tab].append(_line_panel(title, [_line(name, legend) for name, legend in signals.items()]))
    named = {name for _, signals in _LINES.values() for name in signals}
    rest = [name for name in _signals(snapshots) if name not in named]
    tabs[REST] = [_line_panel(name.replace("_", " "), [_line(name, "")]) for name in rest]
    tabs[SEGMENTS] = _segment_panels(snapshots)
    return tabs


def _signals(snapshots: Iterable[Any]) -> list[str]:
    """Return the signals of the monitor's figures in the snapshots, in order of appearance."""
    results = (one for snapshot in snapshots for one in snapshot.metric_results.values())
    metrics = (one.metric_value_location.metric.params for one in results)
    return list(dict.fromkeys(str(one["signal"]) for one in metrics if str(one["type"]).endswith(":MonitorFigure")))


def _segment_panels(snapshots: Iterable[Any]) -> list[Any]:
    tags = dict.fromkeys(tag for one in snapshots for tag in one.tags if tag.startswith(SEGMENT_TAG))
    if not tags:
        return []
    from evidently.sdk.models import PanelMetric

    def lines(metric: str) -> list[Any]:
        return [PanelMetric(metric=metric, tags=[tag], legend=tag.removeprefix(SEGMENT_TAG)) for tag in tags]

    column = next(iter(tags)).removeprefix(SEGMENT_TAG).split("=")[0]
    return [_line_panel(f"{title}: {column}", lines(metric)) for title, metric in _BY_SEGMENT.items()]


def _line(signal: str, legend: str) -> Any:  # noqa: ANN401 - an Evidently panel's line
    from evidently.sdk.models import PanelMetric

    return PanelMetric(metric="MonitorFigure", metric_labels={"signal": signal}, legend=legend or None)


def _line_panel(title: str, lines: list[Any]) -> Any:  # noqa: ANN401 - an Evidently panel
    from evidently.sdk.panels import line_plot_panel

    return _identified(line_plot_panel(title=title, values=lines, size="half"))


def _bars(title: str, metric: str, label: str, values: type[Severity] | type[Layer]) -> Any:  # noqa: ANN401 - an Evidently panel
    from evidently.sdk.models import PanelMetric
    from evidently.sdk.panels import bar_plot_panel

    bars = [PanelMetric(metric=metric, metric_labels=_label(label, str(one)), legend=str(one)) for one in values]
    return _identified(bar_plot_panel(title=title, values=bars, size="half", stacked=True))


def _label(name: str, value: str) -> Mapping[str, str]:
    return {name: value}


def _identified(panel: Any) -> Any:  # noqa: ANN401 - an Evidently panel
    panel.id = _identity("panel", panel.title)
    return panel


def _identity(kind: str, title: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"{kind} {title}")

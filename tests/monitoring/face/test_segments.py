from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from monitoring import evidently_face
from monitoring.errors import MonitorError
from monitoring.evidently_face_segments import segment_reports
from monitoring.monitor import MonthReport
from monitoring.vocabulary import Layer, Measurement, Subject, Verdict

pytestmark = pytest.mark.filterwarnings("ignore")  # importing Evidently warns


def outcomes(rows: int = 900) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    score, plan = rng.random(rows), rng.choice(["basic", "plus", "pro"], rows)
    chance = np.select([plan == "basic", plan == "plus"], [score, 1.0 - score], 0.5)
    return pd.DataFrame({"score": score, "churned": rng.random(rows) < chance, "plan": plan})


def measured(segment: str, signal: str, value: float) -> Measurement:
    return Measurement(
        month="2025-03",
        layer=Layer.REALISED,
        signal=signal,
        subject=Subject(table="score", segment=segment),
        value=value,
        threshold=0.7,
        method="any method at all",
        unit="probability",
        verdict=Verdict.ALARM,
        note="a figure of a segment",
    )


REPORT = MonthReport(
    month="2025-03",
    measurements=(measured("plan=plus", "segment_auc", 0.2), measured("plan=gold", "segment_auc", 0.6)),
    alerts=(),
    blocked_by=(),
    pages=(),
)


def figure(page: Any, name: str) -> float:  # noqa: ANN401 - an Evidently snapshot
    return next(one["value"] for one in page.dict()["metrics"] if one["metric_name"].startswith(name))


def test_evidentlys_own_group_by_shows_the_overall_figure_for_every_segment() -> None:
    from evidently import BinaryClassification, DataDefinition, Dataset, Report
    from evidently.metrics import GroupBy, RocAuc

    table = outcomes().astype({"churned": "int64"})
    definition = DataDefinition(
        numerical_columns=["score"],
        categorical_columns=["plan", "churned"],
        classification=[BinaryClassification(target="churned", prediction_probas="score", pos_label=1)],
    )
    page = Report([GroupBy(RocAuc(), "plan")]).run(Dataset.from_pandas(table, data_definition=definition), None)
    shown = {one["value"] for one in page.dict()["metrics"]}
    true = [roc_auc_score(rows["churned"], rows["score"]) for _, rows in table.groupby("plan")]

    assert len(shown) == 1
    assert shown.pop() == pytest.approx(roc_auc_score(table["churned"], table["score"]))
    assert max(true) - min(true) > 0.3


def test_each_segment_shows_its_own_true_figures() -> None:
    table = outcomes()

    pages = segment_reports(REPORT, table, by="plan")

    for label, rows in table.groupby("plan"):
        assert figure(pages[str(label)], "RocAuc") == pytest.approx(roc_auc_score(rows["churned"], rows["score"]))
        assert figure(pages[str(label)], "LogLoss") == pytest.approx(log_loss(rows["churned"], rows["score"]))
        assert figure(pages[str(label)], "RowCount") == len(rows)


def test_a_page_holds_what_the_monitor_measured_of_its_segment_and_of_no_other() -> None:
    pages = segment_reports(REPORT, outcomes(), by="plan")

    assert figure(pages["plus"], "MonitorFigure") == 0.2
    assert not any("MonitorFigure" in one["metric_name"] for one in pages["pro"].dict()["metrics"])
    assert [one["status"].value for one in pages["plus"].dict()["tests"]] == ["FAIL"]


def test_customers_without_a_label_and_segments_of_one_outcome_do_no_harm() -> None:
    table = outcomes().astype({"churned": "float64"})
    table.loc[table["plan"] == "pro", "churned"] = 0.0
    table.loc[::7, "churned"] = np.nan
    few = table.drop(table.index[table["plan"] == "plus"][5:])

    pages = segment_reports(REPORT, few, by="plan")

    names = {label: [one["metric_name"] for one in page.dict()["metrics"]] for label, page in pages.items()}
    assert any(name.startswith("RocAuc") for name in names["basic"])
    assert not any(name.startswith("RocAuc") for name in names["pro"] + names["plus"])


def test_what_makes_no_segments_is_refused_in_words() -> None:
    with pytest.raises(MonitorError, match="lack the columns region; given are score, churned, plan"):
        segment_reports(REPORT, outcomes(), by="region")
    with pytest.raises(MonitorError, match=r"has 900 levels, at most 60"):
        segment_reports(REPORT, outcomes().assign(plan=[f"p{i}" for i in range(900)]), by="plan")


def test_the_workspace_grows_panels_for_segments_and_for_any_new_signal(tmp_path: Path) -> None:
    from evidently.ui.workspace import Workspace

    pages = segment_reports(REPORT, outcomes(), by="plan")
    evidently_face.to_workspace(pages.values(), tmp_path, project="churn")
    evidently_face.to_workspace([pages["basic"]], tmp_path, project="churn")  # another month, without the new signal

    workspace = Workspace(str(tmp_path))
    project = workspace.search_project("churn")[0]
    board = workspace.get_dashboard(project.id)
    lines = {panel.title: [line.legend for line in panel.values] for panel in board.panels}  # noqa: PD011 - no table
    assert {"AUC", "Alarms by layer", "segment auc"} <= set(lines)
    assert set(lines["AUC by segment: plan"]) == {"plan=basic", "plan=plus", "plan=pro"}
    assert {"Outcome", "Inputs and gate", "Segments", "All figures"} == {tab.title for tab in board.tabs}
    assert len(board.panels) == len({panel.id for panel in board.panels})
    assert len(workspace.list_runs(project.id)) == 3


def test_a_dashboard_written_twice_is_the_same(tmp_path: Path) -> None:
    pages = segment_reports(REPORT, outcomes(), by="plan")
    written = []
    for _ in range(2):
        evidently_face.to_workspace(pages.values(), tmp_path, project="churn")
        written.append(next(tmp_path.rglob("dashboard.json")).read_text())

    assert written[0] == written[1]

import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitoring import evidently_face
from monitoring.drift.statistics import g_test
from monitoring.monitor import MonthReport, observe
from monitoring.months import index_of, name_of
from monitoring.performance.profit import Economics
from monitoring.reference import GoodMonths, Policy, Reference, build_reference
from monitoring.screening import MonthInput
from monitoring.state import MonitorState
from monitoring.vocabulary import Verdict

MONTH = "2025-03"
ROWS = 1500


def view(month: str) -> pd.DataFrame:
    rng = np.random.default_rng(index_of(month))
    return pd.DataFrame(
        {
            "customer_id": np.arange(ROWS) + index_of(month),
            "usage": rng.gamma(2.0, 1.0, ROWS),
            "tenure": rng.exponential(10.0, ROWS),
            "plan": rng.choice(["basic", "plus", "pro"], ROWS),
            "smb": rng.random(ROWS) < 0.3,
            "tickets": rng.poisson(0.5, ROWS),
            "spare": rng.normal(size=ROWS),
        }
    )


def score(table: pd.DataFrame) -> pd.Series:
    return 1.0 / (1.0 + np.exp(3.0 + 0.5 * (table["usage"] - 2.0)))


def cohort(month: str) -> pd.DataFrame:
    table = view(month)
    rng = np.random.default_rng([index_of(month), 1])
    return pd.DataFrame({"score": score(table), "churned": rng.random(ROWS) < score(table)})


@pytest.fixture(scope="module")
def reference() -> Reference:
    months = [name_of(index_of("2023-01") + step) for step in range(24)]
    good = GoodMonths(
        views={month: view(month) for month in months},
        cohorts={month: cohort(month) for month in months},
        keys={"model_view": ["customer_id"]},
    )
    shop = Economics(clv=200.0, offer_cost=15.0, contact_cost=1.0, acceptance_rate=0.4)
    return build_reference(good, Policy(threshold=0.1, economics=shop, weights={"usage": 0.9, "plan": 0.1}))


Snapshot = Any  # Evidently has no types, and is imported where it is used
Shown = tuple[MonthInput, MonthReport, Snapshot]


def show(reference: Reference, table: pd.DataFrame | None, *, full: bool = False) -> Shown:
    scores = score(view(MONTH)).head(0 if table is None else len(table))
    given = MonthInput(month=MONTH, view=table, score=scores, cohorts={"2025-01": cohort("2025-01")})
    _, report = observe(reference, MonitorState(), given)
    return given, report, evidently_face.month_report(evidently_face.backdrop_of(reference), given, report, full=full)


def figures(snapshot: Snapshot) -> dict[str, float]:
    return {one["metric_name"]: one["value"] for one in snapshot.dict()["metrics"]}


def statuses(snapshot: Snapshot) -> dict[str, str]:
    return {one["name"]: one["status"].value for one in snapshot.dict()["tests"]}


def test_importing_the_face_does_not_import_evidently() -> None:
    code = "import sys, monitoring.evidently_face, monitoring.monitor; print('evidently' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


def test_evidently_shows_our_value_limit_and_verdict(reference: Reference) -> None:
    moved = view(MONTH).assign(usage=view(MONTH)["usage"] + 1.0)
    _, report, snapshot = show(reference, moved, full=True)

    for column, status in (("usage", "FAIL"), ("tenure", "SUCCESS"), ("plan", "SUCCESS")):
        ours = report.figure("drift", column)
        name, value = next((n, v) for n, v in figures(snapshot).items() if f"column={column}" in n)
        assert value == ours.value
        assert f"threshold={ours.threshold}" in name
        assert "method=calibrated_" in name
        assert statuses(snapshot)[f"Value Drift for column {column}"] == status


def test_every_layer_has_its_figures_and_its_table(reference: Reference) -> None:
    _, report, snapshot = show(reference, view(MONTH))
    shown = " ".join(figures(snapshot))

    for signal in ("score_drift", "mean_score", "estimated_auc", "auc", "cusum_ranking", "promised_profit", "drift"):
        assert f"signal={signal}" in shown
    for layer in ("run", "gate", "prediction", "estimate", "input", "realised", "business"):
        assert f"layer={layer})" in shown
    assert figures(snapshot)["LayerAlarms(layer=gate)"] == sum(
        one.layer == "gate" and one.verdict is Verdict.ALARM for one in report.measurements
    )


def test_every_test_names_its_method(reference: Reference) -> None:
    _, report, snapshot = show(reference, view(MONTH))
    methods = {one.method for one in report.measurements}
    ours = [one for one in snapshot.dict()["tests"] if not one["name"].startswith("Value Drift")]

    assert ours
    assert all(any(method in one["description"] for method in methods) for one in ours)


def test_by_default_only_columns_that_matter_are_drawn(reference: Reference) -> None:
    moved = view(MONTH).assign(spare=view(MONTH)["spare"] + 1.0)
    some, everything = (
        [name for name in figures(show(reference, moved, full=full)[2]) if name.startswith("ValueDrift")]
        for full in (False, True)
    )

    assert len(some) == 5
    assert len(everything) == 6
    assert any("column=spare" in name for name in some)


ODD_VIEWS: dict[str, Callable[[pd.DataFrame], pd.DataFrame | None]] = {
    "none": lambda _: None,
    "nothing": lambda _: pd.DataFrame(),
    "no rows": lambda t: t.head(0),
    "one row": lambda t: t.head(1),
    "few rows": lambda t: t.head(40),
    "missing column": lambda t: t.drop(columns="usage"),
    "all-null number": lambda t: t.assign(usage=np.nan),
    "all-null category": lambda t: t.assign(plan=None),
    "text in a number": lambda t: t.assign(usage="n/a"),
    "number as text": lambda t: t.assign(usage=t["usage"].astype("str")),
    "mixed types": lambda t: t.assign(usage=t["usage"].astype(object).where(t.index > 3, "x")),
    "infinities": lambda t: t.assign(usage=np.inf),
    "nullable integers": lambda t: t.assign(tickets=t["tickets"].astype("Int64").where(t.index > 0)),
    "doubled names": lambda t: pd.concat([t, t[["usage"]]], axis=1),
    "unseen labels": lambda t: t.assign(plan="enterprise"),
    "categories": lambda t: t.assign(plan=t["plan"].astype("category")),
    "times for numbers": lambda t: t.assign(usage=pd.Timestamp("2025-01-01")),
    "almost all null": lambda t: t.assign(usage=t["usage"].where(t.index == 7)),
}


@pytest.mark.parametrize("odd", ODD_VIEWS)
def test_no_view_kills_the_report(reference: Reference, odd: str) -> None:
    _, report, snapshot = show(reference, ODD_VIEWS[odd](view(MONTH)), full=True)
    fine = ("nullable integers", "categories")

    assert snapshot.dumps()
    assert (figures(snapshot)["LayerAlarms(layer=gate)"] > 0) is (odd not in fine)
    assert bool(report.alerts) or odd in fine


def plain_evidently(current: pd.DataFrame, reference: pd.DataFrame, method: str | None = None) -> Snapshot:
    from evidently import DataDefinition, Dataset, Report
    from evidently.metrics import ValueDrift

    numbers = [name for name in reference if pd.api.types.is_numeric_dtype(reference[name])]
    definition = DataDefinition(
        numerical_columns=numbers, categorical_columns=[name for name in reference if name not in numbers]
    )
    return Report([ValueDrift(column=name, method=method) for name in reference], include_tests=True).run(
        Dataset.from_pandas(current, data_definition=definition),
        Dataset.from_pandas(reference, data_definition=definition),
    )


@pytest.mark.parametrize("odd", ["all-null number", "missing column", "number as text", "no rows"])
@pytest.mark.filterwarnings("ignore")
def test_plain_evidently_loses_the_whole_report_over_it(odd: str) -> None:
    columns = ["usage", "tenure"]
    current = ODD_VIEWS[odd](view(MONTH))

    with pytest.raises(Exception, match=r".+"):
        plain_evidently(current[[name for name in columns if name in current]], view("2024-03")[columns])


def test_our_two_sample_test_keeps_its_level_where_evidentlys_does_not() -> None:
    from evidently.legacy.calculations.stattests import chi_stat_test

    rng, labels = np.random.default_rng(9), np.array([f"l{i:02d}" for i in range(20)])
    theirs, ours = 0, 0
    for _ in range(60):
        left, right = (pd.Series(rng.choice(labels, 1000)) for _ in range(2))
        theirs += chi_stat_test.func(left, right, "cat", 0.05)[1]
        counts = (one.value_counts().reindex(labels, fill_value=0).to_numpy() for one in (left, right))
        ours += g_test(*counts)[1] < 0.05

    assert theirs > 25
    assert ours < 10


def test_one_outlier_blinds_evidentlys_distance_and_not_ours(reference: Reference) -> None:
    before, now = view("2024-03")[["usage"]], view(MONTH)[["usage"]] + 0.5
    before.loc[0, "usage"] = now.loc[0, "usage"] = 1e6

    theirs = plain_evidently(now, before, method="psi").dict()["metrics"][0]["value"]
    _, report, _ = show(reference, view(MONTH).assign(usage=now["usage"]))

    assert theirs < 0.1
    assert report.figure("drift", "usage").verdict is Verdict.ALARM


def test_empty_cells_that_evidently_drops_are_measured(reference: Reference) -> None:
    holes = view(MONTH)[["usage"]].where(pd.Series(np.arange(ROWS) % 5 < 2))

    theirs = plain_evidently(holes, view("2024-03")[["usage"]], method="ks").dict()["tests"][0]["status"].value
    _, report, _ = show(reference, view(MONTH).assign(usage=holes["usage"]))

    assert theirs == "SUCCESS"
    assert report.figure("missing_change", "usage").verdict is Verdict.ALARM


def test_a_figure_keeps_its_identity_whatever_the_reference_and_the_month(reference: Reference) -> None:
    first = {
        one["id"] for one in show(reference, view(MONTH))[2].dict()["metrics"] if "MonitorFigure" in one["metric_name"]
    }
    moved = view(MONTH).assign(usage=view(MONTH)["usage"] * 2, plan="pro")
    second = {one["id"] for one in show(reference, moved)[2].dict()["metrics"] if "MonitorFigure" in one["metric_name"]}

    assert second <= first


def test_the_page_opens_offline(reference: Reference, tmp_path: Path) -> None:
    page = evidently_face.save_html(show(reference, view(MONTH))[2], tmp_path / "pages" / "march.html").read_text()

    assert not re.findall(r"<script[^>]+src=", page)
    assert not re.findall(r"<link[^>]+href=.http", page)
    assert "two-sample Kolmogorov-Smirnov" in page


def test_the_workspace_holds_one_run_a_month_however_often_it_is_written(reference: Reference, tmp_path: Path) -> None:
    from evidently.ui.workspace import Workspace

    snapshot = show(reference, view(MONTH))[2]
    for _ in range(2):
        evidently_face.to_workspace([snapshot], tmp_path, project="churn")

    workspace = Workspace(str(tmp_path))
    project = workspace.search_project("churn")[0]
    runs = workspace.list_runs(project.id)
    panels = workspace.get_dashboard(project.id).panels
    assert len(runs) == 1
    assert workspace.get_run(project.id, runs[0]).name == MONTH
    assert {"AUC", "Alarms by layer"} <= {panel.title for panel in panels}


def test_nothing_is_sent_anywhere(reference: Reference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    snapshot = show(reference, view(MONTH))[2]

    evidently_face.to_workspace([snapshot], tmp_path, project="churn")
    evidently_face.save_html(snapshot, tmp_path / "page.html")


def test_a_column_without_a_decision_is_refused_by_the_registered_test(reference: Reference) -> None:
    from monitoring.evidently_metrics import SHOWN, _decision

    _, report, _ = show(reference, view(MONTH))
    token = SHOWN.set(report)
    try:
        with pytest.raises(ValueError, match='No drift was measured for "income"'):
            _decision(None, pd.Series([1.0], name="income"), None, 0.1)
    finally:
        SHOWN.reset(token)

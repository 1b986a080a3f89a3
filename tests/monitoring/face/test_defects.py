"""Each defect of Evidently 0.7.23 that the lab knows of, beside our own path, which does not have it.

Every test holds plain Evidently to its defect first: the day an upgrade mends one, its test says so.
"""

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitoring import evidently_face
from monitoring.drift.statistics import g_test
from monitoring.evidently_face_segments import segment_reports
from monitoring.monitor import MonthReport, observe
from monitoring.months import index_of, name_of
from monitoring.performance.profit import Economics
from monitoring.reference import GoodMonths, Policy, Reference, build_reference
from monitoring.screening import MonthInput
from monitoring.state import MonitorState
from monitoring.vocabulary import Verdict

MONTH, ROWS = "2025-03", 1200
BEFORE = "2024-03"
TOWNS = np.array([f"t{i:02d}" for i in range(20)])


def view_of(month: str, rows: int = ROWS) -> pd.DataFrame:
    rng = np.random.default_rng([index_of(month), rows])
    return pd.DataFrame(
        {
            "customer_id": np.arange(rows),
            "usage": rng.gamma(2.0, 1.0, rows),
            "tickets": rng.poisson(0.5, rows),
            "plan": rng.choice(["basic", "plus", "pro"], rows),
            "town": rng.choice(TOWNS, rows),
        }
    )


def score_of(view: pd.DataFrame) -> pd.Series:
    usage = pd.to_numeric(view["usage"], errors="coerce").fillna(2.0)
    return 1.0 / (1.0 + np.exp(2.0 + 0.5 * (usage - 2.0)))


def cohort_of(month: str) -> pd.DataFrame:
    chance = score_of(view_of(month))
    luck = np.random.default_rng([index_of(month), 1]).random(ROWS)
    return pd.DataFrame({"score": chance, "churned": luck < chance, "plan": view_of(month)["plan"]})


@pytest.fixture(scope="module")
def reference() -> Reference:
    months = [name_of(index_of("2023-01") + step) for step in range(24)]
    good = GoodMonths(
        views={month: view_of(month) for month in months},
        cohorts={month: cohort_of(month)[["score", "churned"]] for month in months},
        keys={"model_view": ["customer_id"]},
    )
    shop = Economics(clv=200.0, offer_cost=15.0, contact_cost=1.0, acceptance_rate=0.4)
    return build_reference(
        good, Policy(threshold=0.1, economics=shop, weights={"usage": 0.8, "plan": 0.1, "town": 0.1})
    )


Page = Any  # an Evidently snapshot; Evidently has no types
Ours = Callable[[pd.DataFrame], tuple[MonthReport, Page]]


@pytest.fixture(scope="module")
def ours(reference: Reference) -> Ours:
    """What the monitor says of a month's view, and the page that shows it."""

    def shown(view: pd.DataFrame) -> tuple[MonthReport, Page]:
        scores = score_of(view) if "usage" in view else pd.Series(np.full(len(view), 0.1))
        cohorts = {"2025-01": cohort_of("2025-01")[["score", "churned"]]}
        given = MonthInput(month=MONTH, view=view, score=scores, cohorts=cohorts)
        _, report = observe(reference, MonitorState(), given)
        return report, evidently_face.month_report(evidently_face.backdrop_of(reference), given, report, full=True)

    return shown


def plain(metrics: list[Any], current: pd.DataFrame, reference: pd.DataFrame, *, tests: bool = True) -> Page:
    """Plain Evidently's snapshot, with the columns' roles said as a careful user would."""
    from evidently import DataDefinition, Dataset, Report

    numbers = [name for name in reference if pd.api.types.is_numeric_dtype(reference[name])]
    definition = DataDefinition(
        numerical_columns=numbers, categorical_columns=[name for name in reference if name not in numbers]
    )
    return Report(metrics, include_tests=tests).run(
        Dataset.from_pandas(current, data_definition=definition),
        Dataset.from_pandas(reference, data_definition=definition),
    )


def values(page: Page) -> dict[str, Any]:
    return {one["metric_name"]: one["value"] for one in page.dict()["metrics"]}


def statuses(page: Page) -> dict[str, str]:
    return {one["name"]: one["status"].value for one in page.dict()["tests"]}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Plain Evidently warns of most of what is done to it here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def drift_alarm(report: MonthReport, column: str) -> bool:
    found = report.figure("drift", column)
    return found is not None and found.verdict is Verdict.ALARM


def share_of_alarms(draw: Callable[[], tuple[pd.Series, pd.Series]], test: Any, kind: str, limit: float) -> float:  # noqa: ANN401
    """How often one of Evidently's tests sees drift in 40 draws without any."""
    return float(np.mean([test.func(*draw(), kind, limit)[1] for _ in range(40)]))


# --- its verdicts


def test_its_chi_square_and_g_tests_take_the_reference_for_exact() -> None:
    from evidently.legacy.calculations.stattests import chi_stat_test
    from evidently.legacy.calculations.stattests import g_test as their_g_test

    rng = np.random.default_rng(9)

    def draw() -> tuple[pd.Series, pd.Series]:
        return pd.Series(rng.choice(TOWNS, 1000)), pd.Series(rng.choice(TOWNS, 1000))

    def calibrated(left: pd.Series, right: pd.Series) -> bool:
        counts = [one.value_counts().reindex(TOWNS, fill_value=0).to_numpy() for one in (left, right)]
        return bool(g_test(*counts)[1] < 0.05)

    assert share_of_alarms(draw, chi_stat_test, "cat", 0.05) > 0.4
    assert share_of_alarms(draw, their_g_test, "cat", 0.05) > 0.4
    assert np.mean([calibrated(*draw()) for _ in range(40)]) < 0.2


def test_its_fixed_distance_alarms_on_small_months(ours: Ours) -> None:
    from evidently.legacy.calculations.stattests import jensenshannon_stat_test, wasserstein_stat_test

    rng = np.random.default_rng(4)
    number = share_of_alarms(
        lambda: (pd.Series(rng.normal(size=5000)), pd.Series(rng.normal(size=100))), wasserstein_stat_test, "num", 0.1
    )
    label = share_of_alarms(
        lambda: (pd.Series(rng.choice(TOWNS, 5000)), pd.Series(rng.choice(TOWNS, 200))),
        jensenshannon_stat_test,
        "cat",
        0.1,
    )
    small = [ours(view_of(month, 120))[0] for month in (MONTH, "2025-04", "2025-05")]

    assert number > 0.4
    assert label > 0.4
    assert not any(drift_alarm(report, column) for report in small for column in ("usage", "plan", "town"))


def test_one_row_is_all_it_takes_for_drift_everywhere(ours: Ours) -> None:
    from evidently.presets import DataDriftPreset

    columns = ["usage", "town"]
    theirs = plain([DataDriftPreset(method="psi")], view_of(MONTH)[columns].head(1), view_of(BEFORE)[columns])
    report, _ = ours(view_of(MONTH).head(1))

    assert next(value for name, value in values(theirs).items() if name.startswith("Drifted"))["share"] == 1.0
    assert not drift_alarm(report, "usage")
    assert report.figure("row_count").verdict is Verdict.ALARM


def test_one_outlier_blinds_its_distances(ours: Ours) -> None:
    from evidently.metrics import ValueDrift

    before, now = view_of(BEFORE)[["usage"]], view_of(MONTH)[["usage"]] + 0.5
    before.loc[0, "usage"] = now.loc[0, "usage"] = 1e6
    methods = ("psi", "jensenshannon", "wasserstein")
    theirs = plain([ValueDrift(column="usage", method=one) for one in methods], now, before)
    report, page = ours(view_of(MONTH).assign(usage=now["usage"]))

    assert max(values(theirs).values()) < 0.1
    assert drift_alarm(report, "usage")
    assert statuses(page)["Value Drift for column usage"] == "FAIL"


def test_its_meaning_flips_at_a_thousand_rows_of_reference_under_one_id(ours: Ours) -> None:
    from evidently.metrics import ValueDrift

    now, before = view_of(MONTH, 1500)[["usage"]], view_of(BEFORE, 1500)[["usage"]]
    small, large = (plain([ValueDrift(column="usage")], now, before.head(rows)).dict() for rows in (1000, 1001))
    ids = [ours(view_of(MONTH, rows))[1].dict()["metrics"] for rows in (1000, 1100)]

    assert small["metrics"][0]["id"] == large["metrics"][0]["id"]
    assert "p_value" in small["tests"][0]["description"]
    assert "distance" in large["tests"][0]["description"]
    drawn = [[one["metric_name"] for one in of if one["metric_name"].startswith("ValueDrift")] for of in ids]
    assert all("method=calibrated_" in name for names in drawn for name in names)


def test_the_dataset_alarm_needs_half_of_the_columns(ours: Ours) -> None:
    from evidently.presets import DataDriftPreset

    rng = np.random.default_rng(2)
    before, now = (pd.DataFrame(rng.normal(size=(600, 8)), columns=list("abcdefgh")) for _ in range(2))
    theirs = plain([DataDriftPreset(num_method="ks")], now.assign(a=now["a"] + 9.0), before)
    report, _ = ours(view_of(MONTH).assign(usage=view_of(MONTH)["usage"] + 9.0))
    whole = next(status for name, status in statuses(theirs).items() if "Share of Drifted Columns" in name)

    assert whole == "SUCCESS"
    assert "usage" in {alert.subject.feature for alert in report.alerts}


def test_one_unseen_label_of_three_in_a_hundred_moves_its_distance(ours: Ours) -> None:
    from evidently.metrics import ValueDrift

    now = view_of(MONTH)
    odd = now.assign(plan=now["plan"].where(now.index % 33 > 0, "enterprise"))
    theirs = values(plain([ValueDrift(column="plan", method="psi")], odd[["plan"]], view_of(BEFORE)[["plan"]]))
    report, _ = ours(odd)
    said = report.figure("unseen_labels", "plan")

    assert next(iter(theirs.values())) > 0.1
    assert said.verdict is Verdict.ALARM
    assert "enterprise" in said.note


def test_empty_cells_are_dropped_before_its_tests(ours: Ours) -> None:
    from evidently.metrics import ValueDrift

    holes = view_of(MONTH)["usage"].where(np.arange(ROWS) % 5 < 2)
    theirs = plain([ValueDrift(column="usage", method="ks")], holes.to_frame(), view_of(BEFORE)[["usage"]])
    report, _ = ours(view_of(MONTH).assign(usage=holes))

    assert list(statuses(theirs).values()) == ["SUCCESS"]
    assert report.figure("null_share", "usage").hard


def test_its_summary_fails_dozens_of_tests_where_nothing_moved(ours: Ours) -> None:
    from evidently.presets import DataSummaryPreset

    columns = ["usage", "tickets", "plan", "town"]
    theirs = statuses(plain([DataSummaryPreset()], view_of(MONTH, 500)[columns], view_of(BEFORE, 500)[columns]))
    _, page = ours(view_of(MONTH))

    assert list(theirs.values()).count("FAIL") >= 3
    assert "FAIL" not in statuses(page).values()


# --- inputs that kill it

KILLERS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "an empty column": lambda t: t.assign(usage=np.nan),
    "a missing column": lambda t: t.drop(columns="usage"),
    "numbers as text": lambda t: t.assign(usage=t["usage"].astype(str)),
    "no rows": lambda t: t.head(0),
}


@pytest.mark.parametrize("name", KILLERS)
def test_one_bad_column_loses_its_whole_report(name: str, ours: Ours) -> None:
    from evidently.metrics import ValueDrift

    columns = ["usage", "town"]
    metrics = [ValueDrift(column=one, method=how) for one, how in zip(columns, ("ks", "psi"), strict=True)]
    bad = KILLERS[name](view_of(MONTH)[columns])
    with pytest.raises((ValueError, TypeError, KeyError)):
        plain(metrics, bad, view_of(BEFORE)[columns]).dict()

    report, page = ours(KILLERS[name](view_of(MONTH)))

    assert values(page)["LayerAlarms(layer=gate)"] >= 1
    assert len(report.measurements) > 10


def test_an_empty_cell_of_a_nullable_type_kills_its_value_counts(ours: Ours) -> None:
    from evidently.metrics import UniqueValueCount

    nullable = view_of(MONTH)["tickets"].astype("Int64").where(np.arange(ROWS) > 0)
    with pytest.raises(ValueError, match="boolean value of NA is ambiguous"):
        plain([UniqueValueCount(column="tickets")], nullable.to_frame(), view_of(BEFORE)[["tickets"]]).dict()

    _, page = ours(view_of(MONTH).assign(tickets=nullable))

    assert values(page)["LayerAlarms(layer=gate)"] == 0


def test_the_labels_of_those_who_are_not_known_yet_kill_its_auc(ours: Ours) -> None:
    from evidently import BinaryClassification, DataDefinition, Dataset, Report
    from evidently.metrics import RocAuc

    table = cohort_of(BEFORE).assign(churned=lambda t: t["churned"].astype(float).where(t.index > 5))
    definition = DataDefinition(
        numerical_columns=["score"],
        categorical_columns=["churned", "plan"],
        classification=[BinaryClassification(target="churned", prediction_probas="score", pos_label=1)],
    )
    with pytest.raises(Exception, match=r".+"):
        Report([RocAuc()]).run(Dataset.from_pandas(table, data_definition=definition), None).dict()

    report, _ = ours(view_of(MONTH))

    assert set(segment_reports(report, table, by="plan")) == {"basic", "plus", "pro"}


def test_without_roles_it_takes_ids_for_features(ours: Ours) -> None:
    from evidently import Dataset

    ids = pd.DataFrame({"account": [f"c-{i}" for i in range(200)], "usage": np.arange(200) % 4})
    theirs = Dataset.from_pandas(ids).data_definition
    _, page = ours(view_of(MONTH))

    assert theirs.get_column_type("account").value == "text"
    assert theirs.get_column_type("usage").value == "cat"
    assert not any("customer_id" in name for name in values(page) if name.startswith("ValueDrift"))


# --- its options and files


def test_its_tests_are_left_out_unless_the_report_asks_for_them(ours: Ours) -> None:
    from evidently.presets import DataDriftPreset

    columns = ["usage"]
    preset = DataDriftPreset(method="ks", include_tests=True)
    theirs = plain([preset], view_of(MONTH)[columns], view_of(BEFORE)[columns], tests=False)
    _, page = ours(view_of(MONTH))

    assert statuses(theirs) == {}
    assert len(statuses(page)) > 10


def test_its_relative_bands_belong_to_the_operator() -> None:
    from evidently.metrics import MeanValue
    from evidently.tests import Reference as Band
    from evidently.tests import gt, gte

    def status(test: Any, mean: float) -> str:  # noqa: ANN401 - an Evidently test
        now, before = (pd.DataFrame({"x": np.full(50, at)}) for at in (mean, 100.0))
        return next(iter(statuses(plain([MeanValue(column="x", tests=[test])], now, before)).values()))

    assert status(gte(Band(relative=0.1)), 95.0) == "SUCCESS"  # at least the reference less a tenth
    assert status(gt(Band(relative=0.1)), 105.0) == "FAIL"  # more than the reference and a tenth
    with pytest.raises(ValueError, match=r".+"):
        status(gte(Band(relative=-0.1)), 95.0)


def test_our_limits_are_shown_as_they_are_and_no_band_is_left_to_an_operator(ours: Ours) -> None:
    report, page = ours(view_of(MONTH))
    found = report.figure("score_drift")
    test = next(one for one in page.dict()["tests"] if one["name"] == f"score_drift: {found.subject}")

    assert f"{found.value:.4g} against {found.threshold:.4g}" in test["description"]


def test_what_its_save_json_writes_is_no_snapshot(ours: Ours, tmp_path: Any) -> None:  # noqa: ANN401 - a path
    from evidently.core.report import Snapshot

    _, page = ours(view_of(MONTH))
    page.save_json(str(tmp_path / "flat.json"))

    with pytest.raises(ValueError, match="validation error"):
        Snapshot.load(str(tmp_path / "flat.json"))
    assert Snapshot.loads(page.dumps()).dict()["metrics"] == page.dict()["metrics"]


def test_its_dumps_differ_from_run_to_run_and_our_figures_do_not(ours: Ours) -> None:
    (first, one), (second, other) = ours(view_of(MONTH)), ours(view_of(MONTH))

    assert one.dumps() != other.dumps()
    assert one.dict() == other.dict()
    assert first.to_plain() == second.to_plain()


def test_it_has_no_place_for_a_decision_made_elsewhere_but_a_registered_test(ours: Ours) -> None:
    from evidently.metrics import ValueDrift

    with pytest.raises(ValueError, match=r".+"):
        ValueDrift(column="usage", method=lambda *_: (0.0, False))

    moved = view_of(MONTH).assign(usage=view_of(MONTH)["usage"] + 1.0)
    report, page = ours(moved)
    found = report.figure("drift", "usage")
    shown = {name: value for name, value in values(page).items() if name.startswith("ValueDrift(column=usage")}

    assert list(shown.values()) == [found.value]

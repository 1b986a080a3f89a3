"""The MLflow adapter against a real embedded store and a real LightGBM model."""

import math
import os
import shutil
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd
import pytest

from pipelines import tracking
from pipelines.errors import LabError
from pipelines.tracking import Store

SETTINGS = {
    "objective": "binary",
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
    "seed": 3,
}


@pytest.fixture(scope="module")
def empty_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose store is laid out once; MLflow takes a second for it."""
    root = tmp_path_factory.mktemp("laid out")
    tracking.open_store(root)
    return root


@pytest.fixture
def root(empty_root: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(empty_root, tmp_path / "a project"))


@pytest.fixture
def store(root: Path) -> Store:
    return tracking.open_store(root)


@pytest.fixture(scope="module")
def features() -> pd.DataFrame:
    drawn = np.random.default_rng(1).normal(size=(400, 4))
    return pd.DataFrame(drawn, columns=["tenure", "usage", "tickets", "price"])


@pytest.fixture(scope="module")
def booster(features: pd.DataFrame) -> lightgbm.Booster:
    return lightgbm.train(SETTINGS, lightgbm.Dataset(features, features["usage"] < 0), num_boost_round=20)


def logged(store: Store, booster: lightgbm.Booster, features: pd.DataFrame) -> str:
    with tracking.run(store, "train") as run:
        return tracking.log_model(
            run,
            booster,
            features=features.head(),
            scores=booster.predict(features.head()),
            metadata={"threshold": 0.25},
        )


def test_metrics_by_month_come_back_with_the_month_as_step(store: Store) -> None:
    series = {f"metric_{k}": {month: k + month / 100 for month in range(12)} for k in range(15)}

    with tracking.run(store, "months") as run:
        run.log_series(series)

    history = store.client.get_metric_history(run.id, "metric_7")
    assert {point.step: point.value for point in history} == series["metric_7"]


def test_more_values_than_mlflow_takes_at_once_are_all_recorded(store: Store) -> None:
    with tracking.run(store, "long") as run:
        run.log_series({"loss": {month: float(month) for month in range(2500)}})
        run.log_params({f"parameter_{k}": k for k in range(230)})

    assert len(store.client.get_metric_history(run.id, "loss")) == 2500
    assert len(store.client.get_run(run.id).data.params) == 230


def test_a_metric_without_a_value_is_recorded_as_such(store: Store) -> None:
    with tracking.run(store, "unknown") as run:
        run.log_metrics({"realised_loss": math.nan}, step=4)

    assert math.isnan(store.client.get_run(run.id).data.metrics["realised_loss"])


def test_a_nested_run_names_its_parent_and_keeps_its_tags(store: Store) -> None:
    with (
        tracking.run(store, "outer") as outer,
        tracking.run(store, "inner", parent=outer, tags={"month": "3"}) as inner,
    ):
        inner.set_tags({"state": "firing"})

    tags = store.client.get_run(inner.id).data.tags
    assert tags["mlflow.parentRunId"] == outer.id
    assert (tags["month"], tags["state"]) == ("3", "firing")


def test_a_run_is_finished_when_its_block_ends_well(store: Store) -> None:
    with tracking.run(store, "fine") as run:
        pass

    assert store.client.get_run(run.id).info.status == "FINISHED"


@pytest.mark.parametrize(("error", "status"), [(RuntimeError, "FAILED"), (KeyboardInterrupt, "KILLED")])
def test_a_run_whose_block_raises_says_how_it_ended(store: Store, error: type[BaseException], status: str) -> None:
    def broken() -> None:
        with tracking.run(store, "broken"):
            raise error("stop")

    with pytest.raises(error, match="stop"):
        broken()

    (found,) = store.client.search_runs([store.experiment], "attributes.run_name = 'broken'")
    assert found.info.status == status


def test_datasets_and_files_are_kept_with_the_run(store: Store, tmp_path: Path) -> None:
    (tmp_path / "story.json").write_text("{}")

    with tracking.run(store, "inputs") as run:
        run.log_dataset("usage", Path("data/usage"), digest="0123456789abcdef0123456789abcdef.dir")
        run.log_artifact(tmp_path / "story.json", folder="report")

    dataset = store.client.get_run(run.id).inputs.dataset_inputs[0]
    assert (dataset.dataset.name, dataset.dataset.digest) == ("usage", "0123456789abcdef0123456789abcdef.dir")
    assert dataset.tags[0].value == "training"
    assert [file.path for file in store.client.list_artifacts(run.id, "report")] == ["report/story.json"]


def test_a_model_comes_back_through_its_alias_and_scores_alike(
    store: Store, booster: lightgbm.Booster, features: pd.DataFrame
) -> None:
    version = tracking.register(store, logged(store, booster, features))
    tracking.set_alias(store, "champion", version)

    loaded = tracking.load(store, "champion")

    np.testing.assert_array_equal(loaded.predict(features), booster.predict(features))
    assert loaded.params["num_threads"] == 1


def test_a_logged_model_carries_signature_requirements_and_metadata(
    store: Store, booster: lightgbm.Booster, features: pd.DataFrame
) -> None:
    from mlflow.models import get_model_info

    info = get_model_info(logged(store, booster, features))

    assert info.signature.inputs.input_names() == list(features.columns)
    assert info.metadata == {"threshold": 0.25}
    assert info.saved_input_example_info is None


def test_an_alias_moves_to_the_newer_version(store: Store, booster: lightgbm.Booster, features: pd.DataFrame) -> None:
    first = tracking.register(store, logged(store, booster, features))
    second = tracking.register(store, logged(store, booster, features))
    tracking.set_alias(store, "champion", first)

    tracking.set_alias(store, "champion", second)

    assert (first, second) == (1, 2)
    assert tracking.version_of(store, "champion") == 2


def test_an_alias_that_nothing_bears_has_no_version_and_cannot_be_loaded(store: Store) -> None:
    assert tracking.version_of(store, "champion") is None

    with pytest.raises(LabError, match=r"No version of the model 'churn' has the alias 'champion'.*none"):
        tracking.load(store, "champion")


def test_runs_left_behind_by_a_killed_process_are_closed_and_living_ones_are_not(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(os, "getpid", lambda: 2**22 + 1)  # above any process number Linux gives out
        never_left = tracking.run(store, "abandoned")
        abandoned = never_left.__enter__()

    with tracking.run(store, "alive") as alive:
        closed = tracking.close_stale_runs(store)

        assert closed == 1
        assert store.client.get_run(abandoned.id).info.status == "KILLED"
        assert store.client.get_run(alive.id).info.status == "RUNNING"


def test_a_moved_project_still_finds_its_models_and_files(
    root: Path, booster: lightgbm.Booster, features: pd.DataFrame, tmp_path: Path
) -> None:
    store = tracking.open_store(root)
    tracking.set_alias(store, "champion", tracking.register(store, logged(store, booster, features)))
    moved = root.rename(tmp_path / "elsewhere")

    again = tracking.open_store(moved)

    np.testing.assert_array_equal(tracking.load(again, "champion").predict(features), booster.predict(features))
    with tracking.run(again, "after the move") as run:
        run.log_artifact(moved / "mlruns" / "mlflow.db")
    assert not root.exists()

"""Models and reference cohorts on disk."""

from pathlib import Path

import numpy as np

from pipelines import store
from pipelines.dataset import Cohort
from pipelines.errors import LabError
from pipelines.features import CATEGORICAL, as_levels
from pipelines.model import ChurnModel


def write_model(folder: Path, model: ChurnModel) -> None:
    """Write a model as LightGBM text and a JSON description; nothing is pickled."""
    store.write_text(folder / "trees.txt", model.trees)
    store.write_json(folder / "model.json", model.to_plain())


def read_model(folder: Path) -> ChurnModel:
    """The model written by `write_model`. Raises LabError where a file is missing or does not fit today's features."""
    plain = store.read_json(folder / "model.json")
    try:
        return ChurnModel.from_plain(plain, (folder / "trees.txt").read_text(encoding="utf-8"))
    except (KeyError, TypeError, FileNotFoundError) as error:
        raise LabError(
            f"The model in {folder} is incomplete ({error!r}). Make it again with: dvc repro --force champion"
        ) from error


def write_cohort(folder: Path, cohort: Cohort) -> None:
    """Write one cutoff's features and labels."""
    frame = cohort.features.assign(churned=cohort.churned).reset_index()
    store.write_frame(_file(folder, cohort.label), frame)


def read_cohort(folder: Path, month: int, label: str) -> Cohort:
    """The cohort as `write_cohort` wrote it."""
    frame = store.read_frame(_file(folder, label)).set_index("customer_id")
    levels = {name: as_levels(frame[name], name) for name in CATEGORICAL}
    features = frame.drop(columns="churned").assign(**levels)
    return Cohort(month=month, label=label, features=features, churned=frame["churned"].astype(np.float64))


def _file(folder: Path, label: str) -> Path:
    return folder / "cohorts" / f"{label}.parquet"

"""The public files of a case, read from a folder as a candidate would read them."""

import importlib.util
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt
import pandas as pd
import yaml

from monitoring.columns import Floats
from monitoring.leakage.learner import Fitted, fit
from monitoring.performance.metrics import auc
from scenarios.base import Estimate
from scenarios.kit.pack import read_public_table

KEYS = ("row_id", "customer_id", "cutoff", "split", "churned")
_SPREAD = 1.28
"""Standard errors to either side of an 80 % interval."""


@dataclass(frozen=True)
class Material:
    """The folder of a case."""

    folder: Path

    @cached_property
    def table(self) -> pd.DataFrame:
        """The training table."""
        return read_public_table(self.folder, "features.parquet")

    @cached_property
    def log(self) -> pd.DataFrame:
        """The scoring log."""
        return read_public_table(self.folder, "serving_log.parquet")

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The warehouse."""
        names = sorted(path.stem for path in (self.folder / "tables").glob("*.parquet"))
        return {name: read_public_table(self.folder, f"tables/{name}.parquet") for name in names}

    @cached_property
    def definitions(self) -> list[dict[str, object]]:
        """The feature definitions as plain values."""
        text = (self.folder / "pipeline" / "definitions.yaml").read_text(encoding="utf-8")
        plain: list[dict[str, object]] = yaml.safe_load(text)
        return plain

    @property
    def features(self) -> list[str]:
        """Names of the features."""
        return [str(name) for name in self.table.columns if name not in KEYS]

    def part(self, *names: str) -> npt.NDArray[np.bool_]:
        """Rows of the training table that belong to some parts of the split."""
        return self.table["split"].isin(names).to_numpy()

    @cached_property
    def builder(self) -> Callable[[Mapping[str, pd.DataFrame], pd.Timestamp], pd.DataFrame]:
        """The team's own feature builder."""
        build: Callable[[Mapping[str, pd.DataFrame], pd.Timestamp], pd.DataFrame] = self._module("build_features").build
        return build

    def _module(self, name: str) -> ModuleType:
        """A module of the pipeline, loaded without a trace: no neighbour stays behind, no file is written."""
        path = self.folder / "pipeline" / f"{name}.py"
        specification = importlib.util.spec_from_file_location(f"case_{name}", path)
        if specification is None or specification.loader is None:
            raise ImportError(f"{path} is not a Python module.")
        module = importlib.util.module_from_spec(specification)
        before, neighbour = list(sys.path), sys.modules.pop("definition", None)
        writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        try:
            specification.loader.exec_module(module)
        finally:
            sys.path[:], sys.dont_write_bytecode = before, writes
            sys.modules.pop("definition", None)
            if neighbour is not None:
                sys.modules["definition"] = neighbour
        return module

    def served_labels(self) -> Floats:
        """The labels of the scoring log's rows, NaN where unknown, shape (n,)."""
        keys = ["customer_id", "cutoff"]
        return self.log[keys].merge(self.table[[*keys, "churned"]], on=keys, how="left")["churned"].to_numpy(np.float64)

    def claimed(self) -> float:
        """The AUC on the model card: the same learner, the same rows."""
        test = self.part("test")
        return auc(self.table["churned"][test], self.model.score(self.table[self.features][test])).value

    @cached_property
    def model(self) -> Fitted:
        """The team's model: the learner on every column."""
        return self.trained(self.features)

    def trained(self, columns: list[str], table: pd.DataFrame | None = None) -> Fitted:
        """The learner on the rows trained on, with some columns (of `table`, the training table unless given)."""
        rows = self.part("train")
        source = self.table if table is None else table
        return fit(source[columns][rows], self.table["churned"].to_numpy(np.float64)[rows], seed=1)


def by_month(labels: Floats, scores: Floats, months: pd.Series) -> Estimate:
    """The mean AUC over months with an 80 % interval that holds their spread as well as each one's sampling error."""
    each = [
        auc(labels[rows], scores[rows]) for rows in (months.to_numpy() == month for month in sorted(months.unique()))
    ]
    values, errors = np.array([one.value for one in each]), np.array([one.error for one in each])
    between = max(float(values.var(ddof=1)) - float((errors**2).mean()), 0.0) if len(each) > 1 else 0.0
    error = float(np.sqrt((errors**2).mean() / len(each) + between / len(each) + SEALED_SPREAD**2))
    middle = float(values.mean())
    return Estimate(
        value=round(middle, 4), low=round(middle - _SPREAD * error, 4), high=round(middle + _SPREAD * error, 4)
    )


SEALED_SPREAD = 0.006
"""What the months to come add: their own customers differ a little from those seen (standard deviation of the AUC)."""

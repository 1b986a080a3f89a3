"""The public files of a case, read from a folder as a candidate would read them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from scenarios.kit.pack import read_public_table


@dataclass(frozen=True)
class Material:
    """The folder of a case. Months are labels in order; tables are indexed by customer."""

    folder: Path

    @cached_property
    def told(self) -> Mapping[str, Any]:
        """Threshold, weights, economics and costs."""
        told: Mapping[str, Any] = json.loads((self.folder / "reference.json").read_text(encoding="utf-8"))
        return told

    @cached_property
    def sources(self) -> Mapping[str, str]:
        """The raw table of each feature."""
        sources: Mapping[str, str] = yaml.safe_load((self.folder / "features.yaml").read_text(encoding="utf-8"))
        return sources

    @cached_property
    def good(self) -> dict[str, pd.DataFrame]:
        """The views of the months before the year."""
        return self._tables("reference/views")

    @cached_property
    def cohorts(self) -> dict[str, pd.DataFrame]:
        """Score and outcome in months the model was not fitted on."""
        return self._tables("reference/cohorts")

    @cached_property
    def months(self) -> dict[str, pd.DataFrame]:
        """The year's views, with `score`."""
        labels = sorted(path.name for path in (self.folder / "months").iterdir())
        return {label: self._table(f"months/{label}/view.parquet") for label in labels}

    @cached_property
    def landed(self) -> dict[str, pd.DataFrame]:
        """The year's cohorts whose labels landed: score and outcome."""
        paths = sorted((self.folder / "months").glob("*/landed-*.parquet"))
        return {path.stem.removeprefix("landed-"): self._table(str(path.relative_to(self.folder))) for path in paths}

    def _tables(self, folder: str) -> dict[str, pd.DataFrame]:
        names = sorted(path.stem for path in (self.folder / folder).glob("*.parquet"))
        return {name: self._table(f"{folder}/{name}.parquet") for name in names}

    def _table(self, name: str) -> pd.DataFrame:
        return read_public_table(self.folder, name).set_index("customer_id")

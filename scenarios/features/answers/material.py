"""The public files of a case, read from a folder as a candidate would read them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from scenarios.features.exam.timeline import EXTRACT
from scenarios.kit.pack import read_public_table

DAY: Final = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Material:
    """The folder of a case."""

    folder: Path

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables, each with the month of its rows: -1 is the newest; what lies before the record is its first."""
        names = sorted(path.stem for path in (self.folder / "tables").glob("*.parquet"))
        return {name: self._with_month(read_public_table(self.folder, f"tables/{name}.parquet")) for name in names}

    @cached_property
    def labels(self) -> pd.DataFrame:
        """Label rows: customer_id, cutoff, churned."""
        return read_public_table(self.folder, "labels.parquet")

    @cached_property
    def dictionary(self) -> pd.DataFrame:
        """The data dictionary, one row a column."""
        return read_public_table(self.folder, "data_dictionary.csv")

    @cached_property
    def told(self) -> Mapping[str, Any]:
        """Learner, cutoffs and extract."""
        told: Mapping[str, Any] = json.loads((self.folder / "model.json").read_text(encoding="utf-8"))
        return told

    @property
    def extract(self) -> pd.Timestamp:
        """When the tables were taken."""
        return pd.Timestamp(self.told["extract"])

    @cached_property
    def own_usage(self) -> pd.DataFrame:
        """Usage rows that fit the customer's platform and are no copies of the month before."""
        usage = self.tables["usage"]
        platform = self.tables["customers"].drop_duplicates("customer_id").set_index("customer_id")["platform"]
        fits = usage["customer_id"].map(platform) == usage["platform"]
        return usage[~served_again(usage) & fits]

    def _with_month(self, rows: pd.DataFrame) -> pd.DataFrame:
        extract = np.datetime64(self.extract, "M").astype(int)
        months = rows["event_at"].to_numpy().astype("datetime64[M]").astype(int)
        return rows.assign(month=np.maximum(months - extract, -EXTRACT))


def served_again(usage: pd.DataFrame) -> pd.Series:
    """Which usage rows repeat the customer's sessions and minutes of the month before."""
    keys = ["customer_id", "sessions", "active_minutes", "distinct_features"]
    before = usage[[*keys, "month"]].drop_duplicates().assign(month=lambda rows: rows["month"] + 1, before=True)
    found = usage[[*keys, "month"]].merge(before, on=[*keys, "month"], how="left")["before"].notna()
    same = found.to_numpy() & (usage["sessions"].to_numpy() > 0)
    return pd.Series(same, index=usage.index)

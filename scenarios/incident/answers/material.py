"""The public files of a case, read from a folder as a candidate would read them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from pipelines.dataset import FULL_HISTORY
from pipelines.features import LOOKBACK_MONTHS
from pipelines.model import Calibration, ChurnModel, Floats
from pipelines.world.recorder import TABLES
from scenarios.kit.pack import read_public_table


@dataclass(frozen=True)
class Material:
    """The folder of a case. Months are labels in order."""

    folder: Path

    @cached_property
    def months(self) -> dict[str, dict[str, pd.DataFrame]]:
        """Every month's tables by name."""
        found = sorted(path for path in (self.folder / "runs").iterdir())
        return {path.name: {f.stem: self._table(path.name, f.name) for f in sorted(path.iterdir())} for path in found}

    @cached_property
    def live(self) -> tuple[str, ...]:
        """Months in which the model scored."""
        return tuple(label for label, tables in self.months.items() if "scores" in tables)

    @cached_property
    def prices(self) -> Mapping[str, float]:
        """What an offer earns and costs."""
        prices: Mapping[str, float] = json.loads((self.folder / "campaign.json").read_text(encoding="utf-8"))
        return prices

    def cutoff(self, label: str) -> pd.Timestamp:
        """The first instant of a month."""
        return pd.Timestamp(f"{label}-01")

    def model(self, label: str, status: str = "live") -> ChurnModel:
        """A model as the registry listed it in a month."""
        registry = self.months[label]["registry"]
        row = registry[registry["status"] == status].iloc[0]
        calibration = Calibration(intercept=float(row["intercept"]), slope=float(row["slope"]))
        return ChurnModel(
            version=row["version"],
            trees=row["trees"],
            calibration=calibration,
            threshold=float(row["threshold"]),
            trained_on=(),
            gain={},
        )

    def snapshot(self, label: str) -> pd.DataFrame:
        """The features as stored, by customer."""
        return self.months[label]["features"].set_index("customer_id")

    def logged(self, label: str) -> pd.Series:
        """The scores as stored, by customer."""
        return self.months[label]["scores"].set_index("customer_id")["score"]

    def offered(self, label: str) -> pd.Index:
        """Customers that were offered something in a month."""
        found: pd.Index = pd.Index(self.months[label]["offers"]["customer_id"])
        return found

    def raw(
        self, label: str, changed: Mapping[str, Mapping[str, pd.DataFrame]] | None = None
    ) -> dict[str, pd.DataFrame]:
        """Raw tables as they stood at the start of a month; `changed` replaces some by month and name."""
        upto = [one for one in self.months if one <= label]
        mended = changed or {}
        tables = {}
        for name in TABLES:
            wanted = upto if name in FULL_HISTORY else upto[-LOOKBACK_MONTHS:]
            parts = [mended.get(one, {}).get(name, self.months[one][name]) for one in wanted]
            tables[name] = pd.concat(parts, ignore_index=True)
        return tables

    def worth(self, chance: Floats) -> float:
        """Expected dollars of offers to customers who leave with these probabilities."""
        return float((chance * self.prices["gain"] - (1.0 - chance) * self.prices["loss"]).sum())

    def _table(self, label: str, file: str) -> pd.DataFrame:
        return read_public_table(self.folder, f"runs/{label}/{file}")

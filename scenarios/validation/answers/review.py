"""What a reviewer can find out from the public files: what each sign costs, and what the model is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import yaml

from scenarios.validation.clustered import clustered_auc
from scenarios.validation.engine import Run, auc, profit, read_tables, run_pipeline
from scenarios.validation.pricing import Price, price
from scenarios.validation.specs import Spec, find
from scenarios.validation.traps import HORIZON_DAYS, MATURITY_DAYS, Trap, shown

MANY_LEVELS: Final = 30
"""Levels from which a code's churn rate holds much of each row's own label."""

_NEVER: Final = ("scaled-before-split", "filled-before-split", "no-gap-before-test")
"""Sins that move a tree by nothing but chance: means, medians and one month's labels hardly depend on the test rows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Honest:
    """A figure on customers the analyst never touched: its mean over cutoffs, and its standard error."""

    value: float
    error: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """A hand-out, read and run once."""

    spec: Spec
    done: Run

    @property
    def panel(self) -> pd.DataFrame:
        """The whole panel."""
        return self.done.tables["panel.parquet"]

    def costly(self) -> tuple[Trap, ...]:
        """Signs in the pipeline that can cost something on this panel."""
        return tuple(one for one in shown(self.spec) if self._can_cost(one.code))

    def prices(self) -> dict[str, Price]:
        """What each costly sign bought, by curing it alone and running the pipeline again."""
        return {one.code: price(one, self.spec, self.done) for one in self.costly()}

    def _can_cost(self, code: str) -> bool:
        cutoffs = np.sort(self.panel["cutoff"].unique())
        if code == "random-split-of-panel":
            return bool((np.diff(cutoffs) < np.timedelta64(HORIZON_DAYS - 3, "D")).any())
        if code == "duplicates-before-split":
            return bool(self.panel.drop(columns="row_id").duplicated().any())
        if code == "immature-labels":
            step = _step(self.spec, "mature")
            age = pd.Timestamp(step["extract"]) - pd.Timestamp(cutoffs[-1])
            return bool(age < pd.Timedelta(days=MATURITY_DAYS))
        if code == "encoded-before-split":
            return bool(self.panel[_step(self.spec, "encode")["column"]].nunique() >= MANY_LEVELS)
        return code not in _NEVER

    def untouched(self) -> list[pd.DataFrame]:
        """Rows by cutoff of customers outside the pilot, with mature labels, looked at as on the day of the extract."""
        extract = pd.Timestamp(_step(self.spec, "mature")["extract"])
        rows = self.panel[self.panel["cutoff"] <= extract - pd.Timedelta(days=MATURITY_DAYS)]
        rows = rows[~rows["customer_id"].isin(self.pilot())]
        rows = rows[~rows.drop(columns="row_id").duplicated()]
        return [piece.assign(cutoff=extract) for _, piece in rows.groupby("cutoff")]

    def pilot(self) -> set[int]:
        """The customers the analyst drew."""
        upto = [step for step in self.spec["steps"] if step["do"] in ("load", "sample")]
        return set(run_pipeline({**self.spec, "steps": upto}, self.done.tables).rows["customer_id"])

    def honest_auc(self) -> Honest:
        """The shipped model's AUC on untouched customers."""
        pieces = self.untouched()
        found = [auc(piece["churned"], self.done.score(piece)) for piece in pieces]
        rows = pd.concat(pieces)
        luck = clustered_auc(rows["churned"], self.done.score(rows), rows["customer_id"]).error
        return Honest(value=float(np.mean(found)), error=float(np.hypot(luck, _SPREAD)))

    def honest_profit(self) -> Honest:
        """The shipped model's profit at its threshold on untouched customers."""
        pieces = self.untouched()
        found = [profit(piece["churned"], self.done.score(piece), self.done.threshold) for piece in pieces]
        return Honest(value=float(np.mean(found)), error=float(np.std(found)))


_SPREAD: Final = 0.008
"""How far the AUC of half a year lies from that of the last one, for a company that does not change."""


def _step(spec: Spec, do: str) -> Mapping[str, Any]:
    return find(spec, do) or {}


def review(folder: Path) -> Review:
    """Read the public files in a folder and run the pipeline once."""
    spec = yaml.safe_load((folder / "pipeline.yaml").read_text(encoding="utf-8"))
    return Review(spec=spec, done=run_pipeline(spec, read_tables(folder)))

"""The dashboard as it was: what the team looked at every month while nobody knew that anything was wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from monitoring.performance.metrics import auc
from pipelines.features import FEATURES
from pipelines.train import LABEL_GAP_MONTHS
from scenarios.incident.system.run import Run

ROWS_MAY_CHANGE: Final = 0.10
"""Share by which the rows scored may differ from the run before."""

NULLS_MAY_RISE: Final = 0.02
"""Points by which the share of missing cells may rise above the highest of the first three runs."""

LEAST_AUC: Final = 0.70
"""AUC of a landed cohort below which the light is red."""

FIRST: Final = 3
"""Runs that the limits are taken from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """One month of the dashboard. `auc` is of the cohort whose labels landed, None while there is none."""

    label: str
    jobs_ok: bool
    errors_5xx: float
    latency_ms: int
    rows: int
    null_share: float
    auc: float | None
    lights: tuple[str, ...]

    @property
    def green(self) -> bool:
        """Whether no light is red."""
        return not self.lights


def dashboard(runs: Sequence[Run], rng: np.random.Generator) -> tuple[Panel, ...]:
    """The panels of all runs; `rng` makes the web server's small noise, which tells nothing."""
    panels = list[Panel]()
    for place, run in enumerate(runs):
        rows, nulls = len(run.log), float(run.snapshot[list(FEATURES)].isna().to_numpy().mean())
        found = landed_auc(run, runs[place - LABEL_GAP_MONTHS]) if run.landed is not None else None
        complete = bool(run.log["score"].notna().all())
        panels.append(
            Panel(
                label=run.label,
                jobs_ok=complete,
                errors_5xx=round(float(rng.uniform(0.0, 0.0004)), 5),
                latency_ms=int(rng.integers(38, 47)),
                rows=rows,
                null_share=round(nulls, 4),
                auc=found,
                lights=_lights(panels, rows=rows, nulls=nulls, found=found, complete=complete),
            )
        )
    return tuple(panels)


def landed_auc(run: Run, cohort: Run) -> float | None:
    """AUC of a cohort's logged scores on the outcomes that landed now; None without leavers."""
    if run.landed is None:
        return None
    rows = cohort.log.set_index("customer_id").join(run.landed).dropna(subset=["churned"])
    found = auc(rows["churned"].to_numpy(np.float64), rows["score"].to_numpy(np.float64)).value
    return round(found, 4) if np.isfinite(found) else None


def _lights(
    before: Sequence[Panel], *, rows: int, nulls: float, found: float | None, complete: bool
) -> tuple[str, ...]:
    """The red lights of a month, by name."""
    usual = max((one.null_share for one in before[:FIRST]), default=nulls)
    moved = bool(before) and abs(rows / before[-1].rows - 1.0) > ROWS_MAY_CHANGE
    red = {
        "jobs": not complete,
        "rows": moved,
        "missing": nulls > usual + NULLS_MAY_RISE,
        "AUC": found is not None and found < LEAST_AUC,
    }
    return tuple(name for name, on in red.items() if on)


def as_table(panels: Sequence[Panel]) -> pd.DataFrame:
    """One row a month, as the dashboard exports it."""
    return pd.DataFrame(
        {
            "month": one.label,
            "jobs": "ok" if one.jobs_ok else "failed",
            "http_5xx_share": one.errors_5xx,
            "latency_ms": one.latency_ms,
            "rows_scored": one.rows,
            "missing_cells": one.null_share,
            "auc_landed": one.auc,
            "lights": "green" if one.green else "red: " + ", ".join(one.lights),
        }
        for one in panels
    )

"""What one monthly run left behind, as tables: the same for candidates and for their guards."""

from collections.abc import Mapping

import pandas as pd

from pipelines.model import ChurnModel
from pipelines.train import LABEL_GAP_MONTHS
from pipelines.world.recorder import TABLES
from scenarios.incident.system.run import Lived, Run
from scenarios.kit.pack import plain_types


def packages(lived: Lived) -> dict[str, dict[str, pd.DataFrame]]:
    """All months in order: before the model went live raw tables and features, afterwards everything."""
    calendar = lived.world.company.calendar
    first = lived.past.parameters.warm_up
    early = {calendar.label(month): _before_live(lived, month) for month in range(1, calendar.history)}
    kept = {label: tables for month, (label, tables) in enumerate(early.items(), start=1) if month >= first}
    opening = {name: _joined(early, name, first) for name in TABLES}
    oldest = next(iter(kept))
    kept[oldest] = kept[oldest] | opening
    return kept | {run.label: _live(lived, run, place) for place, run in enumerate(lived.runs)}


def _joined(early: Mapping[str, Mapping[str, pd.DataFrame]], name: str, first: int) -> pd.DataFrame:
    """Everything that arrived before the first month that is handed out, in one table."""
    return plain_types(pd.concat([tables[name] for tables in list(early.values())[:first]], ignore_index=True))


def _before_live(lived: Lived, month: int) -> dict[str, pd.DataFrame]:
    raw = {name: plain_types(lived.arrived[month - 1][name]) for name in TABLES}
    if month < lived.past.parameters.warm_up:
        return raw
    return raw | {"features": plain_types(lived.past.features(month).reset_index())}


def _live(lived: Lived, run: Run, place: int) -> dict[str, pd.DataFrame]:
    raw = {name: plain_types(run.delivery[name]) for name in TABLES}
    tables = raw | {
        "features": plain_types(run.snapshot.reset_index()),
        "scores": run.log,
        "offers": run.offers,
        "registry": registry(run.model, lived.canary),
    }
    if run.landed is None:
        return tables
    cohort = lived.runs[place - LABEL_GAP_MONTHS].label
    labels = run.landed.reset_index(names="customer_id").assign(cohort=cohort)
    return tables | {"labels": labels[["customer_id", "cohort", "churned"]]}


def registry(live: ChurnModel, canary: ChurnModel) -> pd.DataFrame:
    """The models as the registry lists them in a month."""
    return pd.DataFrame(
        {
            "version": one.version,
            "status": status,
            "threshold": one.threshold,
            "intercept": one.calibration.intercept,
            "slope": one.calibration.slope,
            "trees": one.trees,
        }
        for one, status in ((live, "live"), (canary, "withdrawn"))
    )

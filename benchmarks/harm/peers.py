"""What others would say of the same months: Evidently's default tests column by column, the largest PSI and KS."""

from typing import Any

import numpy as np
import pandas as pd

from monitoring.columns import Floats
from monitoring.reference import Reference
from pipelines.features import CATEGORICAL

_KEY = "customer_id"
_PSI_BINS = 10
_EMPTY = 1e-4


def peers(reference: Reference, view: pd.DataFrame) -> dict[str, Any]:
    """Evidently's share of drifted columns, whether any drifted, the largest PSI and the largest KS distance."""
    before = pd.concat(list(reference.plot_rows.values()), ignore_index=True).drop(columns=_KEY)
    now = view.reset_index(drop=True)
    said = [_column(_filled(before[name]), _filled(now[name]), name in CATEGORICAL) for name in before.columns]
    drifted, psi, ks = zip(*said, strict=True)
    return {
        "evidently_share": float(np.mean(drifted)),
        "evidently_any": any(drifted),
        "psi": float(max(psi)),
        "ks": float(max(ks)),
    }


def _filled(column: pd.Series) -> pd.Series:
    """What Evidently looks at: cells that are neither missing nor infinite."""
    return column.replace([np.inf, -np.inf], np.nan).dropna()


def _column(before: pd.Series, now: pd.Series, category: bool) -> tuple[bool, float, float]:  # noqa: FBT001 - the kind of the column
    """Whether Evidently's default test for the column alarms (a column it cannot read does), PSI and KS."""
    from evidently.legacy.calculations.stattests import get_stattest
    from evidently.legacy.core import ColumnType

    if not len(before) or not len(now):
        return bool(len(before)), 0.0, 0.0
    kind = ColumnType.Categorical if category else ColumnType.Numerical
    before, now = (one.astype("object" if category else "float64") for one in (before, now))
    test = get_stattest(before, now, kind, None)
    drifted = bool(test(before, now, kind, None).drifted)
    return (drifted, _psi_of_levels(before, now), 0.0) if category else (drifted, *_distances(before, now))


def _psi_of_levels(before: pd.Series, now: pd.Series) -> float:
    levels = sorted({*before.unique(), *now.unique()})
    return _psi(*(np.array([float((one == level).mean()) for level in levels]) for one in (before, now)))


def _distances(before: pd.Series, now: pd.Series) -> tuple[float, float]:
    """PSI over ten quantile bins, and the two-sample KS distance."""
    left, right = np.sort(before.to_numpy()), np.sort(now.to_numpy())
    edges = np.unique(np.quantile(left, np.linspace(0.0, 1.0, _PSI_BINS + 1)[1:-1]))
    shares = [np.bincount(np.searchsorted(edges, one), minlength=len(edges) + 1) / len(one) for one in (left, right)]
    both = np.concatenate([left, right])
    below = [np.searchsorted(one, both, side="right") / len(one) for one in (left, right)]
    return _psi(*shares), float(np.abs(below[0] - below[1]).max())


def _psi(before: Floats, now: Floats) -> float:
    """Population stability index of two sets of shares; an empty bin counts as one row in ten thousand."""
    left, right = np.maximum(before, _EMPTY), np.maximum(now, _EMPTY)
    return float(np.sum((right - left) * np.log(right / left)))

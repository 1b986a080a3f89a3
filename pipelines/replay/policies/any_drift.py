"""Retrain as soon as any column has drifted: what the usual tutorial says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipelines.model import Floats
from pipelines.replay.policy import Action, Decision, Known, Seen

DRIFTED = 0.2
"""The population stability index from which the rule of thumb speaks of a significant change."""

_BINS = 10
_EMPTY = 1e-4
"""Share that an empty bin is given, as the usual tools do, so that the logarithm exists."""


@dataclass(slots=True)
class AnyDrift:
    """Retrain when the population stability index of any column against the history exceeds `limit`.

    All such columns of a month are one alert. One object serves one stage: what is learnt from the history is kept.
    """

    limit: float = DRIFTED
    _shares: dict[str, tuple[Floats, Floats]] = field(default_factory=dict)

    def __call__(self, seen: Seen, known: Known, _before: Sequence[Seen]) -> Decision:
        """Hold the month's view against the history, column by column."""
        if not self._shares:
            self._shares = _learnt(known.views)
        drifted = [str(name) for name in seen.view if self._index(seen.view, str(name)) > self.limit]
        return retrain_if(drifted)

    def _index(self, view: pd.DataFrame, name: str) -> float:
        edges, expected = self._shares[name]
        return stability_index(expected, _binned(_numbers(view[name]), edges))


def retrain_if(drifted: Sequence[str]) -> Decision:
    """Retrain, and call somebody once, where any column has drifted."""
    if not drifted:
        return Decision()
    return Decision(action=Action.RETRAIN, alerts=(f"drifted: {', '.join(drifted)}",))


def stability_index(expected: Floats, found: Floats) -> float:
    """The population stability index of two vectors of shares, shape (bins,); empty bins count as 0.01 %.

    >>> round(stability_index(np.array([0.5, 0.5]), np.array([0.6, 0.4])), 4)
    0.0405

    References
    ----------
    Siddiqi 2006; Yurdakul & Naranjo 2020 for how it depends on the number of rows.
    """
    a, b = np.maximum(expected, _EMPTY), np.maximum(found, _EMPTY)
    return float(((b - a) * np.log(b / a)).sum())


def _learnt(views: Mapping[str, pd.DataFrame]) -> dict[str, tuple[Floats, Floats]]:
    """Decile edges of each column over the history, and the share of rows in each bin (the last one: missing)."""
    history = pd.concat(list(views.values()))
    columns = {str(name): _numbers(history[name]) for name in history}
    edges = {name: _edges(values) for name, values in columns.items()}
    return {name: (edges[name], _binned(values, edges[name])) for name, values in columns.items()}


def _numbers(values: pd.Series) -> Floats:
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes = values.cat.codes.to_numpy(np.float64)
        return np.where(codes < 0.0, np.nan, codes)
    return pd.to_numeric(values, errors="coerce").to_numpy(np.float64)


def _edges(values: Floats) -> Floats:
    present = values[~np.isnan(values)]
    if not len(present):
        return np.zeros(1)
    return np.unique(np.quantile(present, np.arange(1, _BINS) / _BINS))


def _binned(values: Floats, edges: Floats) -> Floats:
    place = np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values, side="right"))
    return np.bincount(place, minlength=len(edges) + 2) / max(len(values), 1)

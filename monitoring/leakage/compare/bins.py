"""Cells as a few groups: text by level, numbers by quantile, missing cells apart."""

import numpy as np

from monitoring.columns import Counts, Floats


def groups(values: Floats, most: int) -> Counts:
    """Group of each cell, from 0; 0 holds the missing ones, shape (n,). Up to `most` distinct values stay apart.

    >>> groups(np.array([5.0, np.nan, 7.0, 5.0]), most=3).tolist()
    [1, 0, 2, 1]
    """
    missing = np.isnan(values)
    levels = np.unique(values[~missing])
    if len(levels) > most:
        levels = _cuts(np.sort(values[~missing]), most)
        return np.where(missing, 0, 1 + np.searchsorted(levels, np.where(missing, 0.0, values), side="left"))
    return np.where(missing, 0, 1 + np.searchsorted(levels, np.where(missing, 0.0, values)))


def _cuts(ordered: Floats, most: int) -> Floats:
    """Upper edges of about equal groups; a value held by many rows is a group of its own."""
    places = np.linspace(0, len(ordered) - 1, most + 1)[1:-1].round().astype(int)
    edges = np.unique(ordered[places])
    heavy = edges[np.searchsorted(ordered, edges, "right") - np.searchsorted(ordered, edges) > len(ordered) / most]
    below = np.searchsorted(ordered, heavy) - 1
    return np.unique(np.concatenate([edges, ordered[below[below >= 0]]]))

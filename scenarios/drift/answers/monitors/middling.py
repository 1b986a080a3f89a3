"""Retrain when an input the model leans on has a population stability index above 0.2 against the year before."""

import numpy as np
import pandas as pd

LIMIT = 0.2
LEANED_ON = 0.03


def decide(month, reference, history):
    """Hold the month against the same month a year earlier, once a year at most."""
    if any(past.action == "retrain" for past in history[-6:]):
        return [], "keep"
    year, part = month.month.split("-")
    before = reference.views.get(f"{int(year) - 1}-{part}", reference.views[max(reference.views)])
    names = [name for name, weight in reference.weights.items() if weight > LEANED_ON]
    moved = [name for name in names if stability_index(before[name], month.view[name]) > LIMIT]
    return (["drift: " + ", ".join(moved)[:150]], "retrain") if moved else ([], "keep")


def stability_index(expected, found):
    if not pd.api.types.is_numeric_dtype(expected):
        levels = sorted({*expected.fillna("").astype(str), *found.fillna("").astype(str)})
        a, b = (v.fillna("").astype(str).value_counts(normalize=True).reindex(levels) for v in (expected, found))
        a, b = a.to_numpy(float), b.to_numpy(float)
    else:
        edges = np.unique(np.quantile(expected.dropna(), np.arange(0.1, 1.0, 0.1)))
        a, b = shares(expected, edges), shares(found, edges)
    a, b = np.maximum(np.nan_to_num(a), 1e-4), np.maximum(np.nan_to_num(b), 1e-4)
    return float(((b - a) * np.log(b / a)).sum())


def shares(values, edges):
    place = np.where(values.isna(), len(edges) + 1, np.searchsorted(edges, values.fillna(0.0), side="right"))
    return np.bincount(place, minlength=len(edges) + 2) / len(values)

"""Have people changed? Leavers that landed against those the scores promised, by segment and by month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from monitoring.columns import Floats

LOW: Final = 0.3
"""Only customers scored below this are looked at: above it, a rise of the odds hardly shows."""

PRIOR: Final = 10.0
"""Leavers that a segment is credited with as promised, so that small ones are not judged by chance."""

BINS: Final = 10
LEAST: Final = 3.0
"""Promised leavers a segment needs to be looked at."""

UNEVEN: Final = 25.0
"""Standard errors of unevenness over an input's segments from which the change has a place of its own."""

MORE_LEAVE: Final = 1.35
"""Left over promised, beyond the good months' own ratio, from which the level has moved."""

FEWER_LEAVE: Final = 0.65

WITHOUT_PLACE: Final = frozenset({"days_since_use", "months_since_price_rise"})
"""Inputs that hang on the weekday or season of the cutoff; their segments are not the same people every month."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """People changed: in an input's segments (`feature`, empty: everywhere), since a cohort, to a ratio of leavers."""

    feature: str
    since: str
    ratio: float
    size: float


@dataclass(frozen=True, slots=True)
class _Counts:
    """Leavers and promised leavers of one input's segments by month, shape (months, segments); `doubt` is relative."""

    left: Floats
    promised: Floats
    doubt: Floats


def changed_people(good: pd.DataFrame, landed: Mapping[str, pd.DataFrame], names: Sequence[str]) -> Changed | None:
    """What landed labels say; None where they say nothing.

    `good` and the tables of `landed` have the inputs, `score` and `churned`; `landed` holds months of sound inputs.
    """
    if not landed:
        return None
    usual = float(good["churned"].sum() / good["score"].sum())
    low = {label: table[table["score"] < LOW] for label, table in landed.items()}
    counts = {name: _counts(good[good["score"] < LOW], low, name) for name in names if name not in WITHOUT_PLACE}
    whole = _Counts(
        left=np.array([[table["churned"].sum()] for table in landed.values()], dtype=np.float64),
        promised=np.array([[table["score"].sum() * usual] for table in landed.values()], dtype=np.float64),
        doubt=np.zeros(1),
    )
    best, size, start = max(((name, *_most_uneven(one)) for name, one in counts.items()), key=lambda found: found[1])
    if size > UNEVEN:
        return _placed(best, counts[best], list(landed), size=size, start=start)
    return _everywhere(whole, list(landed))


def _counts(good: pd.DataFrame, landed: Mapping[str, pd.DataFrame], name: str) -> _Counts:
    edges = _edges(good[name])
    known = _by_segment(good, name, edges)
    levels = sorted({*known.index, *(s for t in landed.values() for s in _by_segment(t, name, edges).index)}, key=str)
    known = known.reindex(levels).fillna(0.0)
    usual = known["churned"].sum() / known["score"].sum()
    factor = (known["churned"] + PRIOR) / (known["score"] * usual + PRIOR) * usual
    months = [_by_segment(table, name, edges).reindex(levels).fillna(0.0) for table in landed.values()]
    return _Counts(
        left=np.array([month["churned"] for month in months]),
        promised=np.array([month["score"] * factor for month in months]),
        doubt=1.0 / (known["churned"].to_numpy() + PRIOR),
    )


def _edges(values: pd.Series) -> Floats | None:
    if not pd.api.types.is_numeric_dtype(values):
        return None
    present = values.dropna().to_numpy(np.float64)
    return np.unique(np.quantile(present, np.arange(1, BINS) / BINS)) if len(present) else np.zeros(1)


def _by_segment(table: pd.DataFrame, name: str, edges: Floats | None) -> pd.DataFrame:
    values = table[name]
    if edges is None:
        segment = values.fillna("").astype(str).to_numpy()
    else:
        numbers = values.to_numpy(np.float64)
        segment = np.where(np.isnan(numbers), -1, np.searchsorted(edges, numbers, side="left"))
    return table[["churned", "score"]].groupby(segment).sum()


def _most_uneven(counts: _Counts) -> tuple[float, int]:
    """The largest unevenness over the possible starts (standard errors), and its start."""
    sizes = [_unevenness(counts, start) for start in range(len(counts.left))]
    return max(sizes), int(np.argmax(sizes))


def _unevenness(counts: _Counts, start: int) -> float:
    left, promised = counts.left[start:].sum(axis=0), counts.promised[start:].sum(axis=0)
    known = promised * (left.sum() / max(promised.sum(), 1.0))
    used = known > LEAST
    freedom = max(int(used.sum()) - 1, 1)
    errors = (left[used] - known[used]) ** 2 / (known[used] + known[used] ** 2 * counts.doubt[used])
    return float((errors.sum() - freedom) / np.sqrt(2.0 * freedom))


def _placed(name: str, counts: _Counts, labels: Sequence[str], *, size: float, start: int) -> Changed:
    """The change in the segment that stands out most."""
    left, promised = counts.left[start:].sum(axis=0), counts.promised[start:].sum(axis=0)
    known = promised * (left.sum() / promised.sum())
    worst = int(np.argmax((left - known) / np.sqrt(known + LEAST)))
    since, ratio = _step(counts.left[:, worst], counts.promised[:, worst])
    return Changed(feature=name, since=labels[since], ratio=ratio, size=size)


def _everywhere(whole: _Counts, labels: Sequence[str]) -> Changed | None:
    since, ratio = _step(whole.left[:, 0], whole.promised[:, 0])
    if FEWER_LEAVE < ratio < MORE_LEAVE:
        return None
    return Changed(feature="", since=labels[since], ratio=ratio, size=ratio)


def _step(left: Floats, promised: Floats) -> tuple[int, float]:
    """The month from which another ratio fits best, 1 before it, and that ratio (Poisson likelihood)."""
    best = (0.0, 0, 1.0)
    for start in range(len(left)):
        ratio = float(left[start:].sum() / max(promised[start:].sum(), 1e-9))
        gain = float(left[start:].sum() * np.log(max(ratio, 1e-9)) - promised[start:].sum() * (ratio - 1.0))
        best = max(best, (gain, start, ratio))
    return best[1], best[2]

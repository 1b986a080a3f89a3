"""What a sample of labels says could be regained: how far a score falls behind itself once corrected by those labels.

A corrector is boosted on top of the scores, from features to labels, and always judged on customers it has not seen.
Where the campaign it would run earns more than the campaign the scores run, money is being lost that somebody can
win back. A world that has merely become less predictable, or churn that the scores follow, shows no such gain.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from monitoring.columns import Floats
from monitoring.errors import MonitorError
from monitoring.performance.metrics import clipped
from monitoring.performance.profit import Economics

_FOLDS: Final = 4
_ROUNDS: Final = 40
_MOST_WEIGHT: Final = 6.0
"""Sampled rows stand for at most this many others while the corrector learns, so that no few of them lead it."""

_LIGHTGBM: Final = {
    "objective": "binary",
    "num_leaves": 6,
    "learning_rate": 0.08,
    "min_child_samples": 200,
    "lambda_l2": 20.0,
    "feature_fraction": 0.8,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}

_FEWEST = 500
"""With fewer labelled customers nothing can be learnt."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Labelled:
    """Labelled customers: features (n, k), scores and 0/1 labels (n,), `weights` = customers each stands for.

    `customers` are ids (n,): the same customer in two months is never on both sides of a split.
    """

    features: Floats
    scores: Floats
    churned: Floats
    weights: Floats
    customers: npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Regain:
    """What the labels say.

    `share` of the corrected campaign's profit the scores do not reach (may be below 0 by chance), with its standard
    `error`; `ratio` of observed to expected churners.
    """

    share: float
    error: float
    ratio: float
    rows: int

    def beyond(self, usual: "Regain") -> float:
        """The share of profit lost since the good months in which `usual` was measured."""
        return 1.0 - (1.0 - self.share) / (1.0 - usual.share)


def regain(labelled: Labelled, *, threshold: float, economics: Economics, seed: int) -> Regain:
    """Return what could be regained if the scores were corrected by these labels.

    Raises
    ------
    MonitorError
        With fewer than 500 labelled customers.

    References
    ----------
    Horvitz & Thompson 1952 for the weights; Chernozhukov et al. 2018 for cross-fitting.
    """
    if len(labelled.scores) < _FEWEST:
        raise MonitorError(f"{len(labelled.scores)} labelled customers; {_FEWEST} are needed. Ask for more labels.")
    corrected = _corrected(labelled, seed)
    worth = labelled.weights * (labelled.churned * economics.gain - (1.0 - labelled.churned) * economics.loss)
    now, then = (worth * (scores >= threshold) for scores in (labelled.scores, corrected))
    best = max(float(then.sum()), float(np.abs(worth).max()))
    return Regain(
        share=float((then - now).sum()) / best,
        error=float(np.sqrt(((then - now) ** 2).sum())) / best,
        ratio=float((labelled.weights * labelled.churned).sum() / (labelled.weights * labelled.scores).sum()),
        rows=len(labelled.scores),
    )


def _corrected(labelled: Labelled, seed: int) -> Floats:
    """Each customer's score after correction by the labels of other customers, shape (n,)."""
    probability = clipped(labelled.scores)
    offset = np.log(probability / (1.0 - probability))
    table = np.column_stack([labelled.features, offset])
    fold = _mixed(labelled.customers) % _FOLDS
    log_odds = offset.copy()
    for left_out in range(_FOLDS):
        held = fold == left_out
        booster = _boosted(labelled, table, ~held, seed)
        log_odds[held] += booster.predict(table[held], raw_score=True, num_threads=1)
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


def _boosted(labelled: Labelled, table: Floats, rows: npt.NDArray[np.bool_], seed: int) -> Any:  # noqa: ANN401 - untyped library
    """The corrector learnt from `rows`; the table's last column is the scores' log-odds, from which it starts."""
    import lightgbm

    data = lightgbm.Dataset(
        table[rows],
        labelled.churned[rows],
        weight=np.minimum(labelled.weights[rows], _MOST_WEIGHT),
        init_score=table[rows, -1],
    )
    return lightgbm.train({**_LIGHTGBM, "seed": seed}, data, num_boost_round=_ROUNDS)


def _mixed(customers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Ids with their low bits mixed, so that a fold is no pattern of the numbering."""
    return np.asarray((customers ^ (customers >> 7) ^ (customers >> 15)) & 0xFFFF)

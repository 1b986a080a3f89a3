"""What the table-alone checks share, made once: tidy columns, labels, folds, clocks, each column judged alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import pandas as pd

from monitoring.columns import Counts, Floats
from monitoring.leakage import learner
from monitoring.leakage.asked import labels_of
from monitoring.leakage.clock import Clock, clock_of
from monitoring.leakage.encode import encode
from monitoring.leakage.side_by_side import side_by_side
from monitoring.leakage.table.identifiers import set_apart
from monitoring.leakage.table.single import Single, single
from monitoring.leakage.tidy import tidy, tidy_column
from monitoring.leakage.vocabulary import Clue, Question

FOLDS: Final = 5

LEARNED_ROWS: Final = 12_000
"""Rows on which checks that train the learner do so; more costs time and changes little."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """The labelled rows as the checks read them; arrays have one element a row.

    `features` are tidy and without the `ignored` columns (name to why); `encoded` are the same as numbers, for the
    learner; `identifiers` are tidy too. `position` is the row's number in the table given. `weight` is how many rows a
    negative row stands for. `learned` picks the rows for checks that train. `everything` is the out-of-fold score of
    the learner with every feature. `whole` and `whole_target` are all rows of the table given, not tidied, for checks
    that a sample would blind.
    """

    features: pd.DataFrame
    encoded: pd.DataFrame
    identifiers: pd.DataFrame
    ignored: Mapping[str, str]
    target: Floats
    position: Counts
    entity: Counts | None
    clock: Clock | None
    folds: Counts
    weight: float
    alone: Mapping[str, Single]
    learned: Counts
    everything: Floats
    whole: pd.DataFrame
    whole_target: Floats
    seed: int

    def in_whole(self, name: str) -> pd.Series:
        """A tidy column on all rows of the table given."""
        if len(self.whole) == len(self.target):
            return self.features[name] if name in self.features.columns else self.identifiers[name]
        return tidy_column(self.whole[name])

    def out_of_fold(self, names: list[str], rows: Counts | None = None) -> Floats:
        """Scores of the learner trained on other folds with these columns only, for `rows` (`learned` by default)."""
        at = self.learned if rows is None else rows
        return crossfitted(self.encoded[names].iloc[at], self.target[at], self.folds[at], seed=self.seed)


TableCheck: TypeAlias = Callable[[Sheet], list[Clue]]
"""One check of the table alone."""


def sheet_of(question: Question, *, seed: int, weight: float = 1.0, whole: pd.DataFrame | None = None) -> Sheet:
    """Prepare a checked question; rows without a label must have been left out."""
    everybody = question.table if whole is None else whole
    tidied = tidy(question.table[list(question.features)])
    target = labels_of(question.table, question.target)
    entity = _codes(question.table[question.entity]) if question.entity else None
    folds = folds_of(target, entity, seed=seed)
    identifiers, ignored = set_apart(tidied, entity)
    features = tidied[[name for name in tidied.columns if name not in ignored]]
    encoded = encode(features)
    learned = _learned(len(target), seed)
    return Sheet(
        features=features,
        encoded=encoded,
        identifiers=tidied[identifiers],
        ignored=ignored,
        target=target,
        position=question.table.index.to_numpy(dtype=np.int64),
        entity=entity,
        clock=clock_of(question.table[question.time]) if question.time else None,
        folds=folds,
        weight=weight,
        alone={str(name): single(features[name], target, folds, entity) for name in features.columns},
        learned=learned,
        everything=_everything(encoded, target, folds, learned, seed=seed),
        whole=everybody,
        whole_target=labels_of(everybody, question.target),
        seed=seed,
    )


def _codes(column: pd.Series) -> Counts:
    return np.asarray(pd.factorize(column.astype("str"))[0], dtype=np.int64)


def folds_of(target: Floats, entity: Counts | None, *, seed: int, ways: int = FOLDS) -> Counts:
    """A fold for every row, the same for all rows of an entity; without entities both classes are spread evenly."""
    rng = np.random.default_rng([seed, 17])
    if entity is not None:
        return np.asarray(rng.permutation(np.arange(int(entity.max()) + 1) % ways)[entity], dtype=np.int64)
    folds = np.empty(len(target), dtype=np.int64)
    for label in (0.0, 1.0):
        at = np.flatnonzero(target == label)
        folds[rng.permutation(at)] = np.arange(len(at)) % ways
    return folds


def _learned(rows: int, seed: int) -> Counts:
    if rows <= LEARNED_ROWS:
        return np.arange(rows)
    return np.sort(np.random.default_rng([seed, 23]).choice(rows, LEARNED_ROWS, replace=False))


def _everything(features: pd.DataFrame, target: Floats, folds: Counts, learned: Counts, *, seed: int) -> Floats:
    """Out-of-fold scores of all rows, learned on some of them."""
    scores = np.full(len(target), target.mean())
    if not features.shape[1]:
        return scores
    chosen = np.zeros(len(target), dtype=np.bool_)
    chosen[learned] = True

    def score(fold: int) -> None:
        inside, outside = folds == fold, (folds != fold) & chosen
        if len(np.unique(target[outside])) > 1:
            fitted = learner.fit(features[outside], target[outside], seed=seed)
            scores[inside] = fitted.score(features[inside])

    side_by_side(score, np.unique(folds))
    return scores


def crossfitted(table: pd.DataFrame, target: Floats, folds: Counts, *, seed: int) -> Floats:
    """Scores, shape (n,), each by a learner trained on the other folds; a fold whose rest has one class scores 0."""
    scores = np.zeros(len(target))

    def score(fold: int) -> None:
        inside = folds == fold
        if len(np.unique(target[~inside])) > 1:
            fitted = learner.fit(table[~inside], target[~inside], seed=seed)
            scores[inside] = fitted.score(table[inside])

    side_by_side(score, np.unique(folds))
    return scores

"""Fewer rows where there are too many, drawn so that the checks still mean what they say."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitoring.leakage.asked import labels_of
from monitoring.leakage.vocabulary import Question

ROWS: Final = 50_000
"""Rows looked at by default; more adds little: the standard error of an AUC is then below .004 at a rate of 10 %."""

ENOUGH_POSITIVES: Final = 2_000
"""If a plain sample would hold fewer positives than this, all positives are kept and the rest are thinned."""

_HALF: Final = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """A question on fewer rows (the index still numbers rows of the table given), and how they were drawn."""

    question: Question
    says: str
    negative_weight: float = 1.0


def sampled(question: Question, *, rows: int, seed: int) -> Sample:
    """Draw at most about `rows` rows; rows without a label are left out first."""
    labels = labels_of(question.table, question.target)
    known = ~np.isnan(labels)
    if known.sum() <= rows:
        return Sample(question=_only(question, known), says="")
    share = rows / float(known.sum())
    positives = float(np.nansum(labels))
    if positives * share < min(ENOUGH_POSITIVES, positives) and positives <= _HALF * rows:
        return _positives_kept(question, labels, rows=rows, seed=seed)
    if question.entity is not None:
        return _entities(question, known, share, seed)
    kept = known & (np.random.default_rng(seed).random(len(known)) < share)
    says = f"{int(kept.sum()):,} of {int(known.sum()):,} labelled rows were drawn at random"
    return Sample(question=_only(question, kept), says=says)


def _entities(question: Question, known: npt.NDArray[np.bool_], share: float, seed: int) -> Sample:
    drawn = drawn_entities(question.table[str(question.entity)], share=share, seed=seed)
    kept = known & drawn
    says = f"{int(kept.sum()):,} of {int(known.sum()):,} labelled rows were drawn, every {question.entity} whole"
    return Sample(question=_only(question, kept), says=says)


def drawn_entities(entity: pd.Series, *, share: float, seed: int) -> npt.NDArray[np.bool_]:
    """Which rows belong to drawn entities; the same entity is drawn in every table given the same seed."""
    hashed = pd.util.hash_array(entity.astype("str").to_numpy(dtype=object), hash_key=f"{seed:016d}"[-16:])
    return np.asarray(hashed / 2.0**64 < share)


def _positives_kept(question: Question, labels: npt.NDArray[np.float64], *, rows: int, seed: int) -> Sample:
    positive, negative = labels == 1.0, labels == 0.0
    share = (rows - positive.sum()) / negative.sum()
    kept = positive | (negative & (np.random.default_rng(seed).random(len(labels)) < share))
    says = (
        f"all {int(positive.sum()):,} positive rows were kept and {int((kept & negative).sum()):,} of "
        f"{int(negative.sum()):,} others drawn at random; each drawn one stands for {1.0 / share:.1f} (an AUC is "
        "the same with or without these weights)"
    )
    return Sample(question=_only(question, kept), says=says, negative_weight=float(1.0 / share))


def _only(question: Question, kept: npt.NDArray[np.bool_]) -> Question:
    return question if kept.all() else replace(question, table=question.table[kept])

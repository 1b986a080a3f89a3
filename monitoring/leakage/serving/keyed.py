"""The same rows in training and in serving: a cell that differs knew more (a leak) or was sent otherwise (a skew)."""

from typing import Final

import numpy as np

from monitoring.drift.statistics import benjamini_hochberg
from monitoring.leakage.compare.alike import Form
from monitoring.leakage.serving.differences import Difference, differences
from monitoring.leakage.serving.matching import Matched, common_features, matched
from monitoring.leakage.serving.skews import FILLED_IN
from monitoring.leakage.vocabulary import Clue, ColumnVerdict, Mechanism, Question

CHECK: Final = "table against scoring log"


SURE: Final = 0.01
"""False discovery rate over the columns tested, given the logged value, for a column to be looked at."""

KNEW: Final = 1e-6
"""And for the column to leak: a log that is stale or patchy lost some of what an honest column says, a leak more."""

ALONE: Final = 1e-4
"""P-value given the offline value: what garbles a column cannot know who leaves, given the column. (With skews of
twelve kinds the larger of both p-values stayed above 1e-3.)"""

GAIN: Final = 0.1
"""AUC by which the offline column beats the logged one that is a sign by itself; honest freshness gives up to 0.06."""

_MORE: Final = 0.06
"""From here to `GAIN` a column is suspect: a stale or patchy log loses as much of an honest one."""

_TELLS: Final = 0.62
"""AUC above which an offline column that was logged as one value throughout is taken to leak; else it is suspect."""

_HARDLY: Final = 0.53
"""And below which it is taken for a skew."""

HONEST: Final = 0.996
"""Confidence in a column that was logged as the table has it: known when scored, in the rows that both have."""

_FILLED: Final = 0.95
_LIKELY: Final = 0.9
_FEWEST_LEAVERS, _MANY_LEAVERS = 30, 100
"""Leavers needed for `_LIKELY` and for `HONEST`: a leak may touch few of them."""


def keyed(question: Question) -> list[Clue]:
    """Columns whose offline cells knew more than the logged ones of the same entity and time.

    A difference is held against the outcome among rows logged alike, and among rows with the same offline value;
    the usual kinds of skew (see `skews`) are set aside first. A column without any difference gets a clue that
    clears it, unless the log is a copy of the table.
    """
    rows = matched(question)
    if rows is None:
        return []
    names = common_features(question)
    found = differences(rows, names)
    if not found and len(rows) == len(question.table):
        return []
    differing = {one.name for one in found}
    return [*clues(found), *_equal([name for name in names if name not in differing], rows)]


def _equal(names: list[str], rows: Matched) -> list[Clue]:
    """Clues for columns that were logged, when scored, exactly as the table has them."""
    leavers = int((rows.labels == 1.0).sum())
    if leavers < _FEWEST_LEAVERS:
        return []
    return [
        Clue(
            column=name,
            check=CHECK,
            mechanism=Mechanism.NONE,
            verdict=ColumnVerdict.OK,
            confidence=HONEST if leavers >= _MANY_LEAVERS else _LIKELY,
            says=f"the log of {len(rows):,} rows, {leavers:,} of leavers, holds exactly the table's cells",
            value=0.0,
            limit=0.0,
        )
        for name in names
    ]


def clues(found: list[Difference]) -> list[Clue]:
    """Clues for the differences that go along with the outcome, at a false discovery rate of `SURE`."""
    adjusted = benjamini_hochberg([one.given_logged.p_value for one in found])
    told = [_clue(one, float(p)) for one, p in zip(found, adjusted, strict=True)]
    return [clue for clue in told if clue is not None]


def _clue(one: Difference, p_value: float) -> Clue | None:
    if p_value >= SURE:
        return None
    verdict, confidence = _verdict(one, p_value)
    if verdict is ColumnVerdict.OK:
        return None
    return Clue(
        column=one.name,
        check=CHECK,
        mechanism=_mechanism(one),
        verdict=verdict,
        confidence=confidence,
        says=_says(one, p_value),
        value=one.given_logged.p_value,
        limit=KNEW,
    )


def _verdict(one: Difference, p_value: float) -> tuple[ColumnVerdict, float]:
    if one.constant:
        return _by_strength(one)
    if p_value < KNEW and one.given_offline.p_value < ALONE:
        return ColumnVerdict.LEAK, 0.95 if one.gain >= GAIN else 0.85
    if one.skew is not None and one.skew.kind in FILLED_IN:
        return ColumnVerdict.OK, 0.0
    if p_value < KNEW and one.gain >= GAIN:
        return ColumnVerdict.LEAK, 0.85
    return (ColumnVerdict.SUSPECT, 0.4) if one.gain >= _MORE else (ColumnVerdict.OK, 0.0)


def _by_strength(one: Difference) -> tuple[ColumnVerdict, float]:
    """The log cannot tell a dead column from one that is filled after the outcome; how much it tells can."""
    if one.offline_auc >= _TELLS:
        return ColumnVerdict.LEAK, 0.8
    return (ColumnVerdict.SUSPECT, 0.4) if one.offline_auc >= _HARDLY else (ColumnVerdict.OK, 0.0)


def _mechanism(one: Difference) -> Mechanism:
    gone = np.isnan(one.pair.left[one.left]) & ~np.isnan(one.pair.right[one.left])
    if gone.mean() >= _FILLED:
        return Mechanism.MISSINGNESS
    return Mechanism.OVERWRITTEN if one.pair.form is Form.TEXT else Mechanism.LEAVERS_SHIFT


def _says(one: Difference, p_value: float) -> str:
    """What the verdict rests on; the first p-value is adjusted for the number of columns."""
    return (
        f"the table differs from the log of the same rows for {one.leavers:.1%} of leavers and {one.stayers:.1%} of "
        f"stayers; p-value that this has nothing to do with leaving: {p_value:.1g} among rows logged alike, "
        f"{one.given_offline.p_value:.1g} among rows alike offline; AUC of the column {one.gain:+.3f} against the log's"
    )

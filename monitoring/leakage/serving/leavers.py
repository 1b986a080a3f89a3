"""Leavers-only shift: a column that looks different offline among leavers, and the same among stayers."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from monitoring.columns import Counts, Floats, as_numbers
from monitoring.drift.statistics import benjamini_hochberg
from monitoring.leakage.compare.alike import Form, alike, same_keys
from monitoring.leakage.compare.bins import groups
from monitoring.leakage.compare.link import FOLDS, auc_spread, cross_fitted
from monitoring.leakage.serving.matching import Matched, common_features, matched
from monitoring.leakage.serving.skews import FILLED_IN, skew_of
from monitoring.leakage.vocabulary import Clue, ColumnVerdict, Mechanism, Question

CHECK: Final = "leavers-only shift"

SHIFTED: Final = 0.60
"""Two-sample AUC among leavers, offline against logged, from which a column differs enough to matter."""

BEYOND_STAYERS: Final = 0.05
"""How much of it must be missing among stayers: a skew or a real change moves both."""

SURE: Final = 0.01
"""False discovery rate over the columns."""

FEWEST: Final = 30
"""Leavers needed on each side."""

_MOST_STAYERS: Final = 6_000
"""Stayers looked at on each side: more add nothing to a standard error ruled by the leavers."""

_PARTS: Final = 12
_Z: Final = 1.96
_CHANCE: Final = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sides:
    """Rows compared: their places in the table and in the log, and the fold of each, whole entities together."""

    offline: Counts
    logged: Counts
    folds: Counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """Two-sample AUCs of a column between offline and logged rows, with standard errors."""

    name: str
    leavers: float
    leavers_error: float
    stayers: float
    stayers_error: float

    @property
    def p_value(self) -> float:
        """One-sided: leavers shift no more than stayers."""
        from scipy.stats import norm

        error = float(np.hypot(self.leavers_error, self.stayers_error))
        if not error > 0.0:
            return 0.0 if self.leavers > self.stayers else 1.0
        return float(norm.sf((self.leavers - self.stayers) / error))

    @property
    def matters(self) -> bool:
        """Whether leavers shift far enough, surely, and beyond what stayers do."""
        surely = self.low > _CHANCE
        return surely and self.leavers >= SHIFTED and self.leavers - self.stayers >= BEYOND_STAYERS

    @property
    def low(self) -> float:
        """Lower end of the 95 % interval among leavers."""
        return self.leavers - _Z * self.leavers_error


def leavers(question: Question) -> list[Clue]:
    """Columns by which offline rows of leavers can be told from logged ones, but those of stayers cannot (P4).

    Labels of served rows are taken from the log's target, or from the table by entity and time. A real change among
    leavers alone would look the same, unless the very same rows are compared.
    """
    rows = matched(question)
    paired = rows is not None and int((rows.labels == 1.0).sum()) >= FEWEST
    names = _unexplained(common_features(question), rows) if rows is not None else common_features(question)
    if rows is not None and paired:
        question = Question(
            table=rows.offline,
            serving=rows.logged.assign(**{question.target: rows.labels}),
            target=question.target,
            entity=question.entity,
        )
    sides = _sides(question)
    if sides is None or not names:
        return []
    shifts = [_shift(name, question, sides) for name in names]
    adjusted = benjamini_hochberg([shift.p_value for shift in shifts])
    return [
        _clue(shift, paired=paired) for shift, p in zip(shifts, adjusted, strict=True) if p < SURE and shift.matters
    ]


def _unexplained(names: tuple[str, ...], rows: Matched) -> tuple[str, ...]:
    """Columns whose difference is not a known kind of skew: a stale column, say, misses how leavers fade."""
    return tuple(name for name in names if not _explained(name, rows))


def _explained(name: str, rows: Matched) -> bool:
    column = rows.column(name)
    skew = skew_of(column) if column.pair.differs.any() else None
    return skew is not None and skew.kind not in FILLED_IN


def _sides(question: Question) -> tuple[_Sides, _Sides] | None:
    """Leavers and stayers of both sides; None where labels are lacking."""
    log = question.serving
    if log is None or question.target not in log.columns:
        return None
    ours, theirs = as_numbers(question.table[question.target]).cells, as_numbers(log[question.target]).cells
    if min((ours == 1.0).sum(), (theirs == 1.0).sum(), (ours == 0.0).sum(), (theirs == 0.0).sum()) < FEWEST:
        return None
    folds = _folds(question)
    return _side(ours == 1.0, theirs == 1.0, folds), _side(ours == 0.0, theirs == 0.0, folds)


def _folds(question: Question) -> tuple[Counts, Counts]:
    log = question.serving
    assert log is not None  # noqa: S101 - told by the caller
    if question.entity is None or question.entity not in log.columns:
        return np.arange(len(question.table)) % FOLDS, np.arange(len(log)) % FOLDS
    ours, theirs = same_keys(question.table[question.entity], log[question.entity])
    return ours % FOLDS, theirs % FOLDS


def _side(ours: Floats, theirs: Floats, folds: tuple[Counts, Counts]) -> _Sides:
    offline, logged = _thinned(np.flatnonzero(ours)), _thinned(np.flatnonzero(theirs))
    return _Sides(offline=offline, logged=logged, folds=np.concatenate([folds[0][offline], folds[1][logged]]))


def _thinned(places: Counts) -> Counts:
    step = -(-len(places) // _MOST_STAYERS)
    return places[:: max(step, 1)]


def _shift(name: str, question: Question, sides: tuple[_Sides, _Sides]) -> Shift:
    (gone, gone_error), (there, there_error) = (_two_sample(name, question, side) for side in sides)
    return Shift(name=name, leavers=gone, leavers_error=gone_error, stayers=there, stayers_error=there_error)


def _two_sample(name: str, question: Question, side: _Sides) -> tuple[float, float]:
    """How well offline rows can be told from logged ones by one column: cross-fitted AUC and standard error."""
    assert question.serving is not None  # noqa: S101 - told by the caller
    read = alike(question.table[name].iloc[side.offline], question.serving[name].iloc[side.logged])
    values = np.concatenate([read.left, read.right])
    codes = np.nan_to_num(values + 1.0).astype(np.int64) if read.form is Form.TEXT else groups(values, _PARTS)
    offline = np.r_[np.ones(len(side.offline)), np.zeros(len(side.logged))]
    return auc_spread(cross_fitted(codes, offline, side.folds), offline)


def _clue(shift: Shift, *, paired: bool) -> Clue:
    same = "of the same rows" if paired else "of other rows, so that a real change among leavers would look alike"
    return Clue(
        column=shift.name,
        check=CHECK,
        mechanism=Mechanism.LEAVERS_SHIFT,
        verdict=ColumnVerdict.LEAK,
        confidence=0.85 if paired else 0.7,
        says=f"offline and logged values {same} can be told apart among leavers (two-sample AUC {shift.leavers:.2f}, "
        f"at least {shift.low:.2f}) and less so among stayers ({shift.stayers:.2f})",
        value=shift.leavers,
        limit=SHIFTED,
    )

"""Which customers the harm falls on: the same figures on a fixed set of slices. They explain; they call nobody.

Where churn rises for everybody, every slice strays from its scores and none of them explains it. So a slice is held
against its cohort: named are those that do worse than the change of level which all customers share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitoring.columns import Counts, Floats, first_of
from monitoring.performance.cohort import MIN_CHURNERS, WEIGHT, Labelled, labelled_rows, residuals
from monitoring.performance.common_shift import common_shift, shifted
from monitoring.performance.metrics import auc, clipped
from monitoring.performance.profit import Economics, gap
from monitoring.vocabulary import Layer, Measurement, Subject, Verdict

FALSE_DISCOVERIES = 0.01
"""Share of the slices named in a month that may be named by chance alone."""

_MAX_LEVELS = 12
"""A column with more distinct values is no segment."""

_LEAST_SHARE = 0.02
"""A slice holds at least this share of the reference rows."""

_MAX_SLICES = 40
"""Slices at most, in order of the columns and of size."""

_NUMBERS = "biuf"
"""Kinds of numpy's types of which equal cells read alike."""

_NOT_SEGMENTS = ("score", "churned", WEIGHT, "customer_id", "month")

_ROOM = 2.0
"""Cohorts' worth of prior belief that a slice strays from its scores by chance alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slice:
    """The customers with one level of one column, and how they strayed from their scores in good cohorts.

    `rate` is the lasting surplus of churners per customer beyond the cohort's, `spread` the sd of the slice's level
    residual (1 is chance alone), `auc` the AUC in good cohorts.
    """

    column: str
    level: str
    rate: float
    spread: float
    auc: float

    @property
    def name(self) -> str:
        """The slice as alerts name it: "plan=pro"."""
        return f"{self.column}={self.level}"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seen:
    """A slice of one cohort: its standardised level and ranking beside the cohort's, AUC, money gap per 1000, rows.

    `surplus` is of churners per customer against the scores, `rate` the part of it that the cohort does not share.
    """

    level: float
    ranking: float
    auc: float
    money: float
    surplus: float
    rate: float
    size: float
    usable: bool


def slices_of(cohorts: Mapping[str, pd.DataFrame], *, threshold: float, economics: Economics) -> tuple[Slice, ...]:
    """Return the fixed set of slices of the reference cohorts; none where they hold only scores and labels."""
    if not cohorts:
        return ()
    pooled = pd.concat(list(cohorts.values()), ignore_index=True)
    names = [(column, level) for column in _columns(pooled) for level in _levels(first_of(pooled, column))]
    read = [_Cohort(month, table) for month, table in cohorts.items()]
    return tuple(
        _slice(column, level, read, threshold=threshold, economics=economics) for column, level in names[:_MAX_SLICES]
    )


def _columns(table: pd.DataFrame) -> list[str]:
    named = [str(column) for column in table.columns if column not in _NOT_SEGMENTS]
    return [column for column in named if _has_few_levels(first_of(table, column))]


def _has_few_levels(column: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(column.dtype) and column.nunique() > _MAX_LEVELS:
        return False
    return 1 < _text(column).nunique() <= _MAX_LEVELS


def _levels(column: pd.Series) -> list[str]:
    share = _text(column).value_counts(normalize=True)
    return [str(level) for level, part in share.items() if part >= _LEAST_SHARE]


class _Cohort:
    """A cohort's rows that can be judged, the change of log-odds they all share, and their levels column by column."""

    def __init__(self, month: str, table: pd.DataFrame) -> None:
        self.given, self._known = labelled_rows(month, table)
        self.shift = common_shift(clipped(self.given.scores), self.given.churned, self.given.weights)
        self._table = table
        self._levels: dict[str, tuple[Counts, list[str]]] = {}

    def slice(self, column: str, level: str) -> Labelled:
        """The customers with one level of one column."""
        if column not in self._levels:
            codes, levels = _leveled(first_of(self._table, column))
            self._levels[column] = codes[self._known], levels
        codes, levels = self._levels[column]
        return self.given.part(np.array([*(one == level for one in levels), False])[codes])


def _leveled(column: pd.Series) -> tuple[Counts, list[str]]:
    """Return each row's place among the levels, -1 where the cell is empty, and the levels as text."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, found = column.cat.codes.to_numpy(), column.cat.categories
    else:
        codes, found = pd.factorize(
            column if isinstance(column.dtype, np.dtype) and column.dtype.kind in _NUMBERS else column.astype("string")
        )
    return np.asarray(codes, dtype=np.int64), pd.Series(found).astype("string").tolist()


def _text(column: pd.Series) -> pd.Series:
    """Return the cells as text."""
    codes, levels = _leveled(column)
    return pd.Series(pd.array(levels, dtype="string").take(codes, allow_fill=True))


def _slice(column: str, level: str, cohorts: Sequence[_Cohort], *, threshold: float, economics: Economics) -> Slice:
    seen = [_seen(one, (column, level), threshold=threshold, economics=economics) for one in cohorts]
    good = [one for one in seen if one.usable]
    believed = len(good) / (len(good) + _ROOM)
    excess = float(np.sum([one.level**2 for one in good])) + _ROOM
    return Slice(
        column=column,
        level=level,
        rate=believed * float(np.mean([one.rate for one in good])) if good else 0.0,
        spread=max(float(np.sqrt(excess / (len(good) + _ROOM))), 1.0),
        auc=float(np.mean([one.auc for one in good])) if good else float("nan"),
    )


def _seen(cohort: _Cohort, of: tuple[str, str], *, threshold: float, economics: Economics) -> _Seen:
    given = cohort.slice(*of)
    weights = given.weights if given.weighted else None
    shared = shifted(clipped(given.scores), cohort.shift)
    standard = residuals(given.churned, shared, weights=weights)
    churners = int(given.churned.sum())
    enough = len(given.churned) > 0
    return _Seen(
        level=standard[0],
        ranking=standard[1],
        auc=auc(given.churned, given.scores, weights=given.weights).value,
        money=_money(given, threshold, economics),
        surplus=float(np.average(given.churned - given.scores, weights=given.weights)) if enough else 0.0,
        rate=float(np.average(given.churned - shared, weights=given.weights)) if enough else 0.0,
        size=float(given.weights.sum()),
        usable=min(churners, len(given.churned) - churners) >= MIN_CHURNERS,
    )


def _money(given: Labelled, threshold: float, economics: Economics) -> float:
    return gap(given.churned, given.scores, threshold, economics, weights=given.weights).harm


def segment_figures(
    slices: Sequence[Slice], table: pd.DataFrame, cohort: str, *, month: str, threshold: float, economics: Economics
) -> list[Measurement]:
    """Return one measurement a slice: its harm in money, in alarm where it does worse than its cohort beyond chance.

    Level and ranking residuals are tested together (chi-square, 2 degrees of freedom), after the change of level that
    the cohort shares and the lasting surplus known from good cohorts; over slices the share of false discoveries is
    held.

    References
    ----------
    Benjamini & Hochberg 1995.
    """
    present = [one for one in slices if one.column in table.columns]
    read = _Cohort(cohort, table)
    seen = [_seen(read, (one.column, one.level), threshold=threshold, economics=economics) for one in present]
    both = [(one, found) for one, found in zip(present, seen, strict=True) if found.usable]
    chances = np.array([_chance(one, found) for one, found in both])
    named = _discoveries(chances)
    return [
        _figure(one, found, float(chance), cohort=cohort, month=month, alarm=bool(alarm) and _worse(one, found))
        for (one, found), chance, alarm in zip(both, chances, named, strict=True)
    ]


def _chance(one: Slice, found: _Seen) -> float:
    """Return the probability of straying so far by chance: exp(-x / 2) is chi-square's tail with 2 degrees."""
    level, ranking = _strays(one, found)
    return float(np.exp(-0.5 * (level**2 + ranking**2)))


def _worse(one: Slice, found: _Seen) -> bool:
    """Return whether it strays to the bad side: more churners than its cohort's change explains, or ranked worse."""
    level, ranking = _strays(one, found)
    return (level if abs(level) >= abs(ranking) else ranking) > 0.0


def _strays(one: Slice, found: _Seen) -> tuple[float, float]:
    """Return how far level and ranking stray from the slice's usual, in standard deviations."""
    usual = one.rate / found.rate * found.level if found.rate else 0.0
    return (found.level - usual) / one.spread, found.ranking / one.spread


def _discoveries(chances: Floats) -> Floats:
    """Return 1 for each slice named at the allowed share of false discoveries, else 0."""
    count = len(chances)
    if not count:
        return np.empty(0)
    order = np.argsort(chances)
    passed = np.flatnonzero(chances[order] <= FALSE_DISCOVERIES * (np.arange(count) + 1.0) / count)
    limit = chances[order][passed[-1]] if len(passed) else -1.0
    return (chances <= limit).astype(np.float64)


def _figure(one: Slice, found: _Seen, chance: float, *, cohort: str, month: str, alarm: bool) -> Measurement:
    return Measurement(
        month=month,
        layer=Layer.REALISED,
        signal="segment_gap",
        subject=Subject(feature="score", segment=one.name),
        value=found.money,
        threshold=None,
        method=f"level and ranking of the slice, Benjamini-Hochberg at {FALSE_DISCOVERIES:g}",
        unit="money per 1000 customers",
        verdict=Verdict.ALARM if alarm else Verdict.OK,
        note=f"{one.name}: {found.surplus * 1000.0:+.0f} churners per 1000 against the scores, "
        f"{found.rate * 1000.0:+.0f} beyond what all customers share; "
        f"AUC {found.auc:.3f} ({one.auc:.3f} in good months)"
        if alarm
        else "",
        details=(
            ("cohort", cohort),
            ("money_per_1000", found.money),
            ("rows", found.size),
            ("auc", found.auc),
            ("usual_auc", one.auc),
            ("surplus_per_1000", found.surplus * 1000.0),
            ("beyond_cohort_per_1000", found.rate * 1000.0),
            ("chance", chance),
        ),
    )

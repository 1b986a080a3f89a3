"""The usual ways in which a scoring job sends something else than training read, recognised from paired cells."""

from collections.abc import Callable
from typing import Final

import numpy as np

from monitoring.columns import Counts, Floats
from monitoring.leakage.compare.alike import Form
from monitoring.leakage.compare.pairs import Bools, Pair
from monitoring.leakage.serving.matching import Column
from monitoring.leakage.serving.skew_age import MOSTLY, Skew, about_stale, both_filled, frozen, stale

_RATIO_NOISE: Final = 5e-3
"""Relative tolerance of a ratio, so that rounding on one side does not hide a unit."""

_FEW_VALUES: Final = 5
"""A ratio of counts is a unit only if it holds for this many different values: 2 to 1 alone is one event more."""

_MOST_LEVELS: Final = 60
"""Columns with more different values are not codes."""

_STRAIGHT: Final = 0.9999
"""Correlation above which one side is the other rescaled."""


FILLED_IN: Final = ("default", "missing")
"""Kinds that put one value in the place of many; so does a log of what is filled in after the outcome."""


def skew_of(column: Column) -> Skew | None:
    """The first kind that explains how a column's cells differ, None if none does."""
    for kind in _KINDS:
        if (found := kind(column)) is not None:
            return found
    return None


def swapped(name: str, others: dict[str, Pair], *, least: float) -> Skew | None:
    """Whether the column was logged under the name of another one and the other way round.

    `others` holds the pairs of all columns that differ; partners must differ in at least the share `least` of rows.
    """
    mine = others[name]
    for other, its in others.items():
        if other == name or its.form is not mine.form or min(its.share, mine.share) < least:
            continue
        crossed = _same(mine, mine.right, its, its.left) & _same(its, its.right, mine, mine.left)
        if crossed[mine.differs].mean() >= MOSTLY:
            share = f"{crossed[mine.differs].mean():.0%}"
            return Skew(
                kind="swapped", rows=crossed & mine.differs, says=f"logged = offline {other} in {share} of them"
            )
    return None


def _same(one: Pair, left: Floats, other: Pair, right: Floats) -> Bools:
    if one.form is Form.TEXT:
        words = np.array([*one.levels, ""], dtype=object), np.array([*other.levels, ""], dtype=object)
        return np.asarray(words[0][_places(left)] == words[1][_places(right)], dtype=np.bool_)
    return np.asarray(np.isclose(left, right, rtol=1e-6, atol=0.0, equal_nan=True), dtype=np.bool_)


def _places(codes: Floats) -> Counts:
    return np.nan_to_num(codes, nan=-1.0).astype(np.int64)


def _text_case(column: Column) -> Skew | None:
    pair = column.pair
    if pair.form is not Form.TEXT:
        return None
    folded = np.array([level.casefold().replace(" ", "") for level in pair.levels] + [""], dtype=object)
    alike = pair.differs & both_filled(pair) & (folded[_places(pair.left)] == folded[_places(pair.right)])
    return _kind("text case", pair, alike, "the same but for upper and lower case or spaces")


def _unit(column: Column) -> Skew | None:
    pair = column.pair
    if pair.form is not Form.NUMBER:
        return None
    usable = pair.differs & both_filled(pair) & (pair.left != 0.0) & (pair.right != 0.0)
    if not usable.any():
        return None
    ratio = np.divide(pair.right, pair.left, out=np.full_like(pair.left, np.nan), where=usable)
    usual = float(np.nanmedian(ratio))
    explained = usable & (np.abs(ratio / usual - 1.0) <= _RATIO_NOISE)
    if len(np.unique(pair.left[explained])) < _FEW_VALUES:
        return None
    kind = "doubled" if abs(usual / 2.0 - 1.0) <= _RATIO_NOISE else "unit"
    return _kind(kind, pair, explained, f"logged = {usual:.6g} x offline")


def _cut_to_whole(column: Column) -> Skew | None:
    pair = column.pair
    if pair.form is not Form.NUMBER or np.all(np.nan_to_num(pair.left) % 1.0 == 0.0):
        return None
    whole = pair.differs & ((pair.right == np.trunc(pair.left)) | (pair.right == np.rint(pair.left)))
    return _kind("cut to whole numbers", pair, whole, "logged = offline without its decimals")


def _shifted(column: Column) -> Skew | None:
    """A constant added everywhere; a constant in some rows only is how one event more looks."""
    pair = column.pair
    both = both_filled(pair)
    if pair.form is Form.TEXT or not both.any() or pair.differs[both].mean() < MOSTLY:
        return None
    apart = pair.right - pair.left
    usual = float(np.nanmedian(apart[both]))
    explained = pair.differs & (np.abs(apart - usual) <= 1e-6 * max(1.0, abs(usual)))
    unit = " days" if pair.form is Form.TIME else ""
    return _kind("shifted", pair, explained, f"logged = offline {usual:+.6g}{unit}")


def _rescaled(column: Column) -> Skew | None:
    pair = column.pair
    both = both_filled(pair)
    if pair.form is not Form.NUMBER or not both.any() or pair.differs[both].mean() < MOSTLY:
        return None
    explained = np.zeros(len(pair.left), dtype=np.bool_)
    for period in np.unique(column.period):
        here = both & (column.period == period)
        if np.ptp(pair.left[here]) > 0.0 and np.ptp(pair.right[here]) > 0.0:
            explained |= here & (np.corrcoef(pair.left[here], pair.right[here])[0, 1] >= _STRAIGHT)
    return _kind("rescaled", pair, explained & pair.differs, "logged = offline shifted and scaled, batch by batch")


def _recoded(column: Column) -> Skew | None:
    """Other codes for the same levels, one to one within each batch."""
    pair = column.pair
    levels = max(len(np.unique(pair.left)), len(np.unique(pair.right)))
    if pair.form is Form.TIME or levels > _MOST_LEVELS:
        return None
    left, right = _codes(pair.left), _codes(pair.right)
    explained, moved = np.zeros(len(pair.left), dtype=np.bool_), 0
    for period in np.unique(column.period):
        here = both_filled(pair) & (column.period == period)
        mapped, others = _mapping(left[here], right[here])
        explained[here] = mapped[left[here]] == right[here]
        moved = max(moved, others)
    says = "the same levels under other codes, which change from batch to batch or are other names"
    return _kind("recoded", pair, explained & pair.differs, says) if moved > 1 else None


def _codes(values: Floats) -> Counts:
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def _mapping(left: Counts, right: Counts) -> tuple[Counts, int]:
    """The commonest partner of each code, and how many have one; none unless all partners differ."""
    if not len(left):
        return np.full(1, -1, dtype=np.int64), 0
    table = np.zeros((int(left.max()) + 1, int(right.max()) + 1))
    np.add.at(table, (left, right), 1.0)
    partner = np.where(table.sum(axis=1) > 0, table.argmax(axis=1), -1)
    used = partner[partner >= 0]
    return (partner, len(used)) if len(np.unique(used)) == len(used) else (np.full_like(partner, -1), 0)


def _default(column: Column) -> Skew | None:
    """One value, or none, in the place of many."""
    pair = column.pair
    logged = pair.right[pair.differs]
    if not len(logged):
        return None
    missing = np.isnan(logged)
    if missing.mean() >= MOSTLY:
        return _kind("missing", pair, pair.differs & np.isnan(pair.right), "logged as missing")
    levels, counts = np.unique(logged[~missing], return_counts=True)
    usual = float(levels[np.argmax(counts)])
    what = "missing" if np.isnan(pair.left[pair.differs]).mean() >= MOSTLY else "other values"
    return _kind("default", pair, pair.differs & (pair.right == usual), f"logged as {pair.shown(usual)} for {what}")


def _kind(kind: str, pair: Pair, explained: Bools, says: str) -> Skew | None:
    share = float(explained[pair.differs].mean()) if pair.differs.any() else 0.0
    if share < MOSTLY:
        return None
    return Skew(kind=kind, rows=explained, says=f"{says} in {share:.0%} of them")


_KINDS: Final[tuple[Callable[[Column], Skew | None], ...]] = (
    _text_case,
    _unit,
    _shifted,
    _cut_to_whole,
    stale,
    frozen,
    _rescaled,
    _recoded,
    about_stale,
    _default,
)
"""Kinds in the order in which they are tried, the most telling first."""

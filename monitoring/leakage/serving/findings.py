"""Training-serving skew: columns that are served otherwise than trained, irrespective of the outcome."""

from typing import Final

import numpy as np

from monitoring.columns import Counts, Floats, as_times
from monitoring.drift.statistics import benjamini_hochberg, chi_square
from monitoring.leakage.compare.alike import Form, alike
from monitoring.leakage.compare.bins import groups
from monitoring.leakage.compare.pairs import Pair
from monitoring.leakage.serving.differences import Difference, differences
from monitoring.leakage.serving.keyed import clues
from monitoring.leakage.serving.matching import Matched, common_features, matched
from monitoring.leakage.vocabulary import ColumnVerdict, Question, ServingFinding, ServingFindings

SKEWED: Final = 0.01
"""Share of compared rows that must differ; late corrections touch fewer."""

APART: Final = 0.1
"""Distance of two distributions (half the sum of absolute differences of shares) that counts, without keys."""

SURE: Final = 0.001
"""And the false discovery rate: two samples of one world differ a little."""

_PARTS: Final = 10


def serving_findings(question: Question) -> ServingFindings:
    """Columns that were served otherwise than trained: by the rows both sides have, else by distribution.

    Columns whose difference knew the outcome are not listed: they are leaks (see `keyed`).
    """
    if question.serving is None:
        return ServingFindings(compared=0)
    names = common_features(question)
    absent = tuple(name for name in question.features if name not in names)
    says = (f"not in the scoring log: {', '.join(absent)}",) if absent else ()
    rows = matched(question)
    return _by_distribution(question, names, says) if rows is None else _by_row(rows, names, says)


def _by_row(rows: Matched, names: tuple[str, ...], says: tuple[str, ...]) -> ServingFindings:
    found = differences(rows, names)
    leaks = {clue.column for clue in clues(found) if clue.verdict is ColumnVerdict.LEAK}
    skewed = [_finding(one) for one in found if one.name not in leaks and _share(one) >= SKEWED]
    return ServingFindings(
        compared=len(rows),
        skewed=tuple(sorted(skewed, key=lambda one: (-one.share, one.name))),
        says=(f"{len(rows):,} {rows.says}", *says),
    )


def _share(one: Difference) -> float:
    return one.pair.share


def _finding(one: Difference) -> ServingFinding:
    what = f"{one.skew.kind}: {one.skew.says}" if one.skew is not None else _unknown_kind(one.pair)
    return ServingFinding(
        name=one.name,
        share=one.pair.share,
        says=f"{one.pair.share:.1%} of the rows differ; {what}",
        confidence=0.95 if one.skew is not None else 0.8,
    )


def _unknown_kind(pair: Pair) -> str:
    """What can be said of a difference that is no usual kind."""
    left, right = pair.left[pair.differs], pair.right[pair.differs]
    if pair.form is Form.TEXT:
        return "other levels, by no rule that was tried"
    both = ~np.isnan(left) & ~np.isnan(right)
    lower = float((right[both] < left[both]).mean()) if both.any() else float("nan")
    gone = float((np.isnan(right) & ~np.isnan(left)).mean())
    return f"by no rule that was tried: logged lower in {lower:.0%} of them, missing in {gone:.0%}"


def _by_distribution(question: Question, names: tuple[str, ...], says: tuple[str, ...]) -> ServingFindings:
    ours, theirs, periods = _common_period(question)
    note = f"no rows with the same entity and time, so the distributions {periods} are compared"
    if min(len(ours), len(theirs)) == 0:
        return ServingFindings(compared=0, says=(note, *says))
    told = [_distance(name, question, ours, theirs) for name in names]
    adjusted = benjamini_hochberg([p for _, p in told])
    skewed = [
        ServingFinding(
            name=name,
            share=distance,
            says=f"the distributions are {distance:.2f} apart (0 to 1); a real change would look the same",
            confidence=0.5 if "same periods" in periods else 0.3,
        )
        for name, (distance, _), p in zip(names, told, adjusted, strict=True)
        if distance >= APART and p < SURE
    ]
    return ServingFindings(compared=0, skewed=tuple(sorted(skewed, key=lambda one: -one.share)), says=(note, *says))


def _common_period(question: Question) -> tuple[Counts, Counts, str]:
    """Rows of both sides in months that both have; all rows where there is none."""
    table, log, time = question.table, question.serving, question.time
    assert log is not None  # noqa: S101 - told by the caller
    everything = np.arange(len(table)), np.arange(len(log))
    if time is None or time not in log.columns:
        return *everything, "of all rows"
    ours, theirs = (as_times(side[time]).to_numpy("datetime64[M]") for side in (table, log))
    both = np.intersect1d(ours[~np.isnat(ours)], theirs[~np.isnat(theirs)])
    if not len(both):
        return *everything, "of different periods"
    return np.flatnonzero(np.isin(ours, both)), np.flatnonzero(np.isin(theirs, both)), "of the same periods"


def _distance(name: str, question: Question, ours: Counts, theirs: Counts) -> tuple[float, float]:
    assert question.serving is not None  # noqa: S101 - told by the caller
    read = alike(question.table[name].iloc[ours], question.serving[name].iloc[theirs])
    codes = groups(np.concatenate([read.left, read.right]), len(read.levels) or _PARTS)
    size = int(codes.max(initial=0)) + 1
    left, right = (np.bincount(part, minlength=size) for part in (codes[: len(ours)], codes[len(ours) :]))
    _, p_value = chi_square(left, right)
    return _half_apart(left / len(ours), right / len(theirs)), p_value


def _half_apart(left: Floats, right: Floats) -> float:
    return float(np.abs(left - right).sum() / 2.0)

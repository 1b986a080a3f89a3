"""Rows that stand more than once, and entities on both sides of the split."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api import types

from monitoring.columns import Counts, Floats
from monitoring.leakage.asked import labels_of
from monitoring.leakage.vocabulary import Question, RowFindings

NEAR_DIGITS: Final = 3
"""Rows are near copies when all their numbers agree to so many significant digits."""

COPIED_P: Final = 1e-4
"""Chance of so few disagreeing labels below which repeated rows are called copies rather than look-alikes."""

COPIED_RATIO: Final = 0.3
"""And the share of the expected disagreements that must not be reached."""

FEWEST_COPIES: Final = 20
"""Repeated rows with labels needed to tell."""

MOSTLY_POSITIVE: Final = 0.9
"""Target rate of repeated rows above which they were drawn again for their label."""

_EVEN: Final = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Twins:
    """For every row a code of its feature cells, whether it repeats an earlier row, and that row's number."""

    code: npt.NDArray[np.uint64]
    repeats: npt.NDArray[np.bool_]
    first: Counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """The rows of a table: what repeats, whether as `copied` rows (with their target rate), and what to report."""

    findings: RowFindings
    copied: bool
    copied_rate: float


def look_at_rows(question: Question, ignored: set[str], order: str | None = None) -> Looked:
    """Duplicates ignoring identifier columns; across the split where one is named. `order` is said too."""
    features = [name for name in question.features if name not in ignored]
    twins = twins_of(question, features)
    copied, rate = look_copied(question, twins)
    later = later_part(question)
    shared = None if later is None else _shared(question, later)
    count, rows = int(twins.repeats.sum()), len(question.table)
    findings = RowFindings(
        duplicates=count,
        duplicate_share=count / rows,
        duplicates_across=None if later is None else _across(twins.code, later),
        shared_entities=shared,
        shared_entity_share=None if shared is None else shared / rows,
        repeated_keys=_repeated_keys(question),
    )
    near = int(twins_of(question, features, digits=NEAR_DIGITS).repeats.sum()) - count
    said = [
        *_copies_say(findings, rows, near, copied=copied),
        *_across_say(question, findings),
        *([order] if order else []),
    ]
    return Looked(findings=replace(findings, says=tuple(said)), copied=copied, copied_rate=rate)


def twins_of(question: Question, features: list[str], *, digits: int | None = None) -> Twins:
    """Find rows whose feature cells, and time if known, are all equal (to `digits` significant digits if given)."""
    names = [*features, question.time] if question.time else features
    code = np.full(len(question.table), 7, dtype=np.uint64)
    for name in names:
        code = code * np.uint64(1_000_003) ^ _hashed(question.table[name], digits)
    _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
    at = first[inverse]
    return Twins(code=code, repeats=at != np.arange(len(code)), first=at)


def _hashed(column: pd.Series, digits: int | None) -> npt.NDArray[np.uint64]:
    if digits is not None and types.is_float_dtype(column.dtype):
        column = pd.Series(_rounded(column.to_numpy(dtype=np.float64, na_value=np.nan), digits))
    try:
        hashed = pd.util.hash_pandas_object(column, index=False)
    except TypeError:  # cells such as lists
        hashed = pd.util.hash_pandas_object(column.astype("str"), index=False)
    return np.asarray(hashed.to_numpy(), dtype=np.uint64)


def _rounded(values: Floats, digits: int) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where(values == 0.0, 0.0, np.floor(np.log10(np.abs(values))))
    scale = 10.0 ** (digits - 1 - np.where(np.isfinite(size), size, 0.0))
    return np.asarray(np.round(values * scale) / scale)


def later_part(question: Question) -> npt.NDArray[np.bool_] | None:
    """Which rows are outside the part learned from: the one called train, else the one seen first.

    None without a split of two parts or more.
    """
    if question.split is None:
        return None
    column = question.table[question.split].astype("str")
    trained = [part for part in column.unique() if "train" in part.lower()]
    first = trained[0] if len(trained) == 1 else column.iloc[0]
    later = (column != first).to_numpy()
    return later if later.any() else None


def _across(code: npt.NDArray[np.uint64], later: npt.NDArray[np.bool_]) -> int:
    return int(np.isin(code[later], code[~later]).sum())


def _shared(question: Question, later: npt.NDArray[np.bool_]) -> int | None:
    if question.entity is None:
        return None
    code, _ = pd.factorize(question.table[question.entity].astype("str"))
    return int(np.isin(code[later], code[~later]).sum())


def _repeated_keys(question: Question) -> int | None:
    if question.entity is None or question.time is None:
        return None
    return int(question.table[[question.entity, question.time]].astype("str").duplicated().sum())


def look_copied(question: Question, twins: Twins) -> tuple[bool, float]:
    """Whether repeated rows are copies rather than look-alikes, and their target rate.

    Look-alikes disagree in their labels now and then; copies never do. Rows that were drawn again because they are
    positive are nearly all positive.
    """
    from scipy.stats import binom

    labels = labels_of(question.table, question.target)
    own, other = labels[twins.repeats], labels[twins.first[twins.repeats]]
    known = ~np.isnan(own) & ~np.isnan(other)
    count = int(known.sum())
    if count < FEWEST_COPIES:
        return False, float("nan")
    rate = float((own[known].mean() + other[known].mean()) / 2.0)
    chance, differ = 2.0 * rate * (1.0 - rate), int((own[known] != other[known]).sum())
    agree = differ < COPIED_RATIO * chance * count and float(binom.cdf(differ, count, chance)) < COPIED_P
    drawn_again = rate > MOSTLY_POSITIVE and float(np.nanmean(labels)) < _EVEN
    return bool(agree or drawn_again), rate


def _copies_say(findings: RowFindings, rows: int, near: int, *, copied: bool) -> list[str]:
    said = []
    if findings.duplicates:
        kind = "copies (their labels agree too)" if copied else "people who look alike, or copies"
        share = findings.duplicates / rows
        said.append(
            f"{findings.duplicates:,} of {rows:,} rows ({share:.1%}) repeat an earlier one in every feature: {kind}."
        )
    if near > 0:
        said.append(f"{near:,} more agree with an earlier row to {NEAR_DIGITS} significant digits in every number.")
    return said


def _across_say(question: Question, findings: RowFindings) -> list[str]:
    said = []
    if findings.duplicates_across:
        said.append(f"{findings.duplicates_across:,} rows of the later part have their like in the first part.")
    if findings.shared_entities:
        normal = " That is normal where the split follows time." if question.time else ""
        whose = f"belong to a {question.entity} that the first part holds too"
        said.append(f"{findings.shared_entities:,} rows of the later part {whose}.{normal}")
    if findings.repeated_keys:
        said.append(f"{findings.repeated_keys:,} rows repeat a pair of {question.entity} and {question.time}.")
    return said

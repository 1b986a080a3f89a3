"""Whether the given split measures what it claims: how a model does on rows it knows nothing about, later on."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from monitoring.leakage.ranking import ranked
from monitoring.leakage.rows.adversarial import tell_apart
from monitoring.leakage.rows.narrowed import narrowed
from monitoring.leakage.rows.repeats import Looked, later_part
from monitoring.leakage.table.sheet import Sheet
from monitoring.leakage.vocabulary import LabelFindings, Question

COPIED: Final = 0.01
"""Share of the later part's rows whose copies the first part may hold."""

SHARED: Final = 0.05
"""Share of the later part's rows whose entity the first part may hold, unless the split is by time."""

ORDERED: Final = 0.95
"""Share of the later part that must lie after the whole first part for a split to count as one by time."""

BACKWARDS: Final = 0.4
"""AUC of the time between the parts below which the later part is older."""

RAISED: Final = 1.5
RAISED_OVER_TIME: Final = 2.0
"""Target rate of the later part over that of the first, from which it was re-balanced; more is allowed over time."""

SURE: Final = 5.0
"""Standard errors."""

UNLIKE: Final = 0.75
"""AUC, surely passed, with which the columns alone tell the parts of a split apart that is not by time."""

FEW_PERIODS: Final = 3
_EVEN: Final = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """The split on the sheet's rows. `later` has one element a row; `by_time` where it follows the clock."""

    later: npt.NDArray[np.bool_]
    by_time: bool
    backwards: bool


def invalid_split(question: Question, looked: Looked, labels: LabelFindings, sheet: Sheet) -> tuple[str, ...]:
    """Why the split named does not measure what it claims; empty where it does, or where none is named."""
    later = later_part(question)
    if later is None:
        return ()
    inside = later[sheet.position]
    if inside.all() or not inside.any():
        return ()
    parts = _parts(sheet, inside)
    size = int(later.sum())
    said = [
        _copied(looked, size),
        _shared(question, looked, size, parts),
        _order(question, sheet, parts),
        _raised(sheet, parts),
        _immature(sheet, labels, parts),
        _unlike(sheet, parts),
        *narrowed(sheet, parts.later, by_time=parts.by_time),
    ]
    return tuple(one for one in said if one)


def _parts(sheet: Sheet, later: npt.NDArray[np.bool_]) -> Parts:
    if sheet.clock is None:
        return Parts(later=later, by_time=False, backwards=False)
    days = sheet.clock.days
    known = np.isfinite(days)
    first = days[known & ~later]
    second = days[known & later]
    if not len(first) or not len(second):
        return Parts(later=later, by_time=False, backwards=False)
    auc = ranked(later[known].astype(np.float64), days[known]).auc
    return Parts(later=later, by_time=bool((second > first.max()).mean() >= ORDERED), backwards=auc < BACKWARDS)


def _copied(looked: Looked, size: int) -> str:
    across = looked.findings.duplicates_across or 0
    if not looked.copied or across < COPIED * size:
        return ""
    why = (
        f"{looked.copied_rate:.0%} of the copies are positive: rows were drawn again (oversampled) before the split"
        if looked.copied_rate > _EVEN
        else "copies were made before the split"
    )
    share = f"{across:,} of {size:,} rows judged ({across / size:.0%})"
    return f"{share} have an exact copy among the rows learned from; {why}."


def _shared(question: Question, looked: Looked, size: int, parts: Parts) -> str:
    shared = looked.findings.shared_entities or 0
    if parts.by_time or shared < SHARED * size:
        return ""
    return (
        f"{shared:,} of {size:,} rows judged ({shared / size:.0%}) belong to a {question.entity} that was learned "
        "from, and the split does not follow time: the model is judged on customers it knows."
    )


def _order(question: Question, sheet: Sheet, parts: Parts) -> str:
    if sheet.clock is None or len(sheet.clock.names) < 2:  # noqa: PLR2004 - before and after
        return ""
    if parts.backwards:
        return "The part judged is older than the part learned from: the model knows what came after."
    if not parts.by_time and question.entity is None and len(sheet.clock.names) >= FEW_PERIODS:
        return (
            "The split mixes periods: the model is judged on months it has learned from, and no entity is named that "
            "could be kept apart."
        )
    return ""


def _raised(sheet: Sheet, parts: Parts) -> str:
    first, second = sheet.target[~parts.later], sheet.target[parts.later]
    low, high = float(first.mean()), float(second.mean())
    error = np.sqrt(low * (1.0 - low) / len(first) + high * (1.0 - high) / len(second))
    limit = RAISED_OVER_TIME if parts.by_time else RAISED
    if low <= 0.0 or high < limit * low or high - low < SURE * error:
        return ""
    return (
        f"{high:.1%} of the rows judged are positive, of those learned from {low:.1%}: the part judged was "
        "re-balanced or chosen by outcome. Its precision and its threshold are not those of real months."
    )


def _immature(sheet: Sheet, labels: LabelFindings, parts: Parts) -> str:
    if sheet.clock is None or not labels.immature:
        return ""
    names = np.array(sheet.clock.names, dtype=object)[np.unique(sheet.clock.period[parts.later])]
    young = [name for name in labels.immature if name in names]
    return f"Labels of {', '.join(young)}, which the model is judged on, are not complete yet." if young else ""


def _unlike(sheet: Sheet, parts: Parts) -> str:
    if parts.by_time or parts.backwards:
        return ""
    apart = tell_apart(sheet, parts.later, seed=sheet.seed)
    if apart is None or not apart.rank.low(SURE) >= UNLIKE:
        return ""
    return (
        f"The columns tell the two parts apart (AUC {apart.rank.auc:.2f}), above all {', '.join(apart.columns)}: the "
        "rows judged were chosen, they are not like those a model will meet."
    )

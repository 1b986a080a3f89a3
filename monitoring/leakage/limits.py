"""What an audit of a given depth can prove and cannot, in sentences."""

from typing import Final

from monitoring.leakage.asked import labels_of
from monitoring.leakage.sampling import Sample
from monitoring.leakage.table.purity import REACHES, least_share
from monitoring.leakage.vocabulary import Depth, Question

_TABLE: Final = (
    "From the table alone: values that cannot have been known at the cutoff, and columns that follow the outcome more "
    "closely than any honest column does."
)
_SERVING: Final = (
    "From the scoring log: that a column holds other values in training than the job really had when it scored."
)
_EVENTS: Final = (
    "From the events and the builder: which cells change when only what was available at the cutoff is read, and which "
    "change when the labels are shuffled. That is proof, both ways."
)
_NOT_TABLE: Final = (
    "The table alone cannot tell a window that runs past the cutoff, or a value overwritten later, from an honest "
    "strong column; give a scoring log (serving) or the events and the builder."
)
_NOT_SERVING: Final = (
    "A scoring log cannot prove why values differ: a column that truly changed among leavers looks the same; the "
    "events and the builder can."
)
_NOT_EVENTS: Final = (
    "The rebuild trusts `available_at` of the events; a table that misstates when its rows could be read is not seen "
    "through. Columns the builder does not make were judged by the table alone."
)

FEW_ONES: Final = 30
"""With fewer rows of one class even a strong leak may pass for chance."""


def proves(question: Question, sample: Sample) -> tuple[str, ...]:
    """What was looked at and is proved, one sentence each."""
    said = [_TABLE]
    if question.serving is not None:
        said.append(_SERVING)
    if question.depth is Depth.EVENTS:
        said.append(_EVENTS)
    if sample.says:
        said.append(f"Columns were judged on a sample: {sample.says}. Rows and labels were counted on all rows.")
    return tuple(said)


def cannot_prove(question: Question) -> tuple[str, ...]:
    """What this depth leaves open, and what would settle it."""
    depth = {Depth.TABLE: _NOT_TABLE, Depth.SERVING: _NOT_SERVING, Depth.EVENTS: _NOT_EVENTS}[question.depth]
    said = [*_little(question), depth]
    if question.time is None:
        said.append("Without the time of each cutoff: whether stamps lie after it, and the score on later rows.")
    if question.entity is None:
        said.append("Without the entity: whether the same customer stands on both sides of a split.")
    return tuple(said)


def _little(question: Question) -> list[str]:
    labels = labels_of(question.table, question.target)
    counts = {word: int((labels == label).sum()) for word, label in (("with", 1.0), ("without", 0.0))}
    word = min(counts, key=lambda one: counts[one])
    rows = "row" if counts[word] == 1 else "rows"
    lacks = f"with fewer than {FEW_ONES} even a strong leak may pass for chance, so that nothing found means little."
    if counts[word] < FEW_ONES:
        return [f"Only {counts[word]} {rows} {word} the outcome: {lacks}"]
    return _rare(counts["with"], counts["without"])


def _rare(ones: int, zeros: int) -> list[str]:
    """What a table with few rows without the outcome cannot show: values that only some positives have."""
    least = least_share(ones, zeros)
    if least <= REACHES[0] + 1.0 / ones:
        return []
    told = f"is noticed from {least:.0%} of them on" if least <= 1.0 else "is not noticed"
    return [f"With {ones:,} rows with the outcome and {zeros:,} without, a value that only rows with it have {told}."]

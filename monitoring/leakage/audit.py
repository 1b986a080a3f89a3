"""The audit of a table: every check that what is given allows, merged into one verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from monitoring.errors import MonitorError
from monitoring.leakage.asked import checked
from monitoring.leakage.events.permute import permuted
from monitoring.leakage.events.rebuild import remade
from monitoring.leakage.judge import judge
from monitoring.leakage.limits import cannot_prove, proves
from monitoring.leakage.rows.labels import label_findings
from monitoring.leakage.rows.repeats import later_part, look_at_rows
from monitoring.leakage.rows.split import invalid_split
from monitoring.leakage.sampling import ROWS, Sample, sampled
from monitoring.leakage.scoring.scores import scores
from monitoring.leakage.serving.age import age
from monitoring.leakage.serving.findings import serving_findings
from monitoring.leakage.serving.keyed import keyed
from monitoring.leakage.serving.leavers import leavers
from monitoring.leakage.table.copies import copies
from monitoring.leakage.table.encodings import encodings
from monitoring.leakage.table.frozen import frozen
from monitoring.leakage.table.groups import groups
from monitoring.leakage.table.identity import identity, row_order
from monitoring.leakage.table.missing import missingness
from monitoring.leakage.table.purity import purity
from monitoring.leakage.table.relation import relation
from monitoring.leakage.table.sheet import Sheet, TableCheck, sheet_of
from monitoring.leakage.table.stamps import stamps
from monitoring.leakage.table.stored import stored_scores
from monitoring.leakage.vocabulary import (
    Audit,
    Check,
    Clue,
    ColumnFinding,
    ColumnVerdict,
    Depth,
    Question,
    ServingFindings,
)

TABLE_CHECKS: Final[tuple[TableCheck, ...]] = (
    copies,
    purity,
    missingness,
    frozen,
    stamps,
    identity,
    encodings,
    stored_scores,
    groups,
    relation,
)
"""Checks that need the table only."""

SERVING_CHECKS: Final[tuple[Check, ...]] = (keyed, leavers, age)
"""Checks that need a scoring log."""

EVENT_CHECKS: Final[tuple[Check, ...]] = (remade, permuted)
"""Checks that need the event tables and the builder."""

_SHOWN: Final = 5


def audit(question: Question, *, seed: int, rows: int = ROWS) -> Audit:
    """Audit a table as deeply as what is given allows.

    Parameters
    ----------
    question
        The table and what is known about it.
    seed
        Of every random draw inside; the same seed gives the same audit.
    rows
        Labelled rows looked at by the column checks; above that a sample is drawn, whole entities where known.

    Raises
    ------
    MonitorError
        The question cannot be answered; the message says what to change.
    """
    looked = look(question, seed=seed, rows=rows)
    asked, sample, sheet = looked.asked, looked.sample, looked.sheet
    columns = looked.columns()
    leaks = {one.name for one in columns if one.verdict is ColumnVerdict.LEAK}
    seen = look_at_rows(asked, set(sheet.ignored), row_order(sheet))
    labels = label_findings(asked)
    return Audit(
        depth=asked.depth,
        columns=columns,
        scores=scores(sheet, leaks, seed=seed, later=later_part(asked)),
        rows=seen.findings,
        labels=labels,
        serving=looked.serving(),
        proves=proves(asked, sample),
        cannot_prove=cannot_prove(asked),
        invalid_split=invalid_split(asked, seen, labels, sheet),
        rows_given=len(asked.table),
        sampled=len(sample.question.table),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """What the column checks saw: the question, the rows looked at, and the clues by the depth that gave them."""

    asked: Question
    sample: Sample
    sheet: Sheet
    clues: Mapping[Depth, tuple[Clue, ...]]

    def columns(self, depth: Depth | None = None) -> tuple[ColumnFinding, ...]:
        """The conclusion about every column, from the checks of a depth and all shallower ones (None: all of them)."""
        depths = list(Depth) if depth is None else list(Depth)[: list(Depth).index(depth) + 1]
        clues = [clue for one in depths for clue in self.clues.get(one, ())]
        return judge([str(name) for name in self.asked.table.columns], clues, _ignored(self.asked, self.sheet))

    def serving(self) -> ServingFindings:
        """Columns that are served otherwise than they were trained on."""
        question = self.sample.question
        return ServingFindings(compared=0) if question.serving is None else serving_findings(question)


def look(question: Question, *, seed: int, rows: int = ROWS) -> Looked:
    """Run the column checks alone: the audit without its scores, rows and labels, in about half the time.

    Raises
    ------
    MonitorError
        The question cannot be answered; the message says what to change.
    """
    asked = checked(question)
    sample = sampled(asked, rows=rows, seed=seed)
    sheet = sheet_of(sample.question, seed=seed, weight=sample.negative_weight, whole=asked.table)
    _must_have_something(sheet)
    clues = {Depth.TABLE: tuple(clue for check in TABLE_CHECKS for clue in check(sheet))}
    if asked.serving is not None:
        clues[Depth.SERVING] = tuple(clue for check in SERVING_CHECKS for clue in check(sample.question))
    if asked.depth is Depth.EVENTS:
        clues[Depth.EVENTS] = tuple(clue for check in EVENT_CHECKS for clue in check(sample.question))
    return Looked(asked=asked, sample=sample, sheet=sheet, clues=clues)


def _must_have_something(sheet: Sheet) -> None:
    """Refuse a table in which nothing can be judged: no finding about it would be worth anything."""
    if sheet.features.shape[1] or sheet.identifiers.shape[1]:
        return
    why = [f"{name!r} ({reason})" for name, reason in list(sheet.ignored.items())[:_SHOWN]]
    more = f" and {len(sheet.ignored) - _SHOWN} more" if len(sheet.ignored) > _SHOWN else ""
    raise MonitorError(f"no column can be judged: {', '.join(why)}{more}; give the columns that a model is trained on")


def _ignored(question: Question, sheet: Sheet) -> dict[str, str]:
    roles = {
        question.target: "the target",
        question.time: "the time of the cutoff",
        question.entity: "the entity",
        question.split: "the split",
    }
    return {**sheet.ignored, **{name: role for name, role in roles.items() if name is not None}}

"""The story in sentences and words: the same on the page and in the terminal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scenarios.kit.story import Interval
from scenarios.leakage.codes import (
    ENCODING,
    IDENTIFIER,
    LATE,
    MISSING,
    OVERWRITTEN,
    POST_OUTCOME,
    SCORE,
    SKEW,
    STAMP,
    WINDOW,
)
from scenarios.leakage.story import Column, Depth, Planted, Practice, Story
from scenarios.page.figures import counted, number, percent
from scenarios.page.marks import Kind

DIGITS: Final = 3
"""Of an AUC; a fourth would be luck."""

AGAINST: Final = ("leak", "suspect", "skew")
"""Verdicts that accuse a column."""

FAULTY: Final = ("leak", "skew")
"""Truths of planted columns."""

DEPTHS: Final[Mapping[Depth, str]] = {
    "table": "the table alone",
    "serving": "the table and the scoring log",
    "events": "the events and the builder",
}

SPLITS: Final[Mapping[str, str]] = {
    "random": "Rows drawn at random",
    "grouped": "Every customer on one side",
    "time": "Later months from earlier ones",
    "given": "The split as the team made it",
}
"""Ways of splitting in words."""

MEANINGS: Final[Mapping[str, tuple[str, str]]] = {
    POST_OUTCOME: (
        "written because the customer left, or after it",
        "Count only what had been written by the cutoff; drop it if nothing had.",
    ),
    WINDOW: ("rows counted that happened after the cutoff", "Let the window end before the cutoff."),
    OVERWRITTEN: (
        "read as it stands now, not as it stood at the cutoff",
        "Read it from its history as of the cutoff; drop it if no history is kept.",
    ),
    LATE: (
        "happened before the cutoff, known only after it",
        "Read what had arrived by the cutoff, as the scoring job must.",
    ),
    STAMP: ("when a row was touched gives the answer away", "Drop it, or keep stamps from before the cutoff only."),
    MISSING: (
        "emptied for those who left",
        "Read it from its history as of the cutoff; never let a gap stand for an outcome.",
    ),
    IDENTIFIER: ("a number or an order given out after the fact", "Drop it, and shuffle the rows."),
    ENCODING: (
        "made from labels, the row's own or later ones among them",
        "Make it from outcomes that were known at the cutoff.",
    ),
    SCORE: ("remade when the outcome was known", "Use the score as it was given at the time."),
    SKEW: (
        "the scoring job sends something else than training read",
        "Mend the job, and let one builder serve both; log what was sent.",
    ),
}
"""What each mechanism means, and what to do about it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A sentence with a heading of a few words."""

    heading: str
    sentence: str


def answer(story: Story) -> tuple[Said, ...]:
    """The answer in three sentences."""
    if story.control:
        return (
            Said(heading="What was claimed", sentence=_claim(story)),
            Said(heading="What went wrong", sentence=_nothing(story)),
            Said(heading="What is possible", sentence=_untouched(story)),
        )
    return (
        Said(heading="What was claimed", sentence=_claim(story)),
        Said(heading="What went wrong", sentence=_wrong(story)),
        Said(heading="What is possible", sentence=_possible(story)),
    )


def verdict(story: Story) -> str:
    """The answer in a few words."""
    if story.control:
        return f"The score is real: {auc(story.claimed.auc)} claimed, {auc(story.deployed)} in the sealed months."
    promised, given, honest = (auc(one) for one in (story.claimed.auc, story.deployed, story.honest))
    return f"The score is not real: {promised} claimed, {given} given, {honest} possible."


def _claim(story: Story) -> str:
    seen = served(story)
    in_served = "" if seen is None else f"in the served months it gave {auc(seen)} and "
    return (
        f"The model card claims an AUC of {spoken(story.claimed)}, on months after those trained on; "
        f"{in_served}in the sealed months after the extract it gives {auc(story.deployed)}."
    )


def _wrong(story: Story) -> str:
    were = "was" if len(story.planted) == 1 else "were"
    audit = f"finds {_found(story.planted)} and accuses {_accuses(story)}"
    return f"{_kinds(story.planted)} {were} planted; the audit {audit}."


def _kinds(planted: tuple[Planted, ...]) -> str:
    leaks = [one for one in planted if one.mechanism != SKEW]
    skews = [one for one in planted if one.mechanism == SKEW]
    said = [f"{counted(len(leaks), 'leak')} ({_where(leaks)})"] if leaks else []
    if skews:
        words = counted(len(skews), "difference between table and scoring job", "differences between table and job")
        said.append(f"{words} ({_where(skews)})")
    return " and ".join(said)


def _where(planted: Sequence[Planted]) -> str:
    names = [name for one in planted for name in one.columns]
    return ", ".join(names) if len(names) <= _NAMED else counted(len(names), "column")


_NAMED: Final = 3
"""Columns named in a sentence; more are counted."""


def _found(planted: tuple[Planted, ...]) -> str:
    found = sum(one.found_by is not None for one in planted)
    if found == len(planted):
        return "it" if found == 1 else f"all {found}"
    return f"{found} of {len(planted)}" if found else "none"


def _accuses(story: Story) -> str:
    wrongly = accused(story)
    return counted(len(wrongly), "honest column") if wrongly else "no honest column"


def _possible(story: Story) -> str:
    lost = story.honest - story.deployed
    never = f"so {auc(story.claimed.auc - story.honest)} of the claim was never there"
    cost = f"the faults cost another {auc(lost)}" if lost >= _WORTH_SAYING else "the faults cost next to nothing more"
    return (
        f"With nothing planted, the same learner gives {auc(story.honest)} in the sealed months: {never}, and {cost}."
    )


_WORTH_SAYING: Final = 0.0005
"""A difference that would be written as .000."""


def _nothing(story: Story) -> str:
    said = f"accuses {_accuses(story)}{' all the same' if accused(story) else ''}"
    return f"Nothing: no leak was planted, the scoring job sends what training read, and the audit {said}."


def _untouched(story: Story) -> str:
    worst = min((one for one in story.practices if one.named), key=lambda one: one.real, default=None)
    kept = f"What this model gives, {auc(story.deployed)}, is what an honest model can do"
    if worst is None or story.deployed - worst.real < _WORTH_SAYING:
        return f"{kept}, so the answer is to trust it and touch nothing."
    return f"{kept}; whoever “{worst.name}” throws {auc(story.deployed - worst.real)} away."


def splits_say(story: Story) -> str:
    """What the ways of splitting tell, held against the sealed months."""
    promised = [one.all_columns.auc for one in story.splits if one.all_columns is not None]
    if story.control or not promised:
        return f"With nothing planted, the sealed months give {auc(story.honest)}."
    given = f"the {auc(story.deployed)} that production gives"
    said = (
        f"With every column, no way of splitting comes down to {given}: the leak sits in the columns, and no split "
        "takes it out."
        if min(promised) - story.deployed > _NEAR
        else f"With every column, they say {auc(min(promised))} to {auc(max(promised))}, against {given}."
    )
    return f"{said} With nothing planted, the sealed months give {auc(story.honest)}."


_NEAR: Final = 0.02
"""AUCs nearer than this are about the same: a month's figure is known no better."""


def served(story: Story) -> float | None:
    """The mean AUC of the served months, as production gave it."""
    given = [one.production.auc for one in story.months if one.part == "served"]
    return sum(given) / len(given) if given else None


def accused(story: Story) -> tuple[Column, ...]:
    """The columns in which nothing was planted and which the audit accuses."""
    return tuple(one for one in story.columns if one.truth not in FAULTY and one.verdict in AGAINST)


def judged(column: Column) -> tuple[Kind, str]:
    """Whether the audit was right about a column: a mark, and a word."""
    if column.truth not in FAULTY:
        return ("critical", "accused wrongly") if column.verdict in AGAINST else ("ok", "left alone")
    if column.verdict == "suspect":
        return "warning", "suspected"
    return ("ok", "found") if column.verdict in AGAINST else ("critical", "missed")


def graded(practice: Practice) -> Kind:
    """A practice's mark."""
    return "ok" if practice.score >= _SOUND else "warning" if practice.score >= _MIDDLING else "critical"


_SOUND, _MIDDLING = 85.0, 40.0
"""Points from which an answer counts as sound, or as something to work with."""


def decision(practice: Practice) -> str:
    """What a practice decided about the score."""
    words = {True: "trusts the score", False: "does not trust the score", None: "does not decide"}
    return words[practice.trust]


def sure(confidence: float) -> str:
    """A confidence as people say it.

    >>> sure(1.0), sure(0.996), sure(0.87)
    ('proved', '99%', '87%')
    """
    return "proved" if confidence >= 1.0 else percent(min(confidence, 0.99), 0)


def auc(value: float) -> str:
    """An AUC, or a difference of two.

    >>> auc(0.93701)
    '0.937'
    """
    return number(value, DIGITS)


def spoken(one: Interval) -> str:
    """An AUC with its interval; alone where it is exact.

    >>> spoken(Interval(auc=0.81, low=0.8, high=0.82)), spoken(Interval(auc=0.81, low=0.81, high=0.81))
    ('0.810 (0.800 to 0.820)', '0.810')
    """
    return auc(one.auc) if one.low == one.high else f"{auc(one.auc)} ({auc(one.low)} to {auc(one.high)})"

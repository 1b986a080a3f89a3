"""The story in sentences and words: the same on the page and in the terminal."""

from dataclasses import dataclass
from typing import Final

from scenarios.kit.story import Interval
from scenarios.page.figures import counted, money, month, number, percent
from scenarios.page.marks import Kind
from scenarios.validation.story import Claim, Practice, Sin, Story, Trap

DIGITS: Final = 3
"""Of an AUC; a fourth would be luck."""

NAMES: Final = {
    "auc": "AUC",
    "profit_per_1000": "profit per 1,000",
    "accuracy": "accuracy",
    "accuracy_above_always_no": "accuracy above 'nobody leaves'",
}

_SHARES: Final = ("accuracy", "accuracy_above_always_no")
"""Figures that are shares of customers."""

GOOD, FAIR = 85.0, 45.0
"""Scores from which an answer is sound, and from which it is half right."""

Rows = tuple[tuple[str, ...], ...]

CLAIM_HEAD: Final = ("Figure", "Claimed", "Six sealed months")
CORRECTED_HEAD: Final = ("Made as", "AUC", "95 % interval")
MONTH_HEAD: Final = ("Month", "Customers", "Left", "Exact", "From outcomes", "Best possible", "Profit per 1,000")


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A sentence with a heading of a few words."""

    heading: str
    sentence: str


def auc(value: float) -> str:
    """An AUC as it is written everywhere."""
    return number(value, DIGITS)


def spoken(one: Interval) -> str:
    """An AUC with its interval."""
    return f"{auc(one.auc)} ({auc(one.low)} to {auc(one.high)})"


def figure(metric: str, value: float | None) -> str:
    """A figure in the way of its metric."""
    if metric == "profit_per_1000":
        return money(value)
    return percent(value) if metric in _SHARES else number(value, DIGITS)


def bought(one: Trap | Sin) -> str:
    """What a trap or a sin added to the claim."""
    if one.metric == "accuracy":
        return f"{number(100.0 * one.alone, 1)} points of accuracy"
    return f"{figure(one.metric, one.alone)} {'of AUC' if one.metric == 'auc' else 'of profit per 1,000'}"


def verdict(story: Story) -> str:
    """The first sentence: the claim and the truth."""
    claimed = next(one.claimed for one in story.claims if one.metric == "auc")
    gave = f"claimed AUC {auc(claimed)}, the next six months gave {auc(story.auc)}"
    return f"The score can be believed: {gave}." if story.control else f"The score cannot be believed: {gave}."


def answer(story: Story) -> tuple[Said, ...]:
    """The story in four sentences."""
    return (
        Said(heading="The answer", sentence=verdict(story)),
        Said(heading="What made it", sentence=_made(story)),
        Said(heading="What did not", sentence=_harmless(story)),
        Said(heading="How to know", sentence=_known(story)),
    )


def _made(story: Story) -> str:
    if not story.traps:
        return "Nothing was planted. The pipeline commits sins of the textbook, and they move nothing."
    parts = [f"{one.title.lower()} ({bought(one)})" for one in story.traps]
    return f"{counted(len(parts), 'mistake')}: {'; '.join(parts)}."


def _harmless(story: Story) -> str:
    sins = [f"{one.title.lower()} ({bought(one)})" for one in story.sins if one.harmless]
    if not sins:
        return "The pipeline shows no other sin."
    return f"It also shows {counted(len(sins), 'sin')} that cost nothing beyond luck: {'; '.join(sins)}."


def _known(story: Story) -> str:
    fresh = story.corrected[-1].score
    found = "" if fresh is None else f", AUC {spoken(fresh)}"
    return (
        "Cure each suspect alone and run again: what it bought is the difference. For the figure, score customers that "
        f"no step has seen{found}, and allow for months to differ."
    )


def graded(one: Practice) -> Kind:
    """The mark of a score."""
    return "ok" if one.score >= GOOD else "warning" if one.score >= FAIR else "critical"


def decision(one: Practice) -> str:
    """What a practice decides."""
    return {True: "trusts the score", False: "does not trust the score", None: "does not decide"}[one.trust]


def claim_rows(story: Story) -> Rows:
    """Rows of the table of claims."""
    return tuple((NAMES[one.metric], figure(one.metric, one.claimed), _sealed(one)) for one in story.claims)


def _sealed(one: Claim) -> str:
    return "says nothing" if one.metric in _SHARES else figure(one.metric, one.sealed)


def key_figures(story: Story) -> Rows:
    """Names and values on top of the page."""
    claimed = next(one for one in story.claims if one.metric == "auc")
    others = [
        (f"{NAMES[one.metric]} claimed", figure(one.metric, one.claimed)) for one in story.claims if one is not claimed
    ]
    return (
        ("AUC claimed", auc(claimed.claimed)),
        ("every trap cured", auc(story.cured_claim)),
        ("AUC in the six sealed months", auc(story.auc)),
        *others,
        ("leavers in the test part", number(story.judged_churners)),
    )


def corrected_rows(story: Story) -> Rows:
    """Rows of the table of corrected scores."""
    return tuple(
        (one.name, "cannot be had", "") if one.score is None
        else (one.name, auc(one.score.auc), f"{auc(one.score.low)} to {auc(one.score.high)}")
        for one in story.corrected
    )  # fmt: skip


def month_rows(story: Story) -> Rows:
    """Rows of the table of sealed months."""
    return tuple(
        (
            month(one.label),
            number(one.customers),
            number(one.churners),
            auc(one.expected),
            spoken(one.realised),
            auc(one.best),
            money(one.profit_per_1000),
        )
        for one in story.months
    )

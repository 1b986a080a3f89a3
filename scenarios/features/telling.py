"""The story in sentences and words: the same on the page and in the terminal."""

from dataclasses import dataclass
from typing import Final

from scenarios.features.story import Practice, Step, Story
from scenarios.page.figures import counted, number, percent
from scenarios.page.marks import Kind

DIGITS: Final = 3
"""Of an AUC; a fourth would be luck."""

KINDS: Final = {
    "data": "Faults of the tables",
    "labels": "Ways of booking that make labels wrong",
    "dictionary": "Lines of the dictionary that are wrong",
}
"""What is planted, in the order in which it is shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A sentence with a heading of a few words."""

    heading: str
    sentence: str


def answer(story: Story) -> tuple[Said, ...]:
    """The answer in three sentences."""
    return (
        Said(heading="Where it stands", sentence=_stands(story)),
        Said(heading="What does not help", sentence=_useless(story)),
        Said(heading="What does", sentence=_useful(story)),
    )


def verdict(story: Story) -> str:
    """The answer in a few words."""
    start, sound, best = (auc(one) for one in (story.baseline, step(story, "tables repaired").auc, story.bayes))
    return f"The learner was not the problem: {start} stuck, {sound} with the same learner, {best} possible."


def step(story: Story, name: str) -> Step:
    """A step of the ladder by name."""
    return next(one for one in story.ladder if one.name == name)


def learners(story: Story) -> tuple[Step, ...]:
    """The steps that change the learner alone."""
    return tuple(one for one in story.ladder if one.kind == "learner")


def _stands(story: Story) -> str:
    room = auc(story.bayes - story.baseline)
    return (
        f"The stuck model reaches an AUC of {auc(story.baseline)} in the sealed months; nobody could reach more than "
        f"{auc(story.bayes)}, which only the true probabilities do. The headroom is {room}."
    )


def _useless(story: Story) -> str:
    bigger, search = learners(story)
    return (
        f"A bigger model closes {closed(bigger)} of the headroom and a hyper-parameter search {closed(search)}: the "
        "settings were not what was wrong."
    )


def _useful(story: Story) -> str:
    three, both = step(story, "three features"), step(story, "three features, labels reviewed")
    sound = step(story, "tables repaired")
    alone = f"Three honest features close {closed(three)}"
    if story.control:
        return f"{alone}; some thirty of them close {closed(sound)}. Tables and labels are in order here."
    return (
        f"{alone}, with the labels reviewed {closed(both)}, and on repaired tables some thirty features close "
        f"{closed(sound)}; the learner is the same throughout."
    )


def wrong_labels(story: Story) -> str:
    """How many labels are wrong."""
    share = story.wrong_labels / story.label_rows if story.label_rows else 0.0
    return f"{number(story.wrong_labels)} of {number(story.label_rows)} ({percent(share)})"


def graded(practice: Practice) -> Kind:
    """A practice's mark."""
    return "ok" if practice.score >= _SOUND else "warning" if practice.score >= _MIDDLING else "critical"


_SOUND, _MIDDLING = 85.0, 40.0
"""Points from which an answer counts as sound, or as something to work with."""


def reached(practice: Practice) -> str:
    """What a practice's features reach."""
    if practice.auc is None or practice.share is None:
        return f"not counted: {counted(len(practice.peeks), 'column')} know the future"
    return f"{auc(practice.auc)}, {percent(practice.share, 0)} of the headroom"


def review(practice: Practice) -> str:
    """What a practice lists for review, and how much of it is wrong."""
    if not practice.listed:
        return "no label"
    return f"{counted(practice.listed, 'label')}, {percent(practice.listed_wrong / practice.listed, 0)} of them wrong"


def closed(one: Step) -> str:
    """A step's share of the headroom; what loses is said so.

    >>> closed(Step(name="", what="", kind="both", auc=0.8, share=0.791))
    '79%'
    >>> closed(Step(name="", what="", kind="both", auc=0.8, share=-0.08))
    'less than nothing (-8%)'
    """
    shown = percent(one.share, 0)
    return f"less than nothing ({shown})" if shown.startswith("-") else shown


def auc(value: float) -> str:
    """An AUC, or a difference of two.

    >>> auc(0.93701)
    '0.937'
    """
    return number(value, DIGITS)

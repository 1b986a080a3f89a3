"""The story in sentences and words: the same on the page and in the terminal."""

from dataclasses import dataclass
from typing import Final

from scenarios.page.figures import DASH, counted, number
from scenarios.page.marks import Kind
from scenarios.reproducibility.story import PlantedCause, Practice, Result, Step, Story

DIGITS: Final = 6
"""Of an AUC here: two runs are the same or they are not."""

GOOD, FAIR = 85.0, 45.0
"""Scores from which an answer is sound, and from which it is half right."""

Rows = tuple[tuple[str, ...], ...]

MACHINE_HEAD: Final = ("Machine", "Day", "Zone", "Threads", "Hash seed", "AUC as handed over")
CAUSE_HEAD: Final = ("Cause", "File", "AUC if it alone stays")


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A sentence with a heading of a few words."""

    heading: str
    sentence: str


def auc(value: float | None) -> str:
    """An AUC to the last digit that matters."""
    return number(value, DIGITS)


def verdict(story: Story) -> str:
    """The first sentence: the record and what comes back."""
    record = f"the record has AUC {auc(story.recorded)}"
    if story.control:
        return f"The figure comes back: {record}, and every machine gives {auc(story.expected)}."
    if story.gone:
        return f"The figure cannot come back: {record}, made from rows that no longer exist."
    first = story.steps[0]
    gave = counted(first.figures, "figure")
    return (
        f"The figure does not come back: {record}, {len(story.machines)} machines give {gave}, none of them that one."
    )


def answer(story: Story) -> tuple[Said, ...]:
    """The story in four sentences."""
    return (
        Said(heading="The answer", sentence=verdict(story)),
        Said(heading="What moves it", sentence=_moved(story)),
        Said(heading="What does not", sentence=_odd(story)),
        Said(heading="With all cured", sentence=_cured(story)),
    )


def _moved(story: Story) -> str:
    if not story.causes:
        return "Nothing was planted. The code has its oddities, and they move nothing."
    parts = [f"{one.title[0].lower()}{one.title[1:]} ({one.where})" for one in story.causes]
    return f"{counted(len(parts), 'cause')}: {'; '.join(parts)}."


def _odd(story: Story) -> str:
    parts = [f"{one.mechanism} in {one.where}" for one in story.oddities]
    return f"{counted(len(parts), 'oddity', 'oddities')} that look like causes: {'; '.join(parts)}."


def _cured(story: Story) -> str:
    proofs = {one.digest for one in story.proof}
    same = f"{len(story.proof)} machines give {counted(len(proofs), 'hash', 'hashes')}"
    if story.gone:
        return f"{same}, and AUC {auc(story.expected)}: of other rows, written over with what came after."
    back = "the recorded one" if story.expected == story.recorded else "not the recorded one"
    return f"{same}, and AUC {auc(story.expected)}, {back}."


def key_figures(story: Story) -> tuple[tuple[str, str], ...]:
    """A few figures for the head of the page."""
    return (
        ("recorded AUC", auc(story.recorded)),
        ("today, as handed over", auc(story.today)),
        ("figures on five machines", str(story.steps[0].figures)),
        ("causes", str(len(story.causes))),
        ("with all cured", auc(story.expected)),
    )


def machine_rows(story: Story) -> Rows:
    """Each machine, and what it gave."""
    results = story.steps[0].results
    return tuple(
        (one.name, one.day, one.zone, str(one.threads), str(one.hash_seed), auc(result.figure))
        for one, result in zip(story.machines, results, strict=True)
    )


def step_name(at: int, one: Step) -> str:
    """A step by its number and what was cured."""
    return f"{at}: {one.title}" if one.cured is None else f"{at}: cured, {one.title[0].lower()}{one.title[1:]}"


def step_head(story: Story) -> tuple[str, ...]:
    """Columns of the table of steps."""
    return ("Step", *(one.name for one in story.machines), "Figures", "Hashes")


def step_rows(story: Story) -> Rows:
    """What every machine gave after each cure."""
    return tuple(
        (step_name(at, one), *(shown(result) for result in one.results), str(one.figures), str(one.digests))
        for at, one in enumerate(story.steps)
    )


def shown(result: Result) -> str:
    """A result as a figure, or that the run broke."""
    return "breaks" if result.digest == "" else auc(result.figure)


def hashes(story: Story) -> tuple[str, ...]:
    """The hashes that the last step's machines gave, each once."""
    return tuple(dict.fromkeys(one.digest or "no result" for one in story.proof))


def effect(one: PlantedCause, story: Story) -> str:
    """What a cause does when it alone is left."""
    if one.without is None:
        return "the run breaks"
    moved = one.without - story.recorded
    return f"AUC {auc(one.without)}, {'+' if moved > 0 else '-'}{auc(abs(moved))}"


def graded(one: Practice) -> Kind:
    """A practice's score as a mark."""
    return "ok" if one.score >= GOOD else "warning" if one.score >= FAIR else "critical"


def accused(one: Practice) -> str:
    """What a practice names."""
    return ", ".join(one.named) if one.named else DASH

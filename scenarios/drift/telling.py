"""The story in sentences: what mattered, what did not, what was broken, and who noticed."""

from dataclasses import dataclass
from itertools import pairwise

from scenarios.drift.layers import title_of
from scenarios.drift.story import Happening, Month, Noticed, Story
from scenarios.page.figures import DASH, counted, money, month, number, period, spoken


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of the answer: its heading, and one sentence for each event (or one that says there was none)."""

    heading: str
    sentences: tuple[str, ...]


def answer(story: Story) -> tuple[Line, Line, Line]:
    """The story in three lines."""
    harmful = [one for one in story.happenings if one.kind == "lever" and not one.harmless]
    harmless = [one for one in story.happenings if one.kind == "lever" and one.harmless]
    faults = [one for one in story.happenings if one.kind == "fault"]
    return (
        _line("What mattered", harmful, story, "Nothing in the world did harm."),
        _line("What did not", harmless, story, "No harmless change was scripted."),
        _line("What was broken", faults, story, "No data feed was broken."),
    )


def _line(heading: str, events: list[Happening], story: Story, otherwise: str) -> Line:
    told = tuple(f"{one.title} ({span(one)}). {noticed_sentence(one, story)}" for one in events)
    return Line(heading=heading, sentences=told or (otherwise,))


def span(event: Happening) -> str:
    """When an event held.

    It is written "from Jun 2025" where it has no end.
    """
    return f"from {month(event.first)}" if event.last is None else period(event.first, event.last)


def noticed_sentence(event: Happening, story: Story) -> str:
    """Who noticed an event, and when."""
    found = noticed_of(event, story)
    if found is None:
        return "Nothing is recorded on whether it was noticed."
    if found.first_alert is None:
        return "No alert, and none was needed." if found.as_wished else "It went unnoticed."
    judged = "" if found.as_wished else " That is not as it should be."
    return f"Noticed in {month(found.first_alert)}, {late(found)}, by {_who(found)}.{judged}"


def noticed_of(event: Happening, story: Story) -> Noticed | None:
    """The record on an event, by its name or its title."""
    return next((one for one in story.noticed if one.event in (event.name, event.title)), None)


def _who(found: Noticed) -> str:
    layer = title_of(found.layer).lower() if found.layer else "an unnamed layer"
    return f"{layer} ({found.severity})" if found.severity else layer


def late(found: Noticed) -> str:
    """How long an event went unnoticed, in words; a dash where it never was."""
    if found.months_late is None:
        return DASH
    return "in its first month" if found.months_late == 0 else f"{counted(found.months_late, 'month')} after its start"


def event_title(name: str, story: Story) -> str:
    """What an event is called in the story; its own name in plain letters where the story does not know it."""
    return next((one.title for one in story.happenings if one.name == name), spoken(name))


def cost(story: Story) -> str:
    """What the whole story cost."""
    lost = story.damage.lost_margin
    word = "cost" if lost >= 0.0 else "brought"
    churners = story.damage.extra_churners
    more = "more" if churners >= 0 else "fewer"
    expected = number(abs(story.damage.expected_extra_churners))
    people = f"{counted(abs(churners), 'customer')} {more} left than in the twin world ({expected} expected)"
    return f"Over {counted(len(story.months), 'month')} the events {word} {money(abs(lost))} of margin; {people}."


def practice_sentence(story: Story) -> str:
    """The practices in one sentence: the cheapest and the dearest of what can be done without knowing the future."""
    known = [one for one in story.practices if one.name != ORACLE]
    if not known:
        return ""
    cheap, dear = min(known, key=lambda one: one.cost), max(known, key=lambda one: one.cost)
    return (
        f"Cheapest was: {_lower(cheap.title)} ({money(cheap.cost)} per 1,000 customers, "
        f"{counted(cheap.alerts, 'call')}); dearest: {_lower(dear.title)} ({money(dear.cost)}, "
        f"{counted(dear.alerts, 'call')})."
    )


ORACLE = "oracle"
"""The name of the practice that knows the future."""


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def new_models(story: Story) -> tuple[int, ...]:
    """The months, by position, whose scores come from another model than those before; held-back ones do not count."""
    scoring = [(index, one.model) for index, one in enumerate(story.months) if not one.blocked]
    return tuple(index for (_, before), (index, now) in pairwise(scoring) if now != before)


def decision_word(told: Month) -> str:
    """A month's decision in one short word; empty where the model simply stays.

    "held": broken inputs are held at their last good values; "new": a challenger takes over; "kept": a challenger was
    tried and lost.
    """
    if told.blocked:
        return "held"
    if told.trial is not None:
        return "new" if told.trial.promoted else "kept"
    return ""

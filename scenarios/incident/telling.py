"""The story in sentences and words: the same on the page and in the terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scenarios.incident.bank.incident import ACTIONS, MECHANISMS
from scenarios.incident.story import Month, Story
from scenarios.page.figures import counted, money, month, number
from scenarios.page.marks import Kind

LAYERS: Final = (
    (
        "The dashboard as it was",
        "Did the jobs run, are the rows there, is anything missing, is the AUC that landed fine?",
    ),
    (
        "The vendor's default tests",
        "Has a column moved, by the default test and limit? The preset alarms at half of them.",
    ),
    ("The lab's monitor", "Do tables and columns look as in good months, have scores moved, what do labels say?"),
    ("The reference guard", "Does every step's output follow from its input?"),
)
"""The layers from outside to inside, and what each asks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A sentence with a heading of a few words."""

    heading: str
    sentence: str


def verdict(story: Story) -> str:
    """The answer in a few words."""
    if story.control:
        return "Nothing was wrong: every step did what it should, and the guard kept silent."
    first = caught(story)
    when = "never" if first is None else f"in {month(first.label)}"
    return (
        f"{story.happened}, since {month(story.since)}: {money(story.cost)} in "
        f"{counted(_wrong_months(story), 'month')} of silence. The guard would have spoken {when}."
    )


def answer(story: Story) -> tuple[Said, ...]:
    """The answer in three sentences."""
    if story.control:
        return (
            Said(heading="What happened", sentence="Nothing. The change log holds false leads only."),
            Said(heading="What people saw", sentence=_dashboard(story)),
            Said(heading="What a guard said", sentence=_guard(story)),
        )
    return (
        Said(heading="What happened", sentence=story.told),
        Said(heading="What people saw", sentence=_dashboard(story)),
        Said(heading="What would have caught it", sentence=_guard(story)),
    )


def _dashboard(story: Story) -> str:
    red = [one for one in story.months if one.lights]
    if red:
        return f"The dashboard was red in {counted(len(red), 'month')}: {', '.join(month(one.label) for one in red)}."
    return (
        f"A green dashboard in all {len(story.months)} months: jobs, rows, missing cells and the AUC of what landed. "
        "None of its lights compares what a step wrote with what it read."
    )


def _guard(story: Story) -> str:
    first = caught(story)
    if first is None:
        return "The reference guard compared every step's output with its input in every month and said nothing."
    wasted = sum(one.cost for one in story.months if one.label > first.label)
    return (
        f'The reference guard, before the offers of {month(first.label)} went out: "{first.guard}". Heeded then, it '
        f"saves the {money(first.cost)} of that month and the {money(wasted)} of the months after."
    )


def caught(story: Story) -> Month | None:
    """The first month in which the guard speaks."""
    return next((one for one in story.months if one.guard), None)


def _wrong_months(story: Story) -> int:
    return sum(one.hit > 0 for one in story.months)


def key_figures(story: Story) -> list[tuple[str, str]]:
    """The figures at the top of the page: name and value."""
    red = sum(bool(one.lights) for one in story.months)
    spoke = sum(bool(one.guard) for one in story.months)
    return [
        ("cost of the silence", money(story.cost)),
        ("customer-months hit", number(story.hit)),
        ("months with a red light", f"{red} of {len(story.months)}"),
        ("months the guard speaks in", f"{spoke} of {len(story.months)}"),
    ]


def marks(one: Month) -> tuple[tuple[Kind, str], ...]:
    """The mark of each layer in a month, and what it said."""
    return (
        ("critical" if one.lights else "ok", f"red: {', '.join(one.lights)}" if one.lights else "all lights green"),
        _vendor(one),
        _monitor(one),
        ("critical" if one.guard else "ok", one.guard or "every step follows from its input"),
    )


def _vendor(one: Month) -> tuple[Kind, str]:
    if not one.vendor:
        return "ok", "no column drifted"
    named = f"{counted(len(one.vendor), 'column')} drifted: {', '.join(one.vendor[:SHOWN])}"
    return ("critical" if one.vendor_dataset else "info"), named + (", ..." if len(one.vendor) > SHOWN else "")


SHOWN: Final = 4
"""Drifted columns named."""


def _monitor(one: Month) -> tuple[Kind, str]:
    kinds: dict[str, Kind] = {"": "ok", "info": "info", "warning": "warning", "critical": "critical"}
    return kinds.get(one.monitor_severity, "unknown"), "; ".join(one.monitor) or "quiet"


def meaning(story: Story) -> tuple[str, str]:
    """The mechanism in plain words, and what is to be done now."""
    return MECHANISMS.get(story.mechanism, ""), ACTIONS.get(story.action, "")


def first_said(story: Story) -> list[tuple[str, str, str]]:
    """Each layer's name, the first month from the start of the incident in which it alarmed, and its words."""
    since = story.since or story.months[0].label
    found = []
    for place, (name, _question) in enumerate(LAYERS):
        said = ((one, marks(one)[place]) for one in story.months if one.label >= since)
        loud = next(((one, text) for one, (kind, text) in said if kind in ("warning", "critical")), None)
        found.append((name, "never" if loud is None else month(loud[0].label), "" if loud is None else loud[1]))
    return found


def month_rows(story: Story) -> list[tuple[str, ...]]:
    """What each month cost, as rows of text."""
    return [
        (
            month(one.label),
            number(one.offers),
            number(one.hit),
            number(one.wrongly_offered),
            number(one.left_out),
            money(one.cost),
            money(one.so_far),
        )
        for one in story.months
    ]


MONTH_HEAD: Final = ("Run", "Offers", "Hit", "Offered wrongly", "Left out", "Cost", "So far")


def dashboard_rows(story: Story) -> Sequence[tuple[str, ...]]:
    """The dashboard as it was, as rows of text."""
    return [
        (
            month(one.label),
            "ok" if one.jobs_ok else "failed",
            f"{one.errors_5xx:.3%}",
            f"{one.latency_ms} ms",
            number(one.rows),
            f"{one.missing:.1%}",
            number(one.auc, 3),
            "green" if not one.lights else "red: " + ", ".join(one.lights),
        )
        for one in story.months
    ]


DASHBOARD_HEAD: Final = ("Run", "Jobs", "HTTP 5xx", "Latency", "Rows", "Missing", "AUC landed", "Lights")

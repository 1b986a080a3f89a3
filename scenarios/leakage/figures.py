"""The figures behind the charts, as rows of text, and the columns in the order in which they are read."""

from collections.abc import Iterable

from scenarios.kit.story import Interval
from scenarios.leakage.story import Column, Month, Story
from scenarios.leakage.telling import FAULTY, SPLITS, accused, auc, served, spoken
from scenarios.page.figures import DASH, month, number, percent

Rows = list[tuple[str, ...]]

MONTH_HEAD = ("Month", "Part", "Offline, as remade", "Production, as sent", "Nothing planted")
CHOICE_HEAD = ("Repair", "AUC", "Won back")
SPLIT_HEAD = ("Split", "All columns", "Without the leaks")


def key_figures(story: Story) -> Rows:
    """The figures at the top of the page: name and value."""
    seen = served(story)
    found = sum(one.found_by is not None for one in story.planted)
    planted = (
        []
        if story.control
        else [("AUC with nothing planted", auc(story.honest)), ("faults found", f"{found} of {len(story.planted)}")]
    )
    return [
        ("AUC on the model card", auc(story.claimed.auc)),
        ("AUC in the served months", DASH if seen is None else auc(seen)),
        ("AUC in the sealed months", auc(story.deployed)),
        *planted,
        ("honest columns accused", number(len(accused(story)))),
    ]


def month_rows(story: Story) -> Rows:
    """AUC by month, with intervals; in the sealed months exact."""
    return [_month(one) for one in story.months]


def _month(told: Month) -> tuple[str, ...]:
    production = None if told.part == "test" else told.production
    return (month(told.label), told.part, _interval(told.offline), _interval(production), _interval(told.honest))


def _interval(one: Interval | None) -> str:
    return DASH if one is None else spoken(one)


def choice_rows(story: Story) -> Rows:
    """What each repair is worth."""
    lost = story.honest - story.deployed
    back = [(one.real - story.deployed) / lost if lost > 0.0 else None for one in story.choices]
    return [(one.name, auc(one.real), percent(won, 0)) for one, won in zip(story.choices, back, strict=True)]


def split_rows(story: Story) -> Rows:
    """The audit's figures by way of splitting."""
    return [
        (SPLITS.get(one.split, one.split), _interval(one.all_columns), _interval(one.without_leaks))
        for one in story.splits
    ]


def planted_columns(story: Story) -> list[Column]:
    """The columns something was planted in, the heaviest first."""
    return _heaviest(one for one in story.columns if one.truth in FAULTY)


def watched_columns(story: Story) -> list[Column]:
    """Decoys, and honest columns that were accused, the accused first."""
    wrongly = accused(story)
    others = [one for one in story.columns if one.truth == "decoy" and one not in wrongly]
    return [*_heaviest(wrongly), *_heaviest(others)]


def quiet_columns(story: Story) -> list[Column]:
    """The honest columns that were left alone, the heaviest first."""
    shown = {one.name for one in (*planted_columns(story), *watched_columns(story))}
    return _heaviest(one for one in story.columns if one.name not in shown)


def _heaviest(columns: Iterable[Column]) -> list[Column]:
    return sorted(columns, key=lambda one: (-one.gain, one.name))

"""The charts of the drift story: quality, money, and promises kept."""

from collections.abc import Callable

from scenarios.drift.story import Happening, Month, Practice, Seen, Story
from scenarios.drift.telling import new_models
from scenarios.drift.timeline import columns_of
from scenarios.page.charts import BarChart, Event, LineChart, Series, Tone
from scenarios.page.figures import money, month, number, spoken

X_TITLE = "production month"

_BEST, _TWIN, _TRUE, _SEEN = "best possible", "twin world", "true", "seen from labels"


def quality(story: Story) -> LineChart:
    """AUC: the best possible, without the events, true, and as seen when labels landed."""
    return LineChart(
        name="quality",
        description="AUC by month: true, best possible, in the twin world, and as seen from labels two months later.",
        columns=labels(story),
        x_title=X_TITLE,
        y_title="AUC (0.5 = guessing, 1 = perfect order)",
        series=(
            _ratio(story, _BEST, "four", lambda one: one.best.auc),
            _ratio(story, _TWIN, "three", lambda one: one.twin.auc),
            _ratio(story, _TRUE, "one", lambda one: one.true.auc),
            _seen_auc(story),
        ),
        events=events(story),
    )


def _seen_auc(story: Story) -> Series:
    return Series(
        name=_SEEN,
        tone="two",
        values=_of_seen(story, lambda one: one.auc),
        low=_of_seen(story, lambda one: one.auc_low),
        high=_of_seen(story, lambda one: one.auc_high),
        notes=tuple(_note(one, _interval) for one in story.months),
        line=False,
    )


def _interval(seen: Seen) -> str:
    return f"{number(seen.auc, 3)} ({number(seen.auc_low, 3)} to {number(seen.auc_high, 3)})"


def profit(story: Story) -> LineChart:
    """The campaign's profit: true, best possible (the area between them is missed), and in the twin world."""
    return LineChart(
        name="profit",
        description="Expected campaign profit per 1,000 customers: best possible, true, and in the twin world.",
        columns=labels(story),
        x_title=X_TITLE,
        y_title="campaign profit, $ per 1,000 customers and month",
        series=(
            _dollars(story, _BEST, "four", lambda one: one.best.profit_per_1000),
            _dollars(story, _TWIN, "three", lambda one: one.twin.profit_per_1000),
            _dollars(story, _TRUE, "one", lambda one: one.true.profit_per_1000),
        ),
        events=events(story),
        between=(2, 0),
        prefix="$",
    )


def lost(story: Story) -> BarChart:
    """Money lost by month."""
    return BarChart(
        name="lost",
        description="Money lost against the twin world per 1,000 customers by month.",
        columns=labels(story),
        x_title=X_TITLE,
        y_title="lost money, $ per 1,000 customers and month",
        values=tuple(one.lost_per_1000 for one in story.months),
        prefix="$",
    )


def practices(story: Story) -> LineChart:
    """What each practice has cost so far, month by month."""
    tones: tuple[tuple[str, Tone], ...] = (
        ("any_drift", "two"),
        ("calendar_3", "three"),
        ("never", "four"),
        ("sound", "one"),
    )
    found = {one.name: one for one in story.practices}
    return LineChart(
        name="practices",
        description="Cost so far of each practice, in dollars per 1,000 customers: missed profit, actions and calls.",
        columns=labels(story),
        x_title=X_TITLE,
        y_title="cost so far, $ per 1,000 customers",
        series=tuple(_running(found[name], tone) for name, tone in tones if name in found),
        events=events(story),
        prefix="$",
    )


def _running(one: Practice, tone: Tone) -> Series:
    name = SHORT.get(one.name, spoken(one.name))
    notes = tuple(f"{name}: {money(cost)}" for cost in one.running)
    return Series(name=name, tone=tone, values=one.running, notes=notes)


SHORT = {"any_drift": "retrain on drift", "calendar_3": "quarterly", "never": "do nothing", "sound": "ours"}
"""Names of practices that fit beside a line."""


def promises(story: Story) -> LineChart:
    """Observed over expected churn: whether scores mean what they say."""
    seen = Series(
        name=_SEEN,
        tone="two",
        values=_of_seen(story, lambda one: one.calibration),
        notes=tuple(_note(one, lambda seen: number(seen.calibration, 2)) for one in story.months),
        line=False,
    )
    return LineChart(
        name="promises",
        description="Observed over expected churners by month: true, in the twin world, and as seen from labels.",
        columns=labels(story),
        x_title=X_TITLE,
        y_title="observed / expected churners (1 = as the scores say)",
        series=(
            _ratio(story, _TWIN, "three", lambda one: one.twin.calibration),
            _ratio(story, _TRUE, "one", lambda one: one.true.calibration),
            seen,
        ),
        events=events(story),
        level=1.0,
    )


def labels(story: Story) -> tuple[str, ...]:
    """The months."""
    return tuple(one.label for one in story.months)


def events(story: Story) -> tuple[Event, ...]:
    """What may move the curves: harmful levers, faults, and new models. Harmless levers would only crowd the chart."""
    shown = [_event(one, labels(story)) for one in story.happenings if one.kind == "fault" or not one.harmless]
    models = [Event(first=index, last=None, label="new model", kind="model") for index in new_models(story)]
    return tuple(sorted([one for one in shown if one] + models, key=lambda one: (one.first, one.label)))


def _event(happening: Happening, months: tuple[str, ...]) -> Event | None:
    held = columns_of(happening, months)
    return held and Event(first=held[0], last=held[1], label=spoken(happening.name), kind=happening.kind)


def _ratio(story: Story, name: str, tone: Tone, value: Callable[[Month], float]) -> Series:
    """A line of shares or ratios."""
    notes = tuple(f"{name}, {month(one.label)}: {number(value(one), 3)}" for one in story.months)
    return Series(name=name, tone=tone, values=tuple(map(value, story.months)), notes=notes)


def _dollars(story: Story, name: str, tone: Tone, value: Callable[[Month], float]) -> Series:
    """A line of money."""
    notes = tuple(f"{name}, {month(one.label)}: {money(value(one))}" for one in story.months)
    return Series(name=name, tone=tone, values=tuple(map(value, story.months)), notes=notes)


def _of_seen(story: Story, value: Callable[[Seen], float]) -> tuple[float | None, ...]:
    """What labels said, in the month in which they landed."""
    return tuple(None if one.seen is None else value(one.seen) for one in story.months)


def _note(told: Month, written: Callable[[Seen], str]) -> str:
    if told.seen is None:
        return ""
    return f"Known in {month(told.label)} about {month(told.seen.cohort)}: {written(told.seen)}"

"""The charts of the incident story: who could see what, and what silence cost."""

from scenarios.incident.story import Story
from scenarios.incident.telling import LAYERS, marks
from scenarios.page.charts import Bar, BarChart, Cell, Event, LineChart, MonthGrid, Row, Series
from scenarios.page.figures import money, month


def seen(story: Story) -> MonthGrid:
    """A row for what happened, and one for each layer."""
    columns = tuple(one.label for one in story.months)
    said = [marks(one) for one in story.months]
    layers = tuple(
        Row(name=name, cells=tuple(Cell(kind=kinds[place][0], title=kinds[place][1]) for kinds in said))
        for place, (name, _question) in enumerate(LAYERS)
    )
    sections = (("What happened", _happened(story, columns)), ("What each layer could see", layers))
    return MonthGrid(
        name="seen",
        description="By month: the incident, and what dashboard, vendor's tests, monitor and guard said.",
        columns=columns,
        links=tuple(f"#m-{label}" for label in columns),
        sections=sections if not story.control else sections[1:],
    )


def _happened(story: Story, columns: tuple[str, ...]) -> tuple[Row, ...]:
    if story.since not in columns:
        return ()
    first, last = columns.index(story.since), len(columns) - 1
    title = f"{story.happened}, from {month(story.since)} on"
    bar = Bar(first=first, last=last, kind="fault", texts=(story.happened, story.mechanism, story.where), title=title)
    return (Row(name=story.where, bars=(bar,)),)


def cost(story: Story) -> BarChart:
    """Dollars lost in each run against the twin."""
    return BarChart(
        name="cost",
        description="Dollars lost in each run against the same run without the incident.",
        columns=tuple(one.label for one in story.months),
        x_title="run",
        y_title="dollars lost against the twin, by run",
        values=tuple(one.cost for one in story.months),
        prefix="$",
        events=_event(story),
    )


def so_far(story: Story) -> LineChart:
    """What silence has cost up to each run."""
    values = tuple(one.so_far for one in story.months)
    notes = tuple(money(one) for one in values)
    return LineChart(
        name="so-far",
        description="Dollars lost up to each run.",
        columns=tuple(one.label for one in story.months),
        x_title="run",
        y_title="dollars lost so far",
        series=(Series(name="in silence", tone="one", values=values, notes=notes),),
        prefix="$",
        events=_event(story),
    )


def _event(story: Story) -> tuple[Event, ...]:
    columns = [one.label for one in story.months]
    if story.since not in columns:
        return ()
    return (Event(first=columns.index(story.since), last=None, label=story.mechanism, kind="fault"),)

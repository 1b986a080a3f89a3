"""The timeline: what truly changed, then what each layer said, the alerts, and what was decided."""

from itertools import groupby

from scenarios.drift.layers import LayerShown, layers_of, loudest, mark_of, said_by
from scenarios.drift.story import Happening, LayerSaid, Month, Story
from scenarios.drift.telling import decision_word, span
from scenarios.page.charts import Bar, BarKind, Cell, MonthGrid, Row
from scenarios.page.figures import counted, month, month_parts, months_in, spoken

_LISTED = 5
"""Alerts named when the pointer rests on their number."""

Run = list[tuple[int, Month]]
"""Months in a row with their columns."""


def timeline(story: Story) -> MonthGrid:
    """The grid of the whole story."""
    labels = tuple(one.label for one in story.months)
    truth = tuple(_truth(one, labels) for one in story.happenings) or (Row(name="nothing was scripted"),)
    said = tuple(_layer(one, story) for one in layers_of(story)) or (Row(name="no layer spoke"),)
    done = (_alerts(story), _decisions(story), _models(story))
    return MonthGrid(
        name="timeline",
        description="Month by month: the true changes as bars, each layer's verdict, alerts, decisions and the model.",
        columns=labels,
        links=tuple(f"#{anchor(one)}" for one in labels),
        sections=(("What truly changed", truth), ("What each layer said", said), ("Alerts and decisions", done)),
    )


def anchor(label: str) -> str:
    """The id of a month's part of the page: letters, digits and hyphens only."""
    return "month-" + "".join(one if one.isascii() and one.isalnum() else "-" for one in label)


def columns_of(event: Happening, labels: tuple[str, ...]) -> tuple[int, int] | None:
    """First and last column in which an event held; None where it lies outside the months shown."""
    last = event.last or max(labels, default="")
    inside = [index for index, label in enumerate(labels) if event.first <= label <= last]
    return (inside[0], inside[-1]) if inside else None


def kind_of(event: Happening) -> BarKind:
    """What an event is: a data fault, a lever that does harm, or a harmless one."""
    if event.kind == "fault":
        return "fault"
    return "harmless" if event.harmless else "lever"


_KINDS = {"fault": "broken data", "harmless": "change that does no harm", "lever": "change that does harm"}


def _truth(event: Happening, labels: tuple[str, ...]) -> Row:
    held, kind = columns_of(event, labels), kind_of(event)
    title = f"{event.title}: {_KINDS[kind]}, {span(event)}, {event.shape}, {event.dose}"
    bars = () if held is None else (Bar(first=held[0], last=held[1], kind=kind, texts=(event.title,), title=title),)
    return Row(name=spoken(event.name), bars=bars)


def _layer(layer: LayerShown, story: Story) -> Row:
    return Row(name=layer.title, cells=tuple(_verdict(one, layer) for one in story.months))


def _verdict(told: Month, layer: LayerShown) -> Cell | None:
    said = said_by(told, layer.name)
    if said is None:
        return None
    return Cell(kind=mark_of(told, layer.name), title=f"{layer.title}, {month(told.label)}: {_in_words(said)}")


def _in_words(said: LayerSaid) -> str:
    if said.verdict == "cannot_tell":
        return "cannot tell"
    if said.verdict == "ok":
        return "fine"
    leading = f". {months_in(said.leading)}" if said.leading else ""
    return f"{said.alarms} of {counted(said.checks, 'check')} in alarm{leading}"


def _alerts(story: Story) -> Row:
    return Row(name="Open alerts", cells=tuple(_alert_count(one) for one in story.months))


def _alert_count(told: Month) -> Cell | None:
    open_now = [one for one in told.alerts if one.state != "resolved"]
    kind = loudest(open_now)
    if kind is None:
        return None
    listed = "; ".join(f"{one.severity}: {months_in(one.message)}" for one in open_now[:_LISTED])
    more = f"; and {len(open_now) - _LISTED} more" if len(open_now) > _LISTED else ""
    return Cell(kind=kind, text=str(len(open_now)), title=f"{month(told.label)}: {listed}{more}")


def _decisions(story: Story) -> Row:
    return Row(name="Decision", cells=tuple(_decision(one) for one in story.months))


def _decision(told: Month) -> Cell | None:
    word = decision_word(told)
    return Cell(kind="word", text=word, title=f"{month(told.label)}: {told.decision}") if word else None


def _models(story: Story) -> Row:
    """The deployed model as bars, in two shades that take turns."""
    runs = [list(run) for _, run in groupby(enumerate(story.months), key=lambda one: one[1].model)]
    return Row(name="Deployed model", bars=tuple(_model(run, turn) for turn, run in enumerate(runs)))


def _model(run: Run, turn: int) -> Bar:
    """A bar with the model's name, or without what stands in brackets, or with its first word or month, as it fits."""
    name = run[0][1].model
    bare = name.partition(" (")[0]
    word, _, made = bare.partition("-")
    return Bar(
        first=run[0][0],
        last=run[-1][0],
        kind="model-next" if turn % 2 else "model",
        texts=(name, bare, word, *([made] if month_parts(made) else [])),
        title=f"Deployed: {name}",
    )

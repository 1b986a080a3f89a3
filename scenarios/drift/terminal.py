"""The drift story in the terminal: a table of months, who noticed what, and where to look next."""

from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scenarios.drift.layers import LayerShown, layers_of, mark_of
from scenarios.drift.story import Happening, Month, Noticed, Story
from scenarios.drift.tables import practice_rows
from scenarios.drift.telling import cost, decision_word, event_title, late
from scenarios.drift.threads import Incident, incidents
from scenarios.drift.timeline import kind_of
from scenarios.page.figures import DASH, money, month, months_in, number, period, printable, spoken
from scenarios.page.location import ACTIVATE, PUT_BACK, from_here
from scenarios.page.marks import Kind

ROOMY = 100
"""Columns from which every layer gets a column of its own."""

SIGNS: dict[Kind, tuple[str, str]] = {
    "ok": (".", "green"),
    "info": ("i", "blue"),
    "warning": ("!", "bold yellow"),
    "critical": ("X", "bold red"),
    "unknown": ("?", "dim"),
    "none": (" ", ""),
    "word": (" ", ""),
}
"""Sign and style of a verdict. The signs are ASCII: they must survive any terminal, and say enough without colour."""

DECISIONS = {"held": "old inputs", "new": "new model", "kept": "model kept", "": ""}
"""Decision words of the page, spelt out."""


def print_story(story: Story, console: Console, report: Path) -> None:
    """Print the story. `report` is the scenario's report folder, or the page in it."""
    console.print(_text(story.title, "bold"))
    console.print(_text(f"{months_in(story.production)}, {number(story.customers)} customers"), end="\n\n")
    console.print(_months(story, roomy=console.width >= ROOMY))
    console.print(_legend(story, roomy=console.width >= ROOMY))
    _print_events(story, console)
    _print_alerts(story, console)
    _print_practices(story, console)
    _print_next(story, console, report)


def _text(text: str, style: str = "") -> Text:
    """Foreign text without markup or control characters."""
    return Text(printable(text), style=style)


def _months(story: Story, *, roomy: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("Month", no_wrap=True)
    layers = layers_of(story)
    for head in [one.short for one in layers] if roomy else ["".join(one.short[:1] for one in layers)]:
        table.add_column(head, no_wrap=True, justify="center" if roomy else "left")
    for head in ("AUC", "seen", "lost"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("What truly changed", overflow="fold")
    table.add_column("Decision", overflow="fold")
    for told in story.months:
        table.add_row(*_row(told, story, layers, roomy=roomy))
    return table


def _row(told: Month, story: Story, layers: tuple[LayerShown, ...], *, roomy: bool) -> list[Text]:
    signs = [_sign(mark_of(told, layer.name)) for layer in layers]
    seen = DASH if told.seen is None else number(told.seen.auc, 3)
    figures = (number(told.true.auc, 3), seen, money(told.lost_per_1000))
    decision = DECISIONS[decision_word(told)]
    return [
        _text(month(told.label)),
        *(signs if roomy else [Text().join(signs)]),
        *map(_text, figures),
        _changes(told, story),
        _text(decision, "bold" if decision else ""),
    ]


def _sign(kind: Kind) -> Text:
    return Text(*SIGNS[kind])


def _changes(told: Month, story: Story) -> Text:
    """What starts, ends or does both in the month; what does harm in bold."""
    styles = {"lever": "bold", "fault": "bold magenta", "harmless": "dim"}
    signed = [(_turn(one, told.label), one) for one in story.happenings]
    return Text(", ").join([_text(f"{turn}{spoken(one.name)}", styles[kind_of(one)]) for turn, one in signed if turn])


def _turn(event: Happening, label: str) -> str:
    """A plus in the first month of an event, a minus in the last, a star where these are one, else nothing."""
    signs = {(True, False): "+", (False, True): "-", (True, True): "*", (False, False): ""}
    return signs[event.first == label, event.last == label]


def _legend(story: Story, *, roomy: bool) -> Text:
    lines = [
        ". fine   i note   ! look this week   X act now   ? cannot tell",
        "AUC: true; seen: from labels, of two months before; lost: $ per 1,000 customers",
        "+ an event starts, - ends, * is of this month alone",
        *([] if roomy else [f"layers: {', '.join(one.title.lower() for one in layers_of(story))}"]),
    ]
    return Text("\n").join([_text(one, "dim") for one in lines])


def _print_events(story: Story, console: Console) -> None:
    console.print(Text("\nWas each event noticed?", style="bold"))
    console.print(_list([_event(one, story) for one in story.noticed] or [(Text(""), Text("Nothing was scripted."))]))
    console.print(_list([(Text("cost", style="bold"), _text(cost(story)))]))


def _list(rows: list[tuple[Text, Text]]) -> Table:
    """Rows of a short mark and a text that wraps beside it."""
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for mark, text in rows:
        table.add_row(Text(" ") + mark, text)
    return table


def _event(found: Noticed, story: Story) -> tuple[Text, Text]:
    mark = Text("yes ", style="green") if found.as_wished else Text("NO  ", style="bold red")
    return mark, _text(f"{event_title(found.event, story)}: {_told(found)}")


def _told(found: Noticed) -> str:
    if found.first_alert is None:
        return "no alert, and none was needed" if found.as_wished else "went unnoticed"
    judged = "" if found.as_wished else "; not as it should be"
    return f"{found.severity or 'alert'} in {month(found.first_alert)}, {late(found)}{judged}"


def _print_alerts(story: Story, console: Console) -> None:
    found = incidents(story)
    console.print(Text("\nIncidents" if found else "\nNo alert was raised.", style="bold"))
    console.print(_list([_incident(one) for one in found]))
    if any(one.money is not None for one in found):
        console.print(_text("$: margin of leavers beyond the promise, or wasted offers; not 'lost' above", "dim"))


def _incident(one: Incident) -> tuple[Text, Text]:
    sign, style = next((shown for kind, shown in SIGNS.items() if kind == one.severity), (" ", ""))
    effect = "" if one.money is None else f", {money(one.money)} per 1,000 customers and month"
    said = f"{one.title}, {period(one.first, one.last)}: {one.cause}{effect}"
    return Text(f"{sign} {one.severity}", style=style), _text(said)


def _print_practices(story: Story, console: Console) -> None:
    """The year under each practice; nothing where none was replayed."""
    if not story.practices:
        return
    console.print(Text("\nThe same year under other practices ($ per 1,000 customers)", style="bold"))
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("Practice", overflow="fold")
    for head in ("cost", "won", "calls", "delay"):
        table.add_column(head, justify="right", no_wrap=True)
    for title, *figures in practice_rows(story):
        costs, won, calls, _, delay = figures[:5]
        table.add_row(*map(_text, (title, costs, won, calls, delay)))
    console.print(table)


def _print_next(story: Story, console: Console, report: Path) -> None:
    folder = report.parent if report.suffix == ".html" else report
    console.print(Text("\nWhere to look next", style="bold"))
    for what, where in (
        ("the story, with charts", from_here(folder / "index.html")),
        *([("the newest Evidently page", from_here(folder / story.evidently[-1]))] if story.evidently else []),
        ("every figure", from_here(folder / "story.json")),
        ("runs, models, flows", "make ui"),
        ACTIVATE,
        ("another event", "dvc exp run -S drift.lever=price_rise scenario@drift"),
        PUT_BACK,
    ):
        # A path is of use only whole: it may run over the edge rather than be broken.
        console.print(Text(f" {what:<27}") + _text(where, "cyan"), no_wrap=True, overflow="ignore", crop=False)

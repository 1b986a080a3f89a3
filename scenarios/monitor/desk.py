"""`lab alerts`: what a person reads from the monitor's state file, and writes into it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitoring.alerts import book as books
from monitoring.alerts.book import AlertBook
from monitoring.alerts.incidents import incidents
from monitoring.alerts.mutes import Mute
from monitoring.state import MonitorState
from scenarios.monitor.report import neutral
from scenarios.monitor.state_file import read_state, write_state
from scenarios.page.figures import counted, number, printable


def show(path: Path, console: Console) -> None:
    """Print the open incidents and the mutes of a state file."""
    state = read_state(path)
    found = [one for one in incidents(state.alerts) if one.state.value != "resolved"]
    console.print(
        Text(f"{counted(len(found), 'open incident')} after {state.last_month or 'no month yet'}", style="bold")
    )
    if found:
        table = _table("Incident", "Severity", "State", "Since", "Worth", "What")
        for one in found:
            cells = (one.name, one.severity.value, one.state.value, one.first_seen, number(one.effect_money, 1))
            table.add_row(*map(_text, cells), _text(neutral(one.lead.message)))
        console.print(table)
    if state.book.mutes:
        table = _table("Muted", "Until", "Why")
        for mute in state.book.mutes:
            table.add_row(_text(mute.what), _text(mute.until), _text(mute.why))
        console.print(table)


def acknowledge(path: Path, incident: str) -> str:
    """Take an incident on; a sentence on what was done."""
    _change(path, lambda book: books.acknowledge(book, incident))
    return f"{incident} is acknowledged: it calls nobody again, and stays so until it is resolved."


def mute(path: Path, what: str, until: str, why: str) -> str:
    """Mute an incident, a signal or a subject; a sentence on what was done."""
    new = Mute(what=what, until=until, why=why)
    covered = sum(new.covers(one) for one in read_state(path).alerts)
    _change(path, lambda book: books.mute(book, new))
    now = f"It covers {covered} alerts now." if covered else "It covers no alert yet; check the name if that is odd."
    return f"{what} calls nobody until the end of {until}. {now}"


def unmute(path: Path, what: str) -> str:
    """Lift a mute; a sentence on what was done."""
    _change(path, lambda book: books.unmute(book, what))
    return f"{what} speaks again from the next month on."


def _change(path: Path, change: Callable[[AlertBook], AlertBook]) -> MonitorState:
    state = read_state(path)
    changed = replace(state, book=change(state.book))
    write_state(path, changed)
    return changed


def _table(*heads: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def _text(text: str) -> Text:
    return Text(printable(text))

"""What the lab can plant, and how real its company is, as tables for the terminal."""

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from pipelines.leaks.catalogue import LEAKS
from pipelines.world.faults.catalogue import FAULTS
from pipelines.world.levers.catalogue import LEVERS
from pipelines.world.levers.lever import Lever
from pipelines.world.realism import Figure

_HARMLESS = " (harmless)"


def levers_table() -> Table:
    """Every lever: what it does, which distributions it moves, its usual dose and whether it harms the model."""
    table = _table("Levers change the world (drift.lever, drift.also)", "lever", "what happens", "moves", "usual dose")
    for lever in LEVERS:
        dose = f"{lever.dose:g} (most {lever.most:g}) {lever.unit}; {lever.shape}"
        table.add_row(lever.name, f"{lever.title}{_HARMLESS if lever.harmless else ''}", moves_of(lever), dose)
    return table


def moves_of(lever: Lever) -> str:
    """The distributions a lever moves, in the field's notation."""
    pairs = (("P(X)", lever.moves.p_x), ("P(Y)", lever.moves.p_y), ("P(Y|X)", lever.moves.p_y_given_x))
    return " ".join(name for name, moved in pairs if moved)


def faults_table() -> Table:
    """Every fault: what arrives broken, in which tables, what would catch it and whether it harms the model."""
    title = "Faults damage the record, the world does not move (drift.faults)"
    table = _table(title, "fault", "what arrives", "usual dose", "what catches it")
    for fault in FAULTS:
        what = f"{fault.title} [{', '.join(fault.tables)}]{_HARMLESS if fault.harmless else ''}"
        table.add_row(fault.name, escape(what), f"{fault.dose:g} (most {fault.most:g}) {fault.unit}", fault.guard)
    return table


def leaks_table() -> Table:
    """Every leak: what went wrong, its family, how loud it is, and its usual dose."""
    title = "Leaks put the answer into the question (pipelines/leaks)"
    table = _table(title, "leak", "what went wrong", "family", "how loud", "usual dose")
    for leak in LEAKS:
        dose = f"{leak.dose:g}: {leak.unit}" if leak.most > 1.0 else leak.unit
        table.add_row(leak.name, escape(leak.title), str(leak.family), leak.tier, dose)
    return table


def realism_table(figures: tuple[Figure, ...]) -> Table:
    """Simulated figures beside the published ranges they must lie in."""
    title = "The simulated company beside published figures"
    table = _table(title, "figure", "simulated", "published range", "inside", "source", no_wrap=False)
    for figure in figures:
        span = f"{figure.low:g} to {figure.high:g}"
        table.add_row(figure.name, f"{figure.value:.4g}", span, "yes" if figure.inside else "NO", figure.source)
    return table


def _table(title: str, *columns: str, no_wrap: bool = True) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for at, name in enumerate(columns):
        table.add_column(name, no_wrap=no_wrap and at == 0)
    return table

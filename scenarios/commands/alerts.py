"""`lab alerts`: read and answer the alerts that `lab monitor` keeps. Everything heavy is imported where it is used."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Read and answer the alerts in a state file of `lab monitor`.", no_args_is_help=True)

_STATE = typer.Option("--state", help="The state file that lab monitor --state wrote.")
_STATE_FILE = Path("reports/monitor/state.json")


@app.command("list")
def list_open(state: Annotated[Path, _STATE] = _STATE_FILE) -> None:
    """List the open incidents and the mutes."""
    from pipelines.rim import known_errors_shown

    with known_errors_shown():
        from rich.console import Console

        from scenarios.monitor import desk

        desk.show(state, Console())


@app.command()
def ack(
    incident: Annotated[str, typer.Argument(help="Name of the incident, such as 2025-03/usage.")],
    *,
    state: Annotated[Path, _STATE] = _STATE_FILE,
) -> None:
    """Acknowledge an incident: somebody is on it."""
    from pipelines.rim import known_errors_shown

    with known_errors_shown():
        from scenarios.monitor import desk

        typer.echo(desk.acknowledge(state, incident))


@app.command()
def mute(
    what: Annotated[str, typer.Argument(help="An incident, a signal, a table, a column or table.column.")],
    *,
    until: Annotated[str, typer.Option(help="Last month it holds in, such as 2025-06.")],
    why: Annotated[str, typer.Option(help="Why nobody need be called.")],
    state: Annotated[Path, _STATE] = _STATE_FILE,
) -> None:
    """Let something call nobody until the end of a month; it is recorded all the same."""
    from pipelines.rim import known_errors_shown

    with known_errors_shown():
        from scenarios.monitor import desk

        typer.echo(desk.mute(state, what, until, why))


@app.command()
def unmute(
    what: Annotated[str, typer.Argument(help="What was muted.")],
    *,
    state: Annotated[Path, _STATE] = _STATE_FILE,
) -> None:
    """Let something speak again."""
    from pipelines.rim import known_errors_shown

    with known_errors_shown():
        from scenarios.monitor import desk

        typer.echo(desk.unmute(state, what))

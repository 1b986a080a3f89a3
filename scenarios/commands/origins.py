"""`lab lineage` and `lab reproduce`: where a recorded run came from, and whether it comes back."""

from typing import Annotated

import typer


def lineage(
    run: Annotated[str, typer.Argument(help="A stage, a lineage file, an MLflow run id, or COMMIT:STAGE.")],
) -> None:
    """Show what a recorded run came from: commit, data, parameters, seed, packages, Prefect and MLflow run."""
    from pipelines.rim import known_errors_shown

    with known_errors_shown():
        from rich.console import Console

        from scenarios.provenance.find import find
        from scenarios.provenance.shown import show
        from scenarios.run import project_root

        root = project_root()
        show(find(root, run), root, Console())


def reproduce(
    run: Annotated[str, typer.Argument(help="A stage, a lineage file, an MLflow run id, or COMMIT:STAGE.")],
    *,
    remake: Annotated[
        bool, typer.Option("--remake", help="Make its inputs anew too, instead of from the cache.")
    ] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the clone on disk.")] = False,
) -> None:
    """Make a recorded run once more in a clean clone and say exactly what differs from its record.

    Exit code 0: the same bytes; 1: something differs; 2: the record cannot be used.
    """
    from pipelines.rim import known_errors_shown

    with known_errors_shown():
        from scenarios.provenance.reproduce import reproduce_run
        from scenarios.run import project_root

        same = reproduce_run(project_root(), run, remake=remake, keep=keep, say=typer.echo)
    raise typer.Exit(0 if same else 1)

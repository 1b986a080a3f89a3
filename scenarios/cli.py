"""The `lab` command. Everything heavy is imported where it is used, so that `lab --help` answers at once."""

from pathlib import Path
from typing import Annotated

import typer

from scenarios.commands import alerts, dev, learn, origins

app = typer.Typer(
    help="Drift & Leakage Lab: six ways a production model goes wrong, each with known truth.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(learn.app, name="learn")
app.add_typer(alerts.app, name="alerts")
app.command()(origins.lineage)
app.command()(origins.reproduce)
app.add_typer(dev.app, name="dev")


@app.callback()
def _quiet() -> None:
    from pipelines.environment import quiet
    from pipelines.startup import ease_imports

    quiet()
    ease_imports()


@app.command()
def run(
    scenarios: Annotated[
        list[str] | None, typer.Argument(help="Names of scenarios, such as drift; all of them if none is named.")
    ] = None,
    *,
    open_page: Annotated[bool, typer.Option("--open", help="Open the reports in the browser afterwards.")] = False,
) -> None:
    """Bring the reports of scenarios up to date and show what each found."""
    from pipelines.rim import known_errors_shown

    with known_errors_shown():
        from scenarios.catalogue import SCENARIOS
        from scenarios.page.location import from_here
        from scenarios.run import project_root, run_scenarios

        root = project_root()
        pages = run_scenarios(root, scenarios or SCENARIOS, say=_say)
        for page in pages:
            _say(f"Report: {from_here(page)}")
            if open_page:
                typer.launch(page.as_uri())
        if len(pages) > 1:
            _say(f"All of them on one page: {from_here(root / 'reports' / 'index.html')}")


@app.command(hidden=True)
def stage(name: Annotated[str, typer.Argument(help="A stage of dvc.yaml: world, champion, or a scenario.")]) -> None:
    """Do the work of one DVC stage; `dvc repro` calls this."""
    from pipelines.rim import known_errors_shown

    with known_errors_shown():
        from scenarios.run import project_root
        from scenarios.stage import run_stage

        run_stage(project_root(), name)


@app.command()
def levers() -> None:
    """List the levers: changes of the world that a scenario can pull."""
    from rich.console import Console

    from scenarios.listing import levers_table

    Console().print(levers_table())


@app.command()
def faults() -> None:
    """List the faults: damage to the record that a scenario can plant."""
    from rich.console import Console

    from scenarios.listing import faults_table

    Console().print(faults_table())


@app.command()
def leaks() -> None:
    """List the leak bank: ways the answer gets into the question."""
    from rich.console import Console

    from scenarios.listing import leaks_table

    Console().print(leaks_table())


@app.command()
def realism() -> None:
    """Hold the simulated company against published figures; exit code 1 when one lies outside its range."""
    from pipelines.rim import known_errors_shown

    with known_errors_shown():
        from rich.console import Console

        from pipelines.parameters import read_parameters
        from pipelines.script import company_of
        from pipelines.world.realism import figures
        from scenarios.listing import realism_table
        from scenarios.run import project_root

        found = figures(company_of(read_parameters(project_root() / "params.yaml")))
        Console().print(realism_table(found))
    raise typer.Exit(0 if all(figure.inside for figure in found) else 1)


@app.command()
def audit(  # noqa: PLR0913 - one parameter for each option
    table: Annotated[Path, typer.Argument(help="CSV, TSV or Parquet file, or a folder of parts.")],
    *,
    target: Annotated[str, typer.Option(help="The column to predict: two levels, empty where not known yet.")],
    time: Annotated[str | None, typer.Option(help="The moment each row was known at: its cutoff.")] = None,
    entity: Annotated[str | None, typer.Option("--id", help="The customer, or whatever a row is about.")] = None,
    serving: Annotated[Path | None, typer.Option(help="The scoring log: the same columns as the job had them.")] = None,
    split: Annotated[
        str | None, typer.Option(help="The column that says what a row is used for (train, test).")
    ] = None,
    builder: Annotated[str | None, typer.Option(help="module:function that remakes the table from --events.")] = None,
    events: Annotated[Path | None, typer.Option(help="Folder of event tables, each with available_at.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for index.html and audit.json.")] = Path("reports/audit"),
    rows: Annotated[int | None, typer.Option(min=200, help="Most rows the column checks look at.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of random draws; the same seed gives the same audit.")] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the verdict only.")] = False,
) -> None:
    """Audit a table for leakage: which columns, rows and splits give the answer away, and how well that is proved.

    Exit code 0: clean; 1: a leak or an invalid split was found; 2: the input cannot be used.
    In Python: from monitoring.leakage.audit import audit.
    """
    from pipelines.rim import known_errors_shown

    with known_errors_shown():
        from rich.console import Console

        from scenarios.audit.command import run as run_audit
        from scenarios.audit.request import Request

        request = Request(
            table=table,
            target=target,
            time=time,
            entity=entity,
            split=split,
            serving=serving,
            builder=builder,
            events=events,
            out=out,
            rows=rows,
            seed=seed,
        )
        clean = run_audit(request, Console(), say=_mute if quiet else _aside, quiet=quiet)
    raise typer.Exit(0 if clean else 1)


@app.command()
def monitor(  # noqa: PLR0913 - one parameter for each option
    *,
    reference: Annotated[Path, typer.Option(help="Good rows: CSV, TSV or Parquet file, or a folder of parts.")],
    current: Annotated[Path, typer.Option(help="New rows, with the same columns.")],
    time: Annotated[str | None, typer.Option(help="When a row was scored: dates, months or years.")] = None,
    prediction: Annotated[str | None, typer.Option(help="The score: a probability, 0 to 1.")] = None,
    target: Annotated[str | None, typer.Option(help="The outcome: two levels, empty where not known yet.")] = None,
    entity: Annotated[str | None, typer.Option("--id", help="What a row is about; unique within a month.")] = None,
    weights: Annotated[str, typer.Option(help="Importances by column: JSON, or a table of name and weight.")] = "none",
    state: Annotated[Path | None, typer.Option(help="File that carries alerts on from run to run.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for the page and the figures.")] = Path("reports/monitor"),
    webhook: Annotated[str | None, typer.Option(help="Address that news is posted to (Slack-compatible).")] = None,
    one_false_page_in_months: Annotated[float, typer.Option(min=4, help="How seldom a false call may be.")] = 60.0,
    evidently: Annotated[bool, typer.Option("--evidently", help="Draw Evidently pages and a workspace too.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the verdict only.")] = False,
) -> None:
    """Watch new rows against good ones, month by month: broken data, moved inputs and scores, realised quality.

    Exit code 0: quiet; 1: a warning or worse fires; 2: the input cannot be used.
    In Python: from monitoring.own_tables.watch import watch.
    """
    from pipelines.rim import known_errors_shown

    with known_errors_shown():
        from rich.console import Console

        from scenarios.monitor.command import run as run_monitor
        from scenarios.monitor.request import Request

        request = Request(
            reference=reference,
            current=current,
            time=time,
            prediction=prediction,
            target=target,
            entity=entity,
            weights=weights,
            state=state,
            out=out,
            webhook=webhook,
            one_false_page_in_months=one_false_page_in_months,
            evidently=evidently,
        )
        code = run_monitor(request, Console(), say=_mute if quiet else _aside, quiet=quiet)
    raise typer.Exit(code)


@app.command()
def fork(
    scenario: Annotated[str, typer.Argument(help="A graded scenario, such as leakage.")],
    *,
    candidate: Annotated[str, typer.Option(help="Whom the pack is for; every name gets a case of its own.")],
    level: Annotated[str, typer.Option(help="junior, mid or senior.")] = "mid",
    mode: Annotated[str, typer.Option(help="live, take-home or learn.")] = "take-home",
    out: Annotated[Path, typer.Option(help="A new folder, or an archive by its ending: .zip or .tar.gz.")],
    panel: Annotated[Path | None, typer.Option(help="Also write the interviewer's page, with the truth, here.")] = None,
    secret: Annotated[Path | None, typer.Option(help="File of the organisation's secret.")] = None,
    serial: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="Another number, another case for the same candidate.")
    ] = 1,
) -> None:
    """Make a pack for a candidate: brief, data, starter and format check, and no trace of what is true.

    The case comes from the organisation's secret, made on first use (mode 0600) outside any repository; LAB_SECRET_FILE
    names another file. About one pack in six is a control with nothing wrong in it.
    Exit code 0: written; 2: not, and the reason is said.
    """
    from pipelines.rim import known_errors_shown

    with known_errors_shown():
        from scenarios.catalogue import exercise
        from scenarios.kit.fork.command import Request
        from scenarios.kit.fork.command import fork as make_pack

        request = Request(
            scenario=scenario,
            candidate=candidate,
            level=level,
            mode=mode,
            out=out,
            secret=secret,
            serial=serial,
            panel=panel,
        )
        made = make_pack(request, exercise, say=_say)
        if panel is not None:
            from scenarios.kit.grade.panel import write_panel

            write_panel(panel, made.exercise, made.parcel.identity, made.parcel.case, control=made.control)
            _say(f"{panel}: the interviewer's page. It holds the truth: do not send it.")


@app.command()
def grade(
    submission: Annotated[Path, typer.Argument(help="A pack that came back: a folder or an archive.")],
    *,
    many: Annotated[bool, typer.Option("--many", help="A folder of submissions: grade and rank them all.")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder for results; beside the submission by default.")] = None,
    secret: Annotated[Path | None, typer.Option(help="File of the secret the packs were forked with.")] = None,
    practice: Annotated[
        bool, typer.Option("--practice", help="Run code without a sandbox where there is none; not authoritative.")
    ] = False,
) -> None:
    """Grade a pack that came back: a scorecard, a page for the interviewer and one for the candidate.

    Exit code 0: graded; 1: no score, and whoever grades has to act (no secret, no sandbox, a wrong path, another
    version, a fault of the grader); 2: not gradable as handed in. With --many, 0: every submission was graded.
    """
    from pipelines.rim import known_errors_shown

    with known_errors_shown(code=1):
        from rich.console import Console

        from scenarios.catalogue import exercise
        from scenarios.kit.grade.command import Request
        from scenarios.kit.grade.command import grade as grade_it

        request = Request(submission=submission, many=many, out=out, secret=secret, practice=practice)
        code = grade_it(request, exercise, Console(), say=_aside)
    raise typer.Exit(code)


@app.command()
def ui() -> None:
    """Serve the MLflow, Prefect and Evidently pages on loopback ports until Ctrl-C."""
    import signal

    from pipelines.rim import known_errors_shown

    # `kill` stops the pages as cleanly as Ctrl-C does, also where a shell has put this into the background.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)

    with known_errors_shown():
        from scenarios.run import project_root
        from scenarios.ui import serve_pages

        serve_pages(project_root(), say=_say)


@app.command()
def prove(
    stages: Annotated[
        list[str] | None, typer.Argument(help="Run these and what they stand on; all when none is named.")
    ] = None,
    *,
    profile: Annotated[str, typer.Option(help="full, or tiny for a small company.")] = "full",
    keep: Annotated[bool, typer.Option("--keep", help="Leave the two clones on disk.")] = False,
) -> None:
    """Run the pipeline in two clean clones under different conditions and compare every output."""
    from pipelines.rim import known_errors_shown

    with known_errors_shown():
        from scenarios.prove import prove as compare
        from scenarios.run import project_root

        same = compare(project_root(), *stages or (), profile=profile, keep=keep, say=_say)
    raise typer.Exit(0 if same else 1)


def _say(text: str) -> None:
    typer.echo(text)


def _aside(text: str) -> None:
    """Progress goes to the error stream, so that what is piped is the answer alone."""
    typer.echo(text, err=True)


def _mute(_text: str) -> None:
    pass


if __name__ == "__main__":
    app()

"""The flow of the production months: simulate and receive deliveries, then one run a month."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
from prefect import flow

from monitoring.state import MonitorState
from pipelines import artefacts, store
from pipelines.dataset import Feed
from pipelines.decision import decide, retraining_due
from pipelines.flows.artifact import PrefectArtifact
from pipelines.flows.simulate import STANDING
from pipelines.flows.steps import step, unread
from pipelines.layout import Layout
from pipelines.parameters import Parameters
from pipelines.production import NO_DECISION, Desk, MonthRun, Policy, score_and_monitor
from pipelines.progress import say
from pipelines.script import Script, company_of
from pipelines.sinks.notice import Notice
from pipelines.sinks.sink import Sink, deliver
from pipelines.sinks.webhook import Webhook
from pipelines.watch import first_reference
from pipelines.world.company import Company
from pipelines.world.faults.fault import PulledFault
from pipelines.world.recorder import TABLES
from pipelines.world.run import run_on
from pipelines.world.standing import Standing, from_table


@dataclass(frozen=True, kw_only=True, slots=True)
class Deliveries:
    """Production months as the world made them and as they arrived: month index -> table name -> rows."""

    clean: Mapping[int, Mapping[str, pd.DataFrame]]
    damaged: Mapping[int, Mapping[str, pd.DataFrame]]

    def as_known(self, month: int, faults: Sequence[PulledFault]) -> Iterator[Mapping[str, pd.DataFrame]]:
        """What has arrived before `month`: a broken delivery is sent again, repaired, once its fault has ended."""
        for delivered in sorted(self.clean):
            if delivered < month:
                open_fault = any(f.active(delivered) and f.active(month - 1) for f in faults)
                yield (self.damaged if open_fault else self.clean)[delivered]


def operate(
    parameters: Parameters, layout: Layout, script: Script, *, after_each: Callable[[MonthRun], None]
) -> tuple[MonthRun, ...]:
    """Run the production months of a script, calling `after_each` with every finished one.

    Tables go to ``data/<name>``, truth to ``data/truth/<name>``.
    """
    return _flow.with_options(name=f"operate {script.name}")(parameters, layout, script, after_each)


@flow(name="operate", validate_parameters=False)
def _flow(
    parameters: Parameters, layout: Layout, script: Script, after_each: Callable[[MonthRun], None]
) -> tuple[MonthRun, ...]:
    arriving = _deliver.submit(parameters, layout, script)
    history = _history(parameters, layout)
    desk = _open_desk(parameters, layout, unread(history))
    deliveries = arriving.result()
    sinks = sinks_of(parameters)
    runs = []
    for month in range(parameters.world.history, script.company.calendar.months):
        feed = _feed(history, deliveries.as_known(month, script.faults))
        desk, done = _run_month(desk, feed, month, policy_of(parameters))
        _tell(done, sinks)
        after_each(done)
        runs.append(done)
    _write_log(unread(runs), layout, script.name)
    return tuple(runs)


def _feed(history: Feed, delivered: Iterator[Mapping[str, pd.DataFrame]]) -> Feed:
    feed = history
    for tables in delivered:
        feed = feed.extended(tables)
    return feed


def policy_of(parameters: Parameters) -> Policy:
    """What the parameters say about the monthly routine."""
    return Policy(
        calendar=parameters.world.calendar,
        champion=parameters.champion,
        economics=parameters.economics.economics,
        costs=parameters.costs.costs,
        retrain=parameters.drift.retrain,
    )


@step("simulate and receive", retries=1)
def _deliver(parameters: Parameters, layout: Layout, script: Script) -> Deliveries:
    company, name = script.company, script.name
    clean: dict[int, Mapping[str, pd.DataFrame]] = {}
    damaged: dict[int, Mapping[str, pd.DataFrame]] = {}
    before = _month_before(parameters, layout)
    for made in run_on(_standing(parameters, layout), company):
        tables = {table: rows.to_pandas() for table, rows in made.tables.items()}
        previous = damaged.get(made.month - 1, before)
        arrived = _damage(company, script.faults, made.month, tables, previous=previous)
        clean[made.month], damaged[made.month] = tables, arrived
        store.write_month(layout.tables(name), _as_tables(made.tables, tables, arrived), made.label)
        store.write_month(layout.truth(name), {"months": made.truth}, made.label)
    say(f"{len(clean)} production months simulated and delivered")
    return Deliveries(clean=clean, damaged=damaged)


def _standing(parameters: Parameters, layout: Layout) -> Standing:
    """Where the company of the stage `world` stands when the model goes live."""
    calendar = parameters.world.calendar
    table = store.read_month(layout.truth(), STANDING, calendar.label(calendar.history))
    return from_table(company_of(parameters), calendar.history, table)


def _month_before(parameters: Parameters, layout: Layout) -> dict[str, pd.DataFrame]:
    label = parameters.world.calendar.label(parameters.world.history - 1)
    return {table: store.read_month(layout.tables(), table, label) for table in TABLES}


def _damage(
    company: Company,
    faults: Sequence[PulledFault],
    month: int,
    tables: Mapping[str, pd.DataFrame],
    *,
    previous: Mapping[str, pd.DataFrame],
) -> Mapping[str, pd.DataFrame]:
    start = pd.Timestamp(company.calendar.start(month))
    for fault in faults:
        tables = fault.deliver(tables, month=month, month_start=start, streams=company.streams, previous=previous)
    return tables


def _as_tables(
    made: Mapping[str, pa.Table], clean: Mapping[str, pd.DataFrame], arrived: Mapping[str, pd.DataFrame]
) -> dict[str, pa.Table]:
    """What to write: the recorder's own table unless a fault replaced it."""
    return {name: made[name] if arrived[name] is clean[name] else store.as_table(arrived[name]) for name in made}


@step("read history")
def _history(parameters: Parameters, layout: Layout) -> Feed:
    calendar = parameters.world.calendar
    labels = [calendar.label(month) for month in range(calendar.history)]
    return Feed(store.read_months(layout.tables(), TABLES, labels))


@step("learn what is normal")
def _open_desk(parameters: Parameters, layout: Layout, history: Feed) -> Desk:
    calendar = parameters.world.calendar
    model = artefacts.read_model(layout.champion)
    months = range(parameters.champion.warm_up, calendar.history)
    cohorts = [artefacts.read_cohort(layout.reference, month, calendar.label(month)) for month in months]
    reference = first_reference(
        history,
        calendar,
        cohorts,
        held_out=store.read_frame(layout.reference / "held_out.parquet"),
        model=model,
        economics=parameters.economics.economics,
        one_false_page_in_months=parameters.monitoring.one_false_page_in_months,
        tolerance=parameters.monitoring.tolerance,
    )
    return Desk(model=model, reference=reference, monitor=MonitorState(), good=tuple(cohorts))


def _run_month(desk: Desk, feed: Feed, month: int, policy: Policy) -> tuple[Desk, MonthRun]:
    label = policy.calendar.label(month)
    desk, done = _score.with_options(name=f"score and monitor {label}")(unread(desk), unread(feed), month, policy)
    if retraining_due(desk, done, policy):
        retrain = _retrain.with_options(name=f"retrain {label}")
        desk, done = retrain(unread(desk), unread(feed), unread(done), policy)
    else:
        desk, done = decide(desk, feed, done, policy)
    return desk, done


@step("score and monitor", retries=1)
def _score(desk: Desk, feed: Feed, month: int, policy: Policy) -> tuple[Desk, MonthRun]:
    return score_and_monitor(desk, feed, month, policy)


@step("retrain", retries=1)
def _retrain(desk: Desk, feed: Feed, done: MonthRun, policy: Policy) -> tuple[Desk, MonthRun]:
    return decide(desk, feed, done, policy)


ABOUT = "Churn model"
"""What the alerts are about, as people are told."""


def sinks_of(parameters: Parameters) -> tuple[Sink, ...]:
    """Where a month's alerts are sent: Prefect's page, and the webhook where the parameters name one."""
    address = parameters.monitoring.webhook
    return (PrefectArtifact(), *([Webhook(url=address)] if address else []))


def _tell(done: MonthRun, sinks: Sequence[Sink]) -> None:
    say(summary_line(done))
    notice = Notice(report=done.report, about=ABOUT, decision="" if done.decision == NO_DECISION else done.decision)
    for failure in deliver(notice, sinks):
        say(str(failure))


def summary_line(done: MonthRun) -> str:
    """One line about a run: what is open, and what was decided."""
    firing = [i for i in done.report.incidents if i.lead.active and i.severity != "info"]
    open_now = ", ".join(f"{i.severity}: {i.name.split('/', 1)[1]} ({i.cause})" for i in firing) or "quiet"
    return f"{done.label}  {len(done.predictions):,} scored  {open_now}" + (
        "" if done.decision == NO_DECISION else f"  -> {done.decision}"
    )


@step("write prediction log")
def _write_log(runs: Sequence[MonthRun], layout: Layout, name: str) -> None:
    for done in runs:
        path = store.month_file(layout.tables(name), "predictions", done.label)
        store.write_frame(path, done.predictions)

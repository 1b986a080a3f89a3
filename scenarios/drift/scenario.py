"""The drift scenario: run the scripted year, tell its story, show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from pipelines import artefacts, store
from pipelines.dataset import Feed
from pipelines.features import build
from pipelines.layout import Layout
from pipelines.lineage import Runs
from pipelines.model import ChurnModel
from pipelines.parameters import Parameters
from pipelines.production import MonthRun
from pipelines.progress import say
from pipelines.script import Script, company_of, drift_script
from pipelines.serve import prediction_log
from pipelines.world.company import Company
from pipelines.world.recorder import TABLES
from pipelines.world.twin import month_damage, totals
from scenarios.base import (
    ANYTHING_GOES,
    GAMING,
    MIDDLING,
    NOTHING,
    STRONG,
    WEAK,
    Brief,
    Deliverable,
    Level,
    SampleAnswer,
    Scenario,
)
from scenarios.drift.answers.simple import crying_wolf, gaming, middling, nothing, weak
from scenarios.drift.answers.strong import strong
from scenarios.drift.exam.grade import VERSION, grade
from scenarios.drift.exam.plant import control, plant
from scenarios.drift.exam.replaying import run_code
from scenarios.drift.exam.tell import demonstrate
from scenarios.drift.exam.truth import DriftTruth
from scenarios.drift.noticing import noticed
from scenarios.drift.page import render
from scenarios.drift.practices import practices
from scenarios.drift.story import Damage, Practice, Story
from scenarios.drift.tell import MonthTruths, fault_happening, lever_happening, month_of

NAME = "drift"

QUESTION = (
    "A churn model is live. Labels come two months late. Over the year things happen, some in the world and some only "
    "in the record of it. Which of them matters, when can you know, and what do you do?"
)

METHODS = {
    "true": "exact expectation over the world's churn probabilities; no luck in it",
    "best": "the world's own probabilities used as scores: no model can do better",
    "twin": "the same customers with the same luck in a world where none of this happens, scored by the first champion",
    "seen": "AUC with DeLong's 95 % interval on the cohort whose labels landed this month",
    "lost": "campaign profit missed against the best possible score, less what is missed in the twin",
    "practices": "the year replayed on one customer in four; the oracle's year by dynamic programming over exact costs",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """What is worked out beside the year: the twin's predictions, and the same year under other practices."""

    twin_logs: Sequence[pd.DataFrame]
    practices: tuple[Practice, ...]


def stage(parameters: Parameters, layout: Layout) -> Runs:
    """Run the year and write ``reports/drift``: story, metrics, alerts, page, Evidently pages; tell MLflow of it."""
    from pipelines.flows.beside import beside
    from pipelines.flows.operate import operate
    from pipelines.flows.registry import record_production
    from pipelines.flows.show import drawing

    script = drift_script(parameters)
    report = layout.report(NAME)
    with beside() as helper, drawing(report / "evidently") as draw:
        twin_logs = helper.submit(score_twin, parameters, layout)
        others = helper.submit(practices, parameters, layout)
        runs = operate(parameters, layout, script, after_each=draw)
        beside_it = Beside(twin_logs=twin_logs.result(), practices=others.result())
        story = tell(parameters, layout, script, runs, beside_it=beside_it)
        write(story, runs, report)
        metrics, series = flat_metrics(story), monthly_series(story)
        recorded = record_production(runs, metrics, series, report, layout=layout, parameters=parameters, name=NAME)
    say(f"story of {len(story.months)} months written to {report.relative_to(layout.root)}")
    return recorded


def tell(
    parameters: Parameters,
    layout: Layout,
    script: Script,
    runs: Sequence[MonthRun],
    *,
    beside_it: Beside,
) -> Story:
    """The story of the runs, with both worlds' truth and what was worked out beside them."""
    from pipelines.flows.show import page_of

    economics, company = parameters.economics.economics, script.company
    truths = _truths(layout, runs, beside_it.twin_logs)
    starts = [(lever_happening(p, company), p.start) for p in company.levers]
    starts += [(fault_happening(f, company), f.start) for f in script.faults]
    happenings = tuple(h for h, _ in starts)
    months = tuple(
        month_of(run, truth, company, happenings, economics=economics) for run, truth in zip(runs, truths, strict=True)
    )
    calendar = company.calendar
    return Story(
        title="Drift and monitoring: one year of a churn model in production",
        question=QUESTION,
        seed=parameters.world.seed,
        customers=parameters.world.customers,
        history=f"{calendar.label(0)} to {calendar.label(calendar.history - 1)}",
        production=f"{runs[0].label} to {runs[-1].label}",
        champion=store.read_json(layout.report("champion") / "metrics.json"),
        methods=METHODS | _method_names(runs),
        happenings=happenings,
        months=months,
        noticed=tuple(noticed(h, runs, start, among=starts) for h, start in starts),
        damage=_damage(truths, [run.month for run in runs]),
        practices=beside_it.practices,
        evidently=tuple(f"evidently/{page}" for run in runs if (page := page_of(run.report))),
    )


def _truths(layout: Layout, runs: Sequence[MonthRun], twin_logs: Sequence[pd.DataFrame]) -> list[MonthTruths]:
    return [
        MonthTruths(
            here=store.read_month(layout.truth(NAME), "months", run.label),
            twin=store.read_month(layout.truth(), "months", run.label),
            twin_log=log,
        )
        for run, log in zip(runs, twin_logs, strict=True)
    ]


def score_twin(parameters: Parameters, layout: Layout) -> list[pd.DataFrame]:
    """The first champion's predictions in the twin world, where it is never replaced, month by month."""
    calendar, model = parameters.world.calendar, artefacts.read_model(layout.champion)
    months = range(calendar.history, calendar.months)
    labels = [calendar.label(month) for month in range(months[-1])]
    feed = Feed(store.read_months(layout.tables(), TABLES, labels))
    return [_twin_log(model, feed, month, company_of(parameters)) for month in months]


def _twin_log(model: ChurnModel, feed: Feed, month: int, company: Company) -> pd.DataFrame:
    cutoff = pd.Timestamp(company.calendar.start(month))
    return prediction_log(model, model.score(build(feed.before(month), cutoff)), cutoff)


def _damage(truths: Sequence[MonthTruths], months: Sequence[int]) -> Damage:
    """Churners and margin lost against the twin: the same customers with the same luck, so the difference is exact."""
    found = totals(tuple(month_damage(month, t.here, t.twin) for month, t in zip(months, truths, strict=True)))
    return Damage(
        extra_churners=int(found["churners"]),
        expected_extra_churners=round(found["expected_churners"], 2),
        lost_margin=round(found["lost_margin"], 2),
    )


def _method_names(runs: Sequence[MonthRun]) -> dict[str, str]:
    """Every signal that was measured, with the methods behind it."""
    named: dict[str, set[str]] = {}
    for measured in (m for run in runs for m in run.report.measurements):
        named.setdefault(measured.signal, set()).add(measured.method)
    return {signal: "; ".join(sorted(methods)) for signal, methods in sorted(named.items())}


def write(story: Story, runs: Sequence[MonthRun], report: Path) -> None:
    """Write everything that is the same for the same commit and parameters."""
    store.write_json(report / "story.json", story.model_dump(mode="json"))
    store.write_json(report / "metrics.json", flat_metrics(story))
    store.write_json(report / "alerts.json", [run.report.to_plain() | {"measurements": None} for run in runs])
    store.write_text(report / "months.csv", months_table(story).to_csv(index=False))
    store.write_text(report / "index.html", render(story))


def flat_metrics(story: Story) -> dict[str, float]:
    """A few figures of the whole year, flat, for DVC and MLflow."""
    months = story.months
    return {
        "true_auc_mean": round(sum(m.true.auc for m in months) / len(months), 6),
        "true_auc_lowest": min(m.true.auc for m in months),
        "lost_per_1000_total": round(sum(m.lost_per_1000 for m in months), 2),
        "critical_alert_months": sum(
            any(a.severity == "critical" and a.state == "firing" for a in m.alerts) for m in months
        ),
        "events": len(story.happenings),
        "events_as_wished": sum(n.as_wished for n in story.noticed),
        "promotions": sum(m.trial is not None and m.trial.promoted for m in months),
        "extra_churners": story.damage.extra_churners,
        "lost_margin": story.damage.lost_margin,
        **{f"cost_{one.name}": one.cost for one in story.practices},
        **{f"pages_{one.name}": one.alerts for one in story.practices},
    }


def monthly_series(story: Story) -> dict[str, dict[int, float]]:
    """Metrics by month (step 1 is the first production month), for MLflow."""
    series: dict[str, dict[int, float]] = {}
    for step, month in enumerate(story.months, start=1):
        values = {
            "true_auc": month.true.auc,
            "best_auc": month.best.auc,
            "seen_auc": None if month.seen is None else month.seen.auc,
            "true_log_loss": month.true.log_loss,
            "true_profit_per_1000": month.true.profit_per_1000,
            "lost_per_1000": month.lost_per_1000,
            "flagged_share": month.flagged_share,
            "mean_score": month.mean_score,
            "alerts_firing": sum(a.state == "firing" for a in month.alerts),
        }
        for name, value in values.items():
            if value is not None:
                series.setdefault(name, {})[step] = value
    return series


def months_table(story: Story) -> pd.DataFrame:
    """One row a month, for DVC's plots."""
    return pd.DataFrame(
        {
            "month": m.label,
            "true_auc": m.true.auc,
            "best_auc": m.best.auc,
            "twin_auc": m.twin.auc,
            "lost_per_1000": m.lost_per_1000,
            "flagged_share": m.flagged_share,
            "alerts_firing": sum(a.state == "firing" for a in m.alerts),
        }
        for m in story.months
    )


BRIEF: Final = Brief(
    question=(
        "A churn model has been live for a year, and labels come two months late. What happened, where, since when, "
        "does it hurt, and what is to be done? And which monitor would have known?"
    ),
    deliverables=(
        Deliverable(file="answer.yaml", kind="sheet", what="what happened, where, since when, harm, what to do"),
        Deliverable(file="monitor.py", kind="code", what="decide(month, reference, history) -> alerts, action"),
    ),
    minutes={Level.JUNIOR: 90, Level.MID: 120, Level.SENIOR: 120},
)

SCENARIO: Final[Scenario[DriftTruth]] = Scenario(
    name=NAME,
    signal="drift and monitoring",
    version=VERSION,
    brief=BRIEF,
    plant=plant,
    control=control,
    demonstrate=demonstrate,
    grade=grade,
    run_code=run_code,
    sample_answers=(
        SampleAnswer(
            name="strong",
            what="the record first, then labels of sound months by segment; repairs, recalibrates or retrains by cause",
            answer=strong,
            band=STRONG,
            control_band=STRONG,
        ),
        SampleAnswer(
            name="middling",
            what="PSI above 0.2, or more leavers than promised: retrain",
            answer=middling,
            band=MIDDLING,
            control_band=None,
        ),
        SampleAnswer(
            name="weak",
            what="retrains every quarter and trusts the model",
            answer=weak,
            band=WEAK,
            control_band=None,
        ),
        SampleAnswer(
            name="crying wolf",
            what="takes the season for drift, and alarms always",
            answer=crying_wolf,
            band=ANYTHING_GOES,
            control_band=WEAK,
        ),
        SampleAnswer(
            name="gaming",
            what="names everything and alarms always",
            answer=gaming,
            band=GAMING,
            control_band=WEAK,
        ),
        SampleAnswer(
            name="nothing",
            what="hands in the starter",
            answer=nothing,
            band=NOTHING,
            control_band=NOTHING,
        ),
    ),
)

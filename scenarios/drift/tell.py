"""From production runs and the worlds' truth to the story: what happened, what was seen, what it cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from monitoring.judging import judging
from monitoring.performance import metrics, profit
from monitoring.performance.profit import Economics
from monitoring.vocabulary import Alert, Layer, Measurement, Verdict
from pipelines.production import MonthRun
from pipelines.train import LABEL_GAP_MONTHS
from pipelines.world.company import Company
from pipelines.world.faults.fault import PulledFault
from pipelines.world.levers.lever import BLIP_MONTHS, PulledLever, Shape
from pipelines.world.mechanism import changed
from pipelines.world.truth import expected_auc, expected_log_loss
from scenarios.drift.story import (
    AlertShown,
    Happening,
    LayerSaid,
    Month,
    Quality,
    Seen,
    TrialShown,
    VerdictWord,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthTruths:
    """What is true of one month: the truth of this world and of its twin, and the first champion's log in the twin."""

    here: pd.DataFrame
    twin: pd.DataFrame
    twin_log: pd.DataFrame


def month_of(
    done: MonthRun, truths: MonthTruths, company: Company, happenings: Sequence[Happening], *, economics: Economics
) -> Month:
    """One month of the story."""
    here, twin = deployed(done.predictions, truths.here, economics), deployed(truths.twin_log, truths.twin, economics)
    best, best_twin = (best_possible(truth, economics) for truth in (truths.here, truths.twin))
    missed = (best.profit_per_1000 - here.profit_per_1000) - (best_twin.profit_per_1000 - twin.profit_per_1000)
    estimate = done.report.figure("estimated_auc")
    return Month(
        label=done.label,
        customers=len(done.predictions),
        model=str(done.predictions["model_version"].iloc[0]),
        blocked=done.report.blocked,
        active=tuple(h.title for h in happenings if h.first <= done.label and (h.last is None or done.label <= h.last)),
        changed=_mechanism_log(company, done.month),
        mean_score=_r(float(done.predictions["score"].mean())),
        flagged_share=_r(float(done.predictions["flagged"].mean())),
        churn_rate=_r(float((truths.here["reason"] >= 0).mean())),
        true=here,
        twin=twin,
        best=best,
        seen=_seen(done, company, economics),
        estimated_auc=None if estimate is None or estimate.value is None else _r(estimate.value),
        layers=layers_said(done.report.measurements),
        alerts=tuple(_shown(alert) for alert in done.report.alerts),
        decision=done.decision,
        trial=_trial(done),
        lost_per_1000=_r(missed, 2),
    )


def deployed(log: pd.DataFrame, truth: pd.DataFrame, economics: Economics) -> Quality:
    """Exact quality of the scores that went out, over the customers who were still there."""
    known = log.merge(truth[["customer_id", "bayes"]], on="customer_id", how="inner")
    p, score = known["bayes"].to_numpy(), known["score"].to_numpy()
    contacted = known["flagged"].to_numpy().astype(float)
    return Quality(
        auc=_r(expected_auc(score, p)),
        log_loss=_r(expected_log_loss(score, p)),
        calibration=_r(float(p.sum() / score.sum())),
        profit_per_1000=_r(profit.profit(p, contacted, 0.5, economics), 2),
    )


def best_possible(truth: pd.DataFrame, economics: Economics) -> Quality:
    """What the exact probabilities would have achieved as scores."""
    p = truth["bayes"].to_numpy()
    return Quality(
        auc=_r(expected_auc(p, p)),
        log_loss=_r(expected_log_loss(p, p)),
        calibration=1.0,
        profit_per_1000=_r(profit.profit(p, p, profit.break_even(economics), economics), 2),
    )


def _seen(done: MonthRun, company: Company, economics: Economics) -> Seen | None:
    landed = done.landed
    if landed is None:
        return None
    churned, score = landed["churned"].to_numpy(), landed["score"].to_numpy()
    area = metrics.auc(churned, score)
    return Seen(
        cohort=company.calendar.label(done.month - LABEL_GAP_MONTHS),
        auc=_r(area.value),
        auc_low=_r(area.low),
        auc_high=_r(area.high),
        calibration=_r(metrics.calibration_ratio(churned, score)),
        profit_per_1000=_r(profit.profit(churned, landed["flagged"].astype(float), 0.5, economics), 2),
    )


def layers_said(measurements: Sequence[Measurement]) -> tuple[LayerSaid, ...]:
    """One line a layer that judged something, in order of trust."""
    judged = ((layer, judging(layer, measurements)) for layer in Layer)
    return tuple(_layer_said(layer, said) for layer, said in judged if said)


def _layer_said(layer: Layer, said: Sequence[Measurement]) -> LayerSaid:
    alarms = sorted((m for m in said if m.verdict is Verdict.ALARM), key=lambda m: (not m.hard, -m.weight, m.key))
    silent = all(m.verdict is Verdict.CANNOT_TELL for m in said)
    verdict: VerdictWord = "alarm" if alarms else "cannot_tell" if silent else "ok"
    leading = f"{alarms[0].subject}: {alarms[0].note or alarms[0].signal}" if alarms else ""
    return LayerSaid(layer=str(layer), verdict=verdict, alarms=len(alarms), checks=len(said), leading=leading)


def _shown(alert: Alert) -> AlertShown:
    plain = alert.to_plain()
    kept = {name: plain[name] for name in AlertShown.model_fields if name != "subject"}
    return AlertShown(**_rounded(kept), subject=str(alert.subject))


def _rounded(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _r(value) if isinstance(value, float) else value for name, value in plain.items()}


def _trial(done: MonthRun) -> TrialShown | None:
    if done.trial is None:
        return None
    names = [name for name in TrialShown.model_fields if name != "promoted"]
    shown = {name: getattr(done.trial, name) for name in names} | {"action": str(done.trial.action)}
    return TrialShown(**_rounded(shown), promoted=done.trial.promoted)


def _mechanism_log(company: Company, month: int) -> tuple[str, ...]:
    """What the levers changed in the world's mechanism this month, as computed from it."""
    moved = changed(company.base_mechanism(month), company.mechanism(month))
    return tuple(f"{name}: {_short(before)} -> {_short(after)}" for name, (before, after) in moved.items())


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def lever_happening(pulled: PulledLever, company: Company) -> Happening:
    """A pulled lever as the story shows it; at dose 0 it changes nothing, so that it does no harm."""
    lever = pulled.lever
    distributions = (("P(X)", lever.moves.p_x), ("P(Y)", lever.moves.p_y), ("P(Y|X)", lever.moves.p_y_given_x))
    return Happening(
        kind="lever",
        name=lever.name,
        title=lever.title,
        first=company.calendar.label(pulled.start),
        last=company.calendar.label(pulled.start + BLIP_MONTHS - 1) if pulled.shape is Shape.BLIP else None,
        dose=f"{pulled.dose:g} {lever.unit}",
        shape=str(pulled.shape),
        moves=tuple(name for name, moves in distributions if moves),
        harmless=lever.harmless or not pulled.dose,
    )


def fault_happening(pulled: PulledFault, company: Company) -> Happening:
    """A fault as the story shows it; the world and its truth do not move."""
    return Happening(
        kind="fault",
        name=pulled.fault.name,
        title=pulled.fault.title,
        first=company.calendar.label(pulled.start),
        last=None if pulled.until is None else company.calendar.label(pulled.until),
        dose=f"{pulled.dose:g} {pulled.fault.unit}",
        shape="sudden",
        moves=(),
        harmless=pulled.fault.harmless or not pulled.dose,
    )


def _r(value: float, digits: int = 6) -> float:
    return round(float(value), digits)

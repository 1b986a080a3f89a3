"""Who was hit and what it cost: every run done over as it should have been."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from pipelines.features import SOURCES, build
from pipelines.model import Calibration, ChurnModel, fit_calibration
from scenarios.incident.answers.cause import Cause, all_zero, rebuilt, relabelled, repeated, rescored, unchanged
from scenarios.incident.answers.material import Material
from scenarios.incident.bank import incident as words

MOVED: Final = 0.001
"""A score is wrong when it differs by more than this (the brief's word)."""

USAGE: Final = tuple(name for name, table in SOURCES.items() if table == "usage")


@dataclass(frozen=True, kw_only=True, slots=True)
class Blast:
    """Rows hit (month, customer_id) and dollars."""

    affected: pd.DataFrame
    cost: float


def blast(case: Material, found: Cause) -> Blast:
    """The radius of a cause."""
    if found.where == "invoices":
        return _billed(case, found)
    if found.mechanism in (words.STALE, words.DEFAULT) and found.where == "usage":
        return _unknowable(case, found)
    mended = _mended(case, found)
    parts, cost = list[pd.DataFrame](), 0.0
    for label in case.live:
        if label < found.since:
            continue
        right = _right(case, label, found, mended)
        due = pd.Index(right.index[right.to_numpy() >= case.model(label).threshold])
        sent, logged = case.offered(label), case.logged(label)
        moved = right.index[(right - logged.reindex(right.index)).abs().to_numpy() > MOVED]
        hit = moved.union(due.symmetric_difference(sent))
        parts.append(pd.DataFrame({"month": label, "customer_id": hit}))
        cost += case.worth(right.loc[due].to_numpy()) - case.worth(right.reindex(sent).fillna(0.0).to_numpy())
    return Blast(affected=pd.concat(parts, ignore_index=True), cost=cost)


def _billed(case: Material, found: Cause) -> Blast:
    parts = [
        pd.DataFrame({"month": label, "customer_id": who})
        for label in case.live
        if label >= found.since
        and len(who := repeated(case.months[label]["invoices"], ["customer_id"])["customer_id"].unique())
    ]
    affected = pd.concat(parts, ignore_index=True)
    return Blast(affected=affected, cost=len(affected) * case.prices["refund"])


def _mended(case: Material, found: Cause) -> dict[str, dict[str, pd.DataFrame]]:
    """Raw tables as they should have come, by month and name."""
    months = [label for label in case.months if label >= found.since]
    tables = {label: case.months[label] for label in months}
    if found.mechanism == words.FAN_OUT:
        return {m: {"tickets": t["tickets"].drop_duplicates(["ticket_id", "event"])} for m, t in tables.items()}
    if found.mechanism == words.DUPLICATES:
        return {m: {"usage": t["usage"].drop_duplicates(["customer_id", "event_at"])} for m, t in tables.items()}
    if found.mechanism == words.RENAMED:
        return {m: {"payments": _renamed(t["payments"], case)} for m, t in tables.items()}
    if found.mechanism == words.DEFAULT:
        return {m: {"attribute_history": _known_contract(t["attribute_history"])} for m, t in tables.items()}
    return {}


def _renamed(payments: pd.DataFrame, case: Material) -> pd.DataFrame:
    """New words are read as `paid`: they carry no decline code, as only paid attempts do."""
    known = set(case.months[case.live[0]]["payments"]["outcome"])
    return payments.assign(outcome=payments["outcome"].where(payments["outcome"].isin(known), "paid"))


def _known_contract(history: pd.DataFrame) -> pd.DataFrame:
    """A contract without an end is a monthly one, whatever it is called."""
    new = ~history["contract"].isin(("monthly", "annual"))
    return history.assign(contract=history["contract"].mask(new, "monthly"))


def _right(case: Material, label: str, found: Cause, mended: Mapping[str, Mapping[str, pd.DataFrame]]) -> pd.Series:
    """The scores that should have gone out."""
    if found.where == words.LABEL_JOB:
        return _refitted(case, label).score(case.snapshot(label))
    if found.where in (words.CAMPAIGN, words.SCORING_JOB, words.SCORE_LOG):
        return rescored(case, label)
    return case.model(label).score(rebuilt(case, label, mended))


def _refitted(case: Material, label: str) -> ChurnModel:
    """The month's model with its recalibration fitted on right labels; the first model where it is not recalibrated."""
    first, now = case.model(case.live[0]), case.model(label)
    if now.version == first.version:
        return first
    at = next(one for one in case.live if case.model(one).version == now.version)
    cohorts = []
    for one in case.live[: case.live.index(at) + 1]:
        rows = relabelled(case, one)
        if rows is not None:
            cohorts.append(rows.assign(score=case.logged(str(rows["cohort"].iloc[0]))).dropna())
    rows = pd.concat(cohorts[-3:])
    mapped = fit_calibration(rows["score"].to_numpy(np.float64), rows["made"].to_numpy(np.float64))
    old = first.calibration
    fitted = Calibration(intercept=mapped.intercept + mapped.slope * old.intercept, slope=mapped.slope * old.slope)
    return replace(first, calibration=fitted)


def _unknowable(case: Material, found: Cause) -> Blast:
    """Where the true usage is lost: those whose usage is false, and the cost of the same done to good months."""
    months = [label for label in case.live if label >= found.since]
    hit = {label: _hit(case, label, found) for label in months}
    parts = [pd.DataFrame({"month": label, "customer_id": who}) for label, who in hit.items()]
    share = {label: len(hit[label]) / len(case.snapshot(label)) for label in months}
    good = [label for label in case.months if "features" in case.months[label] and label < found.since][-4:]
    again = _stale_again if found.mechanism == words.STALE else _zero_again
    cost = sum(
        float(np.mean([again(case, one, hit[label], age) for one in good])) * (share[label] > 0.0)
        for age, label in enumerate(months, start=1)
    )
    return Blast(affected=pd.concat(parts, ignore_index=True), cost=cost)


def _hit(case: Material, label: str, found: Cause) -> pd.Index:
    """Customers whose newest weeks are false; at the zeros those with any false week in the window count."""
    known = case.snapshot(label).index
    usage = {one: case.months[one]["usage"] for one in case.months if found.since <= one <= label}
    if found.mechanism == words.DEFAULT:
        rows = pd.concat(list(usage.values())[-3:])
        known_hit: pd.Index = pd.Index(rows["customer_id"][all_zero(rows)].unique()).intersection(known)
        return known_hit
    before = [one for one in case.months if one < label][-1]
    return unchanged(usage[label], case.months[before]["usage"]).intersection(known)


def _stale_again(case: Material, label: str, hit: pd.Index, age: int) -> float:
    """What it costs when those hit have usage features `age` months old in a good month."""
    months = [one for one in case.months if "features" in case.months[one]]
    old = case.snapshot(months[max(months.index(label) - age, 0)])
    good = case.snapshot(label)
    who = good.index.intersection(hit).intersection(old.index)
    false = good.copy()
    false.loc[who, list(USAGE)] = old.loc[who, list(USAGE)]
    return _lost(case, good, false)


def _zero_again(case: Material, label: str, hit: pd.Index, age: int) -> float:
    """What it costs when the newest `age` deliveries of those hit are 0 in a good month."""
    upto = [one for one in case.months if one <= label][-min(age, 3) :]
    changed = {one: {"usage": _zeroed(case.months[one]["usage"], hit)} for one in upto}
    return _lost(case, case.snapshot(label), build(case.raw(label, changed), case.cutoff(label)))


def _zeroed(usage: pd.DataFrame, hit: pd.Index) -> pd.DataFrame:
    who = usage["customer_id"].isin(hit)
    return usage.assign(
        **{name: usage[name].mask(who, 0) for name in ("sessions", "active_minutes", "distinct_features")}
    )


def _lost(case: Material, good: pd.DataFrame, false: pd.DataFrame) -> float:
    """Dollars between offers on good features and on false ones, the good scores taken for the truth."""
    model = case.model(case.live[0])
    right, wrong = model.score(good), model.score(false)
    due, sent = (right.index[one.reindex(right.index).to_numpy() >= model.threshold] for one in (right, wrong))
    return case.worth(right.loc[due].to_numpy()) - case.worth(right.loc[sent].to_numpy())

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

DOUBT: Final = 0.25
"""How far a cost may be off, four times out of five: model scores stand in for chances."""

MUCH_DOUBT: Final = 0.4
"""The same where the right scores are lost as well."""

GOOD_MONTHS: Final = 6
WEEK: Final = pd.Timedelta(days=7)

USAGE: Final = tuple(name for name, table in SOURCES.items() if table == "usage")


@dataclass(frozen=True, kw_only=True, slots=True)
class Blast:
    """Rows hit (month, customer_id), dollars, and by which share of them the dollars may be off."""

    affected: pd.DataFrame
    cost: float
    doubt: float


def blast(case: Material, found: Cause) -> Blast:
    """The radius of a cause."""
    if found.where == "invoices":
        return _billed(case, found)
    if found.mechanism in (words.STALE, words.DEFAULT) and found.where == "usage":
        return _lost_for_good(case, found)
    mended = _mended(case, found)
    parts, cost = list[pd.DataFrame](), 0.0
    for label in case.live:
        if label < found.since:
            continue
        right = _right(case, label, found, mended)
        due, sent, logged = _due(case, label, right), case.offered(label), case.logged(label)
        moved = right.index[(right - logged.reindex(right.index)).abs().to_numpy() > MOVED]
        hit = moved.union(due.symmetric_difference(sent))
        parts.append(pd.DataFrame({"month": label, "customer_id": hit}))
        cost += _between(case, right, due=due, sent=sent)
    return Blast(affected=pd.concat(parts, ignore_index=True), cost=cost, doubt=DOUBT)


def _billed(case: Material, found: Cause) -> Blast:
    parts = [
        pd.DataFrame({"month": label, "customer_id": who})
        for label in case.live
        if label >= found.since
        and len(who := repeated(case.months[label]["invoices"], ["customer_id"])["customer_id"].unique())
    ]
    affected = pd.concat(parts, ignore_index=True)
    return Blast(affected=affected, cost=len(affected) * case.prices["refund"], doubt=DOUBT)


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


def _lost_for_good(case: Material, found: Cause) -> Blast:
    """Where the true usage is lost: those whose usage is false, and what that cost as far as it can be worked out."""
    months = [label for label in case.live if label >= found.since]
    hit = {label: _hit(case, label, found) for label in months}
    parts = [pd.DataFrame({"month": label, "customer_id": who}) for label, who in hit.items()]
    one = _stale_again if found.mechanism == words.STALE else _as_before
    cost = sum(one(case, label, hit[label], age=age) for age, label in enumerate(months, start=1))
    return Blast(affected=pd.concat(parts, ignore_index=True), cost=cost, doubt=MUCH_DOUBT)


def _hit(case: Material, label: str, found: Cause) -> pd.Index:
    """Customers whose newest weeks are false; at the zeros those with any false week in the window count."""
    known = case.snapshot(label).index
    usage = {one: case.months[one]["usage"] for one in case.months if found.since <= one <= label}
    if found.mechanism == words.DEFAULT:
        rows = pd.concat(list(usage.values())[-3:])
        known_hit: pd.Index = pd.Index(rows["customer_id"][all_zero(rows)].unique()).intersection(known)
        return known_hit
    return unchanged(usage[label], case.months[_before(case, label)]["usage"]).intersection(known)


def _before(case: Material, label: str) -> str:
    return [one for one in case.months if one < label][-1]


def _as_before(case: Material, label: str, hit: pd.Index, *, age: int) -> float:
    """What the offers cost if those hit used the service as in the last good month, newcomers as is usual."""
    snapshots = [one for one in case.months if "features" in case.months[one]]
    now, old = case.snapshot(label), case.snapshot(snapshots[snapshots.index(label) - age])
    usual = now.loc[now.index.difference(hit), list(USAGE)].median()
    mended = now.copy()
    mended.loc[hit, list(USAGE)] = old[list(USAGE)].reindex(hit).fillna(usual)
    right = case.model(label).score(mended)
    return _between(case, right, due=_due(case, label, right), sent=case.offered(label))


def _stale_again(case: Material, label: str, hit: pd.Index, *, age: int) -> float:
    """What it costs when the same is done to good months: old usage served again `age` months long; their mean."""
    snapshots = [one for one in case.months if "features" in case.months[one]]
    good = snapshots[: snapshots.index(label) - age + 1][-GOOD_MONTHS:]
    served = pd.Index(case.months[_before(case, label)]["usage"]["customer_id"].unique())
    share = len(hit) / len(case.snapshot(label).index.intersection(served))
    return share * float(np.mean([_once_stale(case, one, label, age) for one in good]))


def _once_stale(case: Material, good: str, label: str, age: int) -> float:
    """Dollars a good month would have lost had everybody's usage been served again for the `age` months up to it."""
    last, *months = [one for one in case.months if one <= good][-age - 1 :]
    usage, changed = case.months[last]["usage"], dict[str, dict[str, pd.DataFrame]]()
    for one in months:
        fresh, again = case.months[one]["usage"], _redated(usage, case.cutoff(one))
        usage = pd.concat([again, fresh[~fresh["customer_id"].isin(again["customer_id"])]], ignore_index=True)
        changed[one] = {"usage": usage}
    model = case.model(label)
    right, wrong = model.score(case.snapshot(good)), model.score(build(case.raw(good, changed), case.cutoff(good)))
    return _between(case, right, due=_due(case, label, right), sent=_due(case, label, wrong))


def _redated(usage: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """Old usage under new dates: its newest week becomes the newest whole week before `end`."""
    ahead = (end - usage["event_at"].max()) // WEEK * WEEK
    return usage.assign(**{name: usage[name] + ahead for name in ("event_at", "available_at")})


def _due(case: Material, label: str, scores: pd.Series) -> pd.Index:
    found: pd.Index = scores.index[scores.to_numpy() >= case.model(label).threshold]
    return found


def _between(case: Material, right: pd.Series, *, due: pd.Index, sent: pd.Index) -> float:
    """Dollars between the offers that were due and those that went out, right scores taken for the truth."""
    return case.worth(right.loc[due].to_numpy()) - case.worth(right.reindex(sent).fillna(0.0).to_numpy())

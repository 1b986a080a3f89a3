"""Going along the chain from raw tables to offers: the first step whose output does not follow from its input."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pipelines.features import CATEGORICAL, FEATURES, build
from pipelines.labels import labels
from pipelines.model import Floats
from scenarios.incident.answers.material import Material
from scenarios.incident.bank import incident as words

CELLS_OFF: Final = 1e-6
"""Numbers that differ by less are the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """What failed: place, mechanism and action as the brief words them, its first month, and what shows it."""

    where: str
    mechanism: str
    action: str
    since: str
    evidence: str


def cause(case: Material) -> Cause | None:
    """The first failing step; None where every step did what it should."""
    for look in (_raw, _features, _scores, _offers, _labels):
        if (found := look(case)) is not None:
            return found
    return None


def repeated(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Rows that share their keys with another row."""
    return table[table.duplicated(keys, keep=False)]


def all_zero(usage: pd.DataFrame) -> pd.Series:
    """Which rows of usage are 0 in every count."""
    return (usage[["sessions", "active_minutes", "distinct_features"]] == 0).all(axis=1)


def unchanged(usage: pd.DataFrame, before: pd.DataFrame) -> pd.Index:
    """Customers whose weeks are exactly those of the month before, value by value."""
    mine, theirs = (_fingerprint(table) for table in (usage, before))
    both = mine.index.intersection(theirs.index)
    found: pd.Index = pd.Index(both[(mine.loc[both] == theirs.loc[both]).all(axis=1)])
    return found


def _fingerprint(usage: pd.DataFrame) -> pd.DataFrame:
    return usage.groupby("customer_id").agg(
        weeks=("sessions", "size"), sessions=("sessions", "sum"), minutes=("active_minutes", "sum")
    )


ZEROS, SAME = 0.05, 0.3
"""Shares of rows all zero, and of customers unchanged, from which something is broken; usual is next to none."""


def _raw(case: Material) -> Cause | None:
    checks: tuple[Callable[[Material, str], tuple[str, str, str, str] | None], ...] = (
        _twice("tickets", ["ticket_id", "event"], words.FAN_OUT, words.REPAIR_FEED),
        _twice("usage", ["customer_id", "event_at"], words.DUPLICATES, words.REPAIR_FEED),
        _twice("invoices", ["customer_id"], words.RETRY, words.REFUND),
        _new_outcome,
        _zeros,
        _stale,
    )
    for label in case.live:
        for one in checks:
            if (found := one(case, label)) is not None:
                where, mechanism, action, evidence = found
                return Cause(where=where, mechanism=mechanism, action=action, since=label, evidence=evidence)
    return None


_Found = tuple[str, str, str, str]


def _twice(table: str, keys: list[str], mechanism: str, action: str) -> Callable[[Material, str], _Found | None]:
    def look(case: Material, label: str) -> _Found | None:
        rows = repeated(case.months[label][table], keys)
        return (table, mechanism, action, f"{len(rows)} rows share {', '.join(keys)}") if len(rows) else None

    return look


def _new_outcome(case: Material, label: str) -> _Found | None:
    known = set().union(*(set(case.months[one]["payments"]["outcome"].dropna()) for one in case.months if one < label))
    new = sorted(set(case.months[label]["payments"]["outcome"].dropna()) - known)
    return ("payments", words.RENAMED, words.REPAIR_FEED, f"new words: {', '.join(new)}") if new else None


def _zeros(case: Material, label: str) -> _Found | None:
    share = float(all_zero(case.months[label]["usage"]).mean())
    usual = max(float(all_zero(case.months[one]["usage"]).mean()) for one in case.months if one < label)
    says = f"{share:.1%} of the rows are 0 throughout, at most {usual:.1%} before"
    return ("usage", words.DEFAULT, words.REPAIR_FEED, says) if share > usual + ZEROS else None


def _stale(case: Material, label: str) -> _Found | None:
    before = [one for one in case.months if one < label][-1]
    usage = case.months[label]["usage"]
    share = len(unchanged(usage, case.months[before]["usage"])) / max(usage["customer_id"].nunique(), 1)
    says = f"{share:.0%} of the customers have last month's weeks again"
    return ("usage", words.STALE, words.REPAIR_FEED, says) if share > SAME else None


def rebuilt(
    case: Material, label: str, changed: Mapping[str, Mapping[str, pd.DataFrame]] | None = None
) -> pd.DataFrame:
    """The features made anew from the raw tables."""
    return build(case.raw(label, changed), case.cutoff(label))


def cells_off(stored: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame:
    """Which cells of a stored snapshot are not what the job would make, by customer and feature."""
    made = made.reindex(stored.index)
    return pd.DataFrame({name: _differs(stored[name], made[name], name) for name in FEATURES}, index=stored.index)


def _differs(stored: pd.Series, made: pd.Series, name: str) -> Floats:
    if name in CATEGORICAL:
        return np.asarray(stored.astype("object").fillna("") != made.astype("object").fillna(""))
    a, b = stored.to_numpy(np.float64), made.to_numpy(np.float64)
    return np.asarray(~np.isclose(a, b, atol=CELLS_OFF, rtol=0.0, equal_nan=True))


def _features(case: Material) -> Cause | None:
    for place, label in enumerate(case.live):
        stored, made = case.snapshot(label), rebuilt(case, label)
        off = cells_off(stored, made)
        if off.to_numpy().any():
            rows = off.index[off.any(axis=1)]
            mechanism, says = _why(case, place, rows, list(off.columns[off.any()]))
            return Cause(
                where=words.FEATURE_JOB, mechanism=mechanism, action=words.ROLL_BACK, since=label, evidence=says
            )
    return None


def _why(case: Material, place: int, rows: pd.Index, columns: list[str]) -> tuple[str, str]:
    """Which mechanism fits the rows and columns that are off."""
    label, stored = case.live[place], case.snapshot(case.live[place])
    if _unknown_words(case, label):
        return words.DEFAULT, f"{len(rows)} customers with contract words the job does not know: {columns}"
    months = list(case.months)
    before = rebuilt(case, months[months.index(label) - 1])
    both = rows.intersection(before.index)
    old = ~cells_off(stored.loc[both, list(FEATURES)], before.loc[both])[columns].any(axis=1)
    if old.mean() > 0.9:  # noqa: PLR2004 - nearly all of them
        regions = sorted(set(stored.loc[rows, "region"]))
        if len(regions) == 1:
            return words.TIME_ZONE, f"{len(rows)} customers, all in {regions[0]}, have the month before"
        return words.CACHE, f"{len(rows)} customers have the {len(columns)} values of the month before"
    return words.WRONG_KEY, f"{len(rows)} customers have values of {columns} that are somebody else's"


def _unknown_words(case: Material, label: str) -> bool:
    history = case.raw(label)["attribute_history"]
    return bool((~history["contract"].isin(CATEGORICAL["contract"]) & history["contract"].notna()).any())


def rescored(case: Material, label: str) -> pd.Series:
    """What the registry's model says of the stored snapshot."""
    return case.model(label).score(case.snapshot(label))


def _scores(case: Material) -> Cause | None:
    off = {label: _score_off(case, label) for label in case.live}
    bad = [label for label in case.live if len(off[label])]
    if not bad:
        return None
    where, mechanism, says = _which(case, bad, off)
    return Cause(where=where, mechanism=mechanism, action=words.ROLL_BACK, since=bad[0], evidence=says)


def _score_off(case: Material, label: str) -> pd.Index:
    logged, anew = case.logged(label), rescored(case, label)
    found: pd.Index = pd.Index(logged.index[(logged - anew.reindex(logged.index)).abs().to_numpy() > CELLS_OFF])
    return found


def _which(case: Material, bad: list[str], off: Mapping[str, pd.Index]) -> tuple[str, str, str]:
    """The rival whose scores the log holds, over all bad months."""
    rivals = {
        (words.SCORING_JOB, words.WRONG_VERSION): lambda label, _: case.model(label, "withdrawn").score(
            case.snapshot(label)
        ),
        (words.SCORING_JOB, words.TRUNCATED): lambda _, before: case.logged(before),
        (words.SCORE_LOG, words.WRONG_MONTH): lambda _, before: rescored(case, before),
    }
    fits = {
        rival: float(np.mean([_agrees(case, label, off[label], says) for label in bad]))
        for rival, says in rivals.items()
    }
    (where, mechanism), share = max(fits.items(), key=lambda one: one[1])
    count = sum(len(off[label]) for label in bad)
    if share < HALF:
        return words.SCORING_JOB, words.COLUMN_ORDER, f"{count} scores fit no model and no month; the snapshot is right"
    return where, mechanism, f"{share:.0%} of {count} wrong scores are explained"


HALF = 0.5


def _agrees(case: Material, label: str, rows: pd.Index, says: Callable[[str, str], pd.Series]) -> float:
    """Share of the wrong rows of a month that a rival explains."""
    before = case.live[max(case.live.index(label) - 1, 0)]
    expected = says(label, before).reindex(rows)
    return float(((case.logged(label).loc[rows] - expected).abs() < CELLS_OFF).mean())


def _offers(case: Material) -> Cause | None:
    for label in case.live:
        logged, threshold = case.logged(label), case.model(label).threshold
        due = pd.Index(logged.index[logged.to_numpy() >= threshold])
        sent = case.offered(label)
        if len(due.symmetric_difference(sent)):
            least = float(logged.reindex(sent).min())
            says = f"{len(sent)} offers, {len(due)} due; the lowest score offered is {least:.3f}, not {threshold:.3f}"
            return Cause(
                where=words.CAMPAIGN, mechanism=words.SETTING, action=words.RESTORE, since=label, evidence=says
            )
    return None


def relabelled(case: Material, label: str) -> pd.DataFrame | None:
    """The landed labels of a month, with what the label job makes of the subscriptions in the column `made`."""
    if "labels" not in case.months[label]:
        return None
    landed = case.months[label]["labels"].set_index("customer_id")
    cutoff = case.cutoff(str(landed["cohort"].iloc[0]))
    made = labels(case.raw(label), landed.index, cutoff, as_of=case.cutoff(label))
    return landed.assign(made=made)


def _labels(case: Material) -> Cause | None:
    for label in case.live:
        rows = relabelled(case, label)
        if rows is None:
            continue
        rows = rows.dropna()
        off = rows[rows["churned"] != rows["made"]]
        if len(off):
            saved = float((off["made"] == 1.0).mean()) > HALF
            mechanism = words.OWN_LABELS if saved else words.LABEL_RULE
            says = f"{len(off)} labels differ from the subscriptions, {int((off['made'] == 1.0).sum())} leavers denied"
            return Cause(where=words.LABEL_JOB, mechanism=mechanism, action=words.REFIT, since=label, evidence=says)
    return None

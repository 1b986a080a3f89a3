"""What the company's monitor is held against: good months of the raw tables, of the model's view, and of its scores."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
from pandas.api.types import is_datetime64_any_dtype

from monitoring.drift.prediction import build_prediction
from monitoring.performance.estimated.reference import build_estimate
from monitoring.performance.good_cohorts import build_realised
from monitoring.performance.profit import Economics
from monitoring.performance.relation import build_relation
from monitoring.reference import GoodMonths, Policy, Reference, build_reference
from pipelines.dataset import Cohort, Feed
from pipelines.features import COLUMNS_READ, FEATURES, READ_BY_ALL, READS, SOURCES
from pipelines.model import ChurnModel
from pipelines.world.calendar import Calendar

KEYS = {
    "model_view": ("customer_id",),
    "customers": ("customer_id",),
    "usage": ("customer_id", "event_at"),
    "tickets": ("ticket_id", "event"),
}
"""Columns that must be unique together, table by table."""

COLUMNS_SEEN = {
    "usage": ("platform",),
    "payments": ("attempt",),
    "invoices": ("amount_cents", "currency", "billing_system"),
}
"""Raw columns that nobody reads but that tell where a break comes from, or that one is on its way."""

_LABELS_FROM = "subscriptions"
"""The table without which nobody knows who is a customer and who has churned, whatever the model makes of it."""

_LABEL_COLUMNS = (*READ_BY_ALL, "event", "reason")

COLUMNS_USED = COLUMNS_READ | {_LABELS_FROM: _LABEL_COLUMNS}
"""Raw columns that features or labels read; a break in any other is no reason to hold scores back."""

TABLES_WATCHED = (*COLUMNS_USED, *(name for name in COLUMNS_SEEN if name not in COLUMNS_USED))
"""The raw tables whose deliveries are checked."""

_SEASON_MONTHS = 12
"""Months of scores that a new model is held against: one of each name."""


def first_reference(
    feed: Feed,
    calendar: Calendar,
    cohorts: Sequence[Cohort],
    *,
    held_out: pd.DataFrame,
    model: ChurnModel,
    economics: Economics,
    one_false_page_in_months: float,
    tolerance: float,
) -> Reference:
    """The reference learnt from the history: raw deliveries and views of `cohorts`' months, and the held-out scores.

    A run's raw tables are those delivered the month before, so they go under the run's month.
    """
    good = GoodMonths(
        views={c.label: c.features.reset_index() for c in cohorts},
        cohorts=_by_month(held_out, cohorts),
        tables={
            name: {c.label: watched(name, feed.months[name][c.month - 1], _start(calendar, c.month)) for c in cohorts}
            for name in TABLES_WATCHED
        },
        keys=KEYS,
        used=used_by(_weights(model)),
        cutoffs={c.label: _start(calendar, c.month) for c in cohorts},
    )
    policy = Policy(
        threshold=model.threshold,
        economics=economics,
        weights=_weights(model),
        one_false_page_in_months=one_false_page_in_months,
        tolerance=tolerance,
    )
    return build_reference(good, policy)


def _start(calendar: Calendar, month: int) -> pd.Timestamp:
    return pd.Timestamp(calendar.start(month))


def watched(name: str, table: pd.DataFrame, cutoff: pd.Timestamp) -> pd.DataFrame:
    """What had arrived of a month's table by the cutoff, in the columns that are checked.

    These are keys, times, what features or labels are made of, and what tells where a break comes from. Times that
    cannot be read are left to the gate.
    """
    wanted = (*KEYS.get(name, ()), *COLUMNS_USED.get(name, ()), *COLUMNS_SEEN.get(name, ()))
    kept = dict.fromkeys((*READ_BY_ALL, *wanted))
    columns = table[[column for column in table.columns if column in kept]]
    if "available_at" not in columns or not is_datetime64_any_dtype(columns["available_at"].dtype):
        return columns
    return columns[columns["available_at"] < cutoff]


def watched_month(feed: Feed, month: int, cutoff: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """What had arrived by the cutoff of the tables of `month`, in the columns that are checked."""
    return {name: watched(name, feed.months[name][month], cutoff) for name in TABLES_WATCHED}


def reference_of(reference: Reference, good: Sequence[Cohort], model: ChurnModel, held_out: pd.DataFrame) -> Reference:
    """The reference after a promotion: scores are held against the new model's, inputs and tables against the old."""
    policy = replace(reference.policy, threshold=model.threshold, weights=_weights(model))
    cohorts = _by_month(held_out, good)
    year = sorted(c.label for c in good)[-_SEASON_MONTHS:]
    scores = {c.label: model.score(c.features) for c in good if c.label in year}
    return replace(
        reference,
        policy=policy,
        gate=reference.gate.weighted(used_by(policy.weights), policy.weights),
        prediction=build_prediction(scores, model.threshold),
        estimate=build_estimate(
            cohorts,
            threshold=model.threshold,
            economics=policy.economics,
            views={c.label: c.features.reset_index() for c in good},
            keys=KEYS[policy.alerts.view],
            weights=policy.weights,
        ),
        relation=build_relation(cohorts),
        realised=build_realised(
            cohorts,
            threshold=model.threshold,
            economics=policy.economics,
            one_false_page_in_months=policy.one_false_page_in_months,
            tolerance=policy.tolerance,
        ),
    )


def used_by(weights: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """Raw table to its columns' shares of the model's use, from the shares of the features that read them.

    Keys and times of a table carry all features made from it, columns of labels everything; what nobody reads weighs
    nothing.
    """
    shares = {name: dict.fromkeys(COLUMNS_USED.get(name, ()), 0.0) for name in TABLES_WATCHED}
    for feature, weight in weights.items():
        for column in READS[feature]:
            shares[SOURCES[feature]][column] += weight
    return shares | {_LABELS_FROM: dict.fromkeys(_LABEL_COLUMNS, 1.0)}


def _by_month(held_out: pd.DataFrame, cohorts: Sequence[Cohort]) -> dict[str, pd.DataFrame]:
    """Held-out scores and labels by month, with the features beside them where the month's cohort is known."""
    features = {c.label: c.features for c in cohorts}
    months = {str(month): rows[["customer_id", "score", "churned"]] for month, rows in held_out.groupby("month")}
    return {
        month: rows.join(features[month], on="customer_id") if month in features else rows
        for month, rows in months.items()
    }


def _weights(model: ChurnModel) -> dict[str, float]:
    return {name: model.gain.get(name, 0.0) for name in FEATURES}

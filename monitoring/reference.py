"""Everything learnt from good months, once: what every later month is held against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from monitoring.alerts.settings import AlertSettings
from monitoring.drift.inputs import InputReference, build_inputs
from monitoring.drift.prediction import PredictionReference, build_prediction
from monitoring.gate.gate import Gate, GoodDeliveries, learn_gate
from monitoring.months import index_of
from monitoring.performance.estimated.reference import EstimateReference, build_estimate
from monitoring.performance.good_cohorts import RealisedReference, build_realised
from monitoring.performance.profit import Economics
from monitoring.performance.relation import RelationReference, build_relation
from monitoring.thinning import places

PLOT_ROWS = 1000
"""Rows kept of each good month for drawing; statistics use all rows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GoodMonths:
    """The months that are known to be good. Every mapping goes from month ("2025-03") to a table.

    `tables` are the raw tables by name; `views` what the model read; `cohorts` the columns `score` and
    `churned` of months the model was not fitted on (`churned`, or the whole, may be lacking: then so are the
    layers that need them). Features may stand beside them; then their relation to churn is watched too.
    `keys` maps a table's name (`model_view` for the view) to its key columns, `used` a raw table's name to the
    weights of its columns (all 1 where absent).
    """

    views: Mapping[str, pd.DataFrame]
    cohorts: Mapping[str, pd.DataFrame]
    tables: Mapping[str, Mapping[str, pd.DataFrame]] = field(default_factory=dict)
    keys: Mapping[str, Sequence[str]] = field(default_factory=dict)
    used: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    cutoffs: Mapping[str, pd.Timestamp] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """What the user decides: the campaign, and how often and for how much a person may be called.

    `threshold` is the score from which customers are contacted; `weights` maps the view's columns to the
    share of the model's use; `one_false_page_in_months` is the price of vigilance; `tolerance` the harm in
    money per 1000 customers and month that is not worth a call.
    """

    threshold: float
    economics: Economics
    weights: Mapping[str, float]
    one_false_page_in_months: float = 60.0
    tolerance: float = 0.0
    alerts: AlertSettings = field(default_factory=AlertSettings)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """What every later month is held against, layer by layer; None where the good months gave no scores or labels."""

    policy: Policy
    gate: Gate
    inputs: InputReference
    prediction: PredictionReference | None
    estimate: EstimateReference | None
    realised: RealisedReference | None
    relation: RelationReference
    plot_rows: Mapping[str, pd.DataFrame]


def build_reference(good: GoodMonths, policy: Policy) -> Reference:
    """Return the reference learnt from good months under a policy. Contracts can be overridden afterwards."""
    scores = {month: cohort["score"] for month, cohort in good.cohorts.items()}
    labelled = {month: cohort for month, cohort in good.cohorts.items() if "churned" in cohort.columns}
    return Reference(
        policy=policy,
        gate=learn_gate(_deliveries(good, policy), view=policy.alerts.view),
        inputs=build_inputs(good.views, weights=policy.weights),
        prediction=build_prediction(scores, policy.threshold) if scores else None,
        estimate=build_estimate(
            labelled,
            threshold=policy.threshold,
            economics=policy.economics,
            views=good.views,
            keys=good.keys.get(policy.alerts.view, ()),
            weights=policy.weights,
        ),
        realised=_realised(labelled, policy) if labelled else None,
        relation=build_relation(labelled),
        plot_rows={month: thinned(good.views[month]) for month in sorted(good.views, key=index_of)},
    )


def _realised(labelled: Mapping[str, pd.DataFrame], policy: Policy) -> RealisedReference:
    return build_realised(
        labelled,
        threshold=policy.threshold,
        economics=policy.economics,
        one_false_page_in_months=policy.one_false_page_in_months,
        tolerance=policy.tolerance,
    )


def _deliveries(good: GoodMonths, policy: Policy) -> GoodDeliveries:
    return GoodDeliveries(
        views=good.views,
        tables=good.tables,
        keys=good.keys,
        used=good.used,
        weights=policy.weights,
        cutoffs=good.cutoffs,
    )


def thinned(view: pd.DataFrame) -> pd.DataFrame:
    """Return at most `PLOT_ROWS` rows, evenly spaced over the view."""
    return view.iloc[places(len(view), PLOT_ROWS)]

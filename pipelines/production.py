"""The company's monthly routine: receive, check, score, monitor; what follows from it stands in `decision`.

A *run* happens at each month's start (the cutoff). It sees what was delivered up to the month before, scores every
customer, and learns the labels of the cohort two months back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from monitoring.monitor import MonthReport, observe
from monitoring.performance.profit import Economics
from monitoring.reference import Reference
from monitoring.screening import MonthInput, Screening, screen
from monitoring.state import MonitorState
from pipelines.dataset import Cohort, Feed, cohort_labels
from pipelines.features import FEATURES, SOURCES, build
from pipelines.model import ChurnModel
from pipelines.parameters import ChampionParameters
from pipelines.replay.policy import Costs
from pipelines.retrain import Trial
from pipelines.serve import prediction_log
from pipelines.train import LABEL_GAP_MONTHS
from pipelines.watch import watched_month
from pipelines.world.calendar import Calendar

NO_DECISION = "none"
"""The decision of a month in which the model simply stays."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """What the routine knows and may do: calendar, training settings, prices, and whether it may change the model."""

    calendar: Calendar
    champion: ChampionParameters
    economics: Economics
    costs: Costs
    retrain: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """What is carried from run to run: the live model, what it is held against, past cohorts and prediction logs.

    `good` are the cohorts that may be trained on: those whose data were not found broken. `promoted_in` is the month
    index of the last promotion, None before the first; `first` is the model that every challenger grows on, None while
    it is still the live one.
    """

    model: ChurnModel
    reference: Reference
    monitor: MonitorState
    good: tuple[Cohort, ...]
    log: tuple[pd.DataFrame, ...] = ()
    promoted_in: int | None = None
    first: ChurnModel | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthRun:
    """The outcome of one run: what went out, what monitoring said, and what was decided.

    `given` and `reference` are what monitoring saw and held it against. `predictions` is the prediction log's month
    (after a fallback where the gate held scoring back), `landed` the log of the cohort whose labels arrived, with a
    column `churned`, None while there is none.
    """

    month: int
    label: str
    given: MonthInput
    reference: Reference
    predictions: pd.DataFrame
    report: MonthReport
    landed: pd.DataFrame | None
    decision: str = NO_DECISION
    trial: Trial | None = None
    promoted: ChurnModel | None = None


def score_and_monitor(desk: Desk, feed: Feed, month: int, policy: Policy) -> tuple[Desk, MonthRun]:
    """The run at the start of `month`; `feed` holds every delivery up to the month before, with the repairs so far."""
    cutoff = pd.Timestamp(policy.calendar.start(month))
    features, readable = _features(desk, feed, month, cutoff)
    given = _month_input(desk, feed, month, policy, view=features.reset_index() if readable else None)
    gate = screen(desk.reference, given)
    score = desk.model.score(_usable(desk, features, gate))
    given = replace(given, score=None if gate.blocked else score, cohorts=_landed_scores(desk, feed, month, policy))
    monitor, report = observe(desk.reference, desk.monitor, given, screening=gate)
    predictions = _log(desk, score, cutoff, gate)
    cohort = None if gate.blocked else _unlabelled(features, month, policy)
    learnt = _learn(desk, monitor, cohort, predictions)
    return learnt, MonthRun(
        month=month,
        label=policy.calendar.label(month),
        given=given,
        reference=desk.reference,
        predictions=predictions,
        report=report,
        landed=_landed(learnt, feed, month, policy),
    )


def _features(desk: Desk, feed: Feed, month: int, cutoff: pd.Timestamp) -> tuple[pd.DataFrame, bool]:
    """The month's features, or the last good month's where the deliveries cannot be read, and whether they could."""
    try:
        return build(feed.before(month), cutoff), True
    except (KeyError, TypeError, ValueError):
        # A column is gone or holds something else: the gate names it, and a missing view forbids new scores.
        return desk.good[-1].features, False


def _month_input(desk: Desk, feed: Feed, month: int, policy: Policy, *, view: pd.DataFrame | None) -> MonthInput:
    last = desk.good[-1]
    cutoff, before = (pd.Timestamp(policy.calendar.start(at)) for at in (month, month - 1))
    return MonthInput(
        month=policy.calendar.label(month),
        view=view,
        tables=watched_month(feed, month - 1, cutoff),
        previous_tables=watched_month(feed, month - 2, before),
        previous_view=last.features.reset_index() if last.month == month - 1 else None,
        cutoff=cutoff,
    )


def _usable(desk: Desk, features: pd.DataFrame, gate: Screening) -> pd.DataFrame:
    """The features to score with: where the gate blocks, the broken ones take each customer's last good value."""
    if not gate.blocked:
        return features
    return with_last_good(features, desk.good[-1].features, broken_features(gate))


def _log(desk: Desk, score: pd.Series, cutoff: pd.Timestamp, gate: Screening) -> pd.DataFrame:
    log = prediction_log(desk.model, score, cutoff)
    held = f"{desk.model.version} (some inputs from {desk.good[-1].label})"
    return log.assign(model_version=held) if gate.blocked else log


def broken_features(gate: Screening) -> list[str]:
    """Features that must not be used this month: those the gate found broken, and all made from a broken raw table."""
    named = {one.subject.feature for one in gate.blocked_by}
    tables = {one.subject.table for one in gate.blocked_by}
    return [name for name in FEATURES if name in named or SOURCES[name] in tables]


def with_last_good(features: pd.DataFrame, good: pd.DataFrame, broken: Sequence[str]) -> pd.DataFrame:
    """The features with `broken` columns replaced by the customer's values in `good`; missing for newcomers."""
    return features.assign(**{name: good[name].reindex(features.index) for name in broken})


def _unlabelled(features: pd.DataFrame, month: int, policy: Policy) -> Cohort:
    unknown = pd.Series(float("nan"), index=features.index, name="churned")
    return Cohort(month=month, label=policy.calendar.label(month), features=features, churned=unknown)


def _learn(desk: Desk, monitor: MonitorState, cohort: Cohort | None, predictions: pd.DataFrame) -> Desk:
    """The desk after this month's data; a month of broken data leaves no cohort for later models to learn from."""
    fresh = () if cohort is None else (cohort,)
    return replace(desk, monitor=monitor, good=(*desk.good, *fresh), log=(*desk.log, predictions))


def _landed_scores(desk: Desk, feed: Feed, month: int, policy: Policy) -> Mapping[str, pd.DataFrame]:
    """The cohort whose labels land now, with its features, as the live model scores it (not a replaced one)."""
    cohort = _labelled_cohort(desk, feed, month - LABEL_GAP_MONTHS, policy, known_at=month)
    if cohort is None or cohort.label in desk.model.trained_on:
        return {}
    scored = pd.DataFrame({"score": desk.model.score(cohort.features), "churned": cohort.churned}).dropna()
    return {cohort.label: scored.join(cohort.features)}


def _labelled_cohort(desk: Desk, feed: Feed, month: int, policy: Policy, *, known_at: int) -> Cohort | None:
    if month < policy.calendar.history:
        return None
    found = [c for c in desk.good if c.month == month]
    return _with_labels(found[0], feed, known_at, policy) if found else None


def _with_labels(cohort: Cohort, feed: Feed, known_at: int, policy: Policy) -> Cohort:
    churned = cohort_labels(feed, policy.calendar, cohort.features.index, cohort.month, known_at=known_at)
    return replace(cohort, churned=churned)


def _landed(desk: Desk, feed: Feed, month: int, policy: Policy) -> pd.DataFrame | None:
    """The prediction log of the cohort whose labels land now, as it went out, with its labels."""
    of = month - LABEL_GAP_MONTHS
    if of < policy.calendar.history:
        return None
    log = desk.log[of - policy.calendar.history]
    churned = cohort_labels(feed, policy.calendar, pd.Index(log["customer_id"]), of, known_at=month)
    return log.assign(churned=churned.to_numpy()).dropna(subset=["churned"])


def labelled_cohorts(good: Sequence[Cohort], feed: Feed, month: int, policy: Policy) -> list[Cohort]:
    """The cohorts whose labels are mature at the start of `month`, with those labels."""
    mature = [c for c in good if c.month <= month - LABEL_GAP_MONTHS]
    return [c if c.labelled().any() else _with_labels(c, feed, month, policy) for c in mature]

"""What good rows teach: the monitor's reference, with neutral stand-ins for what nobody said."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from monitoring.alerts.settings import AlertSettings
from monitoring.columns import Floats, Kind, as_numbers
from monitoring.errors import MonitorError
from monitoring.months import index_of, name_of
from monitoring.own_tables.periods import parts
from monitoring.own_tables.roles import Roles
from monitoring.own_tables.settings import Settings
from monitoring.performance.cohort import MIN_CHURNERS
from monitoring.performance.estimated.expected import gather_labelled
from monitoring.performance.estimated.recalibration import (
    Counted,
    Recalibration,
    fit_recalibration,
    log_odds_of,
    probability,
)
from monitoring.performance.metrics import clipped
from monitoring.performance.profit import PER_CUSTOMERS, Economics
from monitoring.reference import GoodMonths, Policy, Reference, build_reference
from monitoring.vocabulary import LEAN, Layer

UNKNOWN_WEIGHT = LEAN / 2.0
"""Weight of every column where nobody said what the model leans on: enough to be heard, too little to call a person."""

STRONG_INPUT = 0.25
"""Distance (0 to 1) from which a moved column is a warning where no scores could say whether it matters."""

ROW_MONTHS = 6
"""With fewer good months nothing is promised about the number of rows."""

_PARTS = (2, 12)
"""Fewest and most parts that a single good month is dealt into, to learn how far figures stray by luck."""

_OUTCOMES_A_PART = 3 * MIN_CHURNERS

_OFF, _OFF_WIDTHS = 0.05, 5.0
"""Scores are recalibrated where their promise is off by this share, and by so many standard errors."""

_HALF = 0.5
_NAMED = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Learnt:
    """The reference, how scores are read, what was assumed, and the share of good rows with an outcome."""

    reference: Reference
    roles: Roles
    labelled: float
    recalibration: Recalibration | None
    notes: tuple[str, ...]

    def score(self, rows: pd.DataFrame) -> pd.Series | None:
        """Return the rows' scores, recalibrated where the reference asked for it; None without a prediction."""
        return None if self.roles.prediction is None else _read(rows[self.roles.prediction], self.recalibration)


def learn(good: Mapping[str, pd.DataFrame], roles: Roles, settings: Settings, *, single: bool) -> Learnt:
    """Return what good months teach; `single` says that one month only will be held against them."""
    every = pd.concat(good.values(), ignore_index=True) if len(good) > 1 else next(iter(good.values()))
    if roles.prediction is not None:
        refuse_scores(roles.prediction, every[roles.prediction])
    recalibration, notes = _recalibration(every, roles)
    cohorts = _cohorts(good, roles, recalibration)
    policy, said = _policy(every, cohorts, roles, settings, single=single)
    reference = build_reference(
        GoodMonths(
            views={month: rows.drop(columns=list(roles.apart)) for month, rows in good.items()},
            cohorts=cohorts,
            keys={AlertSettings().view: roles.key},
        ),
        policy,
    )
    if len(good) < ROW_MONTHS:
        reference = without_row_count(reference)
    return Learnt(
        reference=reference,
        roles=roles,
        labelled=_labelled(every, roles),
        recalibration=recalibration,
        notes=(*_few_months(good), *notes, *said, *_identifiers(reference, roles)),
    )


def refuse_scores(name: str, scores: pd.Series) -> None:
    """Raise MonitorError where a column holds no probabilities."""
    cells = as_numbers(scores).usable
    if not len(cells):
        raise MonitorError(f'The prediction "{name}" holds no numbers.')
    low, high = float(cells.min()), float(cells.max())
    if low < 0.0 or high > 1.0:
        share = " They look like per cent: divide by 100." if low >= 0.0 and high <= 100.0 else ""  # noqa: PLR2004
        raise MonitorError(f'The prediction "{name}" lies between {low:g} and {high:g}, not between 0 and 1.{share}')
    if np.isin(cells, (0.0, 1.0)).all():
        raise MonitorError(f'The prediction "{name}" holds only 0 and 1: decisions, not scores. Name the probability.')


def without_row_count(reference: Reference) -> Reference:
    """Return the reference without a promise on the number of rows."""
    view = replace(reference.gate.view, log_rows=None)
    return replace(reference, gate=replace(reference.gate, view=view))


def _few_months(good: Mapping[str, pd.DataFrame]) -> list[str]:
    said = (
        "The reference is a single month: how far good months differ from one another is not known, so columns and "
        "outcomes have to move further than by luck before they are reported."
    )
    return [] if len(good) > 1 else [said]


def _identifiers(reference: Reference, roles: Roles) -> list[str]:
    columns = reference.gate.view.columns
    found = [one.name for one in columns if one.kind is Kind.IDENTIFIER and one.name not in roles.key]
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    said = (
        f"Taken for identifiers or free text, and but for empty cells not watched: {', '.join(found[:_NAMED])}{more}."
    )
    return [said] if found else []


def _labelled(every: pd.DataFrame, roles: Roles) -> float:
    return 0.0 if roles.target is None else float(every[roles.target].notna().mean())


def _read(column: pd.Series, recalibration: Recalibration | None) -> pd.Series:
    cells = as_numbers(column).cells
    if recalibration is None:
        return pd.Series(cells, index=column.index)
    return pd.Series(probability(recalibration(log_odds_of(clipped(cells)))), index=column.index)


def _recalibration(every: pd.DataFrame, roles: Roles) -> tuple[Recalibration | None, list[str]]:
    """Return the map from scores to probabilities where the scores are none, and a note on it."""
    if roles.target is None or roles.prediction is None:
        return None, []
    scores, outcomes = _both(every, roles)
    promised, came = float(scores.sum()), float(outcomes.sum())
    error = float(np.sqrt(np.sum(scores * (1.0 - scores))))
    if abs(came - promised) <= max(_OFF * promised, _OFF_WIDTHS * error):
        return None, []
    gathered, churned = gather_labelled(scores, outcomes, _HALF)
    fitted = fit_recalibration([Counted(log_odds=gathered.log_odds, rows=gathered.rows, churned=churned)])
    note = (
        f"The scores are no probabilities: over the reference they promise {promised:,.0f} outcomes where {came:,.0f} "
        "came. They were recalibrated on the reference; their order is kept."
    )
    return fitted, [note]


def _both(every: pd.DataFrame, roles: Roles) -> tuple[Floats, Floats]:
    scores = as_numbers(every[roles.prediction]).cells
    outcomes = as_numbers(every[roles.target]).cells
    known = ~(np.isnan(scores) | np.isnan(outcomes))
    return scores[known], outcomes[known]


def _cohorts(
    good: Mapping[str, pd.DataFrame], roles: Roles, recalibration: Recalibration | None
) -> Mapping[str, pd.DataFrame]:
    """Return scores and outcomes of good months; a single month is dealt into parts, as if they were months before."""
    if roles.prediction is None:
        return {}
    found = {month: _cohort(rows, roles, recalibration) for month, rows in good.items()}
    if len(found) > 1:
        return found
    month, cohort = next(iter(found.items()))
    dealt = parts(cohort, _count(cohort))
    return {name_of(index_of(month) - at): part for at, part in enumerate(dealt)}


def _count(cohort: pd.DataFrame) -> int:
    rarer = min(cohort["churned"].sum(), (cohort["churned"] == 0).sum()) if "churned" in cohort else len(cohort) / 4.0
    return int(np.clip(rarer // _OUTCOMES_A_PART, *_PARTS))


def _cohort(rows: pd.DataFrame, roles: Roles, recalibration: Recalibration | None) -> pd.DataFrame:
    score = _read(rows[roles.prediction], recalibration)
    outcome = {} if roles.target is None else {"churned": as_numbers(rows[roles.target]).cells}
    return pd.DataFrame({"score": score, **outcome})


def _policy(
    every: pd.DataFrame, cohorts: Mapping[str, pd.DataFrame], roles: Roles, settings: Settings, *, single: bool
) -> tuple[Policy, list[str]]:
    """Return the policy with what is known, and notes on what was assumed."""
    threshold, rate = _threshold(cohorts, roles, settings)
    weights, said = _weights(every, roles, settings)
    alerts = AlertSettings(strong_input=None if roles.prediction else STRONG_INPUT)
    policy = Policy(
        threshold=threshold,
        # One outcome caught counts 1, and a contact what makes the threshold break even: nothing else is known.
        economics=Economics(clv=1.0, offer_cost=0.0, contact_cost=threshold, acceptance_rate=1.0),
        weights=weights,
        one_false_page_in_months=settings.one_false_page_in_months,
        tolerance=settings.tolerance * rate * PER_CUSTOMERS,
        alerts=replace(alerts, confirm_months={Layer.INPUT: 1}) if single else alerts,
    )
    return policy, said


def _threshold(cohorts: Mapping[str, pd.DataFrame], roles: Roles, settings: Settings) -> tuple[float, float]:
    """Return the score from which a row is acted on, and the share of outcomes."""
    if not cohorts:
        return _HALF, 0.0
    every = pd.concat(cohorts.values())
    rate = float(every["churned"].mean()) if roles.target is not None else 0.1
    usual = float(np.nanquantile(every["score"], 1.0 - np.clip(rate, 0.01, 0.99)))
    chosen = usual if settings.threshold is None else settings.threshold
    return float(np.clip(chosen, 0.001, 0.999)), rate


def _weights(every: pd.DataFrame, roles: Roles, settings: Settings) -> tuple[Mapping[str, float], list[str]]:
    inputs = [str(name) for name in every.columns if name not in roles.apart]
    if settings.weights is None:
        unknown = "What the model leans on is not known: every column counts alike, and a break of one is a warning."
        return dict.fromkeys(inputs, UNKNOWN_WEIGHT), [unknown]
    total = sum(settings.weights.values())
    strangers = [name for name in settings.weights if name not in inputs]
    if total <= 0.0 or len(strangers) == len(settings.weights):
        raise MonitorError(
            f"The weights name no input column of the reference. Its inputs are: {', '.join(inputs[:12])}."
        )
    said = [f"Weights of columns that are no inputs were passed over: {', '.join(strangers[:8])}."] if strangers else []
    return {name: settings.weights.get(name, 0.0) / total for name in inputs}, said

"""The simulated company beside published figures: what `lab realism` prints and the test suite asserts.

Hazards are means of exact probabilities, so they carry no noise from single departures. A source called "prototype"
means that no study publishes the figure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.world.calendar import Calendar
from pipelines.world.codes import ANNUAL, CHANNELS, MONTHLY, NONPAYMENT, PAYMENT_METHODS
from pipelines.world.company import Company
from pipelines.world.events import MonthEvents
from pipelines.world.hazard import usage_trend
from pipelines.world.simulate import BLOCK, entity_spans, ranges, simulate_block
from pipelines.world.truth import expected_auc

MANY_TICKETS: Final = 4
_YEAR: Final = 12
_PSI_BINS: Final = 10
_PSI_FLOOR: Final = 1e-4
"""Smallest share of a bin, so that an empty one stays finite."""

STEADY_INPUTS: Final = (
    "tenure",
    "sessions",
    "trend",
    "tickets",
    "months_left",
    "discount",
    "channel",
    "region",
    "platform",
    "plan",
    "method",
)
"""Inputs that must not drift by themselves. The price in money is not one: it rises every September by design."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One simulated value, the range it has to lie in (ends included) and where that range comes from."""

    name: str
    value: float
    low: float
    high: float
    source: str

    @property
    def inside(self) -> bool:
        """Whether the value lies in its range; a value that is not a number does not."""
        return self.low <= self.value <= self.high


@dataclass(frozen=True, kw_only=True, slots=True)
class Observed:
    """Customer-months at risk (`panel`), first payment attempts (`attempts`) and the calendar they belong to."""

    panel: pd.DataFrame
    attempts: pd.DataFrame
    calendar: Calendar


def figures(company: Company) -> tuple[Figure, ...]:
    """All figures of one company; it needs at least 24 months handed out, and 8,000 customers for a steady reading."""
    seen = observe(company)
    return tuple(
        Figure(name=name, value=float(measure(seen)), low=low, high=high, source=source)
        for name, measure, low, high, source in _FIGURES
    )


def observe(company: Company) -> Observed:
    """Run the company and keep what the figures need: one row a customer-month at risk, one a first payment attempt."""
    panels, attempts = [], []
    for piece in ranges(entity_spans(company), BLOCK):
        for events in simulate_block(company, piece):
            if events.month >= 0:
                panels.append(_panel(events))
                attempts.append(_first_attempts(events))
    return Observed(
        panel=pd.concat(panels, ignore_index=True),
        attempts=pd.concat(attempts, ignore_index=True),
        calendar=company.calendar,
    )


def _panel(events: MonthEvents) -> pd.DataFrame:
    c, rows = events.customers, events.truth["row"]
    columns = {
        "p": events.truth["bayes"],
        "reason": events.truth["reason"],
        "tenure": (events.month - c.signup_month)[rows],
        "contract": c.contract[rows],
        "months_left": c.contract_months_left[rows],
        "tickets": (c.tickets_1 + c.tickets_2 + c.tickets_3)[rows],
        "channel": c.channel[rows],
        "region": c.region[rows],
        "platform": c.platform[rows],
        "plan": c.plan[rows],
        "method": c.payment_method[rows],
        "discount": c.discount[rows],
        "sessions": c.usage_1[rows],
        "trend": usage_trend(c)[rows],
    }
    return pd.DataFrame({"month": events.month, **columns})


def _first_attempts(events: MonthEvents) -> pd.DataFrame:
    payments = events.tables["payments"]
    first = payments["attempt"] == 1
    method = events.customers.payment_method[payments["row"][first]]
    return pd.DataFrame({"method": method, "declined": ~payments["succeeded"][first].astype(bool)})


def _churn(o: Observed) -> float:
    return float((o.panel["reason"] >= 0).mean())


def _lowest_month(o: Observed) -> float:
    return float(o.panel.groupby("month")["p"].mean().min())


def _highest_month(o: Observed) -> float:
    return float(o.panel.groupby("month")["p"].mean().max())


def _involuntary_share(o: Observed) -> float:
    return float((o.panel["reason"] == NONPAYMENT).sum() / (o.panel["reason"] >= 0).sum())


def _first_month(o: Observed) -> float:
    monthly = o.panel[o.panel["contract"] == MONTHLY]
    return _hazard(monthly, monthly["tenure"] == 1) / _hazard(monthly, monthly["tenure"] == _YEAR)


def _renewal(o: Observed) -> float:
    annual = o.panel[o.panel["contract"] == ANNUAL]
    return _hazard(annual, annual["months_left"] == 1) / _hazard(annual, annual["months_left"] > 1)


def _ticket_step(o: Observed) -> float:
    many = o.panel["tickets"] >= MANY_TICKETS
    return _hazard(o.panel, many) / _hazard(o.panel, ~many)


def _promo(o: Observed) -> float:
    channel = o.panel["channel"]
    return _hazard(o.panel, channel == CHANNELS.index("promo")) / _hazard(o.panel, channel == CHANNELS.index("organic"))


def _hazard(panel: pd.DataFrame, rows: pd.Series) -> float:
    return float(panel.loc[rows, "p"].mean())


def _quarters(o: Observed) -> npt.NDArray[np.float64]:
    """Mean hazard by quarter of the calendar year over whole years only, shape (4,)."""
    whole = o.panel[o.panel["month"] < o.calendar.months // _YEAR * _YEAR]
    quarter = (whole["month"] + o.calendar.month_of_year(0)) % _YEAR // 3
    return whole.groupby(quarter)["p"].mean().to_numpy()


def _fourth_quarter(o: Observed) -> float:
    quarters = _quarters(o)
    return float(quarters[3] / np.delete(quarters, 3).max())


def _second_quarter(o: Observed) -> float:
    quarters = _quarters(o)
    return float(quarters[1] / np.delete(quarters, 1).min())


def _card_declines(o: Observed) -> float:
    card = o.attempts["method"] == PAYMENT_METHODS.index("card")
    return float(o.attempts.loc[card, "declined"].mean())


def _recovery(o: Observed) -> float:
    return float(1.0 - (o.panel["reason"] == NONPAYMENT).sum() / o.attempts["declined"].sum())


def _oracle_auc(o: Observed) -> float:
    return float(np.mean([expected_auc(p.to_numpy(), p.to_numpy()) for _, p in o.panel.groupby("month")["p"]]))


def _luck(o: Observed) -> float:
    """The month whose realised churn is furthest from its expectation, as a share of the latter."""
    left = (o.panel["reason"] >= 0).groupby(o.panel["month"]).sum()
    return float((left / o.panel.groupby("month")["p"].sum() - 1.0).abs().max())


def _drift(o: Observed) -> float:
    """The largest PSI of any steady input in any month against the first year."""
    months = [rows for _, rows in o.panel.groupby("month")]
    first_year = o.panel[o.panel["month"] < _YEAR]
    return max(_psi(first_year[name], [rows[name] for rows in months]) for name in STEADY_INPUTS)


def _psi(reference: pd.Series, months: list[pd.Series]) -> float:
    edges = np.unique(np.nanquantile(reference, np.linspace(0.0, 1.0, _PSI_BINS + 1)[1:-1]))
    expected = _shares(reference, edges)
    return max(float(((s - expected) * np.log(s / expected)).sum()) for s in (_shares(m, edges) for m in months))


def _shares(values: pd.Series, edges: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    counts = np.bincount(np.searchsorted(edges, values.dropna(), side="right"), minlength=len(edges) + 1)
    return np.asarray(np.maximum(counts / counts.sum(), _PSI_FLOOR))


_Row = tuple[str, Callable[[Observed], float], float, float, str]
_FIGURES: Final[tuple[_Row, ...]] = (
    ("monthly churn", _churn, 0.03, 0.04, "subscription sites, voluntary 2.6 % + involuntary 0.8 % (Recurly)"),
    ("expected churn of the quietest month", _lowest_month, 0.025, 0.04, "carriers' quarterly swing, AT&T .70-.92 %"),
    ("expected churn of the busiest month", _highest_month, 0.03, 0.045, "carriers' quarterly swing, AT&T .70-.92 %"),
    ("involuntary share of churn", _involuntary_share, 0.20, 0.35, "vendors' benchmarks, 20-40 %"),
    ("month 1 over month 12, monthly contracts", _first_month, 2.0, 4.0, "Telco person-months, 5.4 % falling to 0.8 %"),
    ("renewal month over other annual months", _renewal, 5.0, 10.0, "prototype, 10.6 % against 1.3 %"),
    ("4 or more tickets over fewer", _ticket_step, 2.5, 5.0, "3,333-row churn set, 51.7 % against 11.3 %"),
    ("promo over organic", _promo, 1.5, 3.0, "free-trial customers worth 59 % less (Datta et al. 2015)"),
    ("fourth quarter over the next highest", _fourth_quarter, 1.0, 1.3, "US carriers, fourth quarter highest"),
    ("second quarter over the next lowest", _second_quarter, 0.7, 1.0, "US carriers, second quarter lowest"),
    ("card decline rate", _card_declines, 0.05, 0.15, "recurring charges, 5-15 %"),
    ("unpaid invoices recovered", _recovery, 0.476, 0.85, "dunning, median 47.6 %, good 70-85 %"),
    ("oracle AUC, mean of months", _oracle_auc, 0.80, 0.86, "honest monthly churn models reach .65-.85"),
    ("largest monthly PSI of a steady input", _drift, 0.0, 0.10, "common rule of thumb: below .10 no change"),
    (
        "furthest month from its expected churn",
        _luck,
        0.0,
        0.22,
        "three standard deviations of 400 departures, with room",
    ),
)

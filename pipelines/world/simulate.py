"""The month loop: from customers at a cutoff to events, exact truth and customers at the next cutoff.

Customers never influence one another, so any block of entities can be run alone; blocks are only a size of working set.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pipelines.world import billing, contracts, departures, service, usage
from pipelines.world.codes import ANNUAL
from pipelines.world.company import EXTRA_ENTITIES, Cohort, Company, entity_range
from pipelines.world.customers import Customers, Floats, born
from pipelines.world.events import Columns, Departures, MonthEvents
from pipelines.world.hazard import ChurnProbability, churn_probability
from pipelines.world.mechanism import Mechanism
from pipelines.world.streams import Draws, Stream

BLOCK = 8192
"""Entities worked on together: small enough that a month's columns stay in the processor's cache."""

_LONG_AGO = -1e6
_MEAN_STOCK_TENURE_MONTHS = 34.0
_STOCK_FIT = 0.3
"""How much better the first stock fits than new customers: those who fit badly have left already."""

_BROUGHT_FIT = -2.0
"""How much worse customers that a lever brings fit than those who sign up, in standard deviations."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Drawn:
    """The month's uniforms, one array (draws, n) per concern."""

    departures: Draws
    billing: Draws
    service: Draws
    contracts: Draws
    usage: Draws


@dataclass(frozen=True, kw_only=True, slots=True)
class _Happened:
    """What each concern made of the month."""

    leave: Departures
    bills: billing.Billing
    tickets: service.Service
    terms: contracts.Terms
    used: usage.Usage


def simulate_block(
    company: Company, entities: tuple[int, int], *, customers: Customers | None = None, from_month: int | None = None
) -> Iterator[MonthEvents]:
    """The months of the customers whose entity number lies in [first, stop), burn-in included.

    With `from_month` the past is left out: `customers` stand at the start of that month, None where there are none yet.
    """
    cohorts = company.cohorts()
    first = -company.calendar.burn_in if from_month is None else from_month
    for month in range(first, company.calendar.months):
        mechanism = company.mechanism(month)
        joined = _joining(company, mechanism, [c for c in cohorts if c.month == month], entities)
        everyone = joined if customers is None else customers.joined_by(joined)
        events = _run_month(company, mechanism, month, everyone)
        customers = events.stayed
        yield events


def _joining(company: Company, mechanism: Mechanism, cohorts: list[Cohort], entities: tuple[int, int]) -> Customers:
    parts = [_cohort_customers(company, mechanism, cohort, entities) for cohort in cohorts]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.joined_by(part)
    return joined


def _cohort_customers(company: Company, mechanism: Mechanism, cohort: Cohort, entities: tuple[int, int]) -> Customers:
    every = entity_range(cohort)
    entity = every[(every >= entities[0]) & (every < entities[1])]
    month = np.full(len(entity), cohort.month)
    fresh = born(company.streams, entity, month, draw_month=cohort.month, mechanism=mechanism)
    if cohort.first == 0:
        return _aged(company, fresh, cohort)
    return _taken_over(fresh) if cohort.first >= EXTRA_ENTITIES else fresh


def _aged(company: Company, fresh: Customers, cohort: Cohort) -> Customers:
    """The first stock: customers with a past, so that burn-in starts near the steady state."""
    u = company.streams.entities(Stream.COHORT, fresh.entity, cohort.month, 2)
    tenure = 1 + np.floor(-_MEAN_STOCK_TENURE_MONTHS * np.log1p(-u[0])).astype(np.int64)
    discount_left = np.maximum(fresh.discount_months_left - tenure, 0).astype(np.int8)
    left = np.where(fresh.contract == ANNUAL, 1 + np.floor(u[1] * 12.0), 0).astype(np.int8)
    return replace(
        fresh,
        signup_month=fresh.signup_month - tenure,
        fit=fresh.fit + _STOCK_FIT,
        engagement=fresh.engagement + 0.8 * _STOCK_FIT,
        contract_months_left=left,
        discount_months_left=discount_left,
        discount=np.where(discount_left > 0, fresh.discount, 0.0),
    )


def _taken_over(fresh: Customers) -> Customers:
    """Customers that a lever brings use the product as they used another, but never chose it."""
    return replace(fresh, fit=fresh.fit + _BROUGHT_FIT)


def _run_month(company: Company, mechanism: Mechanism, month: int, everyone: Customers) -> MonthEvents:
    drawn = _draw(company, everyone, month)
    joined = everyone.signup_month == month
    p = churn_probability(everyone, mechanism, month=month, month_of_year=company.calendar.month_of_year(month))
    days = company.calendar.days(month)
    leave = _stay_if_new(departures.depart(everyone, p, mechanism, drawn.departures, days=days), joined, days)
    happened = _live(company, mechanism, everyone, drawn, leave=leave, joined=joined, month=month)
    return MonthEvents(
        month=month,
        customers=everyone,
        stayed=_next_state(everyone, mechanism, drawn, happened),
        tables=_tables(company, everyone, drawn, happened, joined=joined, month=month) if month >= 0 else {},
        truth=_truth(everyone, p, leave, np.flatnonzero(~joined)),
    )


def _live(
    company: Company,
    mechanism: Mechanism,
    everyone: Customers,
    drawn: _Drawn,
    *,
    leave: Departures,
    joined: npt.NDArray[np.bool_],
    month: int,
) -> _Happened:
    """The month of those who stay, and of the leavers until they leave."""
    calendar = company.calendar
    days, previous_days = calendar.days(month), calendar.days(month - 1)
    first = np.where(joined, everyone.signup_day, 0.0)
    return _Happened(
        leave=leave,
        bills=billing.bill(
            everyone, leave, mechanism, drawn.billing, joined=joined, days=days, previous_days=previous_days
        ),
        tickets=service.serve(everyone, leave, mechanism, drawn.service, first=first, month=month),
        terms=contracts.new_terms(everyone, leave, mechanism, drawn.contracts, joined=joined),
        used=usage.weekly_usage(
            everyone,
            mechanism,
            drawn.usage,
            active=(_first_active(company, everyone, month), leave.until),
            week_ends=calendar.week_ends(month),
            month_of_year=calendar.month_of_year(month),
        ),
    )


def _tables(
    company: Company,
    everyone: Customers,
    drawn: _Drawn,
    happened: _Happened,
    *,
    joined: npt.NDArray[np.bool_],
    month: int,
) -> dict[str, Columns]:
    """The month's events as tables; the opening month also tells what held before it."""
    leave, terms, opening = happened.leave, happened.terms, month == 0
    since = _days_since_signup(company, everyone, month)
    return {
        "customers": _customer_rows(everyone, since, opening=opening, joined=joined),
        "attribute_history": _attribute_rows(everyone, terms, opening=opening, joined=joined),
        "subscriptions": _subscription_rows(everyone, leave, terms, since, opening=opening, joined=joined),
        "usage": usage.usage_events(happened.used, company.calendar.week_ends(month)),
        "invoices": happened.bills.invoices,
        "payments": happened.bills.payments,
        "tickets": happened.tickets.tickets,
        "contacts": departures.contact_events(leave, drawn.departures),
    }


def _draw(company: Company, customers: Customers, month: int) -> _Drawn:
    streams, entity = company.streams, customers.entity
    counts = (departures.DRAWS, billing.DRAWS, service.DRAWS, contracts.DRAWS)
    drawn = streams.entities(Stream.MONTH, entity, month, sum(counts))
    leave, bill, serve, term = np.split(drawn, np.cumsum(counts)[:-1])
    return _Drawn(
        departures=leave,
        billing=bill,
        service=serve,
        contracts=term,
        usage=streams.entities(Stream.USAGE, entity, month, usage.DRAWS),
    )


def _stay_if_new(d: Departures, joined: npt.NDArray[np.bool_], days: int) -> Departures:
    """Customers who joined this month were not at risk at its start, and are not contacted."""
    none = np.zeros(len(joined), dtype=np.int8)
    return Departures(
        reason=np.where(joined, np.int8(-1), d.reason),
        until=np.where(joined, float(days), d.until),
        requested=d.requested,
        contacted=np.where(joined, none, d.contacted),
        held_out=np.where(joined, none, d.held_out),
        accepted=np.where(joined, none, d.accepted),
    )


def _first_active(company: Company, c: Customers, month: int) -> Floats:
    """First active day in days since the month's start; only sign-ups of this month and the last can matter."""
    last_month = c.signup_day - company.calendar.days(month - 1)
    return np.where(c.signup_month == month, c.signup_day, np.where(c.signup_month == month - 1, last_month, _LONG_AGO))


def _next_state(c: Customers, mechanism: Mechanism, drawn: _Drawn, happened: _Happened) -> Customers:
    """The customers who stay, as they stand at the next month's start."""
    leave, terms, used = happened.leave, happened.terms, happened.used
    moved = Customers(
        entity=c.entity,
        signup_month=c.signup_month,
        signup_day=c.signup_day,
        channel=c.channel,
        region=c.region,
        segment=c.segment,
        platform=c.platform,
        fit=c.fit,
        price_sensitivity=c.price_sensitivity,
        effect=c.effect,
        trouble=c.trouble,
        billing_day=c.billing_day,
        plan=terms.plan,
        contract=terms.contract,
        contract_months_left=terms.contract_months_left,
        auto_renew=c.auto_renew,
        price_cents=terms.price_cents,
        discount=terms.discount,
        discount_months_left=terms.discount_months_left,
        payment_method=terms.payment_method,
        engagement=usage.next_engagement(c, mechanism, drawn.usage[15]),
        depth=usage.next_depth(c, drawn.usage[16]),
        usage_1=usage.weekly_mean(used) / usage.sessions_per_use(c, mechanism),
        usage_2=c.usage_1,
        usage_3=c.usage_2,
        idle=(used.sessions[:, -1] == 0.0).astype(np.int8),
        tickets_1=happened.tickets.opened,
        tickets_2=c.tickets_1,
        tickets_3=c.tickets_2,
        billing_tickets=happened.tickets.about_billing,
        price_rise=terms.price_rise,
        price_age=terms.price_age,
        open_retries=happened.bills.open_retries,
        paused=terms.paused,
        contacts=np.minimum(c.contacts + leave.contacted, 100).astype(np.int8),
    )
    return moved.take(leave.reason < 0)


def _truth(c: Customers, p: ChurnProbability, leave: Departures, rows: npt.NDArray[np.intp]) -> Columns:
    return {
        "row": rows,
        "bayes": p.bayes[rows],
        "untreated": p.untreated[rows],
        "treated": p.treated[rows],
        "involuntary": p.involuntary[rows],
        "contacted": leave.contacted[rows],
        "reason": leave.reason[rows],
        "engagement": c.engagement[rows],
        "price_sensitivity": c.price_sensitivity[rows],
        "value_cents": c.price_cents[rows] * (1.0 - c.discount[rows]),
    }


def _days_since_signup(company: Company, c: Customers, month: int) -> Floats:
    """Sign-up as days since the start of `month`, negative for those already there."""
    first_month = np.datetime64(company.calendar.first_month, "M") + c.signup_month
    offset = first_month.astype("datetime64[D]") - company.calendar.start(month).astype("datetime64[D]")
    return np.asarray(offset.astype(np.int64) + c.signup_day)


def _customer_rows(c: Customers, since: Floats, *, opening: bool, joined: npt.NDArray[np.bool_]) -> Columns:
    rows = np.arange(len(c)) if opening else np.flatnonzero(joined)
    return {
        "row": rows,
        "day": since[rows],
        "channel": c.channel[rows],
        "region": c.region[rows],
        "segment": c.segment[rows],
        "platform": c.platform[rows],
        "billing_day": c.billing_day[rows],
    }


def _attribute_rows(c: Customers, terms: contracts.Terms, *, opening: bool, joined: npt.NDArray[np.bool_]) -> Columns:
    """Terms at sign-up and at each change; in month 0 also a line for everyone already there, valid from before."""
    day = np.where(joined, c.signup_day, c.billing_day - 1 + 9.0 / 24.0)
    changes = contracts.attribute_events(c, terms, np.flatnonzero(terms.changed | joined), day)
    if not opening:
        return changes
    held = contracts.attribute_events(c, _held_terms(c), np.flatnonzero(~joined), np.full(len(c), -1.0))
    return {name: np.concatenate([held[name], changes[name]]) for name in held}


def _held_terms(c: Customers) -> contracts.Terms:
    """The terms customers already have, in the form of new ones."""
    names = ("plan", "contract", "contract_months_left", "price_cents", "price_rise", "price_age", "discount")
    rest = ("discount_months_left", "payment_method", "paused")
    return contracts.Terms(**{n: getattr(c, n) for n in (*names, *rest)}, changed=np.zeros(len(c), dtype=np.bool_))


def _subscription_rows(
    c: Customers,
    leave: Departures,
    terms: contracts.Terms,
    since: Floats,
    *,
    opening: bool,
    joined: npt.NDArray[np.bool_],
) -> Columns:
    events = contracts.subscription_events(c, leave, terms, joined=joined)
    if not opening:
        return events
    rows = np.flatnonzero(~joined)
    start: Columns = {
        "row": rows,
        "day": since[rows],
        "event": np.zeros(len(rows), dtype=np.int8),
        "reason": np.full(len(rows), -1, dtype=np.int8),
        "plan": c.plan[rows],
        "price_cents": c.price_cents[rows],
    }
    return {name: np.concatenate([start[name], events[name]]) for name in start}


def entity_spans(company: Company) -> tuple[tuple[int, int], ...]:
    """Ranges [first, stop) of entity numbers in use: the company's own customers, then those that levers bring."""
    cohorts = company.cohorts()
    own = [c for c in cohorts if c.first < EXTRA_ENTITIES]
    brought = [c for c in cohorts if c.first >= EXTRA_ENTITIES]
    return tuple((cs[0].first, cs[-1].first + cs[-1].size) for cs in (own, brought) if cs)


def ranges(spans: tuple[tuple[int, int], ...], size: int) -> tuple[tuple[int, int], ...]:
    """The spans cut into consecutive pieces of at most `size` entities."""
    return tuple((first, min(first + size, stop)) for start, stop in spans for first in range(start, stop, size))

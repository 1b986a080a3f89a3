"""Tables in, reports out: the monthly monitor on good rows and new rows that somebody has at hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from monitoring.monitor import MonthReport, observe
from monitoring.months import end_of, index_of, name_of
from monitoring.own_tables.learn import Learnt, learn, without_row_count
from monitoring.own_tables.periods import months_of, split
from monitoring.own_tables.roles import Roles
from monitoring.own_tables.settings import Settings
from monitoring.own_tables.tidied import tidied
from monitoring.performance.cohort import read
from monitoring.reference import Reference
from monitoring.screening import MonthInput
from monitoring.state import MonitorState

ONLY = "2000-01"
"""Stands for the reference where nothing says when its rows are from; the current rows are a later month."""

LABELLED = 0.9
"""A month is judged by its outcomes once this share of what is usually known is known: the first to come are unlike."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """What came of it: a report for each new month, what each was made from, and the state to go on with.

    `notes` say what was assumed. `dated` is False where no column says when rows are from. `waiting` are months judged
    before whose outcomes have come since: they are judged together with the next month.
    """

    reference: Reference
    given: tuple[MonthInput, ...]
    reports: tuple[MonthReport, ...]
    state: MonitorState
    notes: tuple[str, ...]
    dated: bool
    rows: Mapping[str, int] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()


def watch(
    reference: pd.DataFrame,
    current: pd.DataFrame,
    roles: Roles,
    settings: Settings | None = None,
    *,
    state: MonitorState | None = None,
) -> Watched:
    """Return the monitor's reports on the months of a table, held against another table that is known to be good.

    Parameters
    ----------
    reference, current
        One row for each scored customer (or whatever it is about). Both are left as they are.
    roles
        What the columns that are no inputs are for. Without a time the current table is one month.
    state
        From an earlier call: months it has seen are not judged again, its alerts go on.

    Raises
    ------
    MonitorError
        For tables that lack named columns, hold nothing, or keep times, scores or outcomes in a way nobody can read.
    """
    reference, current = tidied(reference, current, roles)
    chosen, carried = settings or Settings(), state or MonitorState()
    good, left_out = _months(reference, roles, ONLY)
    new, left_out_too = _months(current, roles, _next(carried))
    learnt = learn(good, roles, chosen, single=len(new) == 1)
    notes = [*_left_out("reference", left_out), *_left_out("current", left_out_too), *learnt.notes]
    notes += _overlap(good, new)
    found, late = _given(new, learnt, roles, carried)
    given = [one for one in found if _is_new(one.month, carried)]
    reports = []
    for one in given:
        carried, report = observe(_for_month(learnt, one, current, roles), carried, one)
        reports.append(report)
    return Watched(
        reference=learnt.reference,
        given=tuple(given),
        reports=tuple(reports),
        state=carried,
        notes=tuple(notes),
        dated=roles.time is not None,
        rows={month: len(rows) for month, rows in new.items()},
        waiting=_judgeable(late, learnt.reference),
    )


def _months(table: pd.DataFrame, roles: Roles, only: str) -> tuple[Mapping[str, pd.DataFrame], int]:
    """Return the table's rows by month, and how many had no readable time."""
    if roles.time is None:
        return {only: table.reset_index(drop=True)}, 0
    months = months_of(table[roles.time])
    return split(table, months), int(months.isna().sum())


def _next(state: MonitorState) -> str:
    return name_of(index_of(state.last_month or ONLY) + 1)


def _is_new(month: str, state: MonitorState) -> bool:
    return state.last_month is None or index_of(month) > index_of(state.last_month)


def _left_out(name: str, rows: int) -> list[str]:
    return [f"{rows:,} rows of the {name} have no readable time and were left out."] if rows else []


def _overlap(good: Mapping[str, pd.DataFrame], new: Mapping[str, pd.DataFrame]) -> list[str]:
    both = sorted(set(good) & set(new))
    if not both:
        return []
    named = ", ".join(both[:3])
    return [
        f"{len(both)} months stand in both tables ({named} ...): judged by themselves, they look better than they are."
    ]


def _judgeable(late: Mapping[str, pd.DataFrame], reference: Reference) -> tuple[str, ...]:
    """Return the months whose outcomes are enough to judge."""
    good = reference.realised
    if good is None:
        return ()
    return tuple(month for month, cohort in late.items() if read(month, cohort, good.threshold, good.economics).usable)


def _given(
    new: Mapping[str, pd.DataFrame], learnt: Learnt, roles: Roles, state: MonitorState
) -> tuple[Sequence[MonthInput], Mapping[str, pd.DataFrame]]:
    """Return the months as the monitor takes them, and the outcomes that came after the last of them.

    Outcomes come with the month they belong to, or with the first new month after they are known.
    """
    found, waiting, before = [], dict[str, pd.DataFrame](), None
    judged = {one.month for one in state.realised.cohorts} | set(state.faulty_months)
    for month, rows in new.items():
        view = rows.drop(columns=[name for name in roles.apart if name in rows.columns])
        score = learnt.score(rows)
        cohort = _cohort(rows, score, learnt, roles)
        if cohort is not None and month not in judged:
            waiting[month] = cohort
        ready = dict(waiting) if _is_new(month, state) else {}
        found.append(MonthInput(month=month, view=view, score=score, cohorts=ready, previous_view=before))
        if ready:
            waiting = {}
        before = view
    return found, waiting


def _cohort(rows: pd.DataFrame, score: pd.Series | None, learnt: Learnt, roles: Roles) -> pd.DataFrame | None:
    """Return score and outcome of a month whose outcomes are known, as far as they usually are."""
    if score is None or roles.target is None or roles.target not in rows.columns:
        return None
    churned = pd.to_numeric(rows[roles.target], errors="coerce")
    if float(churned.notna().mean()) < LABELLED * learnt.labelled:
        return None
    return pd.DataFrame({"score": score, "churned": churned})[churned.notna()]


def _for_month(learnt: Learnt, given: MonthInput, current: pd.DataFrame, roles: Roles) -> Reference:
    """Return the reference, without a promise on rows where the table ends before the month does."""
    reference = learnt.reference
    if roles.time is None or not pd.api.types.is_datetime64_any_dtype(current[roles.time].dtype):
        return reference
    newest = current[roles.time].max()
    unfinished = newest < end_of(given.month) - pd.Timedelta(days=1) and f"{newest:%Y-%m}" == given.month
    return without_row_count(reference) if unfinished and newest.day > 1 else reference

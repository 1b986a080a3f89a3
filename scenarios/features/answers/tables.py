"""What is wrong with the tables: one small test each, of something that cannot be in a sound record."""

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
import pandas as pd

from scenarios.base import Finding
from scenarios.features.answers.material import DAY, Material, served_again
from scenarios.features.exam import codes

Test: TypeAlias = tuple[str, str, Callable[[Material], float], float, str]
"""Where, mechanism, the figure, the limit above which it cannot be chance, and what the figure counts."""

_ATTEMPT: Final = ("customer_id", "event_at", "attempt")
_NEW_WORD: Final = "rows with a word that the first month did not have"

_COUNTER_FULL: Final = 999
_MINUTES_A_SESSION: Final = 100.0
_SETTLED_DAYS: Final = 45
"""Days before the extract from which everything that belongs together has arrived."""


def faults(case: Material) -> tuple[Finding, ...]:
    """Every test that fails, as a finding."""
    found = [(where, mechanism, figure(case), limit, what) for where, mechanism, figure, limit, what in TESTS]
    return tuple(
        Finding(where=where, mechanism=mechanism, evidence=f"{what}: {value:.4g}, and {limit:g} would be chance")
        for where, mechanism, value, limit, what in found
        if value > limit
    )


def _usage(case: Material) -> pd.DataFrame:
    return case.tables["usage"]


def _repeated(table: str, *keys: str) -> Callable[[Material], float]:
    return lambda case: float(case.tables[table].duplicated(list(keys) or None).mean())


def _counter_full(case: Material) -> float:
    return float((_usage(case)["sessions"] == _COUNTER_FULL).mean())


def _zeros(case: Material) -> float:
    return float((_usage(case)["sessions"] == 0).mean())


def _empty(case: Material) -> float:
    return float(_usage(case)["sessions"].isna().mean())


def _swapped(case: Material) -> float:
    rows = _usage(case)
    return float(((rows["active_minutes"] < rows["sessions"]) & (rows["sessions"] < _COUNTER_FULL)).mean())


def _seconds(case: Material) -> float:
    rows = _usage(case)
    return float((rows["active_minutes"] / rows["sessions"].where(rows["sessions"] > 0) > _MINUTES_A_SESSION).mean())


def _piled_up(case: Material) -> float:
    """The steepest step up in the counts of neighbouring session numbers, in the month where it is steepest."""
    rows = _usage(case)
    counted = (rows["sessions"] > 0) & (rows["sessions"] < _COUNTER_FULL)
    rows = rows[counted & (rows["active_minutes"] >= rows["sessions"])]
    return max(_step(month["sessions"].to_numpy(np.float64)) for _, month in rows.groupby("month"))


def _step(sessions: np.ndarray) -> float:
    counts = np.bincount(sessions.astype(np.int64), minlength=12)[5:].astype(np.float64)
    common = counts[1:] > _COMMON * len(sessions)
    return float((counts[1:] / (counts[:-1] + 1.0))[common].max(initial=0.0))


_COMMON: Final = 0.03
"""Share of a month's rows from which a number of sessions counts as common."""


def _running_totals(case: Material) -> float:
    """Share of customers whose weeks only ever rise within a month, in the month where it is largest."""
    rows = _usage(case).drop_duplicates(["customer_id", "event_at"]).sort_values(["customer_id", "event_at"])
    same = (rows["customer_id"] == rows["customer_id"].shift()) & (rows["month"] == rows["month"].shift())
    falls = same & ~(rows["active_minutes"] > rows["active_minutes"].shift())
    each = pd.DataFrame({"weeks": 1, "falls": falls}).groupby([rows["month"], rows["customer_id"]]).sum()
    each = each[each["weeks"] >= _WEEKS]
    return float((each["falls"] == 0).groupby(level=0).mean().max())


_WEEKS: Final = 4


def _another_platform(case: Material) -> float:
    customers = case.tables["customers"].drop_duplicates("customer_id").set_index("customer_id")["platform"]
    rows = _usage(case)
    return float((rows["customer_id"].map(customers) != rows["platform"]).mean())


def _served_again(case: Material) -> float:
    rows = _usage(case)
    return float(served_again(rows).groupby(rows["month"]).mean().max())


def _lag(case: Material) -> float:
    rows = _usage(case)
    return float((rows["available_at"] - rows["event_at"]).groupby(rows["month"]).median().max() / DAY)


def _gaps(case: Material) -> float:
    """The largest share of rows missing from a week, or of customers from a month that they used before and after."""
    rows = _usage(case)
    weeks = rows[rows["event_at"] < case.extract - _SETTLED_DAYS * DAY]
    counts = weeks.groupby(weeks["event_at"].dt.ceil("D")).size().to_numpy(np.float64)
    fallen = 1.0 - float((counts[1:] / counts[:-1]).min())
    return max(fallen - _WEEK_SWING, _missing_customers(rows))


_WEEK_SWING: Final = 0.45
"""Fall from one week to the next up to which rows are not held to be lost: feeds that break otherwise fall by less."""


def _missing_customers(rows: pd.DataFrame) -> float:
    """The largest share of customers without a row in a month, of those who have rows before and after it."""
    used = rows.groupby("customer_id")["month"].agg(["min", "max"])
    shares = [0.0]
    for month, part in rows.groupby("month"):
        around = (used["min"] < month) & (used["max"] > month)
        there = around.reindex(part["customer_id"].unique()).sum()
        shares.append(1.0 - float(there) / max(int(around.sum()), 1) if around.any() else 0.0)
    return max(shares)


def _hours(case: Material) -> float:
    return float((_usage(case)["event_at"].dt.hour != 0).mean())


def _known_too_early(case: Material) -> float:
    tickets = case.tables["tickets"]
    return float(tickets.loc[tickets["event"] == "opened", "severity"].notna().mean())


def _other_word(table: str, column: str) -> Callable[[Material], float]:
    """Share of rows with a word that the first month did not have."""

    def share(case: Material) -> float:
        rows = case.tables[table]
        known = rows.loc[rows["month"] == rows["month"].min(), column].dropna().unique()
        return float((rows[column].notna() & ~rows[column].isin(known)).mean())

    return share


def _unpaid_silently(case: Material) -> float:
    """The largest monthly share of invoices after which nothing at all was tried."""
    invoices = case.tables["invoices"]
    invoices = invoices[invoices["event_at"] < case.extract - _SETTLED_DAYS * DAY]
    tried = case.tables["payments"][["customer_id", "event_at"]].sort_values("event_at")
    after = pd.merge_asof(
        invoices.sort_values("event_at"),
        tried.rename(columns={"event_at": "tried_at"}),
        left_on="event_at",
        right_on="tried_at",
        by="customer_id",
        direction="forward",
        tolerance=20 * DAY,
    )
    return float(after["tried_at"].isna().groupby(after["month"]).mean().max())


def _silent_campaign(case: Material) -> float:
    """How far the emptiest month of the campaign lies below the usual month, months without any row included."""
    months = case.tables["contacts"]["month"].value_counts()
    months = months.reindex(range(int(months.index.min()), 0), fill_value=0)
    return 1.0 - float(months.min() / months.median())


def _hundredth(case: Material) -> float:
    """Share of invoices that are a small fraction of the price agreed."""
    history = case.tables["attribute_history"][["customer_id", "event_at", "price_cents", "discount_pct"]]
    both = pd.merge_asof(
        case.tables["invoices"].sort_values("event_at"),
        history.sort_values("event_at"),
        on="event_at",
        by="customer_id",
    )
    return float((both["amount_cents"] < 0.05 * both["price_cents"] * (1.0 - both["discount_pct"] / 100.0)).mean())


def never_alive(case: Material) -> pd.Index:
    """Customers of some standing who never used anything and never got an invoice."""
    customers = case.tables["customers"]
    old = customers.loc[customers["event_at"] < case.extract - _SETTLED_DAYS * DAY, "customer_id"]
    alive = set(case.tables["usage"]["customer_id"]) | set(case.tables["invoices"]["customer_id"])
    never: pd.Index = pd.Index(old[~old.isin(alive)].unique())
    return never


def _never_alive(case: Material) -> float:
    return len(never_alive(case)) / case.tables["customers"]["customer_id"].nunique()


TESTS: Final[tuple[Test, ...]] = (
    ("usage", codes.DUPLICATES, _repeated("usage"), 0.002, "rows that are there twice"),
    ("tickets", codes.DUPLICATES, _repeated("tickets", "ticket_id", "event"), 0.002, "rows of an event told before"),
    ("payments", codes.DUPLICATES, _repeated("payments", *_ATTEMPT), 0.001, "rows of an attempt told before"),
    ("usage.sessions", codes.SENTINEL, _counter_full, 0.0005, "rows with exactly 999 sessions"),
    ("usage.sessions", codes.DEFAULT, _zeros, 0.0005, "rows with 0 sessions"),
    ("usage.sessions", codes.MISSING_VALUES, _empty, 0.0005, "rows without a count of sessions"),
    ("usage.sessions", codes.SWAPPED, _swapped, 0.001, "rows with fewer minutes than sessions"),
    ("usage.active_minutes", codes.UNIT, _seconds, 0.001, "rows above 100 minutes a session"),
    ("usage.sessions", codes.CUT_OFF, _piled_up, 2.0, "rows at one number of sessions, for one at the number below"),
    ("usage.sessions", codes.REDEFINED, _running_totals, 0.13, "customers whose weeks only rise within a month"),
    ("usage.customer_id", codes.WRONG_KEY, _another_platform, 0.001, "rows of another platform than the customer's"),
    ("usage.sessions", codes.STALE, _served_again, 0.03, "rows of a month that repeat the month before"),
    ("usage.available_at", codes.LATE_ROWS, _lag, 2.0, "days until half of a month's rows could be read"),
    ("usage", codes.MISSING_ROWS, _gaps, 0.02, "rows or customers missing, beyond the usual swing"),
    ("usage.event_at", codes.TIME_ZONE, _hours, 0.001, "weeks that do not end at midnight"),
    ("tickets.severity", codes.DEFAULT, _known_too_early, 0.001, "tickets with a severity before they are closed"),
    ("payments.outcome", codes.RENAMED, _other_word("payments", "outcome"), 0.001, _NEW_WORD),
    ("customers.region", codes.RENAMED, _other_word("customers", "region"), 0.0005, _NEW_WORD),
    ("attribute_history.contract", codes.RENAMED, _other_word("attribute_history", "contract"), 0.001, _NEW_WORD),
    ("payments", codes.MISSING_ROWS, _unpaid_silently, 0.015, "invoices of a month after which nothing was tried"),
    ("contacts", codes.MISSING_ROWS, _silent_campaign, 0.5, "fall of the emptiest month below the usual one"),
    ("invoices.amount_cents", codes.UNIT, _hundredth, 0.002, "invoices below a twentieth of the price agreed"),
    ("customers.customer_id", codes.TEST_ACCOUNTS, _never_alive, 0.001, "customers without any use or invoice"),
)
"""Every test of the tables. Figures are shares, but for days and for the step of a pile."""

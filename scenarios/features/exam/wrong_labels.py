"""Ways in which the subscription log makes labels wrong, each to be recognised from the other tables.

A customer who is booked out and goes on using the product never left; one who shows no sign of life has left, booked
or not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import pandas as pd

from monitoring.columns import Floats
from pipelines.world.faults import label_definition
from pipelines.world.faults.fault import Damage
from scenarios.features.exam import codes

Book: TypeAlias = Callable[[pd.DataFrame, pd.DataFrame, Damage], pd.DataFrame]
"""A month's subscription log, the customers alive in that month (by id, with region, channel, platform), the damage."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WrongLabels:
    """A way of booking that makes labels wrong. `loud` and `quiet` are doses in `unit`.

    `bad_months` is how many months it lasts, None for all from its start on.
    """

    name: str
    title: str
    mechanism: str
    book: Book
    unit: str
    loud: float
    quiet: float
    bad_months: int | None


_SALT: Final = 7_919
"""Makes a draw that does not hang on another one's, and another one every month."""

_MOVED, _LATE = "EMEA", "APAC"
_RETURNING: Final = ("paid_search", "partner")
_MIGRATION_DAY, _RETURN_DAY, _LATEST = 8.0, 3.0, 15.0
_HOURS_AWAY: Final = 0.25
_DAYS_AWAY: Final = (3.0, 9.0)
_DAYS_LATE: Final = 240.0


def _migration(log: pd.DataFrame, alive: pd.DataFrame, damage: Damage) -> pd.DataFrame:
    """One region's accounts move to another billing system: closed on a day, opened again hours later."""
    moved = _staying(log, alive[alive["region"] == _MOVED], damage)
    day = _MIGRATION_DAY + _luck(moved, damage, 1)
    return _out_and_in(log, moved, damage, day=day, away=np.full(len(moved), _HOURS_AWAY), asked=False)


def _returns(log: pd.DataFrame, alive: pd.DataFrame, damage: Damage) -> pd.DataFrame:
    """Customers of two channels cancel over a bill and are won back within days; most never stop using the product."""
    back = _staying(log, alive[alive["channel"].isin(_RETURNING)], damage)
    day = _RETURN_DAY + _LATEST * _luck(back, damage, 1)
    away = _DAYS_AWAY[0] + (_DAYS_AWAY[1] - _DAYS_AWAY[0]) * _luck(back, damage, 2)
    return _out_and_in(log, back, damage, day=day, away=away, asked=True)


def _pauses(log: pd.DataFrame, alive: pd.DataFrame, damage: Damage) -> pd.DataFrame:  # noqa: ARG001 - one signature
    """Finance books pauses and plan changes as ended subscriptions."""
    return label_definition.FAULT.apply({"subscriptions": log}, damage)["subscriptions"]


def _late_booking(log: pd.DataFrame, alive: pd.DataFrame, damage: Damage) -> pd.DataFrame:
    """One region's ends are backfilled months later."""
    region = log["customer_id"].map(alive["region"])
    hit = (log["event"] == "end") & (region == _LATE) & damage.hits(log["customer_id"])
    late = log["available_at"] + pd.Timedelta(days=_DAYS_LATE)
    return log.assign(available_at=log["available_at"].mask(hit, late))


def _staying(log: pd.DataFrame, alive: pd.DataFrame, damage: Damage) -> pd.DataFrame:
    """The damaged share of those alive who neither ask to go nor go in this month."""
    quiet = alive[~alive.index.isin(log["customer_id"])]
    return quiet[_luck(quiet, damage, 0) < damage.amount]


def _luck(people: pd.DataFrame, damage: Damage, draw: int) -> Floats:
    return damage.luck(pd.Series(people.index + _SALT * (3 * damage.month + draw)))


def _out_and_in(
    log: pd.DataFrame, people: pd.DataFrame, damage: Damage, *, day: Floats, away: Floats, asked: bool
) -> pd.DataFrame:
    """The log with an end and a new start for each of some people; where they `asked`, with a request before it."""
    out = damage.month_start + pd.to_timedelta(np.round(day * 24.0), unit="h")
    back = out + pd.to_timedelta(np.round(away * 24.0), unit="h")
    rows = [_rows(people, out, "end", "voluntary"), _rows(people, back, "start", None)]
    if asked:
        rows.insert(0, _rows(people, out - pd.Timedelta(days=2), "cancel_request", None))
    plain = log.assign(event=log["event"].astype("object"), reason=log["reason"].astype("object"))
    return pd.concat([plain, *rows], ignore_index=True)[list(log.columns)]


def _rows(people: pd.DataFrame, at: pd.DatetimeIndex, event: str, reason: str | None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": people.index.to_numpy(),
            "event_at": at,
            "available_at": at + pd.Timedelta(hours=30),
            "event": event,
            "reason": reason,
            "plan": people["plan"].to_numpy(),
            "price_cents": people["price_cents"].to_numpy(),
        }
    )


WRONG_LABELS: Final[tuple[WrongLabels, ...]] = (
    WrongLabels(
        name="migration",
        title="A region's move to another billing system is booked as churn",
        mechanism=codes.MIGRATION,
        book=_migration,
        unit="share of the region",
        loud=0.30,
        quiet=0.14,
        bad_months=2,
    ),
    WrongLabels(
        name="returns",
        title="Customers who come back within days are booked as churn",
        mechanism=codes.RETURN,
        book=_returns,
        unit="share of two channels a month",
        loud=0.03,
        quiet=0.018,
        bad_months=None,
    ),
    WrongLabels(
        name="pauses",
        title="Pauses and plan changes are booked as churn",
        mechanism=codes.PAUSE,
        book=_pauses,
        unit="share of customers",
        loud=1.0,
        quiet=0.7,
        bad_months=None,
    ),
    WrongLabels(
        name="backfill",
        title="A region's churn is booked months late",
        mechanism=codes.BACKFILL,
        book=_late_booking,
        unit="share of the region's churn",
        loud=0.8,
        quiet=0.5,
        bad_months=None,
    ),
)
"""Every way, in the order in which the brief names their mechanisms."""

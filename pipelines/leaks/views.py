"""The tempting tables: one row a customer as things stand now, overwritten in place, so that the past is gone.

`accounts` is what the closing workflow writes to, `totals` holds a counter refreshed every night, `scores` are an older
model's scores, filed by month and remade once the month's usage is complete; `profiles` is an honest log of what
customers said at sign-up. All follow from the logs.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.leaks.luck import luck

NIGHTLY: Final = pd.Timedelta(hours=5)
"""How long before a reading the counters of `totals` were refreshed."""

REMADE: Final = pd.Timedelta(days=35)
"""How long after the month's first day its scores are written, with all of the month's usage."""

PURGED_AFTER: Final = pd.Timedelta(days=14)
PURGED_SHARE: Final = 0.4
"""When, and for which share of closed accounts, the profile is emptied (an assumption: erasure on request)."""

REISSUED_SHARE: Final = 0.3
"""Share of closed accounts that get a new number in the archive's series (an assumption: archiving by segment)."""

DETACHED_SHARE: Final = 0.5
"""Share of closed accounts whose payment method is detached."""

APPENDED_SHARE: Final = 0.4
"""Share of closed accounts whose record has been moved to the file's end."""

_NUMBERS_A_DAY: Final = 100
_ARCHIVE_SERIES: Final = 4_000_000
_ARCHIVE_NUMBERS: Final = 1_000_000
_SCORED_BEFORE: Final = pd.Timedelta(days=56)
_SCORED_AFTER: Final = pd.Timedelta(days=28)
_PURGE, _ARCHIVE, _NUMBER, _POSTCODE, _HOUSEHOLD, _DETACH, _APPEND = 1, 2, 3, 4, 5, 6, 7
"""Seeds of what is drawn by customer id alone, and so the same in every reading."""

_CUSTOMERS_A_POSTCODE: Final = 5
_FEWEST_POSTCODES: Final = 20


def accounts(tables: Mapping[str, pd.DataFrame], as_of: pd.Timestamp) -> pd.DataFrame:
    """One row a customer as it stands at `as_of`, from logs cut there; `available_at` is the last overwrite.

    A booked end sets the status to closed, auto-renewal to false and the discount to 0, and moves the end of an agreed
    contract to the day of termination. Of the closed accounts some lose their payment method, some get a new number,
    some stand behind all others in the file, and some lose their profile later on.
    """
    signed = _signed(tables)
    terms = _newest_terms(tables).reindex(signed.index)
    end = _ends(tables).reindex(signed.index)
    closed = end["event_at"].notna()
    ids = signed.index
    purged = _some(closed, _PURGE, PURGED_SHARE) & (end["available_at"] + PURGED_AFTER < as_of)
    written = terms["available_at"].fillna(signed["available_at"]).where(~closed, end["available_at"])
    updated = written.where(~purged, end["available_at"] + PURGED_AFTER)
    return pd.DataFrame(
        {
            "event_at": signed["event_at"],
            "available_at": updated,
            "updated_at": updated,
            "account_no": _numbers(signed["event_at"]).where(~_some(closed, _ARCHIVE, REISSUED_SHARE), _archived(ids)),
            "status": pd.Series("active", index=ids).where(~closed, "closed"),
            "plan": terms["plan"],
            "contract": terms["contract"],
            "auto_renew": terms["auto_renew"].astype(np.float64).where(~closed, 0.0),
            "contract_ends_at": _moved(terms["contract_ends_at"], end["event_at"]),
            "payment_method": terms["payment_method"]
            .astype("str")
            .where(~_some(closed, _DETACH, DETACHED_SHARE), "none"),
            "discount_pct": terms["discount_pct"].astype(np.float64).where(~closed, 0.0),
            "household_size": _households(ids).where(~purged),
            "closed_at": end["event_at"],
            "record_no": _places(signed["event_at"], _some(closed, _APPEND, APPENDED_SHARE)),
        }
    ).reset_index()


def totals(tables: Mapping[str, pd.DataFrame], as_of: pd.Timestamp) -> pd.DataFrame:
    """Days since sign-up, counted on every night while the customer is there; `available_at` is the last night."""
    signed = _signed(tables)
    end = _ends(tables).reindex(signed.index)
    until = end["event_at"].fillna(as_of - NIGHTLY)
    days = (until - signed["event_at"]).to_numpy("timedelta64[us]") / np.timedelta64(1, "D")
    refreshed = end["available_at"].fillna(as_of - NIGHTLY)
    stamps = {"event_at": signed["event_at"], "available_at": refreshed}
    return pd.DataFrame({**stamps, "tenure_days": np.floor(days)}, index=signed.index).reset_index()


def scores(tables: Mapping[str, pd.DataFrame], as_of: pd.Timestamp) -> pd.DataFrame:
    """An older rule's score of every customer and month, dated on the month's first day, written `REMADE` later."""
    used = tables["usage"]
    months = pd.date_range(used["event_at"].min().normalize(), as_of - REMADE, freq="MS")
    signed, end = _signed(tables), _ends(tables)
    filed = [_scored(used, signed, end, month) for month in months if month + REMADE < as_of]
    columns = ["customer_id", "event_at", "available_at", "score"]
    return pd.concat(filed, ignore_index=True) if filed else pd.DataFrame(columns=columns)


def profiles(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What customers said at sign-up, with no effect on anything: postcode, size of household, first account number.

    About five customers of the first stock share a postcode.
    """
    signed = _signed(tables)
    stock = int((signed["event_at"] < tables["usage"]["event_at"].min()).sum())
    levels = max(_FEWEST_POSTCODES, stock // _CUSTOMERS_A_POSTCODE)
    code = pd.Series(np.floor(luck(_POSTCODE)(signed.index) * levels).astype(np.int64), index=signed.index)
    return signed.assign(
        postcode=code.map("{:05d}".format),
        household_size=_households(signed.index),
        account_no=_numbers(signed["event_at"]),
    ).reset_index()


def _scored(used: pd.DataFrame, signed: pd.DataFrame, end: pd.DataFrame, month: pd.Timestamp) -> pd.DataFrame:
    written = month + REMADE
    here = signed.index[signed["event_at"] < month]
    gone = end.index[(end["event_at"] < month) & (end["available_at"] < written)]
    ids = here.difference(gone)
    used = used[(used["available_at"] < written) & (used["event_at"] >= month - _SCORED_BEFORE)]
    used = used[used["event_at"] < month + _SCORED_AFTER]
    late = used["event_at"] >= month
    ratio = _rate(used[late], ids, _SCORED_AFTER) / _rate(used[~late], ids, _SCORED_BEFORE)
    score = 1.0 / (1.0 + np.exp(2.5 + 0.9 * np.log(ratio)))
    stamps = {"customer_id": ids, "event_at": month, "available_at": written}
    return pd.DataFrame(stamps | {"score": np.round(score, 3)})


def _rate(used: pd.DataFrame, ids: pd.Index, span: pd.Timedelta) -> npt.NDArray[np.float64]:
    return _by_customer(used, ids, "sessions") / (span / pd.Timedelta(days=7)) + 0.5


def _signed(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    rows = tables["customers"].drop_duplicates("customer_id", keep="last").set_index("customer_id")
    return rows[["event_at", "available_at"]].sort_index()


def _newest_terms(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    history = tables["attribute_history"].sort_values(["event_at", "available_at"], kind="stable")
    return history.drop_duplicates("customer_id", keep="last").set_index("customer_id")


def _ends(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    rows = tables["subscriptions"]
    rows = rows[(rows["event"] == "end").to_numpy()].drop_duplicates("customer_id", keep="first")
    return rows.set_index("customer_id")[["event_at", "available_at"]]


def _some(closed: pd.Series, purpose: int, share: float) -> pd.Series:
    """A share of the closed accounts, drawn by customer."""
    return closed & (luck(purpose)(closed.index) < share)


def _numbers(signed: pd.Series) -> pd.Series:
    """Account numbers from a series that runs with the day of sign-up."""
    day = signed.to_numpy("datetime64[D]").astype(np.int64)
    return pd.Series(day * _NUMBERS_A_DAY + np.floor(luck(_NUMBER)(signed.index) * _NUMBERS_A_DAY), index=signed.index)


def _archived(ids: pd.Index) -> pd.Series:
    """Account numbers from the archive's series, in no order."""
    return pd.Series(_ARCHIVE_SERIES + np.floor(luck(_NUMBER)(ids) * _ARCHIVE_NUMBERS), index=ids)


def _moved(ends: pd.Series, ended: pd.Series) -> pd.Series:
    """The end of a contract; a termination moves one that was agreed, and enters none where there was none."""
    return ends.where(ended.isna() | ends.isna(), ended)


def _households(ids: pd.Index) -> pd.Series:
    return pd.Series(1.0 + np.floor(5.0 * luck(_HOUSEHOLD)(ids)), index=ids)


def _places(signed: pd.Series, appended: pd.Series) -> pd.Series:
    """Places in the file, in order of sign-up; the records appended later stand behind the others."""
    order = np.lexsort((signed.to_numpy(), appended.to_numpy()))
    place = np.empty(len(order))
    place[order] = np.arange(1.0, len(order) + 1.0)
    return pd.Series(place, index=signed.index)


def _by_customer(rows: pd.DataFrame, ids: pd.Index, column: str | None = None) -> npt.NDArray[np.float64]:
    who = ids.get_indexer(pd.Index(rows["customer_id"]))
    weights = None if column is None else rows[column].to_numpy(np.float64)[who >= 0]
    return np.bincount(who[who >= 0], weights=weights, minlength=len(ids)).astype(np.float64)

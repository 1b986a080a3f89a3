"""The scoring job's own code paths: from the same knowledge as training they make other values."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.leaks.leak import Request
from pipelines.leaks.luck import row_keys
from pipelines.leaks.warehouse import known_at

_SECONDS = 60.0
_KEY_LENGTH = 9
"""Characters that the old connector's key column holds; most customer ids have ten."""

_WEEK_US = 604_800_000_000


def seconds(frame: pd.DataFrame, request: Request) -> pd.DataFrame:
    """A share of the app's users have a version that reports time in seconds."""
    usage = request.tables["usage"]
    hit = (usage["platform"] == "app").to_numpy() & (request.luck(usage["customer_id"]) < request.dose)
    minutes = usage["active_minutes"].to_numpy(np.float64)
    return _rebuilt(frame, request, {"usage": usage.assign(active_minutes=np.where(hit, minutes * _SECONDS, minutes))})


def cents(frame: pd.DataFrame, request: Request) -> pd.DataFrame:
    """Prices arrive in the currency's units, not in cents, from a share of the requests."""
    column = request.columns[0]
    return frame.assign(**{column: frame[column].where(~_hit(frame, request), frame[column] / 100.0)})


def filled_with_zero(frame: pd.DataFrame, request: Request) -> pd.DataFrame:
    """The online store knows no missing values: a share of them is sent as 0."""
    hit = _hit(frame, request)
    return frame.assign(**{name: frame[name].mask(frame[name].isna() & hit, 0.0) for name in request.columns})


def stale(frame: pd.DataFrame, request: Request) -> pd.DataFrame:
    """The store's refresh has stopped: columns are those of `dose` days ago."""
    then = request.cutoff - pd.Timedelta(days=request.dose)
    return _replaced(frame, request, request.build(known_at(request.tables, then), then))


def not_ingested(frame: pd.DataFrame, request: Request) -> pd.DataFrame:
    """The job runs before the last days' usage has been loaded."""
    usage = request.tables["usage"]
    loaded = usage["available_at"] < request.cutoff - pd.Timedelta(days=request.dose)
    return _rebuilt(frame, request, {"usage": usage[loaded.to_numpy()]})


def doubled(frame: pd.DataFrame, request: Request) -> pd.DataFrame:
    """Delivery at least once, and no key to tell a repeat: a share of the usage rows counts twice."""
    usage = request.tables["usage"]
    week = usage["event_at"].to_numpy("datetime64[us]").astype(np.int64) // _WEEK_US
    again = request.luck(usage["customer_id"] * 4096 + week) < request.dose
    return _rebuilt(frame, request, {"usage": pd.concat([usage, usage[again]], ignore_index=True)})


def recoded(frame: pd.DataFrame, request: Request) -> pd.DataFrame:
    """Codes are numbered anew in each batch by frequency, and the model reads them by the training's alphabet."""
    return frame.assign(**{name: _read_by_alphabet(frame[name]) for name in request.columns})


def _read_by_alphabet(levels: pd.Series) -> pd.Series:
    counts = levels.value_counts()
    by_frequency = sorted(counts.index, key=lambda level: (-int(counts[level]), level))
    return levels.map(dict(zip(by_frequency, sorted(counts.index), strict=True))).astype("str")


def swapped(frame: pd.DataFrame, request: Request) -> pd.DataFrame:
    """An old client sends two columns in the other's place."""
    first, second = request.columns
    hit = _hit(frame, request)
    return frame.assign(
        **{first: frame[first].where(~hit, frame[second]), second: frame[second].where(~hit, frame[first])}
    )


def timed_out(frame: pd.DataFrame, request: Request) -> pd.DataFrame:
    """Look-ups that take too long are answered with 0; whose they are is new luck in every run."""
    keys = row_keys(pd.DataFrame({"customer_id": frame.index}).assign(cutoff=request.cutoff))
    hit = request.luck(keys) < request.dose
    return frame.assign(**{name: frame[name].mask(hit, 0.0) for name in request.columns})


def key_cut(frame: pd.DataFrame, request: Request) -> pd.DataFrame:
    """An old connector holds keys of nine characters: the usage of customers with longer ids is not found."""
    sent = pd.Series(frame.index.astype("str"), index=frame.index)
    lost = (sent.str[:_KEY_LENGTH] != sent).to_numpy() & _hit(frame, request)
    return frame.assign(**{name: frame[name].mask(lost) for name in request.columns})


def frozen(frame: pd.DataFrame, request: Request) -> pd.DataFrame:
    """Ages were computed once, when the model went live; customers who came later have none."""
    if request.cutoff <= request.deployed:
        return frame
    return _replaced(frame, request, request.build(known_at(request.tables, request.deployed), request.deployed))


def shouted(frame: pd.DataFrame, request: Request) -> pd.DataFrame:
    """A share of the requests comes from a client that writes text in capitals."""
    hit = _hit(frame, request)
    return frame.assign(**{name: frame[name].where(~hit, frame[name].str.upper()) for name in request.columns})


def _hit(frame: pd.DataFrame, request: Request) -> npt.NDArray[np.bool_]:
    return request.luck(frame.index) < request.dose


def _rebuilt(frame: pd.DataFrame, request: Request, changed: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return _replaced(frame, request, request.build({**request.tables, **changed}, request.cutoff))


def _replaced(frame: pd.DataFrame, request: Request, other: pd.DataFrame) -> pd.DataFrame:
    """The frame with the damaged columns taken from another one, missing where that one lacks the customer."""
    taken = other[list(request.columns)].reindex(frame.index)
    return frame.assign(**{name: taken[name] for name in request.columns})

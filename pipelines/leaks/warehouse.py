"""The warehouse as it stands at a date, and the same tables as a job at an earlier cutoff would have seen them."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from pipelines.features import active_customers
from pipelines.labels import labels, mature_at
from pipelines.leaks import views

Tables = Mapping[str, pd.DataFrame]


def warehouse(
    tables: Tables, *, extract: pd.Timestamp, cutoffs: Sequence[pd.Timestamp] = ()
) -> dict[str, pd.DataFrame]:
    """The recorded tables with what had arrived before `extract`, and the views made from them.

    `accounts` and `totals` hold one row a customer as of the extract; `scores` one a customer and month, `profiles`
    what was said at sign-up; `outcomes` the labels of `cutoffs` that are mature (`customer_id`, `cutoff`, `churned`,
    `available_at`).
    """
    cut = _cut(tables, extract)
    return {
        **cut,
        "accounts": views.accounts(cut, extract),
        "totals": views.totals(cut, extract),
        "scores": views.scores(cut, extract),
        "profiles": views.profiles(cut),
        "outcomes": outcomes(cut, cutoffs, as_of=extract),
    }


def known_at(tables: Tables, cutoff: pd.Timestamp) -> Tables:
    """A warehouse as a job at `cutoff` sees it: rows that had arrived, and what is overwritten made again from them."""
    return _Known(tables, cutoff)


class _Known(Tables):
    """Each table is cut or made when it is first read: few jobs read them all."""

    def __init__(self, tables: Tables, cutoff: pd.Timestamp) -> None:
        self._tables, self._cutoff = tables, cutoff
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._read:
            make = _OVERWRITTEN.get(name)
            rows = self._tables[name]
            self._read[name] = _arrived(rows, self._cutoff) if make is None else make(self, self._cutoff)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


def outcomes(tables: Tables, cutoffs: Sequence[pd.Timestamp], *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Labels of the cutoffs that are mature at `as_of`; customers whose label stays unknown are left out."""
    mature = [cutoff for cutoff in sorted(cutoffs) if mature_at(cutoff) < as_of]
    found = [_labelled(tables, cutoff, as_of) for cutoff in mature]
    columns = ["customer_id", "cutoff", "churned", "available_at"]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)


def customers_at(tables: Tables, cutoff: pd.Timestamp) -> pd.Index:
    """Customers a job at `cutoff` would score, by rising id."""
    return active_customers({name: _arrived(tables[name], cutoff) for name in ("customers", "subscriptions")}, cutoff)


_OVERWRITTEN = {"accounts": views.accounts, "totals": views.totals}
"""Views whose past is gone, and how each is made from the logs."""


def _labelled(tables: Tables, cutoff: pd.Timestamp, as_of: pd.Timestamp) -> pd.DataFrame:
    churned = labels(tables, customers_at(tables, cutoff), cutoff, as_of=as_of).dropna()
    return pd.DataFrame(
        {
            "customer_id": churned.index,
            "cutoff": cutoff,
            "churned": churned.to_numpy(),
            "available_at": mature_at(cutoff),
        }
    )


def _cut(tables: Tables, at: pd.Timestamp) -> dict[str, pd.DataFrame]:
    return {name: _arrived(rows, at) for name, rows in tables.items()}


def _arrived(rows: pd.DataFrame, at: pd.Timestamp) -> pd.DataFrame:
    return rows[(rows["available_at"] < at).to_numpy()]

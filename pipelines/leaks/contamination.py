"""Contamination: rows that tell about one another, by their groups, their numbers, their order or their copies."""

from typing import Final

import numpy as np
import pandas as pd

from pipelines.leaks.definition import Definition
from pipelines.leaks.leak import ColumnLeak, Family, RowLeak
from pipelines.leaks.luck import Luck, row_keys
from pipelines.leaks.spoil import instead

_READ_AT_EXTRACT = "0: as known at the cutoff, 1: as it stands at the extract"
_SIDES = 1 << 40
"""Shifts row keys where a second draw is needed."""

AREA_RATE: Final = ColumnLeak(
    name="area_rate",
    family=Family.CONTAMINATION,
    title="The target rate of the customer's postcode over all rows, the row's own label included.",
    unit="0: labels mature at the cutoff, 1: all labels there are",
    dose=1.0,
    most=1.0,
    tier="plain",
    names=("area_index", "district_level", "neighbourhood_index"),
    clean=Definition(
        name="", table="outcomes", measure="target_rate", column="churned", by="profiles.postcode", at="cutoff"
    ),
    spoil=instead(ahead_days=400.0),
)

NEW_NUMBER: Final = ColumnLeak(
    name="new_number",
    family=Family.CONTAMINATION,
    title="Some closed accounts get a new number in the archive's series, and the number is used as a column.",
    unit=_READ_AT_EXTRACT,
    dose=1.0,
    most=1.0,
    tier="plain",
    names=("account_no", "contract_no", "ledger_no"),
    clean=Definition(name="", table="profiles", measure="attribute", column="account_no"),
    spoil=instead(table="accounts"),
)

FILE_PLACE: Final = ColumnLeak(
    name="file_place",
    family=Family.CONTAMINATION,
    title="The row's place in a file, at whose end closed accounts have been appended.",
    unit=_READ_AT_EXTRACT,
    dose=1.0,
    most=1.0,
    tier="plain",
    names=("record_no", "line_no", "row_ref"),
    clean=Definition(name="", table="profiles", measure="attribute", column="account_no"),
    spoil=instead(table="accounts", column="record_no"),
)


def _copied(table: pd.DataFrame, luck: Luck, dose: float) -> pd.DataFrame:
    """Copies of test rows among the training rows, under new customers, dated like the newest training rows."""
    test = table[(table["split"] == "test").to_numpy()]
    copies = test[luck(row_keys(test)) < dose]
    newest = table.loc[(table["split"] == "train").to_numpy(), "cutoff"].max()
    fresh = table["customer_id"].max() + 1 + np.arange(len(copies))
    renamed = copies.assign(customer_id=fresh, split="train", cutoff=newest)
    return pd.concat([table, renamed], ignore_index=True)


def _mixed(table: pd.DataFrame, luck: Luck, dose: float) -> pd.DataFrame:
    """A share of the rows is put on a side by lot, whatever their month and customer."""
    keys = row_keys(table)
    test = luck(keys + _SIDES) < (table["split"] == "test").mean()
    by_lot = luck(keys) < dose
    split = np.where(by_lot, np.where(test, "test", "train"), table["split"].to_numpy())
    return table.assign(split=split)


def _oversampled(table: pd.DataFrame, luck: Luck, dose: float) -> pd.DataFrame:
    """Each leaver's row stands `dose` times more, and only then are rows put on a side by lot."""
    leaver = (table["churned"] == 1.0).to_numpy()
    place = np.repeat(np.arange(len(table)), np.where(leaver, 1 + round(dose), 1))
    more = table.iloc[place].reset_index(drop=True)
    copy = pd.Series(np.arange(len(place)) - np.searchsorted(place, place), index=more.index)
    test = luck(row_keys(more) + copy * _SIDES) < (table["split"] == "test").mean()
    return more.assign(split=np.where(test, "test", "train"))


def _sorted(table: pd.DataFrame, luck: Luck, dose: float) -> pd.DataFrame:
    """A share of the file stands in order of the label."""
    moved = luck(row_keys(table)) < dose
    order = np.lexsort((np.where(moved, table["churned"], 0.0), table["split"] == "test"))
    return table.iloc[order].reset_index(drop=True)


COPIED_ROWS: Final = RowLeak(
    name="copied_rows",
    family=Family.CONTAMINATION,
    title="Rows of the test side were copied to the training side under new row ids.",
    unit="share of test rows",
    dose=0.8,
    most=1.0,
    tier="plain",
    spread=_copied,
)

SHARED_CUSTOMERS: Final = RowLeak(
    name="shared_customers",
    family=Family.CONTAMINATION,
    title="Rows were split by lot, so that the same customers stand on both sides.",
    unit="share of rows put on a side by lot",
    dose=1.0,
    most=1.0,
    tier="subtle",
    spread=_mixed,
)

RESAMPLED_FIRST: Final = RowLeak(
    name="resampled_first",
    family=Family.CONTAMINATION,
    title="Leavers were over-sampled before the split, so that copies of a row stand on both sides.",
    unit="copies of each leaver's row",
    dose=9.0,
    most=30.0,
    tier="plain",
    spread=_oversampled,
)

SORTED_FILE: Final = RowLeak(
    name="sorted_file",
    family=Family.CONTAMINATION,
    title="The file stands in order of the label, so that a row's position gives it away.",
    unit="share of rows in that order",
    dose=1.0,
    most=1.0,
    tier="subtle",
    spread=_sorted,
)

CONTAMINATION: Final = (
    AREA_RATE,
    NEW_NUMBER,
    FILE_PLACE,
    COPIED_ROWS,
    SHARED_CUSTOMERS,
    RESAMPLED_FIRST,
    SORTED_FILE,
)

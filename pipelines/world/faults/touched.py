"""What a fault touched, found by comparing a delivery with its clean original."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.world.faults.fault import Delivery


@dataclass(frozen=True, kw_only=True, slots=True)
class Touched:
    """Rows of one table that differ: `changed` in place, `added` on top, `lost`; and the customers they belong to."""

    changed: int
    added: int
    lost: int
    customers: int

    @property
    def rows(self) -> int:
        """All rows touched."""
        return self.changed + self.added + self.lost


def touched(clean: Delivery, damaged: Delivery) -> dict[str, Touched]:
    """What differs by table, tables without a difference left out. Row order does not count."""
    found = {name: _compared(clean[name], damaged[name]) for name in clean if clean[name] is not damaged[name]}
    return {name: difference for name, difference in found.items() if difference.rows}


def _compared(clean: pd.DataFrame, damaged: pd.DataFrame) -> Touched:
    before, after = _row_keys(clean, damaged), _row_keys(damaged, clean)
    surplus = after.value_counts().sub(before.value_counts(), fill_value=0)
    new, gone = int(surplus.clip(lower=0).sum()), int(-surplus.clip(upper=0).sum())
    changed = min(new, gone)
    different = surplus.index[surplus != 0]
    who = pd.concat([frame["customer_id"][keys.isin(different)] for frame, keys in ((clean, before), (damaged, after))])
    return Touched(changed=changed, added=new - changed, lost=gone - changed, customers=who.nunique())


def _row_keys(frame: pd.DataFrame, other: pd.DataFrame) -> pd.Series:
    """A hash a row that sees category and text as equal, and integer and float, but not a number and its text."""
    plain = {name: _plain(frame[name], other[name]) for name in frame.columns}
    return pd.util.hash_pandas_object(pd.DataFrame(plain), index=False)


def _plain(values: pd.Series, other: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.astype("datetime64[us]").astype(np.int64)
    if _is_number(values) and _is_number(other):
        return values.astype(np.float64)
    text = values.astype("object").where(values.notna(), None).astype(str)
    return "number " + text if _is_number(values) else text


def _is_number(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values)

"""What Evidently says when nobody chooses a method: its default test of each column, with its default limit.

Only for comparison. The defaults look at the reference's size alone (facts: above 1,000 rows a fixed distance of 0.1),
so how often they alarm on good data depends on how many rows the month has.
"""

import warnings

import numpy as np
import pandas as pd

from monitoring.columns import as_numbers

FEWEST_ROWS = 2
"""Present values below which a column is not asked about: Evidently refuses an empty one."""


def drifted_columns(reference: pd.DataFrame, current: pd.DataFrame) -> tuple[str, ...]:
    """Columns that Evidently's default test calls drifted, in the reference's order.

    The tests are the registered ones that `DataDriftPreset` would choose, without its report and its plots. Missing and
    infinite values are left out first, as Evidently does. Columns without two values on either side are passed over.
    """
    shared = [str(name) for name in reference if name in current]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Evidently's own making: deprecated calls on import
        return tuple(name for name in shared if _drifted(reference[name], current[name]))


def _drifted(reference: pd.Series, current: pd.Series) -> bool:
    from evidently.legacy.calculations.stattests import get_stattest
    from evidently.legacy.core import ColumnType

    number = pd.api.types.is_numeric_dtype(reference.dtype)
    kind = ColumnType.Numerical if number else ColumnType.Categorical
    before, now = _present(reference, number=number), _present(current, number=number)
    if min(len(before), len(now)) < FEWEST_ROWS:
        return False
    test = get_stattest(before, now, kind, None)
    return bool(test(before, now, kind, None).drifted)


def _present(values: pd.Series, *, number: bool) -> pd.Series:
    if not number:
        return values.dropna().astype("object").reset_index(drop=True)
    found = as_numbers(values).cells
    return pd.Series(found[np.isfinite(found)])

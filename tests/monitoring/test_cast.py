from collections.abc import Callable

import numpy as np
import pandas as pd

from monitoring.gate.cast import cast
from monitoring.gate.contract import TableContract

MONTH = "2025-03"


def test_columns_come_out_plain_and_in_the_contracts_order(
    contract: TableContract, usage: Callable[..., pd.DataFrame]
) -> None:
    table = usage(MONTH)
    odd = table.assign(tickets=table["tickets"].astype("Int64"), plan=table["plan"].astype("category"))

    plain = cast(odd[odd.columns[::-1]], contract)

    assert plain.columns.tolist() == ["plan", "smb", "minutes", "price", "tickets"]
    assert plain.dtypes.astype("str").tolist() == ["object", "object", "float64", "float64", "float64"]


def test_text_and_infinities_in_a_number_become_empty(
    contract: TableContract, usage: Callable[..., pd.DataFrame]
) -> None:
    odd = usage(MONTH).astype({"minutes": object})
    odd.loc[0, "minutes"], odd.loc[1, "minutes"] = "n/a", np.inf

    plain = cast(odd, contract)

    assert plain["minutes"].isna().tolist()[:3] == [True, True, False]


def test_what_cannot_be_shown_is_left_out(contract: TableContract, usage: Callable[..., pd.DataFrame]) -> None:
    odd = usage(MONTH).drop(columns="tickets").assign(minutes=np.nan, plan=None)

    assert cast(odd, contract).columns.tolist() == ["smb", "price"]
    assert cast(pd.DataFrame(), contract).shape == (0, 0)

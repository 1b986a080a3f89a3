"""scorelib 1.3: scores that several teams share. New: recent weeks weigh more by default."""

import pandas as pd


def recency_weighted(table: pd.DataFrame, value: str, weeks_ago: str, half_life: float = 1.5) -> pd.Series:
    """By customer the sum of `value`, each week's halved every `half_life` weeks."""
    weight = 0.5 ** (table[weeks_ago] / half_life)
    return (table[value] * weight).groupby(table["customer_id"]).sum()

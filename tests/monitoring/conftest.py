from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from monitoring.gate.contract import TableContract
from monitoring.gate.learn import learn
from monitoring.months import end_of, index_of, name_of

SEED = 20250


@pytest.fixture(scope="session")
def usage() -> Callable[..., pd.DataFrame]:
    """A month of a usage table: `usage("2024-03", rows=400, seed=1)`."""

    def month_of_usage(month: str, rows: int = 400, seed: int = SEED) -> pd.DataFrame:
        at = index_of(month)
        rng = np.random.default_rng([seed, at])
        season = 1.0 + 0.15 * np.sin(2 * np.pi * at / 12)
        count = int(rows * season)
        start = end_of(month) - pd.DateOffset(months=1)
        days = pd.to_timedelta(rng.uniform(0, 28, count), unit="D")
        return pd.DataFrame(
            {
                "customer_id": np.arange(count),
                "plan": rng.choice(["basic", "plus", "pro"], count, p=[0.5, 0.3, 0.2]),
                "smb": rng.random(count) < 0.3,
                "minutes": rng.gamma(2.0, 50.0, count) * season,
                "price": np.where(rng.random(count) < 0.1, np.nan, rng.choice([9.0, 19.0, 49.0], count)),
                "tickets": rng.poisson(0.4, count).astype(float),
                "event_at": start + days,
                "available_at": start + days + pd.Timedelta(hours=2),
            }
        )

    return month_of_usage


@pytest.fixture(scope="session")
def good_months(usage: Callable[..., pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Twenty-four months of usage, 2023 and 2024."""
    first = index_of("2023-01")
    return {name_of(at): usage(name_of(at)) for at in range(first, first + 24)}


@pytest.fixture(scope="session")
def contract(good_months: dict[str, pd.DataFrame]) -> TableContract:
    """The contract of those months."""
    return learn("usage", good_months, key=["customer_id"])

"""Small tables of scored rows by month: sound, broken in a month, or with outcomes that come to mean something else."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

GOOD = tuple(f"2024-{month:02d}" for month in range(1, 13))
NEW = tuple(f"2025-{month:02d}" for month in range(1, 6))

Make = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def rows() -> Make:
    """A function that makes rows of some months; see `_rows`."""
    return _rows


@pytest.fixture(scope="session")
def good() -> pd.DataFrame:
    """A good year."""
    return _rows(GOOD, seed=1)


@pytest.fixture(scope="session")
def good_file(good: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The good year as a file."""
    path = tmp_path_factory.mktemp("reference") / "good.csv"
    good.to_csv(path, index=False)
    return path


def _rows(
    months: tuple[str, ...] = NEW, *, size: int = 700, seed: int = 2, broken: str = "", concept: str = "9999-12"
) -> pd.DataFrame:
    """Rows of each month; `usage` arrives in other units in month `broken`, outcomes change from `concept` on."""
    made = [_month(month, size, seed, changed=month >= concept) for month in months]
    return pd.concat(
        [one.assign(usage=60.0 * one["usage"]) if one["month"][0] == broken else one for one in made], ignore_index=True
    )


def _month(month: str, size: int, seed: int, *, changed: bool) -> pd.DataFrame:
    rng = np.random.default_rng([seed, int(month[:4]), int(month[-2:])])
    usage, tickets = rng.gamma(2.0, 1.0, size), rng.poisson(0.6, size).astype(float)
    plan = rng.choice(["basic", "plus", "pro"], size, p=[0.5, 0.3, 0.2])
    log_odds = -1.9 - 0.5 * (usage - 2.0) + 0.7 * tickets + 0.5 * (plan == "basic")
    truth = log_odds + (1.5 * (plan != "basic") if changed else 0.0)
    churned = rng.random(size) < 1.0 / (1.0 + np.exp(-truth))
    return pd.DataFrame(
        {
            "customer_id": [f"C{at:05d}" for at in range(size)],
            "month": month,
            "usage": usage,
            "tickets": tickets,
            "plan": plan,
            "score": 1.0 / (1.0 + np.exp(-log_odds)),
            "churned": np.where(churned, "yes", "no"),
        }
    )

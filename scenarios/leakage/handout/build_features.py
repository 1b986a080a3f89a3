"""Build the feature table of one cutoff: every column of definitions.yaml.

    python build_features.py 2024-05-01

prints the first rows. The nightly job calls `build` with every table of the warehouse; the scoring job calls it on the
first of the month with what has arrived by then.
"""

import sys
from pathlib import Path

import pandas as pd
import yaml

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import definition  # noqa: E402

COLUMNS = [definition.from_plain(plain) for plain in yaml.safe_load((HERE / "definitions.yaml").read_text())]


def read_tables(folder: Path = HERE.parent / "tables") -> dict[str, pd.DataFrame]:
    """Every table of the warehouse by name."""
    return {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}


def build(tables: dict[str, pd.DataFrame], cutoff: pd.Timestamp) -> pd.DataFrame:
    """One row a customer who is active as far as known at the cutoff, with `customer_id` as index."""
    return definition.values(COLUMNS, tables, cutoff, active_customers(tables, cutoff))


def active_customers(tables: dict[str, pd.DataFrame], cutoff: pd.Timestamp) -> pd.Index:
    """Customers who had signed up, and whose end was not known at the cutoff."""
    known = {name: tables[name][tables[name]["available_at"] < cutoff] for name in ("customers", "subscriptions")}
    signed = known["customers"]["customer_id"]
    ended = known["subscriptions"]["customer_id"][known["subscriptions"]["event"] == "end"]
    return pd.Index(sorted(set(signed) - set(ended)), name="customer_id")


if __name__ == "__main__":
    print(build(read_tables(), pd.Timestamp(sys.argv[1])).head().T.to_string())

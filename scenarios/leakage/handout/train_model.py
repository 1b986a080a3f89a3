"""Train the model and print its AUC on the test rows: the figure on the model card.

python train_model.py                     # all columns
python train_model.py --drop a b c        # without some
"""

import argparse
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd

FOLDER = Path(__file__).resolve().parent.parent
KEYS = ["row_id", "customer_id", "cutoff", "split", "churned"]
SETTINGS = {
    "objective": "binary",
    "num_leaves": 15,
    "learning_rate": 0.1,
    "min_child_samples": 50,
    "lambda_l2": 5.0,
    "feature_fraction": 0.7,
    "max_bin": 63,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
    "seed": 1,
}


def matrix(train: pd.DataFrame, table: pd.DataFrame) -> np.ndarray:
    """Numbers as they are; text as the rank of its frequency in training."""
    return np.column_stack([codes(train[name], table[name]) for name in train])


def codes(train: pd.Series, column: pd.Series) -> np.ndarray:
    """One column as floats, missing as NaN."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        days = column.to_numpy("datetime64[ns]").astype(np.int64) / 86_400_000_000_000
        return np.where(column.isna(), np.nan, days)
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.to_numpy(dtype=float, na_value=np.nan)
    counts = train.dropna().astype(str).value_counts()
    levels = sorted(counts.index, key=lambda level: (-counts[level], level))
    place = {level: code for code, level in enumerate(levels)}
    coded = column.astype(str).map(place).to_numpy(dtype=float, na_value=len(levels))
    return np.where(column.isna(), np.nan, coded)


def auc(churned: np.ndarray, score: np.ndarray) -> float:
    """Chance that a leaver outscores a stayer."""
    rank = pd.Series(score).rank().to_numpy()
    leavers = churned.sum()
    return (rank[churned == 1].sum() - leavers * (leavers + 1) / 2) / (leavers * (len(churned) - leavers))


def main() -> None:
    """Train on the rows marked train, judge on those marked test."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drop", nargs="*", default=[], metavar="COLUMN")
    dropped = parser.parse_args().drop
    table = pd.read_parquet(FOLDER / "features.parquet")
    features = table.drop(columns=[*KEYS, *dropped])
    train, test = table["split"] == "train", table["split"] == "test"
    data = lightgbm.Dataset(matrix(features[train], features[train]), table.loc[train, "churned"].to_numpy())
    model = lightgbm.train(SETTINGS, data, num_boost_round=80)
    score = model.predict(matrix(features[train], features[test]), num_threads=1)
    print(f"test AUC {auc(table.loc[test, 'churned'].to_numpy(), score):.4f} on {features.shape[1]} columns")
    gain = pd.Series(model.feature_importance("gain"), index=features.columns)
    print((gain / gain.sum()).sort_values(ascending=False).head(10).round(3).to_string())


if __name__ == "__main__":
    main()

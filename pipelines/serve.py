"""Serving: score everybody who is a customer at a cutoff, and keep a prediction log."""

import pandas as pd

from pipelines.model import ChurnModel


def prediction_log(model: ChurnModel, score: pd.Series, cutoff: pd.Timestamp) -> pd.DataFrame:
    """One row a customer: customer_id, cutoff, model_version, score, flagged (whether an offer goes out), in id order.

    `score` is the model's, indexed by customer_id.
    """
    return pd.DataFrame(
        {
            "customer_id": score.index.to_numpy(),
            "cutoff": cutoff,
            "model_version": model.version,
            "score": score.to_numpy(),
            "flagged": (score >= model.threshold).to_numpy(),
        }
    )

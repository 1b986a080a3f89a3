"""What a shipped model really gives in the months after the extract: exact expectations beside what happened."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from monitoring.performance.metrics import auc
from pipelines.recorded import World
from pipelines.world.truth import expected_auc
from scenarios.validation.engine import GAIN, LOSS, Run
from scenarios.validation.panel import Extras, with_extras
from scenarios.validation.recorded import features_at, sealed_of

PER_CUSTOMERS = 1000.0


class SealedMonth(BaseModel):
    """One month after the extract. `expected` figures are exact, `realised` ones what the outcomes gave."""

    model_config = ConfigDict(frozen=True)

    label: str
    customers: int
    churners: int
    expected_auc: float
    realised_auc: float
    realised_low: float
    realised_high: float
    expected_profit_per_1000: float
    best_auc: float


def sealed_rows(world: World, extra: Extras) -> Sequence[pd.DataFrame]:
    """The customers to be scored at the start of each sealed month, with columns as the panel has them."""
    return [
        with_extras(features_at(world, month), extra).assign(cutoff=world.cutoff(month)) for month in sealed_of(world)
    ]


def sealed_months(done: Run, world: World, rows: Sequence[pd.DataFrame]) -> tuple[SealedMonth, ...]:
    """Judge a finished pipeline's model, at its own threshold, on each sealed month."""
    months = zip(sealed_of(world), rows, strict=True)
    return tuple(_month(done, world, month, frame) for month, frame in months)


def _month(done: Run, world: World, month: int, rows: pd.DataFrame) -> SealedMonth:
    truth = world.truth[month].reindex(rows["customer_id"])
    known = truth["bayes"].notna().to_numpy()
    p = truth["bayes"].to_numpy(np.float64)[known]
    left = (truth["reason"].to_numpy()[known] >= 0).astype(np.int64)
    scored = done.score(rows)[known]
    realised = auc(left, scored)
    return SealedMonth(
        label=world.company.calendar.label(month),
        customers=len(p),
        churners=int(left.sum()),
        expected_auc=expected_auc(scored, p),
        realised_auc=realised.value,
        realised_low=realised.low,
        realised_high=realised.high,
        expected_profit_per_1000=_profit(scored, p, done.threshold),
        best_auc=expected_auc(p, p),
    )


def _profit(score: np.ndarray, p: np.ndarray, threshold: float) -> float:
    contacted = p[score >= threshold]
    return float((contacted.sum() * (GAIN + LOSS) - len(contacted) * LOSS) / len(p) * PER_CUSTOMERS)

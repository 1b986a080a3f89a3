"""What the grader of a case knows and the candidate does not."""

from pydantic import BaseModel, ConfigDict

from scenarios.base import Level
from scenarios.validation.pricing import Price
from scenarios.validation.sealed import SealedMonth


class Truth(BaseModel):
    """What the grader knows. `prices` and `harmless` are by code of a trap; `error` is a good answer's standard error.

    `auc` is the shipped model's in the sealed months, `cured_auc` that of the same recipe with every trap cured.
    `neutral` codes are shown by the pipeline and neither planted nor free of charge; naming one is neither right nor
    wrong.
    """

    model_config = ConfigDict(frozen=True)

    level: Level
    control: bool
    claimed: dict[str, float]
    cured: dict[str, float]
    prices: dict[str, Price]
    harmless: dict[str, Price]
    neutral: dict[str, Price]
    where: dict[str, str]
    months: tuple[SealedMonth, ...]
    auc: float
    cured_auc: float
    error: float
    profit_per_1000: float | None
    profit_error: float

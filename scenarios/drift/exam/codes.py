"""The words an answer may use: what can have happened, and what can be done about it."""

from typing import Final

from pipelines.replay.policy import Action

DATA_FAULT: Final = "data fault"
CONCEPT: Final = "concept drift"
LABEL_SHIFT: Final = "label shift"
COVARIATE: Final = "covariate shift"
SEASON: Final = "seasonality"
NOISE: Final = "sampling noise"
LEAK: Final = "target leakage"
SKEW: Final = "training-serving skew"

CODES: Final = (DATA_FAULT, CONCEPT, LABEL_SHIFT, COVARIATE, SEASON, NOISE, LEAK, SKEW)
"""Every mechanism of the brief; the last four never fit."""

ACTIONS: Final = tuple(str(action) for action in Action)
"""keep, retrain, recalibrate, repair."""

MODEL: Final = "model"
"""Where something is that has no place of its own: all customers, every input."""

"""Pieces that every story of a graded case is made of."""

from pydantic import BaseModel, ConfigDict


class Piece(BaseModel):
    """A part of a story: nothing unknown in it, and nothing that changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Interval(Piece):
    """An AUC with its 95 % interval."""

    auc: float
    low: float
    high: float


class Line(Piece):
    """One line of a scorecard."""

    name: str
    points: float
    of: float
    reason: str

"""The validation story: every figure the page and the terminal show, as one value that becomes `story.json`."""

from typing import Literal

from scenarios.kit.story import Interval, Line, Piece


class Claim(Piece):
    """A figure of the analyst's report, and its mean over the sealed months; null where it has no meaning there."""

    metric: Literal["auc", "profit_per_1000", "accuracy", "accuracy_above_always_no"]
    claimed: float
    sealed: float | None


class Trap(Piece):
    """One planted trap.

    `alone`: what the claim loses when it alone is cured, in its own `metric`. `in_turn`: what the claimed AUC loses
    when the traps are cured one after the other, in the story's order.
    """

    code: str
    title: str
    where: str
    says: str
    remedy: str
    metric: Literal["auc", "profit_per_1000", "accuracy"]
    alone: float
    bites: float
    in_turn: float


class Sin(Piece):
    """A textbook sin the pipeline shows that was not planted as a trap; `alone` as for a trap."""

    code: str
    title: str
    where: str
    metric: Literal["auc", "profit_per_1000", "accuracy"]
    alone: float
    harmless: bool


class Corrected(Piece):
    """The pipeline's score made in another way; null where it cannot be had."""

    name: str
    what: str
    score: Interval | None


class Month(Piece):
    """One sealed month: `expected` is exact, `realised` what its outcomes gave, `best` what no model can beat."""

    label: str
    customers: int
    churners: int
    expected: float
    realised: Interval
    best: float
    profit_per_1000: float


class Practice(Piece):
    """One way of working on the case: what it decides and claims, and its score."""

    name: str
    what: str
    trust: bool | None
    named: tuple[str, ...]
    claimed: float | None
    low: float | None
    high: float | None
    score: float
    lines: tuple[Line, ...]


class Step(Piece):
    """One step of the pipeline as the analyst wrote it, and the traps that sit in it."""

    text: str
    traps: tuple[str, ...]
    sins: tuple[str, ...]


class Story(Piece):
    """The whole demonstration.

    `auc` is the mean of the sealed months, `cured_claim` the claim with every trap cured, and `cured_auc` what that
    pipeline gives in the sealed months.
    """

    title: str
    question: str
    level: str
    control: bool
    customers: int
    cutoffs: int
    extract: str
    sealed: str
    trained: int
    judged: int
    judged_churners: int
    claims: tuple[Claim, ...]
    auc: float
    error: float
    cured_claim: float
    cured_auc: float
    steps: tuple[Step, ...]
    traps: tuple[Trap, ...]
    sins: tuple[Sin, ...]
    corrected: tuple[Corrected, ...]
    months: tuple[Month, ...]
    practices: tuple[Practice, ...]

"""The features story: every figure the page and the terminal show, as one value that becomes `story.json`."""

from typing import Literal

from scenarios.kit.story import Line, Piece

Kind = Literal["stuck", "learner", "labels", "features", "both", "best"]
"""What a step of the ladder changes: nothing, the learner, the labels, the features, both, or all that can be known."""


class Step(Piece):
    """One way of going on from the stuck model: its exact AUC in the sealed months, and the share of the headroom."""

    name: str
    what: str
    kind: Kind
    auc: float
    share: float


class Month(Piece):
    """One labelled cutoff: customers, the share that churned as booked and in truth, and how many labels are wrong."""

    label: str
    customers: int
    booked: float
    right: float
    wrong: int


class Fault(Piece):
    """One planted fault, and whether sound practice found it."""

    title: str
    kind: str
    places: tuple[str, ...]
    mechanism: str
    dose: float
    since: str
    found: bool
    evidence: str


class Practice(Piece):
    """One way of working on the case, and its score."""

    name: str
    what: str
    auc: float | None
    share: float | None
    peeks: tuple[str, ...]
    listed: int
    listed_wrong: int
    found: int
    accused: int
    score: float
    lines: tuple[Line, ...]


class Story(Piece):
    """The whole demonstration."""

    title: str
    question: str
    level: str
    control: bool
    customers: int
    trained: tuple[str, ...]
    sealed: tuple[str, ...]
    label_rows: int
    wrong_labels: int
    reviews: int
    baseline: float
    bayes: float
    ladder: tuple[Step, ...]
    months: tuple[Month, ...]
    faults: tuple[Fault, ...]
    practices: tuple[Practice, ...]

"""The reproducibility story: every figure the page and the terminal show, as one value that becomes `story.json`."""

from scenarios.kit.story import Line, Piece


class Machine(Piece):
    """One machine the repository is run on, and how it differs from the next."""

    name: str
    zone: str
    threads: int
    hash_seed: int
    day: str


class PlantedCause(Piece):
    """One planted cause.

    `without` is what comes out with every cause cured but this one, on the recorded rows; null where it breaks.
    """

    code: str
    family: str
    title: str
    where: str
    says: str
    remedy: str
    without: float | None


class Oddity(Piece):
    """Something that looks like a cause and moves nothing."""

    mechanism: str
    where: str
    why: str


class Result(Piece):
    """What one machine gave: the figure (null where the run broke), and a hash over every file in ``out/``."""

    figure: float | None
    digest: str


class Step(Piece):
    """The repository with one more cause cured, on every machine. `cured` is null for the repository as handed over."""

    cured: str | None
    title: str
    results: tuple[Result, ...]
    figures: int
    digests: int


class Practice(Piece):
    """One way of working on the case: what it names, and its score."""

    name: str
    what: str
    named: tuple[str, ...]
    score: float
    lines: tuple[Line, ...]


class Story(Piece):
    """The whole demonstration.

    `recorded` is the AUC of the record, `today` what a clean copy gives on the first machine as handed over, `expected`
    what it gives with every cause cured. `gone` says that the rows of the recorded run are nowhere any more.
    """

    title: str
    question: str
    level: str
    control: bool
    customers: int
    begun: str
    recorded: float
    today: float | None
    expected: float
    gone: bool
    machines: tuple[Machine, ...]
    steps: tuple[Step, ...]
    proof: tuple[Result, ...]
    causes: tuple[PlantedCause, ...]
    oddities: tuple[Oddity, ...]
    hidden_fields: tuple[str, ...]
    practices: tuple[Practice, ...]

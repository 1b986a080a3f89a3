"""The incident story: every figure the page and the terminal show, as one value that becomes `story.json`."""

from scenarios.kit.story import Line, Piece


class Month(Piece):
    """One run: what each layer saw, whom it hit and what it cost.

    `lights` are the dashboard's red ones; `vendor` the columns that the vendor's tests call drifted; `monitor` the lab
    monitor's incidents, and `monitor_severity` the loudest of them; `guard` what the guard says.
    """

    label: str
    jobs_ok: bool
    errors_5xx: float
    latency_ms: int
    rows: int
    missing: float
    auc: float | None
    lights: tuple[str, ...]
    vendor: tuple[str, ...]
    vendor_dataset: bool
    monitor: tuple[str, ...]
    monitor_severity: str
    blocked: bool
    guard: str
    offers: int
    hit: int
    wrongly_offered: int
    left_out: int
    cost: float
    so_far: float


class Change(Piece):
    """An entry of the change log; `lead` marks the one that did it."""

    day: str
    team: str
    what: str
    lead: bool


class Practice(Piece):
    """One way of working on the files: what it says, how far it reaches, and its points on the sheet."""

    name: str
    what: str
    where: str
    mechanism: str
    since: str
    action: str
    rows: int
    overlap: float | None
    cost: float | None
    points: float
    of: float
    lines: tuple[Line, ...]


class Known(Piece):
    """One incident of the bank."""

    title: str
    place: str
    mechanism: str
    guard: str
    here: bool


class Story(Piece):
    """The whole demonstration; what happened is empty in a control."""

    title: str
    question: str
    level: str
    control: bool
    customers: int
    happened: str
    told: str
    where: str
    mechanism: str
    action: str
    unit: str
    dose: float
    since: str
    cost: float
    hit: int
    months: tuple[Month, ...]
    changes: tuple[Change, ...]
    practices: tuple[Practice, ...]
    bank: tuple[Known, ...]
    evidently: tuple[str, ...]

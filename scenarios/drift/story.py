"""The drift story: every figure the page and the terminal show, as one value that becomes `story.json`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

VerdictWord = Literal["ok", "alarm", "cannot_tell"]
"""A layer's verdict as it stands in the story."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Quality(_Part):
    """Quality of the deployed scores.

    `calibration` is observed over expected churn; money is per 1,000 customers and month.
    """

    auc: float
    log_loss: float
    calibration: float
    profit_per_1000: float


class Seen(_Part):
    """What landed labels said in a month about the scores of an earlier one (`cohort`)."""

    cohort: str
    auc: float
    auc_low: float
    auc_high: float
    calibration: float
    profit_per_1000: float


class LayerSaid(_Part):
    """One layer's word in one month: its worst verdict, how many checks alarm, and the leading one in a sentence."""

    layer: str
    verdict: VerdictWord
    alarms: int
    checks: int
    leading: str


class AlertShown(_Part):
    """An alert as people get it. `effect_money` is per 1,000 customers and month, null where unknown."""

    incident: str
    layer: str
    signal: str
    subject: str
    severity: Literal["info", "warning", "critical"]
    state: Literal["pending", "firing", "acknowledged", "resolved"]
    cause: str
    value: float | None
    threshold: float | None
    first_seen: str
    effect_money: float | None
    message: str
    what_to_do: str


class TrialShown(_Part):
    """A challenger beside the champion on the newest labelled cohort; money is per 1,000 customers.

    `leaks` are columns that the leakage audit stopped it for; `kept_loss` is what keeping the champion was expected to
    cost over the next months.
    """

    judged_on: str
    action: Literal["retrain", "recalibrate"]
    champion: str
    challenger: str
    champion_log_loss: float
    challenger_log_loss: float
    champion_profit: float
    challenger_profit: float
    leaks: tuple[str, ...]
    expected_gain: float
    kept_loss: float
    promoted: bool


class Happening(_Part):
    """One scripted event: a lever in the world or a fault in the record. `last` is null where it stays."""

    kind: Literal["lever", "fault"]
    name: str
    title: str
    first: str
    last: str | None
    dose: str
    shape: str
    moves: tuple[str, ...]
    harmless: bool


class Noticed(_Part):
    """Whether an event was noticed, by which layer, when, and how many months late; `as_wished` if that is right."""

    event: str
    first_alert: str | None
    severity: str | None
    layer: str | None
    months_late: int | None
    as_wished: bool
    comment: str


class Month(_Part):
    """One production month.

    `true` is exact, from the world's probabilities; `twin` is the first champion in the world without events.
    """

    label: str
    customers: int
    model: str
    blocked: bool
    active: tuple[str, ...]
    changed: tuple[str, ...]
    mean_score: float
    flagged_share: float
    churn_rate: float
    true: Quality
    twin: Quality
    best: Quality
    seen: Seen | None
    estimated_auc: float | None
    layers: tuple[LayerSaid, ...]
    alerts: tuple[AlertShown, ...]
    decision: str
    trial: TrialShown | None
    lost_per_1000: float


class Damage(_Part):
    """Exact difference to the twin world: churners and money over all production months."""

    extra_churners: int
    expected_extra_churners: float
    lost_margin: float


class Practice(_Part):
    """One way to run the same year, in money per 1,000 customers.

    `cost` is `missed` (campaign profit short of the best possible score's, in exact expectation) plus what actions cost
    (`spent`) and what calls cost (`called`); `running` is its sum month by month. `actions` counts what was done,
    `alerts` how often a person was called, `alerts_before_harm` how often before anything harmful had begun. `delay` is
    the months from the harm's start to the first change of the model that can have learnt of it, null where there was
    none. `share_won` lies between doing nothing (0) and the oracle (1); null where there was nothing to win.
    """

    name: str
    title: str
    alerts: int
    alerts_before_harm: int
    delay: int | None
    actions: dict[str, int]
    missed: float
    spent: float
    called: float
    cost: float
    share_won: float | None
    running: tuple[float, ...]


class Story(_Part):
    """The whole scenario."""

    title: str
    question: str
    seed: int
    customers: int
    history: str
    production: str
    champion: dict[str, float]
    methods: dict[str, str]
    happenings: tuple[Happening, ...]
    months: tuple[Month, ...]
    noticed: tuple[Noticed, ...]
    damage: Damage
    practices: tuple[Practice, ...]
    evidently: tuple[str, ...]

"""Everything tunable, read from `params.yaml`; unknown keys and impossible values are refused by name."""

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from monitoring.performance.profit import Economics
from pipelines.catalogue import did_you_mean
from pipelines.errors import LabError
from pipelines.replay.policy import Costs
from pipelines.world.calendar import Calendar


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class WorldParameters(_Section):
    """The simulated company. `customers` is the steady number of active ones; the rest counts months."""

    seed: Annotated[int, Field(ge=0, lt=2**63)]
    customers: Annotated[int, Field(ge=500, le=50_000_000)]
    first_month: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
    burn_in: Annotated[int, Field(ge=6, le=120)]
    history: Annotated[int, Field(ge=14, le=240)]
    production: Annotated[int, Field(ge=1, le=120)]

    @property
    def calendar(self) -> Calendar:
        """The calendar these parameters describe."""
        return Calendar(
            first_month=self.first_month, burn_in=self.burn_in, history=self.history, production=self.production
        )


class EconomicsParameters(_Section):
    """What a retention campaign earns and costs, in units of money per customer (EMPC defaults, Verbraken 2013)."""

    clv: Annotated[float, Field(gt=0)]
    offer_cost: Annotated[float, Field(ge=0)]
    contact_cost: Annotated[float, Field(ge=0)]
    acceptance_rate: Annotated[float, Field(gt=0, le=1)]

    @model_validator(mode="after")
    def _saving_pays(self) -> "EconomicsParameters":
        if self.clv <= self.offer_cost:
            raise ValueError(
                f"clv = {self.clv:g} is no more than offer_cost = {self.offer_cost:g}: nobody is worth an offer. "
                "Raise clv or lower offer_cost"
            )
        return self

    @property
    def economics(self) -> Economics:
        """The value monitoring and training compute with."""
        return Economics(**self.model_dump())


class CostParameters(_Section):
    """What acting costs, in units of money per 1,000 customers and time."""

    retrain: Annotated[float, Field(ge=0)]
    recalibrate: Annotated[float, Field(ge=0)]
    repair: Annotated[float, Field(ge=0)]
    page: Annotated[float, Field(ge=0)]

    @property
    def costs(self) -> Costs:
        """The value that policies compute with."""
        return Costs(**self.model_dump())


class LightGBMParameters(_Section):
    """The champion's settings; threads, determinism and seed are not tunable."""

    trees: Annotated[int, Field(ge=1, le=5000)]
    leaves: Annotated[int, Field(ge=2, le=1024)]
    learning_rate: Annotated[float, Field(gt=0, le=1)]
    min_child_samples: Annotated[int, Field(ge=1, le=1_000_000)]
    feature_fraction: Annotated[float, Field(gt=0, le=1)]
    l2: Annotated[float, Field(ge=0)]


class ChampionParameters(_Section):
    """How the deployed model is trained: first usable cutoff, walk-forward folds, seed, model settings."""

    seed: Annotated[int, Field(ge=0, lt=2**31)]
    warm_up: Annotated[int, Field(ge=3, le=24)]
    folds: Annotated[int, Field(ge=1, le=12)]
    fold_months: Annotated[int, Field(ge=1, le=12)]
    lightgbm: LightGBMParameters


class Event(_Section):
    """One scripted change of the story: a lever or fault by name, from production month `start` (1 is the first) on."""

    start: Annotated[int, Field(ge=1)]
    dose: Annotated[float, Field(ge=0)] | None = None
    shape: Literal["sudden", "gradual", "incremental", "recurring", "seasonal", "blip"] | None = None


class LeverEvent(Event):
    """A lever pulled in the story."""

    lever: str


class FaultEvent(_Section):
    """A fault in the record, from production month `start` until `until` (inclusive; null means it stays)."""

    fault: str
    start: Annotated[int, Field(ge=1)]
    until: Annotated[int, Field(ge=1)] | None = None
    dose: Annotated[float, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "FaultEvent":
        if self.until is not None and self.until < self.start:
            raise ValueError(f"until = {self.until} lies before start = {self.start}; leave it out if the fault stays")
        return self


class DriftParameters(_Section):
    """The drift scenario: the change that should matter, what else goes on, and what breaks.

    `lever`, `dose`, `start` and `shape` describe the main event, so that `dvc exp run -S drift.lever=price_rise`
    extends the scenario; `dose` and `shape` may be null, which means the lever's usual ones. `lever: none` gives a
    control.
    """

    lever: str
    dose: Annotated[float, Field(ge=0)] | None
    start: Annotated[int, Field(ge=1)]
    shape: Literal["sudden", "gradual", "incremental", "recurring", "seasonal", "blip"] | None
    also: tuple[LeverEvent, ...]
    faults: tuple[FaultEvent, ...]
    retrain: bool


class CaseParameters(_Section):
    """The case that a graded scenario demonstrates: which draw, how hard, or a control with nothing wrong in it."""

    seed: Annotated[int, Field(ge=0, lt=2**63)]
    level: Literal["junior", "mid", "senior"]
    control: bool


class MonitoringParameters(_Section):
    """What the user decides about being called.

    One false page in so many months, the harm (money per 1,000 customers and month) that is not worth a call, and the
    address of a chat room's webhook, null for none: nothing leaves the machine unless it is set. It is a secret, and so
    left out of what is recorded.
    """

    one_false_page_in_months: Annotated[float, Field(ge=1)]
    tolerance: Annotated[float, Field(ge=0)]
    webhook: Annotated[str | None, Field(pattern=r"^https?://[^/\s]+", exclude=True)] = None


class Parameters(_Section):
    """The whole of `params.yaml`."""

    world: WorldParameters
    economics: EconomicsParameters
    costs: CostParameters
    champion: ChampionParameters
    monitoring: MonitoringParameters
    validation: CaseParameters
    leakage: CaseParameters
    features: CaseParameters
    drift: DriftParameters
    reproducibility: CaseParameters
    incident: CaseParameters

    @model_validator(mode="after")
    def _history_covers_folds(self) -> "Parameters":
        usable = self.world.history - 2 - self.champion.warm_up
        needed = self.champion.folds * self.champion.fold_months + 3
        if usable < needed:
            raise ValueError(
                f"world.history = {self.world.history} leaves {usable} labelled cutoffs after champion.warm_up = "
                f"{self.champion.warm_up}; {self.champion.folds} folds of {self.champion.fold_months} months need "
                f"{needed}. Raise world.history or lower champion.folds"
            )
        return self

    @model_validator(mode="after")
    def _events_lie_in_production(self) -> "Parameters":
        starts = [self.drift.start, *(e.start for e in self.drift.also), *(f.start for f in self.drift.faults)]
        ends = [f.until for f in self.drift.faults if f.until is not None]
        late = [month for month in (*starts, *ends) if month > self.world.production]
        if late:
            raise ValueError(
                f"drift.start and every event's start and until must be a production month, 1 to "
                f"{self.world.production}; given {late[0]}"
            )
        return self


def read_parameters(path: Path) -> Parameters:
    """Read and check a parameter file. Raises LabError that names every wrong key."""
    try:
        with path.open(encoding="utf-8") as file:  # the file itself, so that YAML's complaint names it beside the line
            given = yaml.safe_load(file)
    except FileNotFoundError as error:
        raise LabError(
            f"There is no {path}. Run from the project's root, or restore it with: git checkout {path}"
        ) from error
    except OSError as error:
        raise LabError(f"{path} cannot be read ({error.strerror}).") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise LabError(f"{path} is not YAML that can be used: {error}") from error
    return parse_parameters(given, source=str(path))


def parse_parameters(given: Any, *, source: str = "params.yaml") -> Parameters:  # noqa: ANN401 - whatever YAML held
    """Check parameters given as nested dicts. Raises LabError that names every wrong key."""
    try:
        return Parameters.model_validate(given)
    except ValidationError as error:
        lines = [_explain(problem) for problem in error.errors()]
        raise LabError(f"{source} cannot be used:\n  " + "\n  ".join(lines)) from error


def _explain(problem: Any) -> str:  # noqa: ANN401 - pydantic's error dict
    where = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"unknown parameter '{where}'{_suggestion(problem['loc'])}"
    if problem["type"] == "missing":
        return f"parameter '{where}' is missing"
    given = "" if isinstance(problem.get("input"), dict) else f" (given: {problem.get('input')!r})"
    message = problem["msg"].removeprefix("Value error, ")
    return f"{where}: {message}{given}" if where else message


def _suggestion(location: tuple[str | int, ...]) -> str:
    section = _section_at(location[:-1])
    if section is None:
        return ""
    hint = did_you_mean(str(location[-1]), list(section.model_fields), likeness=0.5)
    return f".{hint} Allowed here: {', '.join(section.model_fields)}"


def _section_at(location: tuple[str | int, ...]) -> type[BaseModel] | None:
    section: type[BaseModel] = Parameters
    for part in location:
        field = section.model_fields.get(str(part))
        if field is None or not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)):
            return None
        section = field.annotation
    return section

"""Make a case: a company's record, what is planted in its feature pipeline, the files handed out, and the truth."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from monitoring.leakage.learner import Fitted, fit
from monitoring.performance.metrics import auc
from pipelines.leaks.leak import Planted, ServingSkew
from pipelines.leaks.luck import luck as keyed_luck
from pipelines.recorded import World, record
from pipelines.world.truth import expected_auc
from scenarios.base import Case, Draw, Level, Public
from scenarios.leakage.codes import codes_of, nearly
from scenarios.leakage.company import company_of, luck
from scenarios.leakage.compose import healthy_composition, planted_composition
from scenarios.leakage.hand import Hand, hands
from scenarios.leakage.public import Deployed, public_files
from scenarios.leakage.rows import Rows, sealed_rows, table_rows
from scenarios.leakage.tables import Bench
from scenarios.leakage.timeline import Timeline
from scenarios.leakage.truth import LEARNER_SEED, Fault, LeakageTruth, Sealed, replaced

_LUCK, _ORDER, _COMPOSE, _HAND = 1, 2, 3, 40
"""Purposes of the case's random draws; each attempt at composing it has one of its own, from `_COMPOSE` on."""

_ATTEMPTS = 6
"""Compositions tried before the last one is taken as it is (nearly always the first one will do)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A case before its truth is worked out: what was planted where, the rows, the model as the team trained it."""

    bench: Bench
    rows: Rows
    deployed: Deployed
    written: tuple[Hand, ...]

    @property
    def public(self) -> Public:
        """The files handed out."""
        return public_files(self.bench, self.rows, self.deployed, self.written)


def plant(draw: Draw) -> Case[LeakageTruth]:
    """A case with leaks, in a company of its own."""
    return _case(make(record(company_of(draw)), draw), draw)


def control(draw: Draw) -> Case[LeakageTruth]:
    """The same surface with nothing wrong."""
    return _case(make(record(company_of(draw)), draw, healthy=True), draw)


def _case(made: Made, draw: Draw) -> Case[LeakageTruth]:
    return Case(public=made.public, truth=truth_of(made, draw.level))


def make(world: World, draw: Draw, *, first: int = 0, healthy: bool = False) -> Made:
    """Compose a case from a recorded world's month `first` on, again where nothing planted in it tempts anybody."""
    timeline = Timeline(calendar=world.company.calendar, first=first)
    case_luck = keyed_luck(int(luck(draw, _LUCK).integers(2**62)))
    for attempt in range(_ATTEMPTS):
        rng = luck(draw, _COMPOSE + attempt)
        composition = healthy_composition(draw.level, rng) if healthy else planted_composition(draw.level, rng)
        bench = Bench(world, timeline, composition, case_luck)
        rows = table_rows(bench, luck(draw, _ORDER))
        deployed = _deploy(rows, bench)
        if healthy or _tempting(bench, deployed):
            break
    written = hands(len(bench.features), luck(draw, _HAND))
    return Made(bench=bench, rows=rows, deployed=deployed, written=written)


def _tempting(bench: Bench, deployed: Deployed) -> bool:
    """Whether the loudest planted column is the one the model leans on most, so that the score is really too good."""
    return max(deployed.model.gain, key=lambda name: deployed.model.gain[name]) == bench.composition.columns[0].name


def _deploy(rows: Rows, bench: Bench) -> Deployed:
    """The model as the team trained it, its figure on the test rows, and what it said in the served months."""
    test = rows.part("test")
    model = _trained(rows, rows.offline)
    claimed = auc(rows.churned[test], model.score(rows.offline[test]))
    return Deployed(model=model, claimed=claimed, log=rows.sent.assign(score=model.score(rows.sent[bench.features])))


def truth_of(made: Made, level: Level) -> LeakageTruth:
    """What was planted, and what it does; takes as long as making the case."""
    bench, rows, deployed, sealed = made.bench, made.rows, made.deployed, sealed_rows(made.bench)
    sound = _trained(rows, rows.legitimate)
    return LeakageTruth(
        level=level,
        faults=tuple(_fault(p, rows, sealed, sound) for p in (*bench.composition.columns, *bench.composition.skews)),
        decoys=bench.composition.decoys,
        features=tuple(bench.features),
        offline=rows.offline,
        legitimate=rows.legitimate,
        churned=rows.churned,
        train=rows.part("train"),
        sealed=sealed,
        claimed=deployed.claimed.value,
        deployed=expected_auc(deployed.model.score(sealed.online), sealed.p),
        honest=expected_auc(sound.score(sealed.rebuilt), sealed.p),
        sound=sound,
    )


def _trained(rows: Rows, table: pd.DataFrame) -> Fitted:
    train = rows.part("train")
    return fit(table[train], rows.churned[train], seed=LEARNER_SEED)


def _fault(planted: Planted, rows: Rows, sealed: Sealed, sound: Fitted) -> Fault:
    """What one planted thing alone does to the distance between offline and production."""
    leak = planted.leak
    if isinstance(leak, ServingSkew):
        # Only the scoring job differs, so that the model is the sound one.
        columns, alone = leak.columns, sound
    else:
        columns = (planted.name,)
        alone = _trained(rows, replaced(rows.legitimate, rows.offline, columns))
    return Fault(
        name=leak.name,
        title=leak.title,
        kind=str(leak.family),
        columns=columns,
        codes=codes_of(leak),
        nearly=nearly(leak),
        damage=round(max(_distance(alone, columns, rows, sealed) - _distance(sound, (), rows, sealed), 0.0), 6),
    )


def _distance(model: Fitted, columns: Sequence[str], rows: Rows, sealed: Sealed) -> float:
    """Offline minus exact production AUC of a model when only these columns are what they are, the others honest."""
    test = rows.part("test")
    offline = auc(rows.churned[test], model.score(replaced(rows.legitimate, rows.offline, columns)[test])).value
    return offline - expected_auc(model.score(replaced(sealed.rebuilt, sealed.online, columns)), sealed.p)

"""Rules about what a scenario does: cases over seeds, sample answers in their bands, controls, sameness, budgets."""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scenarios.base import STRONG, WEAK, Answer, Case, Draw, Level, SampleAnswer, Scenario
from scenarios.kit.answers import SHEET, read_sheet
from scenarios.kit.dev.verdict import Ruling, ruling
from scenarios.kit.marking import marked
from scenarios.kit.pack import write_public
from scenarios.kit.telltale import telltales

FIRST_SEED: Final = 700
"""Seeds from here on are tried; the contract's tests and the benchmarks use others."""

MOST_SPREAD: Final = 5.0
"""Points by which the reference's scores may differ between seeds: equal difficulty."""

PLANT_SECONDS, GRADE_SECONDS, MOST_BYTES = 60.0, 90.0, 30 << 20
"""What making a case, grading an answer and a case's public files may take."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """One case with the scores of its sample answers, what it took, and what gives it away."""

    seed: int
    control: bool
    scores: dict[str, float | None]
    starter: float | None
    plant_seconds: float
    grade_seconds: float
    size: int
    telltales: tuple[str, ...]
    files: tuple[str, ...]
    bytes: dict[str, bytes]


def trial_rulings(
    scenario: Scenario[Any], starter: Path, *, seeds: int, level: Level, say: Callable[[str], None]
) -> list[Ruling]:
    """Every rule about what the scenario does, over so many seeds."""
    drawn = [Draw(seed=FIRST_SEED + at, level=level) for at in range(seeds)]
    planted = [_tried(scenario, draw, starter, control=False, say=say) for draw in drawn]
    controls = [_tried(scenario, draw, starter, control=True, say=say) for draw in drawn]
    everything = [*planted, *controls]
    return [
        ruling("starter fails", _starter(everything), f"0 points on {len(everything)} cases"),
        ruling("reference passes", _reference(planted), _span(planted, _strong(scenario).name)),
        ruling("sample answers", _samples(scenario, planted), "each in its band"),
        ruling("controls silent", _silent(scenario, controls), _span(controls, _strong(scenario).name)),
        ruling("crying wolf", _wolf(scenario, controls), f"at most {WEAK.high:g} where nothing is wrong"),
        ruling("no telltale names", sorted({one for t in everything for one in t.telltales}), "in any public file"),
        ruling("same surface", _surface(planted, controls), "planted and control hold the same files"),
        ruling("same bytes", _same(scenario, drawn[0], planted[0]), "the same draw gives the same files"),
        ruling("another seed", _other(planted), "gives another case"),
        ruling("budgets", _budgets(everything), _spent(everything)),
    ]


def _strong(scenario: Scenario[Any]) -> SampleAnswer:
    return next(one for one in scenario.sample_answers if one.band == STRONG)


def _tried(scenario: Scenario[Any], draw: Draw, starter: Path, *, control: bool, say: Callable[[str], None]) -> Tried:
    """Make a case and grade every sample answer, each worked out from the public files on disk."""
    say(f"{scenario.name}: seed {draw.seed}, {'control' if control else 'planted'}")
    begun = time.monotonic()
    case = (scenario.control if control else scenario.plant)(draw)
    planted = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="dev-") as name:
        folder = Path(name)
        write_public(folder, case.public)
        files = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
        answers = {one.name: one.answer(folder) for one in scenario.sample_answers}
    scores, slowest = {}, 0.0
    for one, answer in answers.items():
        at = time.monotonic()
        scores[one] = marked(scenario, answer, case.truth, trusted=True).score
        slowest = max(slowest, time.monotonic() - at)
    return Tried(
        seed=draw.seed,
        control=control,
        scores=scores,
        starter=_starter_score(scenario, case, starter),
        plant_seconds=planted - begun,
        grade_seconds=slowest,
        size=sum(map(len, files.values())),
        telltales=tuple(telltales(case.public)),
        files=tuple(files),
        bytes=files,
    )


def _starter_score(scenario: Scenario[Any], case: Case[Any], starter: Path) -> float | None:
    return scenario.grade(Answer(sheet=read_sheet(starter / SHEET)), case.truth).score


def _starter(tried: Sequence[Tried]) -> list[str]:
    return [f"{one.starter} points on {_which(one)}" for one in tried if one.starter != 0.0]


def _reference(planted: Sequence[Tried]) -> list[str]:
    scores = {one.seed: one.scores["strong"] for one in planted}
    low = [f"{score} on seed {seed}" for seed, score in scores.items() if score not in STRONG]
    known = [score for score in scores.values() if score is not None]
    spread = max(known) - min(known) if known else 0.0
    return low + ([f"scores spread over {spread:.1f} points; at most {MOST_SPREAD:g}"] if spread > MOST_SPREAD else [])


def _samples(scenario: Scenario[Any], planted: Sequence[Tried]) -> list[str]:
    return [
        f"{one.name} {t.scores[one.name]} on seed {t.seed}, promised {one.band.low:g} to {one.band.high:g}"
        for one in scenario.sample_answers
        for t in planted
        if t.scores[one.name] not in one.band
    ]


def _silent(scenario: Scenario[Any], controls: Sequence[Tried]) -> list[str]:
    name = _strong(scenario).name
    return [f"{t.scores[name]} on the control of seed {t.seed}" for t in controls if t.scores[name] not in STRONG]


def _wolf(scenario: Scenario[Any], controls: Sequence[Tried]) -> list[str]:
    accusers = [
        one
        for one in scenario.sample_answers
        if one.control_band is not None and one.control_band.high <= WEAK.high and one.band.high > 0
    ]
    if not accusers:
        return ["no sample answer that accuses without reason"]
    return [
        f"{one.name} {t.scores[one.name]} on the control of seed {t.seed}"
        for one in accusers
        for t in controls
        if t.scores[one.name] not in (one.control_band or WEAK)
    ]


def _surface(planted: Sequence[Tried], controls: Sequence[Tried]) -> list[str]:
    pairs = zip(planted, controls, strict=True)
    return [
        f"seed {one.seed}: {sorted(set(one.files) ^ set(two.files))}" for one, two in pairs if one.files != two.files
    ]


def _same(scenario: Scenario[Any], draw: Draw, before: Tried) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="dev-") as name:
        write_public(Path(name), scenario.plant(draw).public)
        again = {str(p.relative_to(name)): p.read_bytes() for p in sorted(Path(name).rglob("*")) if p.is_file()}
    return sorted(file for file in {*again, *before.bytes} if again.get(file) != before.bytes.get(file))


def _other(planted: Sequence[Tried]) -> list[str]:
    different = {tuple(sorted(one.bytes.items())) for one in planted}
    return [] if len(different) == len(planted) else ["two seeds give the same files"]


def _budgets(tried: Sequence[Tried]) -> list[str]:
    found = []
    for one in tried:
        took = ((one.plant_seconds, PLANT_SECONDS, "to make"), (one.grade_seconds, GRADE_SECONDS, "to grade"))
        found += [f"{_which(one)} took {s:.0f} s {what}, at most {most:.0f}" for s, most, what in took if s > most]
        if one.size > MOST_BYTES:
            found.append(f"{_which(one)} has {one.size / (1 << 20):.0f} MB, at most {MOST_BYTES >> 20}")
    return found


def _spent(tried: Sequence[Tried]) -> str:
    made, graded = max(one.plant_seconds for one in tried), max(one.grade_seconds for one in tried)
    return f"{made:.1f} s to make, {graded:.1f} s to grade, {max(one.size for one in tried) / (1 << 20):.1f} MB at most"


def _span(tried: Sequence[Tried], name: str) -> str:
    scores = [score for one in tried if (score := one.scores[name]) is not None]
    return f"{min(scores):g} to {max(scores):g} on {len(tried)} seeds" if scores else "never graded"


def _which(one: Tried) -> str:
    return f"{'the control of ' if one.control else ''}seed {one.seed}"

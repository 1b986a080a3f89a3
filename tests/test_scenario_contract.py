"""What every graded scenario must do, for each of them: levels, controls, sample answers, secrecy, sameness.

The full study (20 seeds, every answer at every level) is `benchmarks/sample_scores.py`; here one seed keeps watch: of
every answer at level mid. The strong one at the other levels, and what else plants many cases, is marked `long`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd
import pytest
import yaml

from benchmarks.fork_and_grade import write_answer
from pipelines.errors import LabError
from scenarios.base import Answer, AnswerSheet, Case, Draw, Estimate, Level, Scenario, Scorecard
from scenarios.catalogue import GRADED, scenario_module
from scenarios.kit.answers import read_sheet
from scenarios.kit.format import read_parts
from scenarios.kit.grade.rubric import missed_checks, questions, read_rubric
from scenarios.kit.marking import marked
from scenarios.kit.pack import write_public
from scenarios.kit.telltale import telltales

SEED = 11
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Posed:
    """A case and the folder its public files were written to."""

    scenario: Scenario[Any]
    case: Case[Any]
    folder: Path
    cards: dict[str, Scorecard] = field(default_factory=dict)

    def graded(self, name: str) -> Scorecard:
        """The scorecard of a sample answer, made once."""
        if name not in self.cards:
            sample = next(sample for sample in self.scenario.sample_answers if sample.name == name)
            self.cards[name] = marked(self.scenario, sample.answer(self.folder), self.case.truth, trusted=True)
        return self.cards[name]


Pose: TypeAlias = Callable[[str, Level, bool], Posed]
"""A scenario, a level, and whether it is a control, to a case posed once a session."""


def scenario_of(name: str) -> Scenario[Any]:
    scenario: Scenario[Any] = scenario_module(name).SCENARIO
    return scenario


@pytest.fixture(scope="session")
def posed(tmp_path_factory: pytest.TempPathFactory) -> Pose:
    @cache
    def pose(name: str, level: Level, control: bool) -> Posed:
        scenario = scenario_of(name)
        case = (scenario.control if control else scenario.plant)(Draw(seed=SEED, level=level))
        folder = tmp_path_factory.mktemp(f"{name}-{level}")
        write_public(folder, case.public)
        return Posed(scenario, case, folder)

    return pose


def each() -> list[Any]:
    """Every graded scenario; all its tests run in one process, so that each case is planted once."""
    return [pytest.param(name, marks=pytest.mark.xdist_group(name), id=name) for name in GRADED]


def levels() -> list[Any]:
    """Level mid, and the others, each of which plants a case more."""
    return [pytest.param(level, marks=() if level is Level.MID else pytest.mark.long, id=level) for level in Level]


def marks(name: str, *, long: bool) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xdist_group(name), *([pytest.mark.long] if long else [])]


def cells() -> list[Any]:
    """Every scenario with its sample answers, at level mid, and at the other levels with the strong one."""
    return [
        pytest.param(
            name,
            level,
            sample.name,
            id=f"{name}-{level}-{sample.name.replace(' ', '_')}",
            marks=marks(name, long=level is not Level.MID),
        )
        for name in GRADED
        for level in Level
        for sample in scenario_of(name).sample_answers
        if level is Level.MID or sample.name == "strong"
    ]


def control_cells() -> list[Any]:
    return [
        pytest.param(
            name,
            sample.name,
            id=f"{name}-{sample.name.replace(' ', '_')}",
            marks=marks(name, long=sample.name not in ("strong", "nothing")),
        )
        for name in GRADED
        for sample in scenario_of(name).sample_answers
        if sample.control_band is not None
    ]


@pytest.mark.parametrize(("name", "level", "sample"), cells())
def test_a_sample_answer_lands_in_its_band(posed: Pose, name: str, level: Level, sample: str) -> None:
    here = posed(name, level, False)
    band = next(s.band for s in here.scenario.sample_answers if s.name == sample)

    card = here.graded(sample)

    assert card.score in band, [f"{c.name} {c.points:g}/{c.of:g}: {c.reason}" for c in card.checks]


@pytest.mark.parametrize(("name", "sample"), control_cells())
def test_on_a_control_it_pays_to_say_that_nothing_is_wrong(posed: Pose, name: str, sample: str) -> None:
    here = posed(name, Level.MID, True)
    band = next(s.control_band for s in here.scenario.sample_answers if s.name == sample)

    card = here.graded(sample)

    assert card.score in band, [f"{c.name} {c.points:g}/{c.of:g}: {c.reason}" for c in card.checks]


@pytest.mark.parametrize("control", [False, True], ids=["planted", "control"])
@pytest.mark.parametrize("name", each())
def test_the_strong_answer_can_be_handed_in_as_files(posed: Pose, tmp_path: Path, name: str, control: bool) -> None:
    here = posed(name, Level.MID, control)
    answer = next(one for one in here.scenario.sample_answers if one.name == "strong").answer(here.folder)
    write_answer(tmp_path, answer)

    read = read_parts(tmp_path, name, here.scenario.brief.deliverables)

    assert (read.problems, read.to_do) == ((), ())
    assert read.sheet == answer.sheet
    assert {file: len(table) for file, table in read.tables.items()} == {
        file: len(table) for file, table in answer.tables.items()
    }
    assert read.code == answer.code


@pytest.mark.parametrize("name", each())
def test_the_sample_answers_are_those_the_contract_asks_for(name: str) -> None:
    samples = {sample.name: sample for sample in scenario_of(name).sample_answers}

    assert {"strong", "middling", "weak", "gaming", "nothing"} <= set(samples)
    assert samples["strong"].band.low >= 85
    assert (samples["middling"].band.low, samples["middling"].band.high) == (45, 75)
    assert samples["weak"].band.high <= 35
    assert samples["gaming"].band.high <= 25
    assert samples["nothing"].band.high == 0
    assert any(s.control_band is not None and s.control_band.high <= 35 for s in samples.values())


@pytest.mark.parametrize("name", each())
@pytest.mark.parametrize("control", [False, pytest.param(True, marks=pytest.mark.long)])
def test_the_same_draw_gives_the_same_bytes(posed: Pose, tmp_path: Path, name: str, control: bool) -> None:
    here = posed(name, Level.MID, control)
    again = (here.scenario.control if control else here.scenario.plant)(Draw(seed=SEED, level=Level.MID))

    write_public(tmp_path, again.public)

    files = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert files == sorted(here.case.public)
    assert [f for f in files if (tmp_path / f).read_bytes() != (here.folder / f).read_bytes()] == []


@pytest.mark.parametrize("name", each())
def test_another_seed_gives_another_case(posed: Pose, name: str) -> None:
    here = posed(name, Level.MID, False)
    other = here.scenario.plant(Draw(seed=SEED + 1, level=Level.MID))

    tables = [path for path, content in other.public.items() if isinstance(content, pd.DataFrame)]
    assert any(not other.public[path].equals(here.case.public.get(path)) for path in tables)


@pytest.mark.parametrize("name", each())
@pytest.mark.parametrize("level", levels())
def test_public_files_hold_no_trace_of_the_truth(posed: Pose, name: str, level: Level) -> None:
    here = posed(name, level, False)

    assert telltales(here.case.public) == []


@pytest.mark.parametrize("name", each())
def test_a_control_shows_the_same_surface_as_a_planted_case(posed: Pose, name: str) -> None:
    planted, control = posed(name, Level.MID, False), posed(name, Level.MID, True)

    assert sorted(planted.case.public) == sorted(control.case.public)


@pytest.mark.parametrize("name", each())
def test_the_starter_alone_never_passes(posed: Pose, name: str) -> None:
    starter = ROOT / "scenarios" / name / "starter" / "answer.yaml"

    for control in (False, True):
        here = posed(name, Level.MID, control)
        assert here.scenario.grade(Answer(sheet=read_sheet(starter)), here.case.truth).score == 0.0


@pytest.mark.parametrize("name", each())
def test_code_is_asked_for_where_it_can_be_run_and_has_a_starter(name: str) -> None:
    scenario = scenario_of(name)
    code = [one for one in scenario.brief.deliverables if one.kind in ("code", "repository")]

    assert bool(code) == (scenario.run_code is not None)
    assert all((ROOT / "scenarios" / name / "starter" / one.file).is_file() for one in code if one.kind == "code")


@pytest.mark.parametrize("name", each())
def test_code_that_was_not_asked_for_is_refused(posed: Pose, name: str) -> None:
    here = posed(name, Level.MID, False)
    answer = Answer(sheet=AnswerSheet(scenario=name), code={"grade_me.py": "score = 100"})

    with pytest.raises(LabError, match=r"given: grade_me\.py"):
        marked(here.scenario, answer, here.case.truth)


@pytest.mark.parametrize("name", each())
def test_an_answer_about_things_that_do_not_exist_earns_nothing_for_them(posed: Pose, name: str) -> None:
    here = posed(name, Level.MID, False)
    sheet = AnswerSheet(scenario=name, estimates={"no such figure": Estimate(value=0.8, low=0.7, high=0.9)})

    assert here.scenario.grade(Answer(sheet=sheet), here.case.truth).score == 0.0


@pytest.mark.parametrize("name", each())
def test_every_check_of_a_scorecard_says_why_and_the_points_make_a_hundred(posed: Pose, name: str) -> None:
    card = posed(name, Level.MID, False).graded("strong")

    assert sum(check.of for check in card.checks) == pytest.approx(100.0)
    assert all(check.reason for check in card.checks)


@pytest.mark.parametrize("name", each())
def test_a_scenario_has_the_files_the_design_asks_for(name: str) -> None:
    folder = ROOT / "scenarios" / name

    for file in ("scenario.py", "README.md", "brief.md", "rubric.yaml", "starter/answer.yaml", "answers/__init__.py"):
        assert (folder / file).is_file(), file


@pytest.mark.parametrize("name", each())
def test_a_rubric_has_anchors_for_every_mark_and_questions_to_follow_up(name: str) -> None:
    rubric = yaml.safe_load((ROOT / "scenarios" / name / "rubric.yaml").read_text(encoding="utf-8"))

    assert rubric["scenario"] == name
    assert len(rubric["criteria"]) >= 5
    assert all(sorted(criterion["anchors"]) == [0, 1, 2, 3, 4] for criterion in rubric["criteria"])
    assert len(rubric["follow_ups"]) >= 5


@pytest.mark.parametrize("name", each())
@pytest.mark.parametrize("level", levels())
def test_every_check_has_a_question_for_who_misses_it_and_no_question_names_another(
    posed: Pose, name: str, level: Level
) -> None:
    rubric = read_rubric(ROOT / "scenarios" / name)
    here = posed(name, level, False)
    empty = Answer(sheet=AnswerSheet(scenario=name))
    checks = {check.name for check in here.scenario.grade(empty, here.case.truth).checks}
    named = {after for question in rubric.questions for after in question.after}

    assert [one for one in named if not any(check.startswith(one) for check in checks)] == []
    assert [check for check in checks if not check.startswith(tuple(named))] == []


@pytest.mark.parametrize("name", each())
def test_the_questions_after_a_middling_answer_are_about_what_it_missed(posed: Pose, name: str) -> None:
    card = posed(name, Level.MID, False).graded("middling")
    missed = [check.name for check in missed_checks(card)]
    asked = questions(read_rubric(ROOT / "scenarios" / name), card)

    tied = [question.because for question in asked if question.because]
    assert missed
    assert len(tied) >= 2
    assert tied[0] == missed[0]
    assert set(tied) <= set(missed)


@pytest.mark.parametrize("name", each())
def test_a_lesson_has_its_five_parts(name: str) -> None:
    text = (ROOT / "scenarios" / name / "README.md").read_text(encoding="utf-8")

    headings = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
    assert [h for h in headings if h in ("Story", "Symptom", "Diagnosis", "Repair", "Exercises")] == [
        "Story",
        "Symptom",
        "Diagnosis",
        "Repair",
        "Exercises",
    ]

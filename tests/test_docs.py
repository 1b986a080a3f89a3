"""What the documents promise: links lead somewhere, commands exist, figures are those that were measured."""

import itertools
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from benchmarks import score_tables
from scenarios.base import Level
from scenarios.catalogue import GRADED, SCENARIOS, scenario_module
from scenarios.cli import app
from scenarios.kit.dev.paper import extension_problems, interview_problems
from scenarios.kit.learn.course import read_course

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "scenarios").glob("*/README.md"),
    ]
)


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_to_a_file(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]

    assert [link for link in links if link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE)) | {f"scenario-{one}" for one in SCENARIOS}

    said = set(re.findall(r"(?:`|\$ )make ([a-z][a-z-]*[a-z])\b(?!<)", page.read_text(encoding="utf-8")))

    assert {one for one in said if one not in targets and not one.endswith("scenario")} == set()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_choice_of_tests_that_is_named_can_be_made(page: Path) -> None:
    for quoted in re.findall(r"""make test ARGS=(".*?"|'.*?')""", page.read_text(encoding="utf-8")):
        words = shlex.split(shlex.split(quoted)[0])
        after = dict(itertools.pairwise(words))

        assert "/" not in after.get("-k", ""), f"-k takes names, no paths: {quoted}"
        paths = [one for one in words if one.startswith("tests")]
        assert [one for one in paths if not (ROOT / one.partition("::")[0]).exists()] == [], quoted


@pytest.mark.parametrize("page", [one for one in PAGES if one.parent.name != "extensions"], ids=named)
def test_every_lab_command_that_is_named_exists(page: Path) -> None:
    said = set(re.findall(r"(?:`|\$ |bin/)lab ([a-z]+)(?: ([a-z]+))?", page.read_text(encoding="utf-8")))

    assert {" ".join(words).strip() for words in said if not known(words)} == set()


def known(words: tuple[str, str]) -> bool:
    """Whether the first word is a command, and the second one of its own where it is a group."""
    group: Any = typer.main.get_command(app)
    found = group.commands.get(words[0])
    inner = getattr(found, "commands", None)
    return found is not None and (inner is None or not words[1] or words[1] in inner)


@pytest.mark.parametrize("name", GRADED)
def test_a_graded_scenario_has_a_page_for_interviewers_and_three_extensions(name: str) -> None:
    assert interview_problems(ROOT, name) + extension_problems(ROOT, name) == []


@pytest.mark.parametrize("name", GRADED)
def test_the_scores_on_an_interview_page_are_those_measured(name: str) -> None:
    page, found = ROOT / "docs" / "interview" / f"{name}.md", score_tables.spans(name)
    text = page.read_text(encoding="utf-8")

    if found is None:
        assert list(quoted(text, name)) == [], "no figure is quoted before it is measured"
        return
    assert "SCORES" not in text
    if "<!-- scores -->" in text:
        made = score_tables.written(text, scenario_module(name).SCENARIO, found)
        assert score_rows(made) == score_rows(text)
    for answer, low, high in quoted(text, name):
        assert (low, high) in measured(found, answer), f"{answer}: {low} to {high}"


def score_rows(text: str) -> list[tuple[str, ...]]:
    """The table between the marks: answers and their scores, without the words about what they do."""
    block = score_tables.BLOCK.search(text)
    rows = [line.split("|") for line in block[0].splitlines() if line.startswith("| ")] if block else []
    return [(row[1], *row[3:]) for row in rows]


def quoted(text: str, name: str) -> Iterator[tuple[str, int, int]]:
    """Every span in a row of a sample answer, in the part about sample answers."""
    part = text.partition("## Sample answers")[2]
    for one in scenario_module(name).SCENARIO.sample_answers:
        for row in re.findall(rf"^\| {one.name} \|.*$", part, flags=re.MULTILINE):
            cells = re.findall(r"\| (\d+)(?:\.\d+)? to (\d+)(?:\.\d+)? (?=\|)", row)
            yield from ((one.name, int(low), int(high)) for low, high in cells)


def measured(found: dict[tuple[str, str], tuple[float, float]], answer: str) -> set[tuple[int, int]]:
    """Every span of an answer: of a level, of a control, and of all levels together; rounded and cut."""
    mine = {column: span for (one, column), span in found.items() if one == answer}
    levels = [mine[str(level)] for level in Level if str(level) in mine]
    together = (min(low for low, _ in levels), max(high for _, high in levels))
    spans = [*mine.values(), together]
    return {(turn(low), turn(high)) for low, high in spans for turn in (round, int)}


def test_the_curriculum_names_every_scenario_in_order_with_its_minutes() -> None:
    text = (ROOT / "docs" / "curriculum.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \d \| \[?(\w+)\]?(?:\([^)]*\))? \| \d+ \| (\d+) \| (\d+) \|", text, flags=re.MULTILINE)

    assert [row[0] for row in rows if row[0] in SCENARIOS] == list(SCENARIOS)
    for name, tasks, case in rows:
        if name in GRADED:
            assert int(case) == scenario_module(name).SCENARIO.brief.minutes[Level.MID], name
            assert int(tasks) == read_course(ROOT / "scenarios" / name).minutes, name


def test_the_readme_lists_every_scenario_in_order_with_its_minutes() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    rows = re.findall(r"^\| \[`make scenario-(\w+)`\].*\| (\d+) \|$", text, flags=re.MULTILINE)

    assert [name for name, _ in rows] == list(SCENARIOS)
    for name, minutes in rows:
        if name in GRADED:
            assert int(minutes) == scenario_module(name).SCENARIO.brief.minutes[Level.MID], name


@pytest.mark.parametrize("name", GRADED)
def test_every_graded_scenario_can_be_learnt(name: str) -> None:
    course = read_course(ROOT / "scenarios" / name)

    assert course.scenario == name
    assert any(one.control for one in course.cases.values()), "one case in which nothing is wrong"

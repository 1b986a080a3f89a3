"""Rules about what is written down: files, lesson, brief, rubric, hints, interview and extension pages, marks left."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from pipelines.errors import LabError
from scenarios.base import Scenario
from scenarios.kit.dev.verdict import Outcome, Ruling, ruling
from scenarios.kit.learn.course import FILE as COURSE_FILE
from scenarios.kit.learn.course import read_course

FILES: Final = ("scenario.py", "README.md", "brief.md", "rubric.yaml", "starter/answer.yaml", "answers/__init__.py")
LESSON: Final = ("Story", "Symptom", "Diagnosis", "Repair", "Exercises")
INTERVIEW: Final = (
    "Opening line",
    "Timeline",
    "Follow-ups by level",
    "Common wrong turns",
    "Tells",
    "Rubric",
    "Sample answers",
)
EXTENSION: Final = ("Task", "Files to touch", "How it is judged")
EXTENSIONS: Final = 3
"""Extensions that a candidate can be asked for."""

LEAST_CRITERIA, LEAST_FOLLOW_UPS, LEAST_BRIEF = 5, 5, 400
"""Lines of a rubric, its questions, and characters of a brief."""

_MARK: Final = re.compile(r"\bTODO\b")
"""What the scaffold writes where its author has to go on. Looked for in scenarios; the lab itself leaves none."""


def paper_rulings(root: Path, scenario: Scenario[Any]) -> list[Ruling]:
    """Every rule about what is written."""
    folder = root / "scenarios" / scenario.name
    return [
        ruling("files", [f"no {one}" for one in FILES if not (folder / one).is_file()], "all there"),
        ruling("lesson", _lesson(folder), f"{', '.join(LESSON)}"),
        ruling("brief", _brief(folder, scenario), "says what to hand in"),
        ruling("rubric", _rubric(folder, scenario.name), "anchors 0 to 4, and questions to follow up"),
        ruling("hints", _course(folder), "every task has three"),
        ruling("interview page", interview_problems(root, scenario.name), "every part"),
        ruling("extension page", extension_problems(root, scenario.name), f"{EXTENSIONS} extensions"),
        ruling("marks left", marks_left(root, scenario.name), "no TODO", outcome=Outcome.TODO),
    ]


def headings(text: str, level: int) -> list[str]:
    """The headings of one level, outside of code."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.findall(rf"^{'#' * level} (.+?)\s*$", prose, flags=re.MULTILINE)


def interview_problems(root: Path, name: str) -> list[str]:
    """What the interviewer's page lacks."""
    text = _text(root / "docs" / "interview" / f"{name}.md")
    if text is None:
        return [f"no docs/interview/{name}.md"]
    return [f"no '## {one}'" for one in INTERVIEW if one not in headings(text, 2)]


def extension_problems(root: Path, name: str) -> list[str]:
    """What the page of extensions lacks."""
    text = _text(root / "docs" / "extensions" / f"{name}.md")
    if text is None:
        return [f"no docs/extensions/{name}.md"]
    parts = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    found = [f"{len(parts)} extensions, {EXTENSIONS} are asked for"] if len(parts) != EXTENSIONS else []
    for part in parts:
        title = part.split("\n", 1)[0]
        found += [f"'{title}' has no '{one}'" for one in EXTENSION if not _has_part(part, one)]
    return found


def _has_part(text: str, name: str) -> bool:
    """Whether a text has the part, as a heading or as bold words at the start of a paragraph."""
    return name in headings(text, 3) or f"\n**{name}.**" in text


def marks_left(root: Path, name: str) -> list[str]:
    """Files that still hold a TODO of the scaffold's, with how many; the starter's own are its task."""
    places = [root / "scenarios" / name, root / "tests" / name, root / "docs" / "interview" / f"{name}.md"]
    places.append(root / "docs" / "extensions" / f"{name}.md")
    files = sorted(file for place in places for file in ([place] if place.is_file() else place.rglob("*")))
    counted = {file: len(_MARK.findall(_text(file) or "")) for file in files if _author_writes(file)}
    return [f"{file.relative_to(root)}: {count}" for file, count in counted.items() if count]


def _author_writes(file: Path) -> bool:
    return file.is_file() and file.suffix in (".py", ".md", ".yaml", ".j2") and "starter" not in file.parts


def _lesson(folder: Path) -> list[str]:
    found = [one for one in headings(_text(folder / "README.md") or "", 2) if one in LESSON]
    return [] if found == list(LESSON) else [f"README.md needs, in this order: {', '.join(LESSON)}"]


def _brief(folder: Path, scenario: Scenario[Any]) -> list[str]:
    text = _text(folder / "brief.md") or ""
    short = [f"{len(text)} characters, at least {LEAST_BRIEF}"] if len(text) < LEAST_BRIEF else []
    return short + [f"does not name {one.file}" for one in scenario.brief.deliverables if one.file not in text]


def _rubric(folder: Path, name: str) -> list[str]:
    try:
        rubric = yaml.safe_load(_text(folder / "rubric.yaml") or "")
    except yaml.YAMLError as error:
        return [f"rubric.yaml is not YAML: {error}"]
    if not isinstance(rubric, dict) or rubric.get("scenario") != name:
        return [f"rubric.yaml must say scenario: {name}"]
    criteria, follow_ups = rubric.get("criteria") or [], rubric.get("follow_ups") or []
    found = [
        f"'{one.get('name')}' needs anchors 0 to 4"
        for one in criteria
        if sorted(one.get("anchors") or {}) != [0, 1, 2, 3, 4]
    ]
    return [*found, *_fewer("criteria", criteria, LEAST_CRITERIA), *_fewer("follow_ups", follow_ups, LEAST_FOLLOW_UPS)]


def _fewer(what: str, given: Sequence[object], least: int) -> list[str]:
    return [f"{len(given)} {what}, at least {least}"] if len(given) < least else []


def _course(folder: Path) -> list[str]:
    try:
        read_course(folder)
    except LabError as error:
        return [str(error) if (folder / COURSE_FILE).is_file() else f"no {COURSE_FILE}"]
    return []


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None

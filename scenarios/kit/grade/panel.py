"""The interviewer's page of a pack that has just been forked."""

from pathlib import Path
from typing import Any

from pipelines import store
from scenarios.base import Case
from scenarios.kit.exercise import Exercise
from scenarios.kit.fork.identity import Asked
from scenarios.kit.grade.pages import panel_page
from scenarios.kit.places import writing


def write_panel(file: Path, exercise: Exercise, asked: Asked, case: Case[Any], *, control: bool) -> None:
    """Write the page with the truth of a pack, for whoever sits beside the candidate."""
    page = panel_page(exercise, asked, case, control=control)
    with writing(file, "--panel"):
        store.write_text(file, page)

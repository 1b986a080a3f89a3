"""What a scenario found, on one screen: its story, in the words of its own terminal view."""

import importlib
from pathlib import Path

from rich.console import Console

from pipelines import store
from scenarios.catalogue import require_known


def summary(name: str, report: Path) -> str:
    """The story that lies in a report folder, as ``scenarios.<name>.terminal`` prints it.

    The scenario itself, with all it stands on, is not loaded.

    Raises
    ------
    LabError
        For an unknown scenario, and where the story is missing or damaged.
    """
    require_known(name)
    story = importlib.import_module(f"scenarios.{name}.story").Story
    print_story = importlib.import_module(f"scenarios.{name}.terminal").print_story
    console = Console()
    with console.capture() as shown:
        print_story(story.model_validate(store.read_json(report / "story.json")), console, report)
    return shown.get()

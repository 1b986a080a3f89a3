"""The JSON schemas of answers and scorecards, for editors and for other people's tools.

``python -m scenarios.kit.schemas`` writes them anew; a test holds them against the code.
"""

import json
from pathlib import Path

from pydantic import BaseModel

from scenarios.base import AnswerSheet, Scorecard

FOLDER = Path(__file__).parent / "schemas"
SCHEMAS: dict[str, type[BaseModel]] = {"answer.schema.json": AnswerSheet, "scorecard.schema.json": Scorecard}


def schema_text(model: type[BaseModel]) -> str:
    """A model's JSON schema as canonical JSON."""
    return json.dumps(model.model_json_schema(), indent=2, sort_keys=True) + "\n"


def main() -> None:
    """Write every schema."""
    FOLDER.mkdir(exist_ok=True)
    for name, model in SCHEMAS.items():
        (FOLDER / name).write_text(schema_text(model), encoding="utf-8")


if __name__ == "__main__":
    main()

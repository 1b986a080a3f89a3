"""Says whether the answer can be read, file by file and line by line, and nothing about right or wrong.

    python lab/check.py

It is the same reading that the graders use. Exit code 0: the format is fine; 1: something in it is not.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scenarios.kit.format import Parts

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))


def main() -> int:
    """Print what is wrong and what is still to do."""
    parts = read(HERE.parent)
    for problem in parts.problems:
        print(f"wrong   {problem}")
    for text in parts.to_do:
        print(f"to do   {text}")
    if not parts.problems:
        print("The format is fine." if not parts.to_do else "Nothing is wrong with the format so far.")
    return 1 if parts.problems else 0


def asked(folder: Path) -> list[dict[str, Any]]:
    """The files to hand in, as pack.json names them."""
    files: list[dict[str, Any]] = json.loads((folder / "pack.json").read_text(encoding="utf-8"))["deliverables"]
    return files


def read(folder: Path, only: str = "") -> "Parts":
    """What the graders could read of the answer in a folder, or of one file of it."""
    from scenarios.base import Deliverable
    from scenarios.kit.format import read_parts

    pack = json.loads((folder / "pack.json").read_text(encoding="utf-8"))
    wanted = [Deliverable(**one) for one in asked(folder) if only in ("", one["file"])]
    return read_parts(folder, pack["scenario"], wanted)


if __name__ == "__main__":
    sys.exit(main())

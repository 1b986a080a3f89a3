"""Can the graders read the answer? Format only: nothing here knows what is right.

What is not handed in yet is skipped, with the reason.
"""

import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(FOLDER / "lab"))

import check  # noqa: E402


@pytest.mark.parametrize("file", [one["file"] for one in check.asked(FOLDER)])
def test_the_file_can_be_read(file):
    parts = check.read(FOLDER, file)

    if parts.to_do:  # not filled in yet, which is no fault of format: said, and not failed
        pytest.skip("; ".join(parts.to_do))
    assert not parts.problems, "\n".join(parts.problems)

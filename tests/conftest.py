"""Property tests: the same examples on every run, so that a green commit stays green; a search for new ones on demand.

`HYPOTHESIS_PROFILE=search make test` draws fresh examples, ten times as many; what it finds becomes an `@example`.
"""

import os
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings

TESTS: Final = Path(__file__).parent

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of a folder share a process, so that what they stand on is made once; marked groups, the longest, go first.

    Dealt out one by one, the tests of a file would make its worlds and models once in every worker.
    """
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(_together(item.path)))


def _together(path: Path) -> str:
    """The folder of a test file; the file itself where it lies at the top."""
    here = path.relative_to(TESTS)
    return str(here.parent if len(here.parts) > 1 else here)

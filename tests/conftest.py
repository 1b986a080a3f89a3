"""Property tests: the same examples on every run, so that a green commit stays green; a search for new ones on demand.

`HYPOTHESIS_PROFILE=search make test` draws fresh examples, ten times as many; what it finds becomes an `@example`.
"""

import os

import pytest
from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that must share a process first: they take longest, and begun last they would leave a worker idle."""
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)

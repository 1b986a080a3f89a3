import doctest
import importlib

import pytest

MODULES = (
    "pipelines.user_tables.dialect",
    "pipelines.user_tables.headers",
    "pipelines.user_tables.nearest",
    "scenarios.audit.parts",
    "scenarios.audit.request",
    "scenarios.audit.telling",
    "scenarios.page.dot_plot",
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))

    assert found.attempted
    assert not found.failed

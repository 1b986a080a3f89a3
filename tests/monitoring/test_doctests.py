import doctest
import importlib
import pkgutil

import pytest

import monitoring

LIGHT = sorted(
    found.name
    for found in pkgutil.walk_packages(monitoring.__path__, "monitoring.")
    if found.name != "monitoring.evidently_metrics"  # imports Evidently, and has no examples
)


@pytest.mark.parametrize("name", LIGHT)
def test_the_examples_in_the_docstrings_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0

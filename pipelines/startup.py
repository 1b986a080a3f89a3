"""What every process of the lab does before it loads the libraries it stands on."""

import gc

_MANY = 100_000
"""New objects between two looks; Python's own is 700."""


def ease_imports() -> None:
    """Look for garbage seldom: loading Prefect or MLflow makes objects by the hundred thousand, and all stay."""
    gc.set_threshold(_MANY)

"""The starter's `build_features`: the features of the stuck model, which every answer is measured against."""

import importlib.util
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

import pandas as pd

Build: TypeAlias = Callable[[Mapping[str, pd.DataFrame], pd.Timestamp], pd.DataFrame]
"""Tables and a cutoff, to one row a customer by `customer_id`."""

FILE: Final = Path(__file__).parents[1] / "starter" / "features.py"


@cache
def starter_features() -> Build:
    """The function of the starter's own file."""
    return loaded(FILE)


def loaded(path: Path) -> Build:
    """`build_features` of a file of the lab's own."""
    specification = importlib.util.spec_from_file_location(f"case_{path.stem}", path)
    if specification is None or specification.loader is None:
        raise ImportError(f"{path} is not a Python module.")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    build: Build = module.build_features
    return build

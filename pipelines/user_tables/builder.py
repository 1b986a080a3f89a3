"""A feature builder of the user's own, found by "module:function" and held to its contract when called."""

import importlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final, TypeAlias

import pandas as pd

from pipelines.errors import LabError
from pipelines.user_tables.nearest import hint

Builder: TypeAlias = Callable[[Mapping[str, pd.DataFrame], pd.Timestamp], pd.DataFrame]

CONTRACT: Final = (
    "A builder takes the event tables (a mapping of names to data frames) and a cutoff (a timestamp), and returns a "
    "data frame with one row for each entity and the entity as index."
)


def load_builder(name: str, folder: Path) -> Builder:
    """The function named as "module:function" or "path/to/file.py:function", looked for in `folder` first.

    What comes back calls it and turns its failures into errors that say where they happened.

    Raises
    ------
    LabError
        For a wrong form, a module or function that is not there, or something that cannot be called with two arguments.
    """
    where, _, function = name.rpartition(":")
    if not where or not function.isidentifier():
        raise LabError(
            f"--builder {name}: this has the wrong form. Write module:function, such as features:build, "
            "or a file, such as src/features.py:build."
        )
    module = _module(where, folder)
    return _held_to_contract(_function(module, function, name), name)


def _module(where: str, folder: Path) -> ModuleType:
    with _importable_from(folder):
        try:
            return _from_file(folder / where) if where.endswith(".py") else importlib.import_module(where)
        except LabError:
            raise
        except ModuleNotFoundError as error:
            if error.name and (where == error.name or where.startswith(f"{error.name}.")):
                raise LabError(_no_module(where, folder)) from error
            raise LabError(f"--builder {where}: it imports '{error.name}', which is not installed.") from error
        except Exception as error:
            raise LabError(f"--builder {where}: importing it failed with {_said(error)}.") from error


@contextmanager
def _importable_from(folder: Path) -> Iterator[None]:
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


def _from_file(file: Path) -> ModuleType:
    if not file.is_file():
        beside = [one.name for one in sorted(file.parent.glob("*.py"))] if file.parent.is_dir() else []
        near = hint(file.name, beside, what="Python files beside it")
        raise LabError(f"--builder {file}: there is no such file. {near}")
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise LabError(f"--builder {file}: it cannot be imported.")
    module = importlib.util.module_from_spec(spec)
    # Code that looks its own module up (dataclasses do) must find it; a module of the lab must not be replaced.
    sys.modules.setdefault(file.stem, module)
    with _importable_from(file.parent):
        spec.loader.exec_module(module)
    return module


def _no_module(where: str, folder: Path) -> str:
    beside = [one.stem for one in sorted(folder.glob("*.py"))]
    return (
        f"--builder {where}: there is no module of this name, neither in {folder} nor installed. "
        f"{hint(where, beside, what='modules in the folder')} A file can be named too: path/to/file.py:function."
    )


def _function(module: ModuleType, function: str, name: str) -> Builder:
    found: Any = getattr(module, function, None)
    if found is None:
        own = [one for one, value in vars(module).items() if inspect.isfunction(value) and not one.startswith("_")]
        raise LabError(f"--builder {name}: the module has no '{function}'. {hint(function, own, what='functions')}")
    if not callable(found):
        raise LabError(f"--builder {name}: '{function}' is no function. {CONTRACT}")
    if not _takes_two(found):
        takes = inspect.signature(found)
        raise LabError(f"--builder {name}: it cannot be called with two arguments, it takes {takes}. {CONTRACT}")
    builder: Builder = found
    return builder


def _takes_two(function: Callable[..., object]) -> bool:
    try:
        inspect.signature(function).bind(None, None)
    except TypeError:
        return False
    except ValueError:  # built-in callables may hide their signature
        return True
    return True


def _held_to_contract(function: Builder, name: str) -> Builder:
    def build(tables: Mapping[str, pd.DataFrame], cutoff: pd.Timestamp) -> pd.DataFrame:
        try:
            # The builder may write into its tables; the next cutoff must find them as they were. Shallow copies do:
            # pandas copies on write.
            made: object = function({one: table.copy(deep=False) for one, table in tables.items()}, cutoff)
        except Exception as error:
            said = f"--builder {name}: at the cutoff {cutoff} it failed with {_said(error)}. {CONTRACT}"
            raise LabError(said) from error
        if not isinstance(made, pd.DataFrame):
            raise LabError(f"--builder {name}: it returned a {type(made).__name__}, not a data frame. {CONTRACT}")
        if not made.index.is_unique:
            raise LabError(f"--builder {name}: at the cutoff {cutoff} it returned an entity more than once. {CONTRACT}")
        return made

    return build


def _said(error: Exception) -> str:
    """The error in its own words, with the place where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {str(error).strip() or 'no message'}{place}"

"""Runs inside the sandbox: a repository in a clean copy, under conditions that are told. Imports nothing of the lab.

Each run is a forked process of its own in a folder of its own. What the process sees of clock, time zone, listing order
and default text encoding is what the conditions say; the repository's code runs unchanged.
"""

import builtins
import datetime as dt
import hashlib
import io
import os
import random
import runpy
import shutil
import sys
import time
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

_TOLD = 300
_OUT = "out"

# LightGBM alone: what it would load to please scikit-learn costs more than the runs themselves.
sys.modules["sklearn"] = None  # type: ignore[assignment]
import lightgbm  # noqa: E402, F401
import pandas as pd  # noqa: E402, F401
import yaml  # noqa: E402, F401

del sys.modules["sklearn"]


def begin(_module: ModuleType, _plain: dict[str, Any], _tables: dict[str, Any]) -> Path:
    """The box, whose `files/` hold contents by number."""
    _keep_out()
    return Path(__file__).parent


def call(_module: ModuleType, box: Path, plain: dict[str, Any], _tables: dict[str, Any]) -> dict[str, Any]:
    """One run in a clean copy: hashes of what it wrote, the texts that were asked for, its log and its error."""
    folder = _clean_copy(box, plain)
    log = folder.parent / f"{folder.name} log.txt"
    error = ""
    for entry in plain["entries"] * plain["times"]:
        error = error or _in_a_process(folder, log, entry, plain)
    said = {
        "error": error,
        "hashes": {
            str(path.relative_to(folder)): hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
            for path in sorted((folder / _OUT).rglob("*"))
            if path.is_file()
        },
        "texts": {name: _text(folder / name) for name in plain["texts"] if (folder / name).is_file()},
        "log": _text(log),
    }
    shutil.rmtree(folder.parent)
    return said


def _keep_out() -> None:
    """Let no other process look into this one: it alone speaks to the host."""
    import ctypes

    ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


def _clean_copy(box: Path, plain: dict[str, Any]) -> Path:
    for left in (box / "scratch").iterdir():
        shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
    folder = box.joinpath("scratch", str(plain["folder"]), "repository")
    for name, number in plain["files"].items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(box / "files" / number, place)
    for name, text in plain["also"].items():
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("out", "registry", "state"):
        (folder / name).mkdir(exist_ok=True)
    return folder


def _in_a_process(folder: Path, log: Path, entry: str, plain: dict[str, Any]) -> str:
    """What went wrong in the entry's own process; empty where nothing did."""
    told = folder.parent / "error.txt"
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _only_speak_to(log)
            _under(plain)
            os.chdir(folder)
            sys.path.insert(0, str(folder))
            sys.argv = [entry, *plain["arguments"]]
            runpy.run_path(str(folder / entry), run_name="__main__")
            code = 0
        except BaseException as error:  # noqa: BLE001 - whatever it was, the host hears of it
            code = 0 if isinstance(error, SystemExit) and not error.code else 1
            told.write_text(_why(error), encoding="utf-8") if code else None
        finally:
            sys.stdout.flush()
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    if not status:
        return ""
    return _text(told) if told.is_file() else f"{entry} ended with status {status}"


def _only_speak_to(log: Path) -> None:
    """Leave this process nothing open but a log: the session's own pipes are not for it."""
    lines = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(lines, 1)
    os.dup2(lines, 2)
    os.closerange(3, 256)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)


def _why(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    at = f" (line {frames[-1].lineno} of {Path(frames[-1].filename).name})" if frames else ""
    return f"{type(error).__name__}: {error}"[:_TOLD] + at


def _text(path: Path) -> str:
    return path.read_bytes()[: 1 << 19].decode("utf-8", errors="replace") if path.is_file() else ""


def _under(plain: dict[str, Any]) -> None:
    """Make this process see what the conditions say."""
    os.environ.update(plain["environment"])
    time.tzset()
    _set_clock(plain["clock"])
    _shuffle_listings(plain["order"])
    if plain["luck"] is not None:
        _fix_luck(plain["luck"])
    if plain["encoding"] is not None:
        _default_encoding(plain["encoding"])


def _set_clock(at: float) -> None:
    """From now on it is `at`, in seconds since 1970, and time stands still."""
    time.time = lambda: at
    time.time_ns = lambda: int(at * 1e9)

    class Moved(dt.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:  # noqa: ANN401 - this class, or one made from it
            return cls.fromtimestamp(at, tz)

        @classmethod
        def utcnow(cls) -> Any:  # noqa: ANN401
            return cls.fromtimestamp(at, dt.UTC).replace(tzinfo=None)

        @classmethod
        def today(cls) -> Any:  # noqa: ANN401
            return cls.fromtimestamp(at)

    class MovedDate(dt.date):
        @classmethod
        def today(cls) -> Any:  # noqa: ANN401
            return cls.fromtimestamp(at)

    dt.datetime, dt.date = Moved, MovedDate  # type: ignore[misc]


def _fix_luck(luck: int) -> None:
    """Let generators that are given no seed begin alike for each `luck`, as if the system had handed out that one."""
    import numpy as np

    random.seed(luck)
    np.random.seed(luck)  # noqa: NPY002 - the generator that code without one draws from
    vars(np.random.bit_generator)["randbits"] = lambda _bits: luck


def _shuffle_listings(order: int) -> None:
    """Give folders out in another order for each `order`; sorted for 0. No system promises any."""
    listdir, scandir = os.listdir, os.scandir

    def names(path: Any = ".") -> list[Any]:  # noqa: ANN401 - text or bytes
        return _in_order(listdir(path), order)

    def entries(path: Any = ".") -> Any:  # noqa: ANN401
        with scandir(path) as found:
            listed = {one.name: one for one in found}
        return _Listing(listed[name] for name in _in_order(listed, order))

    os.listdir, os.scandir = names, entries


def _in_order(names: Any, order: int) -> list[Any]:  # noqa: ANN401
    found = sorted(names)
    if order:
        random.Random(order).shuffle(found)  # noqa: S311 - no secret
    return found


class _Listing:
    """What `os.scandir` gives: entries that can be iterated over once, and closed."""

    def __init__(self, entries: Any) -> None:  # noqa: ANN401
        self._entries = entries

    def __iter__(self) -> Any:  # noqa: ANN401
        return self._entries

    def __next__(self) -> Any:  # noqa: ANN401
        return next(self._entries)

    def __enter__(self) -> Any:  # noqa: ANN401
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is held open."""


def _default_encoding(encoding: str) -> None:
    """Text files are opened in `encoding` where the code does not say which."""
    opened = builtins.open

    def with_default(file: Any, mode: str = "r", buffering: int = -1, *args: Any, **more: Any) -> Any:  # noqa: ANN401
        said, *rest = args or (more.pop("encoding", None),)
        silent = "b" not in mode and said in (None, "locale")
        return opened(file, mode, buffering, encoding if silent else said, *rest, **more)

    builtins.open = io.open = with_default

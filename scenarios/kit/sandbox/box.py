"""A box with a child in it: sessions are begun, called and ended; answers are JSON values, and nothing is unpickled."""

import json
import math
import os
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, NoReturn

import pandas as pd

from pipelines import store
from scenarios.kit.sandbox.budget import Budget
from scenarios.kit.sandbox.errors import NoIsolationError, SessionError
from scenarios.kit.sandbox.isolation import UMASK, isolation, opened, walled
from scenarios.kit.sandbox.limits import Limits

_START_SECONDS: Final = 120.0
"""How long the interpreter and pandas may take to load on a busy machine."""

_ERROR_SHOWN: Final = 500
"""Characters shown of an error of the candidate's code."""

_THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Box:
    """A running child. Use `open_box`; tables are handed over as Parquet files, everything else as JSON lines."""

    def __init__(
        self, folder: Path, process: subprocess.Popen[bytes], control: IO[bytes], *, limits: Limits, budget: Budget
    ) -> None:
        if process.stdin is None or process.stdout is None:
            raise TypeError("a box needs a process with pipes for its input and output")
        self._folder, self._process, self._control = folder, process, control
        self._limits, self._budget = limits, budget
        self._orders, self._answers = process.stdin, process.stdout
        self._written = 0
        self._cpu_told = 0.0
        self._broken = ""
        self._running = False

    def keep(self, tables: Mapping[str, pd.DataFrame]) -> dict[str, Path]:
        """Write tables that many sessions are given; what comes back stands for them in `begin` and `call`."""
        return {name: self._written_to("kept", table) for name, table in tables.items()}

    def begin(self, file: str, plain: Mapping[str, Any], tables: Mapping[str, pd.DataFrame | Path]) -> None:
        """Begin a session: the candidate's `file` is loaded anew in a process of its own; none where it is empty.

        Raises
        ------
        SessionError
            Where loading fails, the time budget is used up, or the child is gone for good.
        """
        if self._running:
            self.end()
        self._running = True
        cpu_seconds = math.ceil(min(self._limits.cpu_seconds, self._budget.cpu_left))
        order = {"do": "begin", "file": file, "cpu_seconds": cpu_seconds}
        self._ask({**order, "plain": dict(plain), "tables": self._handed_over(tables)})

    def call(self, plain: Mapping[str, Any], tables: Mapping[str, pd.DataFrame | Path]) -> Any:  # noqa: ANN401 - JSON
        """The answer to one call, as JSON gives it. Raises SessionError where there is none."""
        return self._ask({"do": "call", "plain": dict(plain), "tables": self._handed_over(tables)})

    def end(self) -> None:
        """End the session and whatever it left running."""
        if self._running and not self._broken:
            self._running = False
            self._send({"do": "end"})
            self._wait(ended=True)
        shutil.rmtree(self._folder / "given", ignore_errors=True)

    def wait_until_ready(self) -> None:
        """Wait for the child to be up. Raises NoIsolationError where it never is."""
        if self._control_line(time.monotonic() + _START_SECONDS) != "ready":
            self.close()
            said = (self._folder / "errors.txt").read_text(encoding="utf-8", errors="replace")
            raise NoIsolationError(f"The sandbox did not start: {said.strip()[-400:] or 'no word from it'}.")

    def close(self) -> None:
        """Kill the child and everything in the box."""
        self._process.kill()
        self._process.wait()
        for stream in (self._orders, self._answers, self._control):
            with _ignored_pipe():
                stream.close()

    def _handed_over(self, tables: Mapping[str, pd.DataFrame | Path]) -> dict[str, str]:
        there = {name: one if isinstance(one, Path) else self._written_to("given", one) for name, one in tables.items()}
        return {name: str(path) for name, path in there.items()}

    def _written_to(self, folder: str, table: pd.DataFrame) -> Path:
        self._written += 1
        path = self._folder / folder / f"{self._written:06d}.parquet"
        store.write_frame(path, table)
        _open_to_all(path.parent)
        _open_to_all(path)
        return path

    def _ask(self, order: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        if self._broken or not self._running:
            raise SessionError(self._broken or "the session has ended")
        if used_up := self._budget.used_up:
            self._give_up(used_up)
        self._send(order)
        said = _read(self._wait())
        if "error" in said:
            raise SessionError(str(said["error"])[:_ERROR_SHOWN])
        return said["value"]

    def _send(self, order: Mapping[str, Any]) -> None:
        with _ignored_pipe():
            self._orders.write(json.dumps(order, allow_nan=False).encode() + b"\n")
            self._orders.flush()

    def _wait(self, *, ended: bool = False) -> bytes:
        """The next line of the session, or with `ended` nothing once the session has ended."""
        with self._budget.waiting():
            line = self._line(time.monotonic() + min(self._limits.seconds_a_call, self._budget.left), ended=ended)
        if line is None:
            self._give_up(self._budget.used_up or f"no answer within {self._limits.seconds_a_call:g} seconds")
        return line

    def _line(self, deadline: float, *, ended: bool) -> bytes | None:
        """The same; None where it does not come in time."""
        line = b""
        with selectors.DefaultSelector() as ready:
            ready.register(self._answers, selectors.EVENT_READ)
            ready.register(self._control, selectors.EVENT_READ)
            while True:
                found = {key.fileobj for key, _ in ready.select(max(deadline - time.monotonic(), 0.0))}
                if not found:
                    return None
                if self._answers in found:
                    line += os.read(self._answers.fileno(), 1 << 12)
                    if len(line) > self._limits.line_bytes:
                        self._give_up(f"an answer of more than {self._limits.line_bytes:,} bytes")
                    if line.endswith(b"\n") and not ended:
                        return line
                if self._control in found:
                    return self._ended(ended=ended)

    def _ended(self, *, ended: bool) -> bytes:
        """What the child says of a session that has ended: how, and the processor time of all sessions until then."""
        word = os.read(self._control.fileno(), 1 << 10).decode()
        if not word:
            self._give_up("the child is gone")
        self._running = False
        self._forget_answers()
        status, cpu_seconds = word.split()
        self._budget.charge_cpu(float(cpu_seconds) - self._cpu_told)
        self._cpu_told = float(cpu_seconds)
        if not ended:
            raise SessionError(self._budget.used_up or f"the process ended before it answered (ended {status})")
        return b""

    def _forget_answers(self) -> None:
        """Throw away what a session said that nobody asked for: the next one's answers come through the same pipe."""
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._answers, selectors.EVENT_READ)
            while waiting.select(0) and os.read(self._answers.fileno(), 1 << 16):
                continue

    def _give_up(self, why: str) -> NoReturn:
        self._broken = why
        self.close()
        raise SessionError(why)

    def _control_line(self, deadline: float) -> str:
        with selectors.DefaultSelector() as ready:
            ready.register(self._control, selectors.EVENT_READ)
            if not ready.select(max(deadline - time.monotonic(), 0.0)):
                return ""
        return os.read(self._control.fileno(), 1 << 10).decode().strip()


@contextmanager
def open_box(
    code: Mapping[str, str],
    lead: Path,
    *,
    limits: Limits | None = None,
    trusted: bool = False,
    files: Mapping[str, bytes] | None = None,
    environment: Mapping[str, str] | None = None,
    budget: Budget | None = None,
) -> Iterator[Box]:
    """A child that holds a candidate's files and the lab's `lead`, killed on the way out.

    Parameters
    ----------
    code
        File names to Python source.
    lead
        A file of the lab's with `begin(module, plain, tables)` and `call(module, state, plain, tables)`, which runs
        inside and says what the candidate's functions are given.
    limits
        What the child may use.
    trusted
        Only for the lab's own sample answers: where the machine has no isolation, run them with limits alone.
    files
        What else lies in the box to read, below ``files/``, by relative path.
    environment
        Variables of the child beside the usual ones, which they replace.
    budget
        The time left of a grade, for boxes that share it; by default the box has a whole one.

    Raises
    ------
    NoIsolationError
        Where the code is not trusted and the machine cannot isolate it.
    """
    limits = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="box-") as folder:
        box = _furnished(opened(Path(folder)), code, lead, files or {})
        given, told = os.pipe()
        may_use = json.dumps(_rlimits(limits, walls=isolation() is not None))
        command = [sys.executable, "-sP", str(box / "inside.py"), str(box), str(told), may_use]
        with (box / "errors.txt").open("wb") as errors:
            process = subprocess.Popen(
                _behind_walls(command, box, trusted=trusted, scratch_bytes=limits.scratch_bytes),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=box,
                env={**_environment(), **(environment or {})},
                pass_fds=(told,),
                start_new_session=True,
                umask=UMASK,
            )
        os.close(told)
        opened_box = Box(box, process, os.fdopen(given, "rb", 0), limits=limits, budget=budget or Budget())
        try:
            opened_box.wait_until_ready()
            yield opened_box
        finally:
            opened_box.close()


def _read(line: bytes) -> dict[str, Any]:
    """An answer's line: an object with a value or an error."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SessionError(f"the answer is no JSON: {error}") from error
    if not isinstance(said, dict) or ("value" in said) == ("error" in said):
        raise SessionError("the answer has neither a value nor an error")
    return said


def _behind_walls(command: list[str], box: Path, *, trusted: bool, scratch_bytes: int) -> list[str]:
    kind = isolation()
    if kind is not None:
        return walled(kind, command, box, scratch_bytes=scratch_bytes)
    if trusted:
        return command
    raise NoIsolationError(
        "This machine cannot isolate a candidate's code: neither bubblewrap nor user namespaces work here. "
        "Install bubblewrap (apt install bubblewrap) or allow unprivileged user namespaces, and grade again."
    )


def _furnished(box: Path, code: Mapping[str, str], lead: Path, files: Mapping[str, bytes]) -> Path:
    for name, text in code.items():
        if Path(name).name != name:
            raise SessionError(f"'{name}' is not a plain file name")
        store.write_text(box / "code" / name, text)
    for name, content in files.items():
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise SessionError(f"'{name}' is not a path inside the box")
        store.write_bytes(box / "files" / name, content)
    for folder in ("scratch", "given", "kept"):
        (box / folder).mkdir()
    store.write_text(box / "lead.py", lead.read_text(encoding="utf-8"))
    for own in ("inside.py", "refused.py"):
        store.write_text(box / own, Path(__file__).with_name(own).read_text(encoding="utf-8"))
    for path in box.rglob("*"):
        _open_to_all(path)
    return box


def _open_to_all(path: Path) -> None:
    """Let the child, who is nobody, read a file or look into a folder, whatever the umask of whoever grades."""
    path.chmod(0o755 if path.is_dir() else 0o644)


def _rlimits(limits: Limits, *, walls: bool) -> dict[str, int]:
    """Limits by the operating system's names; without walls, the number of processes would count all of the user's.

    That of processor time is told at the beginning of each session.
    """
    within = {"NPROC": limits.processes} if walls else {}
    return within | {
        "AS": limits.memory_bytes,
        "FSIZE": limits.file_bytes,
        "NOFILE": limits.open_files,
        "CORE": 0,
    }


def _environment() -> dict[str, str]:
    """Nothing of ours: no keys, no home, no paths; one thread, the same hashes every time."""
    fixed = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent", "PYTHONHASHSEED": "0"}
    return fixed | {"PYTHONDONTWRITEBYTECODE": "1"} | dict.fromkeys(_THREADS, "1")


@contextmanager
def _ignored_pipe() -> Iterator[None]:
    """A child that is gone reads nothing; whoever waits for its answer hears of it."""
    try:
        yield
    except (BrokenPipeError, ValueError, OSError):
        return

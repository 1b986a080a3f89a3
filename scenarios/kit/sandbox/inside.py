"""What runs inside the box: wait for sessions, give each a process of its own, and pass calls to the candidate's code.

It is started as a script with a folder, a control pipe and limits, and imports nothing of the lab. The folder holds
`lead.py` (the lab's, which knows what the candidate's function expects), `refused.py`, `code/` (the candidate's files),
`files/` (what else there is to read) and `scratch/` (to write to, if asked for). A session is a forked process, ended
with all it started before the next begins; its answers go out as JSON lines. That a session has ended, and the
processor time used so far, is told on the control pipe, which a session has closed.

Behind walls, the calls by which a session could leave memory, queues or keys to the next one, or get at this process
and its pipe, are refused. Files in `scratch/` stay, and it is for the lead to clear them; process ids go on counting.
"""

import importlib.util
import json
import os
import resource
import signal
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

_TOLD = 400
"""Characters told of an error of the candidate's code."""

_FIRST = 1
"""Process id behind walls, where everything else in the box belongs to a session."""


def main(folder: Path, control: int, limits: dict[str, int]) -> None:
    """Serve sessions until the input ends."""
    import pandas as pd  # noqa: F401 - loaded once, for every session
    import pyarrow.parquet  # noqa: F401

    lead = _module(folder / "lead.py", "lead")
    if os.getpid() == _FIRST:
        _module(folder / "refused.py", "refused").refuse()
    orders, answers = os.fdopen(os.dup(0), "rb", 0), os.fdopen(os.dup(1), "wb", 0)
    _silence()
    os.write(control, b"ready\n")
    while line := _line(orders):
        first = json.loads(line)
        if first["do"] != "begin":
            continue  # meant for a session that had ended by itself
        child = os.fork()
        if child == 0:
            os.close(control)
            _limit({**limits, "CPU": first["cpu_seconds"]})
            _session(folder, lead, first, orders=orders, answers=answers)
        status = os.waitpid(child, 0)[1]
        _end_leftovers()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        os.write(control, f"{status} {used.ru_utime + used.ru_stime}\n".encode())


def _session(folder: Path, lead: ModuleType, first: dict[str, Any], *, orders: BinaryIO, answers: BinaryIO) -> None:
    """One session: load the candidate's code, then answer calls until told to end. Never returns."""
    order: dict[str, Any] | None = first
    module: ModuleType | None = None
    state: Any = None
    sys.path.insert(0, str(folder / "code"))
    while order is not None and order["do"] != "end":
        try:
            if module is None:
                module = _candidates(folder, order["file"])
                state, said = lead.begin(module, order["plain"], _tables(order)), True
            else:
                said = lead.call(module, state, order["plain"], _tables(order))
            answer = json.dumps({"value": said}, allow_nan=False)
        except BaseException as error:  # noqa: BLE001 - whatever it was, the host hears of it
            answer = json.dumps({"error": _told(error)})
        answers.write(answer.encode() + b"\n")
        line = _line(orders)
        order = json.loads(line) if line else None
    os._exit(0)


def _candidates(folder: Path, file: str) -> ModuleType:
    """The candidate's file as a module; an empty one where the lead runs the files by itself."""
    return _module(folder / "code" / file, Path(file).stem) if file else ModuleType("nothing")


def _told(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    at = f" (line {frames[-1].lineno} of {Path(frames[-1].filename).name})" if frames else ""
    return f"{type(error).__name__}: {error}"[:_TOLD] + at


def _tables(order: dict[str, Any]) -> dict[str, Any]:
    import pandas as pd

    return {name: pd.read_parquet(path) for name, path in order.get("tables", {}).items()}


def _line(orders: BinaryIO) -> bytes:
    """One line, read byte by byte where needed so that nothing meant for a session stays in a buffer."""
    parts = []
    while (byte := orders.read(1)) and byte != b"\n":
        parts.append(byte)
    return b"".join(parts)


def _module(path: Path, name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(name, path)
    if specification is None or specification.loader is None:
        raise ImportError(f"{path.name} is not a Python file")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module


def _silence() -> None:
    """Nothing printed goes anywhere: neither into the answers nor into memory."""
    nowhere = os.open("/dev/null", os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def _limit(limits: dict[str, int]) -> None:
    for name, most in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is not None:
            resource.setrlimit(kind, (most, most))


def _end_leftovers() -> None:
    """End whatever a session left running: as the first process of the box, everything else in it."""
    if os.getpid() != _FIRST:
        return
    try:
        os.kill(-1, signal.SIGKILL)
        while True:
            os.wait()
    except (ProcessLookupError, ChildProcessError):
        return


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]))

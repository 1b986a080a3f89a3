"""Child processes that end when the process that started them ends, however it ends.

The child holds the reading end of a pipe whose only writing end is in the parent. The kernel closes that end when the
parent goes, `kill -9` included; the child then ends its whole process group. This needs no Linux call and, unlike a
parent-death signal, does not fire when only the *thread* that started the child is gone.

The child side is this very file, run as a script: ``python -P tethered.py MODULE ARGUMENTS...``.
"""

import contextlib
import gc
import os
import runpy
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

_GRACE_SECONDS = 5.0
"""Time between asking a process group to end and ending it."""


@contextlib.contextmanager
def tethered(
    module: str,
    *arguments: str,
    environment: Mapping[str, str],
    output: IO[bytes] | int | None = None,
    folder: Path | None = None,
    umask: int = -1,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``python -m module arguments`` beside this process; end it and all its children at the end of the block.

    Parameters
    ----------
    environment : added to this process's own environment.
    output : where standard output and standard error go; None leaves them on the terminal.
    folder : the working folder; this process's own when None.
    umask : file mode mask of the child; this process's own when -1.
    """
    process = subprocess.Popen(
        [sys.executable, "-P", __file__, module, *arguments],
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env={**os.environ, **environment},
        cwd=folder,
        umask=umask,
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    _signal_group(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        _signal_group(process.pid, signal.SIGKILL)


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _end_with_parent() -> None:
    """Move the pipe off standard input and end this process group when it closes."""
    rope = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    threading.Thread(target=_watch, args=(rope,), daemon=True).start()


def _watch(rope: int) -> None:
    while os.read(rope, 1):
        pass
    # At once, without asking: whoever starts the work again must not find this one still writing.
    _signal_group(os.getpgrp(), signal.SIGKILL)


def _main() -> None:
    _end_with_parent()
    gc.set_threshold(100_000)  # as in `pipelines.startup`, which a script by itself cannot import
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main()

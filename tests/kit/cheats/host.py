"""What cheats must not touch, and whether they did."""

import os
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TRUTH = "the truth"
_MOST_LOST = 1 << 30
"""Bytes of disk that may come and go with other work."""


class Host:
    """A file, a listening port, the folder for temporary files, the processes, the disk."""

    def __init__(self, folder: Path, server: socket.socket) -> None:
        self.canary = folder / "truth.txt"
        self.canary.write_text(TRUTH, encoding="utf-8")
        self._server = server
        self._before = (boxes(), children(), os.statvfs(tempfile.gettempdir()).f_bavail)

    @property
    def port(self) -> int:
        return int(self._server.getsockname()[1])

    def touched(self) -> list[str]:
        """What is not as it was."""
        free = os.statvfs(tempfile.gettempdir())
        lost = (self._before[2] - free.f_bavail) * free.f_frsize
        seen = {
            "the port": _called(self._server),
            "the file": self.canary.read_text(encoding="utf-8") != TRUTH,
            "the processes": children() != self._before[1],
            "the temporary files": not gone(boxes() - self._before[0]),
            "the disk": lost >= _MOST_LOST,
        }
        return [what for what, changed in seen.items() if changed]


@contextmanager
def host_in(folder: Path) -> Iterator[Host]:
    """A host whose file lies in a folder."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.01)
        yield Host(folder, server)


def _called(server: socket.socket) -> bool:
    try:
        server.accept()
    except TimeoutError:
        return False
    return True


def boxes() -> set[Path]:
    """What grading keeps in the folder for temporary files, other tests' that run meanwhile included."""
    return set(Path(tempfile.gettempdir()).glob("lab-returned-*"))


def gone(paths: set[Path]) -> bool:
    """Whether all of them go away: what other tests unpack does within a grade's time, what is left behind never."""
    until = time.monotonic() + 60.0
    while any(path.exists() for path in paths) and time.monotonic() < until:
        time.sleep(0.2)
    return not any(path.exists() for path in paths)


def children() -> set[int]:
    """Processes that this one has started, but for helpers of Python's own."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        if (task / "children").exists():
            found |= {int(one) for one in (task / "children").read_text().split()}
    return {one for one in found if b"multiprocessing" not in _command(one)}


def _command(process: int) -> bytes:
    """How a process was called; nothing for one that has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""

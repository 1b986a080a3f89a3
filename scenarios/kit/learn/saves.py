"""Noticing that a file was saved, by looking at it: one small file, so that this works wherever files can be read.

File events do not arrive from containers, network drives and some virtual machines; a look does.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

DEBOUNCE: Final = 0.2
"""Seconds a file must lie still before it counts as saved: editors write in several steps."""


@dataclass
class Saves:
    """Watches one file. `content` is what was seen last; a save that changes nothing is none."""

    path: Path
    clock: Callable[[], float] = time.monotonic
    _content: bytes | None = field(init=False)
    _stamp: tuple[int, int] | None = field(init=False)
    _since: float | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """What is there now is where it begins."""
        self._content, self._stamp = _read(self.path), _stamp(self.path)

    def saved(self) -> bool:
        """Whether the file has another content than at the last save, and has been lying still."""
        stamp = _stamp(self.path)
        if stamp is None:
            return False  # between the two steps of an editor that writes a new file and renames it
        if stamp != self._stamp:
            self._stamp, self._since = stamp, self.clock()
            return False
        if self._since is None or self.clock() - self._since < DEBOUNCE:
            return False
        self._since = None
        before, self._content = self._content, _read(self.path)
        return self._content != before


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None

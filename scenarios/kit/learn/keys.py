"""Single keys from a terminal, or characters from whatever stands in for one."""

import os
import selectors
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final

ENDED: Final = ""
"""What a read gives once the input has ended."""


class Keys:
    """The keys of an input that may be a terminal, a pipe or nothing at all."""

    def __init__(self, source: IO[str]) -> None:
        self._source, self._number = source, source.fileno()
        self._over = False

    def within(self, seconds: float) -> str | None:
        """The next key, in lower case; None where none comes in time, `ENDED` where none ever will."""
        if self._over:
            time.sleep(seconds)
            return ENDED
        with selectors.DefaultSelector() as ready:
            try:
                ready.register(self._number, selectors.EVENT_READ)
                waiting = bool(ready.select(seconds))
            except PermissionError:  # an ordinary file cannot be waited for; it can be read at once
                waiting = True
        if not waiting:
            return None
        byte = os.read(self._number, 1)
        self._over = not byte
        return byte.decode("ascii", errors="replace").lower() if byte else ENDED

    def forget_typed(self) -> None:
        """Throw away what was typed at a terminal meanwhile: it was meant for what stood there before."""
        if os.isatty(self._number):
            import termios

            termios.tcflush(self._number, termios.TCIFLUSH)


@contextmanager
def keyboard(source: IO[str] | None = None) -> Iterator[Keys]:
    """The keys of the standard input; a terminal hands each over at once, and is as it was afterwards."""
    source = source or sys.stdin
    if not source.isatty():
        yield Keys(source)
        return
    import termios
    import tty

    before = termios.tcgetattr(source.fileno())
    try:
        tty.setcbreak(source.fileno())
        yield Keys(source)
    finally:
        termios.tcsetattr(source.fileno(), termios.TCSADRAIN, before)

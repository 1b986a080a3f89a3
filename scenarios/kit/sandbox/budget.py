"""How much time a candidate's code may take over a whole grade: all its calls, sessions and boxes together."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

CPU_SECONDS: Final = 60.0
"""Of processor time. What a session used is known when it has ended; none is given more than is left."""

SECONDS: Final = 5.0 * CPU_SECONDS
"""Of waiting for answers: long enough for a busy machine to give all of the processor time, so that the same code has
the same score there; only code that sleeps meets this limit first.
"""

_NOTHING: Final = 1e-3
"""Seconds that are no time left."""


class Budget:
    """What is left of a grade's time. Boxes that share one may be at work at the same time, and each is charged.

    Only waiting for the candidate's code counts: what the lab simulates and writes down between two calls does not.
    """

    def __init__(self, *, seconds: float = SECONDS, cpu_seconds: float = CPU_SECONDS) -> None:
        self._seconds, self._cpu_seconds = seconds, cpu_seconds
        self._waited, self._used = 0.0, 0.0
        self._lock = Lock()

    @classmethod
    def share(cls, part: float) -> "Budget":
        """A part of a grade's time, for what is asked apart from the rest."""
        return cls(seconds=part * SECONDS, cpu_seconds=part * CPU_SECONDS)

    @classmethod
    def endless(cls) -> "Budget":
        """For the lab's own code: each call has its limit, and all of them together have none."""
        return cls(seconds=math.inf, cpu_seconds=math.inf)

    @property
    def left(self) -> float:
        """Seconds of waiting."""
        return max(self._seconds - self._waited, 0.0)

    @property
    def cpu_left(self) -> float:
        """Seconds of processor time."""
        return max(self._cpu_seconds - self._used, 0.0)

    @property
    def used_up(self) -> str:
        """Why nothing more is asked; empty while there is time left."""
        if self.left < _NOTHING:
            return f"time budget used up: {self._seconds:g} seconds for all calls together"
        if self.cpu_left < _NOTHING:
            return f"time budget used up: {self._cpu_seconds:g} seconds of processor time for all calls together"
        return ""

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Charge the time that passes inside."""
        begun = time.monotonic()
        try:
            yield
        finally:
            with self._lock:
                self._waited += time.monotonic() - begun

    def charge_cpu(self, seconds: float) -> None:
        """Charge processor time."""
        with self._lock:
            self._used += seconds

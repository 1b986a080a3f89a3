"""What a run can depend on without saying so: the machine, the day, and what was given by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

WHOLE: Final = ("pipeline.py",)
"""All steps in one process."""

NOW: Final = 1_800_014_400.0
"""15 January 2027, noon: long after every recorded run, and the same day on whichever day a case is planted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Conditions:
    """The machine and the moment of one run.

    `clock` is in seconds since 1970; `luck` is what generators without a seed begin from (None: the system's). `order`
    shuffles folder listings (0: sorted), `encoding` is that of text files where the code does not say which (None: the
    locale's). `locale` and `hash_seed` are those of the interpreter. `also` are files that lie in the folder and in no
    repository; `times` is how often it runs in place.
    """

    folder: str = "copy"
    zone: str = "UTC"
    locale: str = "C.UTF-8"
    hash_seed: int = 0
    threads: int = 1
    order: int = 0
    clock: float = NOW
    luck: int | None = None
    encoding: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)
    entries: tuple[str, ...] = WHOLE
    times: int = 1

    def interpreter(self) -> dict[str, str]:
        """Variables that count only when the interpreter starts."""
        plain = self.locale == "C"
        utf8 = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"} if plain else {}
        return {"PYTHONHASHSEED": str(self.hash_seed), "LC_ALL": self.locale, "LANG": self.locale, **utf8}

    def variables(self) -> dict[str, str]:
        """Variables that count for one run."""
        threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        return {**dict.fromkeys(threads, str(self.threads)), "TZ": self.zone, **self.environment}


HOME: Final = Conditions(folder="first", order=1, threads=2)
"""The machine on which an answer is run first."""

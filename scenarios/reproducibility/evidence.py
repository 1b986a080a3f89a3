"""What the files handed over say about the recorded run: its record, its log, its model, and the hashes DVC kept."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scenarios.reproducibility.files import Files


@dataclass(frozen=True, kw_only=True, slots=True)
class Commit:
    """One commit of the repository: its id, when it was made (seconds since 1970) and its files."""

    id: str
    at: int
    message: str
    files: Files


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """Everything public.

    `commits` run from the first to the last, which is what was handed over. `run` is the tracked run, `log` what it
    printed, `model` its model, `locked` the hashes in dvc.lock by path, `data` the files below `data/`.
    """

    commits: tuple[Commit, ...]
    run: Mapping[str, Any]
    log: str
    model: str
    locked: Mapping[str, str]
    data: Files

    @property
    def files(self) -> Files:
        """The repository as it was handed over."""
        return self.commits[-1].files

    def logged(self, pattern: str) -> str:
        """The first group of `pattern` in the log; empty where it does not stand there."""
        found = re.search(pattern, self.log)
        return found[1] if found else ""

    def learnt_with(self, name: str) -> float:
        """A parameter of the learner, as the model file has it."""
        found = re.search(rf"^\[{name}: ([^\]]+)\]$", self.model, flags=re.MULTILINE)
        return float(found[1]) if found else float("nan")


def md5(content: bytes) -> str:
    """The hash that DVC keeps."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
